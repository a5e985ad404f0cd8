import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const repository = join(__dirname, "..", "..");

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A clone in miniature: the real launcher, around an npm and a bundler that only write down that they ran.
 * `NPM_SECONDS` and `BUILD_SECONDS` make them slow.
 */
export class Clone {
  readonly root = mkdtempSync(join(tmpdir(), "bastide launcher "));
  readonly bin = join(this.root, "path");
  private readonly children: ChildProcess[] = [];

  constructor() {
    for (const file of ["bastide", "providers/prepare.sh"]) this.copy(file);
    this.write("package-lock.json", "{}");
    this.write("package.json", "{}");
    this.write("cli/main.ts", "first");
    this.write("build.mjs", builder);
    this.program("npm", fakeNpm);
    symlinkSync(process.execPath, join(this.bin, "node"));
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  /** A program on the PATH of every start. */
  program(name: string, script: string, folder = this.bin): void {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), script);
    chmodSync(join(folder, name), 0o755);
  }

  /** How often `npm ci` or the bundler were started, and with what. */
  log(name: "installs" | "builds"): string[] {
    const file = join(this.root, `${name}.log`);
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  /** The lock is a link to nothing, so its target does not exist. */
  holdsLock(): boolean {
    return lstatSync(join(this.root, ".bastide/launcher.lock"), { throwIfNoEntry: false }) !== undefined;
  }

  /** Starts the launcher in a process group of its own, as a terminal does. */
  start(args: readonly string[] = [], options: { env?: NodeJS.ProcessEnv; cwd?: string; command?: string } = {}) {
    const env = { PATH: `${this.bin}:/usr/bin:/bin`, HOME: this.root, ...options.env };
    const child = spawn(options.command ?? join(this.root, "bastide"), args, { env, cwd: options.cwd ?? "/", detached: true });
    this.children.push(child);
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (data) => (stdout += data));
    child.stderr.on("data", (data) => (stderr += data));
    const outcome = new Promise<Outcome>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, stdout, stderr }));
    });
    return { pid: child.pid as number, outcome, stderr: () => stderr };
  }

  run(args: readonly string[] = [], options: Parameters<Clone["start"]>[1] = {}): Promise<Outcome> {
    return this.start(args, options).outcome;
  }

  remove(): void {
    for (const { pid, exitCode } of this.children) {
      if (pid === undefined || exitCode !== null) continue;
      try {
        process.kill(-pid, "SIGKILL");
      } catch {
        // Ended by itself.
      }
    }
    rmSync(this.root, { recursive: true, force: true });
  }

  private copy(path: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    copyFileSync(join(repository, path), join(this.root, path));
  }
}

/** Waits until the condition holds; a test that waits for nothing fails by its own time limit. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Processes whose command line holds the text. */
export function processesWith(text: string): string[] {
  return execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes(text));
}

const fakeNpm = `#!/bin/sh
echo "$*" >>installs.log
[ -z "\${NPM_FAILS:-}" ] || { echo "npm error: the registry is on fire" >&2; exit 7; }
rm -rf node_modules; mkdir node_modules
exec node -e 'setTimeout(() => fs.writeFileSync("node_modules/.package-lock.json", ""), 1000 * process.argv[1])' "\${NPM_SECONDS:-0}" "$PWD"
`;

const builder = `import { appendFileSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
process.chdir(import.meta.dirname ?? new URL(".", import.meta.url).pathname.replaceAll("%20", " "));
const begin = new Date(Date.now() - 10);
appendFileSync("builds.log", "build\\n");
await setTimeout(1000 * (process.env.BUILD_SECONDS ?? 0));
mkdirSync("dist", { recursive: true });
mkdirSync(".gen", { recursive: true });
writeFileSync("dist/cli.mjs", "console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = Number(process.env.CODE ?? 0);");
writeFileSync("dist/.stamp", "");
utimesSync("dist/.stamp", begin, begin);
`;
