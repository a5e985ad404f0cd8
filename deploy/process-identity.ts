import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** Names a process beyond doubt: a pid alone is given to another process after a restart. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** When the process began, as the operating system writes it; "" where it does not say. */
  readonly started: string;
}

/** The identity of a process of this machine that runs now. */
export const identityOf = (pid: number): ProcessIdentity => ({ host: hostname(), pid, started: startOf(pid) });

/** "elsewhere": it belongs to another machine, so that nobody here can tell. */
export function fateOf(identity: ProcessIdentity): "running" | "gone" | "elsewhere" {
  if (identity.host !== hostname()) return "elsewhere";
  if (!exists(identity.pid)) return "gone";
  return identity.started === startOf(identity.pid) ? "running" : "gone";
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function startOf(pid: number): string {
  try {
    // Field 22 of proc_pid_stat(5), counted behind the command name, which may hold spaces. A zombie no longer runs.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").pop()?.split(" ") ?? [];
    return fields[0] === "Z" ? "ended" : (fields[19] ?? "");
  } catch {
    return process.platform === "linux" ? "" : startByPs(pid);
  }
}

function startByPs(pid: number): string {
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return "";
  }
}
