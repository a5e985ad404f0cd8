import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** A PostgreSQL server of a test's own, reached over a local socket only. */
export class Postgres {
  private constructor(
    private readonly server: ChildProcess,
    private readonly folder: string,
  ) {}

  /** Folder with the server's programs, or undefined where PostgreSQL is not installed. */
  static programs(): string | undefined {
    const debian = "/usr/lib/postgresql";
    const versions = existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, "bin")) : [];
    return [configured(), ...versions.sort().reverse()].find(
      (folder) => folder !== undefined && existsSync(join(folder, "initdb")),
    );
  }

  static async start(programs: string): Promise<Postgres> {
    const folder = mkdtempSync(join(tmpdir(), "bastide-pg-"));
    // The server refuses to run as root.
    const owner = process.getuid?.() === 0 ? { uid: idOf("-u"), gid: idOf("-g") } : {};
    if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid);
    const data = join(folder, "data");
    execFileSync(join(programs, "initdb"), ["-D", data, "-U", "bastide", "-A", "trust", "--no-sync"], {
      ...owner,
      cwd: folder,
      stdio: "ignore",
    });
    const settings = ["-c", "listen_addresses=", "-c", `unix_socket_directories=${folder}`, "-c", "fsync=off"];
    const server = spawn(join(programs, "postgres"), ["-D", data, ...settings], { ...owner, cwd: folder, stdio: "ignore" });
    const postgres = new Postgres(server, folder);
    for (const end = Date.now() + 20_000; !postgres.#answers(); await delay(50)) {
      if (Date.now() > end || server.exitCode !== null) throw new Error("PostgreSQL does not start");
    }
    return postgres;
  }

  get connection(): string {
    return `host=${this.folder} dbname=postgres user=bastide sslmode=disable`;
  }

  /** Runs a query. @returns its lines */
  query(sql: string): string[] {
    const output = execFileSync("psql", [this.connection, "-Atqc", sql], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return output.split("\n").filter(Boolean);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.server.once("exit", resolve));
    this.server.kill("SIGINT");
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  #answers(): boolean {
    try {
      return this.query("SELECT 1").length === 1;
    } catch {
      return false;
    }
  }
}

function configured(): string | undefined {
  try {
    return execFileSync("pg_config", ["--bindir"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return undefined;
  }
}

const idOf = (flag: string): number => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
