import type { FirewallRule } from "./state";

/** A rule that passes every packet at all times, on no interface yet: what another rule does not say is as it is here. */
export const PLAIN_RULE: FirewallRule = {
  type: "pass",
  interfaces: [],
  family: "inet46",
  protocol: null,
  source: "any",
  destination: "any",
  sourcePort: null,
  destinationPort: null,
  description: "",
  disabled: false,
  floating: false,
  quick: false,
  direction: "in",
  schedule: null,
  dscp: null,
  tcpFlags: { set: [], outOf: [], any: false },
};
