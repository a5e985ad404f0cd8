import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "./replace-file";

/** The files of a lab's directory, beside the state of each device. */
export const LAB_FILES = {
  /** Marks a directory as a lab's, so that `lab reset` deletes nothing else. */
  marker: ".bastide-lab",
  /** What the machines are born with. */
  seed: "seed.json",
  /** Authority, certificates, ports and administrator credentials. */
  identity: "identity.json",
  /** How clients reach the devices; there while the lab is up. */
  description: "lab.json",
  /** The authority's certificate, for curl and others. */
  ca: "ca.pem",
  /** Where the running daemon answers. */
  daemon: "daemon.json",
  /** What the daemon wrote to its output. */
  log: "lab.log",
  /** Faults to inject (see `PlannedFault`). */
  faults: "faults.json",
} as const;

/** The value of a JSON file, or undefined where there is none. */
export function readJson<Value>(directory: string, file: string): Value | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, file), "utf8")) as Value;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Replaces a file as a whole, readable by its owner only. */
export function writeText(directory: string, file: string, text: string): void {
  replaceFile(join(directory, file), text);
}

export function writeJson(directory: string, file: string, value: unknown): void {
  writeText(directory, file, `${JSON.stringify(value, null, 2)}\n`);
}

export function removeFile(directory: string, file: string): void {
  rmSync(join(directory, file), { force: true });
}
