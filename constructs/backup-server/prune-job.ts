import type { BackupTarget } from "../../model";
import type { Construct, ITerraformDependable } from "../core";
import type { ProxmoxDevice } from "../proxmox/proxmox-device";
import { RestObject } from "../rest-object";

export interface PruneJobProps {
  readonly device: ProxmoxDevice;
  readonly target: BackupTarget;
  readonly comment: string;
  /** The datastore or the namespace. */
  readonly place: ITerraformDependable;
}

/**
 * Retention of one namespace, and of that one only: without `max-depth` 0 the job of the root namespace would also apply the
 * root's retention to every namespace below it, and a point would have to satisfy both to survive.
 */
export class PruneJob extends RestObject {
  constructor(scope: Construct, { device, target, comment, place }: PruneJobProps) {
    const { pruneJob: id, datastore, namespace, retention } = target;
    super(scope, "prune_job", namespace ? [datastore, namespace] : [datastore], {
      device,
      collection: "/config/prune",
      key: ["id", id],
      body: {
        id,
        store: datastore,
        ns: namespace || undefined,
        "max-depth": 0,
        schedule: target.pruneSchedule,
        "keep-last": retention.last,
        "keep-hourly": retention.hourly,
        "keep-daily": retention.daily,
        "keep-weekly": retention.weekly,
        "keep-monthly": retention.monthly,
        "keep-yearly": retention.yearly,
        disable: false,
        comment,
      },
      defaults: { disable: false },
      createOnly: ["id"],
      deletable: ["ns", "keep-last", "keep-hourly", "keep-daily", "keep-weekly", "keep-monthly", "keep-yearly"],
      dependsOn: [place],
    });
  }
}
