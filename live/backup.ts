import { setTimeout as delay } from "node:timers/promises";
import { closest, distance } from "fastest-levenshtein";
import * as z from "zod";
import { backupJobs, backupTargets, type Site, UserError } from "../model";
import { count, shaped } from "./answers";
import type { DeviceClient } from "./client";

const Guests = z.array(z.looseObject({ vmid: count, node: z.string() }));
const Status = z.looseObject({ status: z.string(), exitstatus: z.string().optional() });
const Log = z.array(z.looseObject({ n: count, t: z.string().default("") }));
const POLL_MS = 500;
/** Lines of a task's log that are asked for at once; the last ones often say why it failed. */
const LINES = 500;

export interface BackupResult {
  readonly ok: boolean;
  /** The task's own word: `OK`, `WARNINGS: 1`, or why it failed. */
  readonly status: string;
  readonly node: string;
  readonly storage: string;
  /** UPID. */
  readonly task: string;
}

/** Starts a backup of one guest on the node that runs it, and follows its task to the end (ECO-11). */
export async function backUp(
  hypervisor: DeviceClient,
  site: Site,
  name: string,
  options: { readonly storage?: string; readonly onLine: (line: string) => void },
): Promise<BackupResult> {
  const guest = site.guests[name];
  if (guest === undefined) {
    const names = Object.keys(site.guests);
    const near = names.length > 0 ? closest(name, names) : "";
    throw new UserError(
      {
        where: `site ${site.name}`,
        what: `no guest "${name}"${distance(near, name) <= 3 && near !== "" ? `; did you mean "${near}"?` : ""}`,
        repair: `name one of: ${names.join(", ")}`,
      },
      64,
    );
  }
  const storage = storageOf(site, name, options.storage);
  const running = shaped(
    Guests,
    await hypervisor.get("/cluster/resources", { type: "vm" }),
    `${hypervisor.device} GET /cluster/resources`,
  );
  const node = running.find(({ vmid }) => vmid === guest.id)?.node;
  if (node === undefined) {
    throw new UserError({
      where: `guest ${name}`,
      what: `the hypervisor has no guest with the id ${guest.id}`,
      repair: `correct guests.${name}.id in the site file`,
    });
  }
  const task = z.string().parse(
    await hypervisor.post(`/nodes/${node}/vzdump`, {
      vmid: String(guest.id),
      storage,
      mode: "snapshot",
      "notes-template": "{{guestname}}, by hand",
    }),
  );
  const status = await follow(hypervisor, node, task, options.onLine);
  return { ok: status === "OK" || status.startsWith("WARNINGS"), status, node, storage, task };
}

function storageOf(site: Site, name: string, wanted: string | undefined): string {
  const storages = backupTargets(site).map(({ storage }) => storage);
  const id = site.guests[name]?.id;
  const chosen =
    wanted ?? backupJobs(site).find(({ guests }) => id !== undefined && guests.includes(id))?.target.storage ?? storages[0];
  if (chosen !== undefined && storages.includes(chosen)) return chosen;
  throw new UserError(
    { where: "--storage", what: `the site has no storage "${chosen ?? ""}"`, repair: `name one of: ${storages.join(", ")}` },
    64,
  );
}

/** Prints the lines of a task as they come. @returns its exit status */
async function follow(hypervisor: DeviceClient, node: string, task: string, onLine: (line: string) => void): Promise<string> {
  const base = `/nodes/${node}/tasks/${encodeURIComponent(task)}`;
  for (let shown = 0; ; ) {
    const status = shaped(Status, await hypervisor.get(`${base}/status`), `${hypervisor.device} GET ${base}/status`);
    const lines = shaped(
      Log,
      await hypervisor.get(`${base}/log`, { start: String(shown), limit: String(LINES) }),
      `${hypervisor.device} GET ${base}/log`,
    );
    for (const { n, t } of lines) {
      if (n <= shown) continue;
      if (t !== "") onLine(t);
      shown = n;
    }
    if (lines.length === LINES) continue;
    if (status.status !== "running") return status.exitstatus ?? "stopped without a result";
    await delay(POLL_MS);
  }
}
