import type { Construct } from "../core";
import { RestObject } from "../rest-object";
import { memberOf } from "../rest-selector";
import { flag, type ProxmoxDevice } from "./proxmox-device";
import type { User } from "./user";

export interface TokenProps {
  readonly device: ProxmoxDevice;
  /** `name@realm` of the user that owns the token. */
  readonly userId: string;
  /** A change replaces the token: its secret is lost, and whoever used it must be given the new one. */
  readonly name: string;
  readonly comment: string;
  readonly user: User;
  /** Last valid day, `YYYY-MM-DD`. Default: it does not expire. */
  readonly expires?: string;
}

/**
 * An API token with its own rights, never more than its user's. Its secret is not read here: the device tells it once, in the
 * answer to the creation, which is dropped; whoever needs it has it issued anew.
 */
export class Token extends RestObject {
  constructor(scope: Construct, { device, userId, name, comment, user, expires }: TokenProps) {
    const hypervisor = device.product === "hypervisor";
    const path = `/access/users/${userId}/token/${name}`;
    const tokenId = hypervisor ? name : `${userId}!${name}`;
    const expire = expires === undefined ? 0 : Date.parse(`${expires}T24:00:00Z`) / 1000;
    const body = hypervisor ? { comment, privsep: 1, expire } : { comment, enable: true, expire };
    super(scope, "token", [`${userId}!${name}`], {
      device,
      collection: "/access/users",
      createPath: path,
      objectPath: path,
      readQuery: hypervisor ? { full: "1" } : { include_tokens: "true" },
      key: ["tokenid", tokenId],
      // Through the list of users: when the user is gone, its own list of tokens answers an error, not an empty list.
      select: `${memberOf("data", ["userid", userId])}.${memberOf("tokens", ["tokenid", tokenId])}`,
      body,
      defaults: hypervisor ? { privsep: flag(device, true), expire: 0 } : { enable: flag(device, true), expire: 0 },
      dependsOn: [user],
    });
  }
}
