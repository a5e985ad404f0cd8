import type { FirewallRule, Port } from "../../model";
import type { Construct, ITerraformDependable } from "../core";
import { type RestDevice, RestObject } from "../rest-object";
import { memberOf } from "../rest-selector";
import { APPLY_NOW } from "./firewall-device";

export interface RuleProps {
  readonly device: RestDevice;
  readonly rule: FirewallRule;
  /** `inet46` is both families. */
  readonly family: "inet" | "inet46";
  /** Place among all rules, from 0. Inside an interface the first rule that matches decides. */
  readonly place: number;
  /** Name of an alias, or `any`. */
  readonly source: string;
  /** Name of an alias. */
  readonly destination: string;
  readonly port: Port;
  /** The rule that stands before this one. */
  readonly after?: Rule;
  readonly dependsOn: readonly ITerraformDependable[];
}

/**
 * A TCP rule at a fixed place. Its place is compared like any other property, so a plan shows that somebody put a rule above it;
 * it is then made anew at its place, and so is the rule after it. Thus an update, which names a rule by its position, happens
 * only while the position is known to be right.
 */
export class Rule extends RestObject {
  constructor(scope: Construct, props: RuleProps) {
    const { device, rule, place, after, dependsOn } = props;
    const { action, description } = rule;
    super(scope, "rule", [rule.interface, action], {
      device,
      collection: "/firewall/rules",
      createPath: "/firewall/rule",
      objectPath: "/firewall/rule",
      deletePath: "/firewall/rules",
      createSelector: "data",
      readQuery: { descr: description },
      deleteQuery: { descr: description },
      key: ["descr", description],
      select: memberOf("data", ["descr", description]),
      body: {
        type: action,
        interface: [rule.interface],
        ipprotocol: props.family,
        protocol: "tcp",
        source: props.source,
        destination: props.destination,
        destination_port: String(props.port),
        descr: description,
        disabled: false,
        log: action === "block",
        placement: place,
        ...APPLY_NOW,
      },
      derived: { placement: "id" },
      replaceOn: ["placement"],
      unread: Object.keys(APPLY_NOW),
      positional: true,
      dependsOn: after ? [...dependsOn, after] : dependsOn,
      ...(after ? { replaceWith: after } : {}),
    });
  }
}
