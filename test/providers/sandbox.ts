import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { UserError } from "../../model/faults";
import type { ProgressLine } from "../../providers/toolchain";

/** A cache and a PATH of its own for one test, with programs that only pretend. Restores the environment afterwards. */
export class Sandbox {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), "bastide-toolchain-")));
  readonly cache = join(this.root, "cache");
  readonly bin = join(this.root, "bin");
  readonly lines: ProgressLine[] = [];
  private readonly environment = { ...process.env };

  constructor() {
    mkdirSync(this.bin);
    for (const name of ["BASTIDE_ENGINE", "XDG_CACHE_HOME", "GOFLAGS"]) delete process.env[name];
    Object.assign(process.env, {
      PATH: `${this.bin}:/usr/bin:/bin`,
      BASTIDE_CACHE: this.cache,
      BASTIDE_REGISTRY: "off",
      HOME: this.root,
    });
  }

  readonly report = (line: ProgressLine): void => {
    this.lines.push(line);
  };

  /** What was reported to have been finished. */
  done(): string[] {
    return this.lines.filter(({ state }) => state === "done").map(({ what }) => what);
  }

  program(path: string, script: string): string {
    const file = join(this.bin, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, script);
    chmodSync(file, 0o755);
    return file;
  }

  /** An engine that says its version; `binary` makes it as large as a real one, so that what it says is remembered. */
  engine(path: string, says: string, binary = false): string {
    const body = `#!/bin/sh\necho asked >>'${this.root}/${path.replaceAll("/", "_")}.log'\necho '${says}'\nexit 0\n`;
    return this.program(path, body + (binary ? "#".repeat(2 * 1024 * 1024) : ""));
  }

  /** A Go that writes down what it builds and puts a program that names its package where it was told to. */
  go(seconds = 0): void {
    const log = join(this.root, "go.log");
    const build = `#!/bin/sh
echo "$*" >>'${log}'
env | grep -E '^(GO|CGO)' | sort >'${this.root}/go.env'
basename "$PWD" >>'${this.root}/go.folders'
${seconds > 0 ? `sleep ${seconds}` : ""}
while [ $# -gt 1 ]; do [ "$1" != -o ] || out=$2; shift; done
printf '#!/bin/sh\\necho OpenTofu v1.12.6 # %s\\n' "$1" >"$out"; chmod +x "$out"
`;
    this.program("go", build);
  }

  log(name: string): string[] {
    const file = join(this.root, name);
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  }

  /** Everything in the cache that is not a folder. */
  files(): string[] {
    return readdirSync(this.cache, { recursive: true, withFileTypes: true, encoding: "utf8" })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.cache.length + 1))
      .sort();
  }

  remove(): void {
    for (const name of Object.keys(process.env)) if (!(name in this.environment)) delete process.env[name];
    Object.assign(process.env, this.environment);
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** What the user is told when the work cannot be done; fails when it can, or when it fails as a bug does. */
export async function faultOf(work: Promise<unknown>): Promise<UserError["faults"][number] & { text: string }> {
  const error = await work.then(
    () => new Error("no fault"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof UserError)) throw error;
  const [fault] = error.faults;
  if (fault === undefined) throw new Error("a fault without a text");
  return { ...fault, text: [fault.where, fault.what, fault.why, fault.repair].join(" | ") };
}
