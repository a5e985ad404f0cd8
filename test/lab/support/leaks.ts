import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { inflateRawSync } from "node:zlib";

/** A secret that stands where it must not. */
export interface Leak {
  /** Name of the secret; never its value. */
  readonly secret: string;
  readonly where: string;
}

/** Looks for known secrets, in every form in which a program may write one. */
export class LeakFinder {
  readonly #forms: readonly (readonly [secret: string, form: string])[];

  constructor(secrets: Readonly<Record<string, string>>) {
    this.#forms = Object.entries(secrets).flatMap(([name, value]) => formsOf(value).map((form) => [name, form] as const));
  }

  inText(text: string, where: string): Leak[] {
    const names = new Set(this.#forms.filter(([, form]) => text.includes(form)).map(([name]) => name));
    return [...names].map((secret) => ({ secret, where }));
  }

  /** In a file, and in what it packs if it is an archive, as a saved plan is. */
  inFile(path: string): Leak[] {
    const bytes = readFileSync(path);
    const parts = [bytes, ...unpacked(bytes)];
    return parts.flatMap((part) => this.inText(part.toString("latin1"), path));
  }

  /** In all files below a folder, except below the named ones. */
  inFolder(path: string, except: readonly string[] = []): Leak[] {
    const entries = readdirSync(path, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    return files.filter((file) => !except.some((one) => file.startsWith(one))).flatMap((file) => this.inFile(file));
  }
}

/** Watches, until it is stopped, what shows itself only while a command runs. */
export class LeakWatch {
  #running = true;
  readonly #found = new Map<string, Leak>();
  readonly #watching: Promise<void>;
  /** How often each place was looked at, so that a test knows that it was. */
  readonly looks = { commandLines: 0, files: 0 };

  /** @param folders whose files come and go, such as saved plans */
  constructor(
    private readonly finder: LeakFinder,
    private readonly folders: readonly string[],
  ) {
    this.#watching = this.#watch();
  }

  async stop(): Promise<Leak[]> {
    this.#running = false;
    await this.#watching;
    return [...this.#found.values()];
  }

  async #watch(): Promise<void> {
    while (this.#running) {
      for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
        const line = readIfThere(join("/proc", pid, "cmdline"));
        if (line === undefined || line === "") continue;
        this.looks.commandLines++;
        this.#keep(this.finder.inText(line, `command line ${line.split("\0")[0]}`));
      }
      for (const folder of this.folders.filter(existsSync)) {
        for (const name of readdirSync(folder)) {
          const text = readIfThere(join(folder, name));
          if (text === undefined || text === "") continue;
          this.looks.files++;
          this.#keep(this.#inFileIfThere(join(folder, name)));
        }
      }
      await delay(25);
    }
  }

  #inFileIfThere(path: string): Leak[] {
    try {
      return this.finder.inFile(path);
    } catch {
      // It has gone, or is being written: the next look sees it whole.
      return [];
    }
  }

  #keep(leaks: readonly Leak[]): void {
    for (const leak of leaks) this.#found.set(`${leak.secret} ${leak.where}`, leak);
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return undefined;
  }
}

/** As it is, escaped for JSON (also as Go does it, and twice), for URLs, in hexadecimal, in base64 at each of the three offsets. */
function formsOf(value: string): string[] {
  const escaped = JSON.stringify(value).slice(1, -1);
  const byGo = escaped.replace(/[<>&]/g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`);
  const base64 = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), Buffer.from(value)])
      .toString("base64")
      .replace(/=+$/, "")
      .slice(offset === 0 ? 0 : offset + 1, -1),
  );
  const twice = [escaped, byGo].map((one) => JSON.stringify(one).slice(1, -1));
  const forms = [value, escaped, byGo, ...twice, encodeURIComponent(value), ...base64, Buffer.from(value).toString("hex")];
  // Files are read byte by byte, so that what is no text does not hide what is.
  return [...new Set([...forms, ...forms.map((form) => Buffer.from(form).toString("latin1"))])];
}

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;

/** The members of a ZIP archive; none of anything else. */
function unpacked(bytes: Buffer): Buffer[] {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || bytes.readUInt32LE(end) !== END_OF_DIRECTORY || bytes.readUInt16LE(0) !== 0x4b50) return [];
  const members: Buffer[] = [];
  let at = bytes.readUInt32LE(end + 16);
  while (bytes.readUInt32LE(at) === DIRECTORY_ENTRY) {
    const [packed, header] = [bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 42)];
    const begin = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
    const data = bytes.subarray(begin, begin + packed);
    members.push(bytes.readUInt16LE(at + 10) === 0 ? data : inflateRawSync(data));
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return members;
}
