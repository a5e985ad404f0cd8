import type { Call } from "./endpoint";
import { addressListFamily, checkPorts, PORT_PROTOCOLS } from "./firewall-formats";
import type { Level } from "./firewall-level";
import { MACROS } from "./firewall-macros";
import { FormatFault } from "./formats";
import type { Check } from "./permission";
import type { Property } from "./property";
import { Refusal, refuseParameters } from "./refusal";
import type { FirewallRule, PveState } from "./state";

/** A list of rules that the API shows under one address. */
export interface RuleList {
  readonly path: string;
  readonly environment: Level["environment"] | "group";
  readonly parameters: Readonly<Record<string, Property>>;
  readonly audit: Check;
  readonly modify: Check;
  rules(state: PveState, call: Call): FirewallRule[];
  /** Sets and aliases that a rule of this list may name, beside those of the cluster. */
  objects(state: PveState, call: Call): { readonly ipsets: object; readonly aliases: object };
}

const DIRECTIONS: Readonly<Record<RuleList["environment"], readonly string[]>> = {
  ct: ["in", "out", "group"],
  vm: ["in", "out", "group"],
  group: ["in", "out", "forward"],
  cluster: ["in", "out", "forward", "group"],
  host: ["in", "out", "forward", "group"],
};

/** The rule as it is stored. @throws Refusal 400 that names the first fault */
export function verifiedRule(list: RuleList, state: PveState, call: Call, rule: FirewallRule): FirewallRule {
  const value = (name: string) => (rule[name] === undefined ? undefined : String(rule[name]));
  const type = value("type") ?? "";
  const action = value("action") ?? "";
  if (!DIRECTIONS[list.environment].includes(type)) {
    refuseParameters({ type: `invalid rule type '${type}' for rule_env '${list.environment}'` });
  }
  if (type === "forward" && action === "REJECT") refuseParameters({ action: "cannot define REJECT rules on forward chain" });
  if (type !== "group" && !/^(ACCEPT|DROP|REJECT)$/.test(action)) refuseParameters({ action: `unknown action '${action}'` });
  checkInterface(list, value("iface"));
  const macro = value("macro");
  const known = MACROS.find((name) => name.toLowerCase() === macro?.toLowerCase());
  if (macro !== undefined && known === undefined) refuseParameters({ macro: `unknown macro '${macro}'` });
  const proto = value("proto");
  const isIcmp = proto === "icmp" || proto === "icmpv6" || proto === "ipv6-icmp";
  for (const port of ["dport", "sport"]) checkPort(port, value(port), proto, isIcmp);
  const families = [proto === "icmp" ? 4 : isIcmp ? 6 : undefined];
  for (const side of ["source", "dest"]) families.push(checkSide(side, value(side), list.objects(state, call), state));
  const found = new Set(families.filter((family) => family !== undefined));
  if (found.size > 1) refuseParameters({ dest: "detected mixed ipv4/ipv6 addresses in rule" });
  const { ipversion: _, ...rest } = rule;
  const [family] = found;
  return { ...rest, ...(known === undefined ? {} : { macro: known }), ...(family === undefined ? {} : { ipversion: family }) };
}

function checkInterface(list: RuleList, iface: string | undefined): void {
  if (iface === undefined) return;
  if (list.environment === "group") refuseParameters({ type: "parameter -i not allowed for this rule type" });
  const isGuest = list.environment === "vm" || list.environment === "ct";
  if (isGuest && !/^net\d+$/.test(iface)) refuseParameters({ iface: "value does not match the regex pattern 'net\\d+'" });
}

function checkPort(name: string, value: string | undefined, proto: string | undefined, isIcmp: boolean): void {
  if (value === undefined) return;
  named(name, () => checkPorts(value, name === "dport" && isIcmp));
  if (proto === undefined) refuseParameters({ proto: `missing property - '${name}' requires this property` });
  const hasPorts = PORT_PROTOCOLS.has(proto) || (isIcmp && name === "dport");
  if (!hasPorts) refuseParameters({ [name]: `protocol '${proto}' does not support ports` });
}

function checkSide(
  side: string,
  value: string | undefined,
  objects: { readonly ipsets: object; readonly aliases: object },
  state: PveState,
): 4 | 6 | undefined {
  if (value === undefined) return undefined;
  const family = named(side, () => addressListFamily(value));
  if (value.startsWith("+")) {
    const name = /^\+(?:guest\/|dc\/|sdn\/)?([A-Za-z][A-Za-z0-9\-_]+)$/.exec(value)?.[1];
    if (name === undefined) refuseParameters({ [side]: `invalid ipset name '${value}'` });
    if (!(name in objects.ipsets) && state.firewall.ipsets[name] === undefined)
      refuseParameters({ [side]: `no such ipset '${name}'` });
  } else if (family === undefined) {
    const alias = value.replace(/^(guest|dc)\//, "").toLowerCase();
    if (!(alias in objects.aliases) && state.firewall.aliases[alias] === undefined)
      refuseParameters({ [side]: `no such alias '${value}'` });
  }
  return family;
}

function named<Result>(name: string, check: () => Result): Result {
  try {
    return check();
  } catch (error) {
    if (error instanceof FormatFault) throw new Refusal("Parameter verification failed.", 400, { [name]: error.message });
    throw error;
  }
}
