import type { Datastore as DatastoreModel } from "../../model";
import type { Construct } from "../core";
import type { ProxmoxDevice } from "../proxmox/proxmox-device";
import { RestObject } from "../rest-object";

export interface DatastoreProps {
  readonly device: ProxmoxDevice;
  readonly name: string;
  readonly datastore: DatastoreModel;
  readonly comment: string;
  /** Refuse a plan that would remove or replace it. */
  readonly protect: boolean;
  /**
   * Let its removal erase the backups too, which else stay on disk. Only for devices that hold nothing of value. What was adopted
   * (`reuse`) stays in any case, to be adopted again.
   */
  readonly deleteBackups: boolean;
}

/** A datastore, created by a task that the device runs after its answer. Retention is not its matter: prune jobs are. */
export class Datastore extends RestObject {
  constructor(scope: Construct, { device, name, datastore, comment, protect, deleteBackups }: DatastoreProps) {
    super(scope, "datastore", [name], {
      device,
      collection: "/config/datastore",
      key: ["name", name],
      body: {
        name,
        path: datastore.path,
        comment,
        "gc-schedule": datastore.garbageCollection,
        "verify-new": datastore.verifyNew,
        "notification-mode": datastore.notificationMode,
        "reuse-datastore": datastore.reuse || undefined,
      },
      defaults: { "verify-new": false, "notification-mode": "notification-system" },
      createOnly: ["name", "path", "reuse-datastore"],
      unread: datastore.reuse ? ["reuse-datastore"] : [],
      deletable: ["maintenance-mode", "notify", "tuning", "gc-on-unmount"],
      tasks: { create: "create-datastore", delete: "delete-datastore" },
      ...(deleteBackups && !datastore.reuse ? { deleteQuery: { "destroy-data": "true" } } : {}),
      protect,
    });
  }
}
