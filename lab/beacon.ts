import { randomUUID } from "node:crypto";
import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { lock } from "proper-lockfile";
import { LAB_FILES, readJson, removeFile, writeJson } from "./files";

/** Where a daemon answers, written by the daemon that holds the directory. */
export interface Beacon {
  readonly port: number;
  /** Must be given back, so that a stranger who took the port of a dead daemon is not taken for it. */
  readonly id: string;
  readonly pid: number;
  /** Which build of the devices it runs, as the command that started it calls it. */
  readonly build: string;
}

/**
 * The daemon's hold on a directory: a listening port dies with its process, so that neither `kill -9` nor a reused process
 * id leaves a lock behind. The short lock around taking it makes two starts exclude each other.
 * @param build see `Beacon`
 * @returns how to let go, or undefined where another daemon holds the directory
 */
export async function holdDirectory(directory: string, build: string): Promise<(() => void) | undefined> {
  const unlock = await lock(directory, {
    lockfilePath: join(directory, "start.lock"),
    stale: 10_000,
    retries: { retries: 200, minTimeout: 20, maxTimeout: 100 },
  });
  try {
    if ((await daemonOf(directory)) !== undefined) return undefined;
    // What a killed daemon left must not be taken for what this one serves.
    removeFile(directory, LAB_FILES.description);
    const id = randomUUID();
    const server = createServer((_request, response) => response.setHeader("connection", "close").end(id));
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    writeJson(directory, LAB_FILES.daemon, { port, id, pid: process.pid, build } satisfies Beacon);
    return () => {
      removeFile(directory, LAB_FILES.daemon);
      server.close();
      server.closeAllConnections();
    };
  } finally {
    await unlock();
  }
}

/** The daemon that holds the directory; undefined where none lives. */
export async function daemonOf(directory: string): Promise<Beacon | undefined> {
  const beacon = readJson<Beacon>(directory, LAB_FILES.daemon);
  return beacon !== undefined && (await answers(beacon)) ? beacon : undefined;
}

function answers(beacon: Beacon): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: "127.0.0.1", port: beacon.port, timeout: 5000, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => resolve(text === beacon.id));
      response.on("error", () => resolve(false));
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
  });
}
