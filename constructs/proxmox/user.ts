import type { Construct } from "../core";
import { RestObject } from "../rest-object";
import { flag, type ProxmoxDevice } from "./proxmox-device";

export interface UserProps {
  readonly device: ProxmoxDevice;
  /** `name@realm`. A change replaces the user, with its tokens and rights. */
  readonly userId: string;
  readonly comment: string;
}

/** A user of a Proxmox VE cluster or a backup server, enabled, without end date and without password: it works through tokens. */
export class User extends RestObject {
  constructor(scope: Construct, { device, userId, comment }: UserProps) {
    super(scope, "user", [userId], {
      device,
      collection: "/access/users",
      key: ["userid", userId],
      body: { userid: userId, comment, enable: flag(device, true), expire: 0 },
      defaults: { enable: flag(device, true), expire: 0 },
      createOnly: ["userid"],
    });
  }
}
