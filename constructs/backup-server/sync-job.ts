import type { SyncJob as SyncJobModel } from "../../model";
import type { Construct, ITerraformDependable } from "../core";
import type { ProxmoxDevice } from "../proxmox/proxmox-device";
import { RestObject } from "../rest-object";

export interface SyncJobProps {
  readonly device: ProxmoxDevice;
  readonly job: SyncJobModel;
  readonly comment: string;
  /** The datastore and the remote. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** Keys by which a copy becomes less than a copy: another place, some groups, some snapshots, a trickle. */
const NARROWING = [
  "ns",
  "remote-ns",
  "max-depth",
  "group-filter",
  "transfer-last",
  "encrypted-only",
  "verified-only",
  "rate-in",
  "burst-in",
  "rate-out",
  "burst-out",
];

/** The off-site copy: everything of a datastore, to or from another server. */
export class SyncJob extends RestObject {
  constructor(scope: Construct, { device, job, comment, dependsOn }: SyncJobProps) {
    super(scope, "sync_job", [job.id], {
      device,
      collection: "/config/sync",
      // Without it the list holds pull jobs only.
      readQuery: { "sync-direction": "all" },
      key: ["id", job.id],
      body: {
        id: job.id,
        store: job.datastore,
        remote: job.sync.remote,
        "remote-store": job.sync.remoteDatastore,
        schedule: job.sync.schedule,
        "remove-vanished": job.sync.removeVanished,
        "sync-direction": job.sync.direction,
        comment,
      },
      defaults: { "remove-vanished": false, "sync-direction": "pull" },
      createOnly: ["id", "sync-direction"],
      deletable: NARROWING,
      dependsOn,
    });
  }
}
