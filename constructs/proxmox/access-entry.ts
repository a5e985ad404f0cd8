import type { Construct, ITerraformDependable } from "../core";
import { RestObject } from "../rest-object";
import { memberOf } from "../rest-selector";
import { flag, type ProxmoxDevice } from "./proxmox-device";

export interface AccessEntryProps {
  readonly device: ProxmoxDevice;
  /** `/datastore/store/namespace`, `/vms`. */
  readonly path: string;
  /** User id or token id (`user@realm!name`). */
  readonly authId: string;
  readonly role: string;
  /** Whether the right reaches what lies below the path. */
  readonly propagate: boolean;
  /** The user or token, and what the path names: an entry for something that does not exist is refused or lost. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/**
 * One right: this role, for this user or token, on this path. A token has the rights that both it and its user have, so a
 * token's right always comes as two entries.
 */
export class AccessEntry extends RestObject {
  constructor(scope: Construct, { device, path, authId, role, propagate, dependsOn }: AccessEntryProps) {
    const subject =
      device.product === "backup-server"
        ? { role, "auth-id": authId }
        : { roles: role, [authId.includes("!") ? "tokens" : "users"]: authId };
    super(scope, "access", [authId, role, ...(path === "/" ? [] : [path.slice(1)])], {
      device,
      collection: "/access/acl",
      objectPath: "/access/acl",
      key: ["ugid", authId],
      select: memberOf("data", ["ugid", authId], ["path", path], ["roleid", role]),
      methods: { create: "PUT", delete: "PUT" },
      body: { path, ...subject, propagate: flag(device, propagate) },
      // The list names role and subject differently; they were looked up, so they are what they are.
      defaults: subject,
      deleteBody: { path, ...subject, delete: flag(device, true) },
      dependsOn,
    });
  }
}
