import type { Construct, ITerraformDependable } from "../core";
import type { ProxmoxDevice } from "../proxmox/proxmox-device";
import { RestObject } from "../rest-object";

export interface NamespaceProps {
  readonly device: ProxmoxDevice;
  readonly datastore: string;
  /** Full path: `critical`, `client/critical`. */
  readonly namespace: string;
  /** The datastore, or the namespace above. */
  readonly parent: ITerraformDependable;
  /** Refuse a plan that would remove it. */
  readonly protect: boolean;
  /** Let its removal take the backups in it along. Only for devices that hold nothing of value. */
  readonly deleteBackups: boolean;
}

/** A part of a datastore with its own retention and its own rights. It can only be created and removed. */
export class Namespace extends RestObject {
  constructor(scope: Construct, { device, datastore, namespace, parent, protect, deleteBackups }: NamespaceProps) {
    const path = `/admin/datastore/${datastore}/namespace`;
    const cut = namespace.lastIndexOf("/");
    const place = { name: namespace.slice(cut + 1), parent: cut < 0 ? undefined : namespace.slice(0, cut) };
    super(scope, "namespace", [datastore, namespace], {
      device,
      collection: path,
      objectPath: path,
      key: ["ns", namespace],
      body: place,
      // The list tells the full path only, by which it was looked up.
      defaults: place,
      createOnly: ["name", "parent"],
      deleteQuery: { ns: namespace, ...(deleteBackups ? { "delete-groups": "true" } : {}) },
      dependsOn: [parent],
      protect,
    });
  }
}
