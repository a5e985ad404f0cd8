import { BackupServer, BackupServerFault } from "./backup-server";
import type { Hypervisor } from "./hypervisor";
import { Refusal, refuse } from "./refusal";
import type { StorageConfig, StorageSecrets } from "./state";

/** One backup on a backup server, as its snapshot list tells it. */
export interface Snapshot {
  readonly "backup-type": string;
  readonly "backup-id": string;
  /** Seconds since 1970. */
  readonly "backup-time": number;
  readonly size?: number;
  readonly comment?: string;
  readonly protected?: boolean;
  readonly fingerprint?: string;
  readonly verification?: { readonly state: string; readonly upid: string };
  readonly files?: readonly { readonly filename: string; readonly "crypt-mode"?: string }[];
}

export interface PrunedSnapshot extends Snapshot {
  readonly keep: boolean;
}

/** A storage of type `pbs`: one datastore (and namespace) of a backup server, seen with the storage's own credential. */
export class BackupStore {
  readonly #server: BackupServer;

  constructor(
    pve: Hypervisor,
    private readonly id: string,
    private readonly config: StorageConfig,
    secrets: StorageSecrets | undefined,
  ) {
    this.#server = backupServer(pve, config, secrets?.password ?? "");
  }

  /** What the product does when a storage is created or used. @throws Refusal with its words */
  async activate(): Promise<void> {
    const datastores = await namedFaults(`${this.id}: error fetching datastores - `, () => listDatastores(this.#server));
    if (!datastores.some(({ store }) => store === this.config.datastore)) {
      refuse(`${this.id}: Cannot find datastore '${this.config.datastore}', check permissions and existence!`);
    }
  }

  /** Bytes. @throws Refusal */
  async space(): Promise<{ total: number; used: number; avail: number }> {
    const space = (await namedFaults("", () => this.#server.get(`${this.#path}/status`))) as Record<string, number>;
    return { total: space.total ?? 0, used: space.used ?? 0, avail: space.avail ?? 0 };
  }

  /** @throws Refusal */
  async snapshots(vmid?: string): Promise<readonly Snapshot[]> {
    const query = { ...(vmid === undefined ? {} : { "backup-id": vmid }), ...this.#namespace };
    const found = await namedFaults("error listing snapshots - ", () => this.#server.get(`${this.#path}/snapshots`, query));
    return found as readonly Snapshot[];
  }

  /** @throws Refusal */
  async setNotes(snapshot: Snapshot, notes: string): Promise<void> {
    await clientFaults(() => this.#server.call("PUT", `${this.#path}/notes`, { ...key(snapshot), ...this.#namespace, notes }));
  }

  /** @throws Refusal */
  async setProtected(snapshot: Snapshot, value: boolean): Promise<void> {
    await namedFaults("", () =>
      this.#server.call("PUT", `${this.#path}/protected`, { ...key(snapshot), ...this.#namespace, protected: value }),
    );
  }

  /** @throws Refusal */
  async remove(snapshot: Snapshot): Promise<void> {
    const { "backup-time": time, ...group } = key(snapshot);
    const query = { ...group, "backup-time": String(time), ...this.#namespace };
    await clientFaults(() => this.#server.delete(`${this.#path}/snapshots`, query));
  }

  /**
   * What a retention keeps of one group of backups; applies it unless it is a dry run.
   * @param keep `keep-last` and the like with their counts
   * @throws Refusal
   */
  async prune(
    type: string,
    id: string,
    keep: Readonly<Record<string, string | number>>,
    isDryRun: boolean,
  ): Promise<readonly PrunedSnapshot[]> {
    const counts = Object.fromEntries(Object.entries(keep).map(([name, count]) => [name, Number(count)]));
    const body = { "backup-type": type, "backup-id": id, ...this.#namespace, ...counts, "dry-run": isDryRun };
    const found = await clientFaults(() => this.#server.call("POST", `${this.#path}/prune`, body));
    return found as readonly PrunedSnapshot[];
  }

  /**
   * Puts a backup into the lab's backup server. The real product uploads chunks over a protocol of its own, which the lab
   * does not have; the lab's server takes the finished snapshot instead, with the same credential and privilege.
   * @throws Refusal
   */
  async register(snapshot: Snapshot): Promise<void> {
    await clientFaults(() => this.#server.register({ store: this.config.datastore, ...this.#namespace, ...snapshot }));
  }

  get #path(): string {
    return `/admin/datastore/${this.config.datastore}`;
  }

  get #namespace(): Record<string, string> {
    const namespace = this.config.namespace;
    return namespace === undefined ? {} : { ns: String(namespace) };
  }
}

/** The backup server that a storage's settings point to. */
export function backupServer(pve: Hypervisor, config: Readonly<Record<string, string | number>>, password: string): BackupServer {
  const fingerprint = config.fingerprint;
  return new BackupServer(pve.network, {
    server: String(config.server),
    port: Number(config.port ?? 8007),
    username: String(config.username ?? "root@pam"),
    password,
    ...(fingerprint === undefined ? {} : { fingerprint: String(fingerprint) }),
  });
}

/** @throws BackupServerFault */
export async function listDatastores(server: BackupServer): Promise<readonly { readonly store: string }[]> {
  return (await server.get("/admin/datastore")) as readonly { store: string }[];
}

/** Turns a failed call of the backup server into the product's own error. @throws Refusal */
export async function namedFaults<Result>(prefix: string, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof BackupServerFault) throw new Refusal(`${prefix}${error.message}`);
    throw error;
  }
}

/** As {@link namedFaults}, for what the product does through its command line client: that one repeats the server's own words. */
async function clientFaults<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof BackupServerFault) throw new Refusal(`proxmox-backup-client failed: Error: ${error.detail}`);
    throw error;
  }
}

function key(snapshot: Snapshot): { "backup-type": string; "backup-id": string; "backup-time": number } {
  return {
    "backup-type": snapshot["backup-type"],
    "backup-id": snapshot["backup-id"],
    "backup-time": snapshot["backup-time"],
  };
}
