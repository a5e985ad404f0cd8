import { type Call, del, type Endpoint, get, post, put } from "./endpoint";
import { CLUSTER_LEVEL, current, LEVELS, type Level } from "./firewall-level";
import { MACROS } from "./firewall-macros";
import { checkDigest, existingGroup, GROUP } from "./firewall-rules";
import { digestOf } from "./hypervisor";
import { perm } from "./permission";
import type { Property } from "./property";
import { refuse, refuseParameters } from "./refusal";
import { DELETE, DIGEST, flag, integer, table, text } from "./table";

const LOG = text({ enum: ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug", "nolog"] });
const POLICY = text({ enum: ["ACCEPT", "REJECT", "DROP"] });

const GUEST_OPTIONS: Readonly<Record<string, Property>> = {
  "enable?": flag(),
  "macfilter?": flag(),
  "dhcp?": flag(),
  "ndp?": flag(),
  "radv?": flag(),
  "ipfilter?": flag(),
  "policy_in?": POLICY,
  "policy_out?": POLICY,
  "log_level_in?": LOG,
  "log_level_out?": LOG,
};

const OPTIONS: Readonly<Record<Level["environment"], Readonly<Record<string, Property>>>> = {
  cluster: {
    "enable?": integer({ minimum: 0 }),
    "ebtables?": flag(),
    "policy_in?": POLICY,
    "policy_out?": POLICY,
    "policy_forward?": text({ enum: ["ACCEPT", "DROP"] }),
    "log_ratelimit?": text({
      format: table({
        enable: flag({ defaultKey: true }),
        "rate?": text({ pattern: "[1-9][0-9]*/(second|minute|hour|day)" }),
        "burst?": integer({ minimum: 0 }),
      }),
    }),
  },
  host: {
    "enable?": flag(),
    "log_level_in?": LOG,
    "log_level_out?": LOG,
    "log_level_forward?": LOG,
    "tcp_flags_log_level?": LOG,
    "smurf_log_level?": LOG,
    "nosmurfs?": flag(),
    "tcpflags?": flag(),
    "nf_conntrack_max?": integer({ minimum: 32768 }),
    "nf_conntrack_tcp_timeout_established?": integer({ minimum: 7875 }),
    "nf_conntrack_tcp_timeout_syn_recv?": integer({ minimum: 30, maximum: 60 }),
    "ndp?": flag(),
    "nf_conntrack_allow_invalid?": flag(),
    "nf_conntrack_helpers?": text({ format: "pve-fw-conntrack-helper" }),
    "protection_synflood?": flag(),
    "protection_synflood_rate?": integer(),
    "protection_synflood_burst?": integer(),
    "log_nf_conntrack?": flag(),
    "nftables?": flag(),
  },
  vm: GUEST_OPTIONS,
  ct: GUEST_OPTIONS,
};

/** Options of every level, and the security groups with the names that rules may use. */
export function firewallSettingEndpoints(): Endpoint[] {
  const audit = perm("/", "Sys.Audit");
  const modify = perm("/", "Sys.Modify");
  return [
    ...LEVELS.flatMap(optionEndpoints),
    get("/cluster/firewall/groups", "all", {}, listGroups),
    post(
      "/cluster/firewall/groups",
      modify,
      { group: GROUP, "comment?": text(), "rename?": GROUP, "digest?": DIGEST },
      createGroup,
    ),
    del("/cluster/firewall/groups/{group}", modify, { group: GROUP }, deleteGroup),
    get("/cluster/firewall/refs", audit, { "type?": text({ enum: ["alias", "ipset"] }) }, listReferences),
    get("/cluster/firewall/macros", "all", {}, () => MACROS.map((macro) => ({ macro, descr: macro }))),
  ];
}

function optionEndpoints(level: Level): Endpoint[] {
  const path = `${level.prefix}/options`;
  const options = OPTIONS[level.environment];
  return [
    get(path, level.audit, level.parameters, (call) => {
      const set = level.of(current(call), call).options;
      return { ...set, digest: digestOf(set) };
    }),
    put(path, level.modify, { ...level.parameters, ...options, "delete?": DELETE, "digest?": DIGEST }, (call) =>
      setOptions(level, call),
    ),
  ];
}

function setOptions(level: Level, call: Call): void {
  const known = table(OPTIONS[level.environment]);
  call.pve.update((draft) => {
    const { options } = level.of(draft, call);
    checkDigest(call, options);
    for (const name of call.items("delete")) {
      if (known[name] === undefined) refuseParameters({ delete: `no such option '${name}'` });
      delete options[name];
    }
    for (const [name, property] of Object.entries(known)) {
      const value = call.maybe(name);
      if (value !== undefined) options[name] = property.type === "string" ? value : Number(value);
    }
    // Any number above 1 asks for the moment of the change.
    if (level === CLUSTER_LEVEL && (call.number("enable") ?? 0) > 1) options.enable = call.pve.seconds();
  });
}

function groupList(call: Call) {
  const { groups } = call.pve.state.firewall;
  return Object.keys(groups)
    .sort()
    .map((group) => ({ group, ...(groups[group]?.comment ? { comment: groups[group].comment } : {}) }));
}

function listGroups(call: Call): unknown {
  const groups = groupList(call);
  return groups.map((group) => ({ ...group, digest: digestOf(groups) }));
}

function createGroup(call: Call): void {
  const name = call.text("group");
  const former = call.maybe("rename");
  const comment = call.maybe("comment");
  call.pve.update((draft) => {
    const { groups } = draft.firewall;
    if (former === undefined) {
      if (groups[name] !== undefined) refuseParameters({ group: `Security group '${name}' already exists` });
      groups[name] = { rules: [], ...(comment === undefined ? {} : { comment }) };
      return;
    }
    checkDigest(call, groupList(call));
    const group = groups[former];
    if (group === undefined) refuseParameters({ group: `Security group '${former}' does not exist` });
    if (groups[name] !== undefined && name !== former) refuseParameters({ group: `Security group '${name}' does already exist` });
    delete groups[former];
    groups[name] = comment === undefined ? group : { ...group, comment };
    const everywhere = [
      draft.firewall,
      ...[...Object.values(draft.nodes), ...Object.values(draft.guests)].map(({ firewall }) => firewall),
    ];
    for (const rule of everywhere.flatMap(({ rules }) => rules)) {
      if (rule.type === "group" && rule.action === former) rule.action = name;
    }
  });
}

function deleteGroup(call: Call): void {
  const name = call.text("group");
  call.pve.update((draft) => {
    if (existingGroup(draft, call).rules.length > 0) refuse(`Security group '${name}' is not empty`);
    delete draft.firewall.groups[name];
  });
}

function listReferences(call: Call): unknown {
  const { ipsets, aliases } = call.pve.state.firewall;
  const type = call.maybe("type");
  const sets = Object.entries(ipsets).map(([name, { comment }]) => ({
    type: "ipset",
    name,
    ref: `+dc/${name}`,
    scope: "dc",
    ...(comment ? { comment } : {}),
  }));
  const named = Object.values(aliases).map(({ name, comment }) => ({
    type: "alias",
    name,
    ref: `dc/${name}`,
    scope: "dc",
    ...(comment ? { comment } : {}),
  }));
  return [...sets, ...named].filter((reference) => type === undefined || reference.type === type);
}
