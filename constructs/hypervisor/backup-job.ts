import type { BackupJob as BackupJobModel } from "../../model";
import type { Construct } from "../core";
import type { ProxmoxDevice } from "../proxmox/proxmox-device";
import { RestObject } from "../rest-object";
import type { PbsStorage } from "./pbs-storage";

export interface BackupJobProps {
  readonly device: ProxmoxDevice;
  readonly job: BackupJobModel;
  readonly comment: string;
  readonly storage: PbsStorage;
}

/**
 * Keys by which a job comes to protect less than it says: another selection of guests, one node only, paths left out, its own
 * retention, a trickle.
 */
const NARROWING = ["all", "exclude", "pool", "node", "exclude-path", "prune-backups", "bwlimit"];

/** The scheduled backup of the guests of one tier. The guests are named by id, so that renaming one changes nothing here. */
export class BackupJob extends RestObject {
  constructor(scope: Construct, { device, job, comment, storage }: BackupJobProps) {
    super(scope, "backup_job", [job.tierName], {
      device,
      collection: "/cluster/backup",
      key: ["id", job.id],
      body: {
        id: job.id,
        enabled: 1,
        schedule: job.tier.schedule,
        storage: job.target.storage,
        vmid: job.guests.join(","),
        mode: job.tier.mode,
        "repeat-missed": job.tier.repeatMissed ? 1 : 0,
        // Retention runs on the backup server.
        remove: 0,
        "notification-mode": "notification-system",
        "notes-template": "{{guestname}}",
        comment,
      },
      defaults: { enabled: 1, mode: "snapshot", "repeat-missed": 0, remove: 1, "notification-mode": "auto" },
      createOnly: ["id"],
      deletable: NARROWING,
      deleteAs: "string",
      dependsOn: [storage],
    });
  }
}
