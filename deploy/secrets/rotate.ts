import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";
import { flag, shaped } from "../../live/answers";
import type { DeviceClient } from "../../live/client";
import { type Fault, type Secret, UserError } from "../../model";
import { exclusively } from "./exclusive";
import { onFile } from "./files";
import type { SecretStore } from "./store";
import { type BackupToken, issueTokenSecret } from "./token";

export interface TokenRotation {
  readonly pbs: Pick<DeviceClient, "put">;
  readonly pve: Pick<DeviceClient, "get" | "put">;
  readonly store: SecretStore;
  /** Name of the token's secret in the store. */
  readonly secretName: string;
  readonly token: BackupToken;
  /** Ids of the Proxmox VE storages that lie on this backup server. */
  readonly storages: readonly string[];
  /** Names of the hypervisors; each must reach each storage. */
  readonly nodes: readonly string[];
  /** Whether the backup server lets the token in with this secret: `tokenAccepted`. */
  readonly prove: (secret: Secret) => Promise<boolean>;
  /** Default: the clock. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
}

/** A node learns a new secret from the cluster file system, which takes moments. */
const LOOKS = 10;
const BETWEEN_LOOKS_MS = 1_000;
const STATUS = z.object({ active: flag(false) });

/**
 * Changes the secret of the hypervisor's token on the backup server and on Proxmox VE, and forgets the old one only after the
 * new one was seen to work: the backup server lets it in, and every storage is active on every node.
 *
 * The backup server has one secret for a token, so the old one is dead when the new one is made, and for the moments until
 * Proxmox VE has the new one the site cannot open a backup session. What that means for a backup that runs just then: a guest
 * whose backup is under way should not be touched (not run: concluded from the protocol, which checks the secret when a
 * session is opened and never again within it);
 * a guest of the same job that comes next in those moments fails with 401 and is told as a failed backup; the
 * next run of the job covers it. So rotate between the runs of the jobs.
 *
 * Each step is in the store before the next one begins, so that the same call after a crash continues:
 * before the server is asked, the value is marked as possibly dead (`issuing`: asked again); when it has answered, the new
 * value is stored with the old one beside it (`handing-over`: given to Proxmox VE again). A new value that the server no longer
 * accepts, because somebody changed it meanwhile, is replaced as well.
 *
 * The engine's state holds a hash of the secret that it sent last, so the next plan of the hypervisor stack sends the secret
 * once more.
 *
 * @throws UserError with what stopped it and, once the old secret may be dead, that it must be finished and how
 */
export async function rotateHypervisorToken(rotation: TokenRotation): Promise<void> {
  const { store } = rotation;
  // Two rotations at once would each kill the secret that the other one is about to hand over.
  await onFile(store.file, () => exclusively(`${store.file}.rotation`, 0, () => rotateAlone(rotation)));
}

async function rotateAlone(rotation: TokenRotation): Promise<void> {
  const { pve, store, secretName, storages, prove } = rotation;
  const begun = await store.update((content) => content.rotation(secretName));
  try {
    if (begun !== "handing-over" || !(await prove(store.require(secretName)))) await issue(rotation);
    const secret = store.require(secretName);
    for (const storage of storages) {
      await pve.put(`/storage/${encodeURIComponent(storage)}`, { password: secret.reveal() });
    }
    await proveStorages(rotation);
    await store.update((content) => content.finishRotation(secretName));
  } catch (error) {
    if (!(error instanceof UserError) || store.rotation(secretName) === undefined) throw error;
    throw new UserError([...error.faults, unfinished(rotation)], error.exitCode);
  }
}

async function issue({ pbs, store, secretName, token, prove }: TokenRotation): Promise<void> {
  await store.update((content) => content.beginRotation(secretName));
  const secret = await issueTokenSecret(pbs, token);
  await store.update((content) => content.handOver(secretName, secret));
  if (await prove(secret)) return;
  throw new UserError({
    where: `backup server, token ${token.user}!${token.name}`,
    what: "is not let in with the secret that the server has just made for it",
    why: "the token or its user is disabled or expired, or somebody else changed the secret at the same time",
    repair: "enable the token and its user on the backup server",
  });
}

/** All storages that stay inactive, at once. A change of the password is accepted without a look at it, so this is the proof. */
async function proveStorages({ pve, storages, nodes, pause = delay }: TokenRotation): Promise<void> {
  let inactive = nodes.flatMap((node) => storages.map((storage) => ({ node, storage })));
  for (let look = 1; ; look++) {
    const still: typeof inactive = [];
    for (const place of inactive) {
      const path = `/nodes/${encodeURIComponent(place.node)}/storage/${encodeURIComponent(place.storage)}/status`;
      const status = shaped(STATUS, await pve.get(path), `hypervisor GET ${path}`);
      if (!status.active) still.push(place);
    }
    if (still.length === 0) return;
    inactive = still;
    if (look === LOOKS) break;
    await pause(BETWEEN_LOOKS_MS);
  }
  throw new UserError(
    inactive.map(({ node, storage }) => ({
      where: `hypervisor ${node}, storage ${storage}`,
      what: "is not active with the new secret",
      why: "no backup can be written from there",
      repair: `look at what Proxmox VE says: pvesm status --storage ${storage}, on ${node}`,
    })),
  );
}

const unfinished = ({ store, secretName }: TokenRotation): Fault => ({
  where: `${store.file} ${secretName}`,
  what: "the change of this secret is begun and not finished",
  why: "the old secret may be refused already; until the change is finished, backups of this site may fail",
  repair: `when the cause is repaired, continue it: ${store.command("rotate", secretName)}`,
});
