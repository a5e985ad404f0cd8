import { type Call, del, type Endpoint, get, post, put } from "./endpoint";
import { NAME } from "./firewall-formats";
import { current, LEVELS } from "./firewall-level";
import { type RuleList, verifiedRule } from "./firewall-verification";
import { splitList } from "./formats";
import { digestOf } from "./hypervisor";
import { perm } from "./permission";
import type { Property } from "./property";
import { refuse, refuseParameters } from "./refusal";
import type { FirewallRule, PveState } from "./state";
import { DELETE, DIGEST, integer, text } from "./table";

const POS = integer({ minimum: 0 });
const LOG = text({ enum: ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug", "nolog"] });
const TYPE = text({ enum: ["in", "out", "forward", "group"] });
const ACTION = text({ pattern: NAME, minLength: 2, maxLength: 20 });
const ADDRESS = text({ format: "pve-fw-addr-spec", maxLength: 512 });
export const GROUP = text({ pattern: NAME, minLength: 2, maxLength: 18 });

const RULE = {
  "pos?": POS,
  "digest?": DIGEST,
  "macro?": text({ maxLength: 128 }),
  "iface?": text({ format: "pve-iface", minLength: 2, maxLength: 20 }),
  "source?": ADDRESS,
  "dest?": ADDRESS,
  "proto?": text({ format: "pve-fw-protocol-spec" }),
  "enable?": integer({ minimum: 0 }),
  "log?": LOG,
  "sport?": text({ format: "pve-fw-sport-spec" }),
  "dport?": text({ format: "pve-fw-dport-spec" }),
  "comment?": text(),
  "icmp-type?": text({ format: "pve-fw-icmp-type-spec" }),
} satisfies Record<string, Property>;
const PROPERTIES = ["type", "action", ...Object.keys(RULE).map((key) => key.slice(0, -1))].filter(
  (key) => key !== "pos" && key !== "digest",
);

const GROUP_LIST: RuleList = {
  path: "/cluster/firewall/groups/{group}",
  environment: "group",
  parameters: { group: GROUP },
  audit: perm("/", "Sys.Audit"),
  modify: perm("/", "Sys.Modify"),
  rules: (state, call) => existingGroup(state, call).rules,
  objects: (state) => state.firewall,
};

/** The rules of every level and of every security group. */
export function ruleEndpoints(): Endpoint[] {
  const lists = LEVELS.map(
    (level): RuleList => ({
      path: `${level.prefix}/rules`,
      environment: level.environment,
      parameters: level.parameters,
      audit: level.audit,
      modify: level.modify,
      rules: (state, call) => level.of(state, call).rules,
      objects: (state, call) => level.of(state, call),
    }),
  );
  return [...lists, GROUP_LIST].flatMap((list) => {
    const one = `${list.path}/{pos}`;
    return [
      get(list.path, list.audit, list.parameters, (call) => withDigest(list.rules(current(call), call))),
      post(list.path, list.modify, { ...list.parameters, ...RULE, type: TYPE, action: ACTION }, (call) => createRule(list, call)),
      get(one, list.audit, { ...list.parameters, "pos?": POS }, (call) => readRule(list, call)),
      put(
        one,
        list.modify,
        { ...list.parameters, ...RULE, "type?": TYPE, "action?": ACTION, "moveto?": POS, "delete?": DELETE },
        (call) => updateRule(list, call),
      ),
      del(one, list.modify, { ...list.parameters, "pos?": POS, "digest?": DIGEST }, (call) => deleteRule(list, call)),
    ];
  });
}

/** @throws Refusal where there is none */
export function existingGroup(state: PveState, call: Call) {
  const name = call.text("group");
  return state.firewall.groups[name] ?? refuse(`no such security group '${name}'`);
}

/** @throws Refusal where the caller's digest is not the present one */
export function checkDigest(call: Call, content: unknown): void {
  if (call.has("digest") && call.text("digest") !== digestOf(content)) {
    refuse("detected modified configuration - file changed by other user? Try again.");
  }
}

function withDigest(rules: readonly FirewallRule[]): unknown {
  const digest = digestOf(rules);
  return rules.map((rule, pos) => ({ ...rule, digest, pos }));
}

/** The product repeats the position of the address, which is text. */
function readRule(list: RuleList, call: Call): unknown {
  const rules = list.rules(current(call), call);
  return { ...ruleAt(rules, call), digest: digestOf(rules), pos: call.text("pos") };
}

function ruleAt(rules: readonly FirewallRule[], call: Call): FirewallRule {
  return rules[call.number("pos") ?? 0] ?? refuse(`no rule at position ${call.text("pos")}`);
}

/** A new rule goes to the top. */
function createRule(list: RuleList, call: Call): void {
  call.pve.update((draft) => {
    const rules = list.rules(draft, call);
    const rule = verifiedRule(list, draft, call, changed({}, call));
    rules.unshift({ ...rule, enable: call.number("enable") ?? 0 });
  });
}

function updateRule(list: RuleList, call: Call): void {
  call.pve.update((draft) => {
    const rules = list.rules(draft, call);
    checkDigest(call, rules);
    const rule = ruleAt(rules, call);
    const from = call.number("pos") ?? 0;
    const to = call.number("moveto");
    if (to !== undefined && to !== from) {
      const rest = rules.filter((_, index) => index !== from);
      // The target counts in the list before the move.
      rest.splice(to > from ? to - 1 : to, 0, rule);
      rules.splice(0, rules.length, ...rest);
      return;
    }
    const next = changed(rule, call);
    for (const key of splitList(call.maybe("delete"))) {
      if (!PROPERTIES.includes(key)) refuseParameters({ delete: `no such property ('${key}')` });
      if (key === "type" || key === "action") refuseParameters({ delete: `unable to delete required property '${key}'` });
      delete next[key];
    }
    rules[from] = verifiedRule(list, draft, call, next);
  });
}

function deleteRule(list: RuleList, call: Call): void {
  call.pve.update((draft) => {
    const rules = list.rules(draft, call);
    checkDigest(call, rules);
    ruleAt(rules, call);
    rules.splice(call.number("pos") ?? 0, 1);
  });
}

/** Empty text and `-` take a setting away. */
function changed(rule: FirewallRule, call: Call): FirewallRule {
  const next: FirewallRule = { ...rule };
  for (const key of PROPERTIES) {
    const value = call.maybe(key);
    if (value === undefined) continue;
    if (value === "" || value === "-") delete next[key];
    else next[key] = key === "enable" ? Number(value) : value;
  }
  return next;
}
