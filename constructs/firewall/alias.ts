import type { FlowEnd } from "../../model";
import type { Construct } from "../core";
import { type RestDevice, RestObject } from "../rest-object";
import { memberOf } from "../rest-selector";
import type { FirewallApply } from "./firewall-apply";
import { APPLY_NOW } from "./firewall-device";

export interface AliasProps {
  readonly device: RestDevice;
  /** What it is for in the model. */
  readonly key: string;
  /** Letters, digits and `_`, at most 31. */
  readonly name: string;
  readonly members: readonly FlowEnd[];
  readonly description: string;
  readonly apply: FirewallApply;
}

/** A named set of addresses. A rule whose alias is gone is skipped by the firewall: a block then blocks nothing. */
export class Alias extends RestObject {
  constructor(scope: Construct, { device, key, name, members, description, apply }: AliasProps) {
    super(scope, "alias", [key], {
      device,
      collection: "/firewall/aliases",
      createPath: "/firewall/alias",
      objectPath: "/firewall/alias",
      deletePath: "/firewall/aliases",
      createSelector: "data",
      readQuery: { name },
      deleteQuery: { name },
      key: ["name", name],
      select: memberOf("data", ["name", name]),
      body: {
        name,
        type: "host",
        descr: description,
        address: members.map((member) => member.address),
        detail: members.map((member) => member.name),
        ...APPLY_NOW,
      },
      unread: Object.keys(APPLY_NOW),
      positional: true,
      dependsOn: [apply],
    });
  }
}
