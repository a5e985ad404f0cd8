import { PLAIN_RULE } from "../../firewall/plain-rule";
import type { FirewallAlias, FirewallRule, FirewallState } from "../../firewall/state";
import type { Site } from "../../model";
import { interfacesOf } from "../../policies/reading/model-firewall";
import type { Known } from "../known";
import { type ApiObject, certain, ObjectReader } from "./api-object";

const FAMILIES = ["inet", "inet6", "inet46"] as const;
const ACTIONS = ["pass", "block", "reject", "match"] as const;
const ALIAS_TYPES = ["host", "network", "port", "url"] as const;

/**
 * The firewall as far as a plan tells it: the rules and aliases that Bastide makes, on the interfaces of the site's networks.
 * Rules of others stay unseen as long as they stand below ours; what stands above moves ours from their place, and is then
 * unknown. A floating rule stands outside of that order: only the live firewall shows it.
 */
export function plannedFirewall(rules: readonly ApiObject[], aliases: readonly ApiObject[], site: Site): Known<FirewallState> {
  const placed = rules.map((source) => ({ place: certain(new ObjectReader(source).count("placement")), rule: ruleOf(source) }));
  placed.sort((one, other) => (one.place ?? 0) - (other.place ?? 0));
  if (placed.some(({ place }, index) => place !== index)) {
    return { unknown: "rules of somebody else stand above or between those of Bastide; only the live firewall shows them" };
  }
  return { rules: placed.map(({ rule }) => rule), aliases: aliases.map(aliasOf), interfaces: interfacesOf(site) };
}

function ruleOf(source: ApiObject): FirewallRule {
  const rule = new ObjectReader(source);
  const port = certain(rule.text("destination_port", ""));
  const protocol = certain(rule.text("protocol", ""));
  return {
    ...PLAIN_RULE,
    type: certain(rule.word("type", ACTIONS, "pass")),
    interfaces: certain(rule.list("interface")),
    family: certain(rule.word("ipprotocol", FAMILIES, "inet")),
    protocol: protocol === "" ? null : protocol,
    source: rule.name("source"),
    destination: rule.name("destination"),
    destinationPort: port === "" ? null : port,
    description: certain(rule.text("descr", "")),
    disabled: certain(rule.flag("disabled", false)),
  };
}

function aliasOf(source: ApiObject): FirewallAlias {
  const alias = new ObjectReader(source);
  return {
    name: alias.name("name"),
    type: certain(alias.word("type", ALIAS_TYPES, "url")),
    entries: certain(alias.list("address")),
  };
}
