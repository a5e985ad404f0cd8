import { type Call, del, type Endpoint, get, post, put } from "./endpoint";
import { cleanNetwork, NAME } from "./firewall-formats";
import { current, LEVELS, type Level } from "./firewall-level";
import { checkDigest } from "./firewall-rules";
import { digestOf } from "./hypervisor";
import { refuse, refuseParameters } from "./refusal";
import type { FirewallAlias, FirewallLevel, IpsetEntry, PveState } from "./state";
import { DIGEST, flag, text } from "./table";

const SET_NAME = text({ pattern: NAME, minLength: 2, maxLength: 64 });
const CIDR = text({ format: "IPorCIDRorAlias" });
const ALIAS_CIDR = text({ format: "IPorCIDR" });

/** Sets of addresses and aliases, of the cluster and of guests. */
export function firewallObjectEndpoints(): Endpoint[] {
  return LEVELS.filter(({ environment }) => environment !== "host").flatMap((level) => [
    ...setEndpoints(level),
    ...aliasEndpoints(level),
  ]);
}

function setEndpoints(level: Level): Endpoint[] {
  const list = `${level.prefix}/ipset`;
  const set = `${list}/{name}`;
  const entry = `${set}/{cidr...}`;
  const named = { ...level.parameters, name: SET_NAME };
  return [
    get(list, level.audit, level.parameters, (call) => setList(level.of(current(call), call))),
    post(list, level.modify, { ...named, "comment?": text(), "rename?": SET_NAME, "digest?": DIGEST }, (call) =>
      createSet(level, call),
    ),
    get(set, level.audit, named, (call) => withDigest(existingSet(level, current(call), call).entries)),
    del(set, level.modify, { ...named, "force?": flag() }, (call) => deleteSet(level, call)),
    post(set, level.modify, { ...named, cidr: CIDR, "comment?": text(), "nomatch?": flag() }, (call) => addEntry(level, call)),
    get(entry, level.audit, { ...named, cidr: CIDR }, (call) => readEntry(level, call)),
    put(entry, level.modify, { ...named, cidr: CIDR, "comment?": text(), "nomatch?": flag(), "digest?": DIGEST }, (call) => {
      updateEntry(level, call);
    }),
    del(entry, level.modify, { ...named, cidr: CIDR, "digest?": DIGEST }, (call) => removeEntry(level, call)),
  ];
}

function setList(firewall: FirewallLevel): unknown {
  const sets = Object.keys(firewall.ipsets)
    .sort()
    .map((name) => ({ name, ...(firewall.ipsets[name]?.comment ? { comment: firewall.ipsets[name].comment } : {}) }));
  return withDigest(sets);
}

function withDigest<Item extends object>(items: readonly Item[]): unknown {
  const digest = digestOf(items);
  return items.map((item) => ({ ...item, digest }));
}

function existingSet(level: Level, state: PveState, call: Call) {
  const name = call.text("name");
  return level.of(state, call).ipsets[name] ?? refuse(`no such IPSet '${name}'`);
}

function createSet(level: Level, call: Call): void {
  const name = call.text("name");
  const former = call.maybe("rename");
  const comment = call.maybe("comment");
  call.pve.update((draft) => {
    const { ipsets } = level.of(draft, call);
    if (former === undefined) {
      if (ipsets[name] !== undefined) refuseParameters({ name: `IPSet '${name}' already exists` });
      ipsets[name] = { entries: [], ...(comment === undefined ? {} : { comment }) };
      return;
    }
    const set = ipsets[former];
    if (set === undefined) refuseParameters({ name: `IPSet '${former}' does not exist` });
    if (ipsets[name] !== undefined && name !== former) refuseParameters({ name: `IPSet '${name}' does already exist` });
    delete ipsets[former];
    ipsets[name] = comment === undefined ? set : { ...set, comment };
  });
}

function deleteSet(level: Level, call: Call): void {
  const name = call.text("name");
  call.pve.update((draft) => {
    const set = existingSet(level, draft, call);
    if (set.entries.length > 0 && !call.flag("force")) refuse(`IPSet '${name}' is not empty`);
    delete level.of(draft, call).ipsets[name];
  });
}

function addEntry(level: Level, call: Call): void {
  call.pve.update((draft) => {
    const set = existingSet(level, draft, call);
    const given = call.text("cidr");
    const alias = /^(?:dc\/|guest\/)?([A-Za-z][A-Za-z0-9\-_]+)$/.exec(given)?.[1]?.toLowerCase();
    const isKnown = alias !== undefined && (level.of(draft, call).aliases[alias] ?? draft.firewall.aliases[alias]) !== undefined;
    if (alias !== undefined && !isKnown) refuse(`no such alias '${given}'`);
    const cidr = alias === undefined ? cleanNetwork(given) : given;
    if (set.entries.some((entry) => entry.cidr === cidr)) refuseParameters({ cidr: `address '${cidr}' already exists` });
    if (/\/0+$/.test(cidr)) refuseParameters({ cidr: "a zero prefix is not allowed in ipset entries" });
    set.entries.unshift({ cidr, ...details(call) });
  });
}

function details(call: Call): Omit<IpsetEntry, "cidr"> {
  const comment = call.maybe("comment");
  return { ...(comment ? { comment } : {}), ...(call.flag("nomatch") ? { nomatch: 1 } : {}) };
}

function readEntry(level: Level, call: Call): unknown {
  const { entries } = existingSet(level, current(call), call);
  const entry = entries.find(({ cidr }) => cidr === call.text("cidr"));
  if (entry === undefined) refuseParameters({ cidr: "no such IP/Network" });
  return { ...entry, digest: digestOf(entries) };
}

function updateEntry(level: Level, call: Call): void {
  call.pve.update((draft) => {
    const set = existingSet(level, draft, call);
    checkDigest(call, set.entries);
    const index = set.entries.findIndex(({ cidr }) => cidr === call.text("cidr"));
    if (index < 0) refuseParameters({ cidr: "no such IP/Network" });
    set.entries[index] = { cidr: call.text("cidr"), ...details(call) };
  });
}

function removeEntry(level: Level, call: Call): void {
  call.pve.update((draft) => {
    const set = existingSet(level, draft, call);
    checkDigest(call, set.entries);
    set.entries = set.entries.filter(({ cidr }) => cidr !== call.text("cidr"));
  });
}

function aliasEndpoints(level: Level): Endpoint[] {
  const list = `${level.prefix}/aliases`;
  const alias = `${list}/{name}`;
  const named = { ...level.parameters, name: SET_NAME };
  const data = { ...named, cidr: ALIAS_CIDR, "comment?": text() };
  return [
    get(list, level.audit, level.parameters, (call) => withDigest(aliasList(level.of(current(call), call)).map(shownAlias))),
    post(list, level.modify, data, (call) => createAlias(level, call)),
    get(alias, level.audit, named, (call) => {
      return shownAlias(level.of(current(call), call).aliases[key(call)] ?? refuseParameters(NO_ALIAS));
    }),
    put(alias, level.modify, { ...data, "rename?": SET_NAME, "digest?": DIGEST }, (call) => updateAlias(level, call)),
    del(alias, level.modify, { ...named, "digest?": DIGEST }, (call) => deleteAlias(level, call)),
  ];
}

const NO_ALIAS = { name: "no such alias" };

function aliasList({ aliases }: FirewallLevel) {
  return Object.keys(aliases)
    .sort()
    .flatMap((name) => aliases[name] ?? []);
}

function shownAlias(alias: FirewallAlias) {
  return { ...alias, ipversion: alias.cidr.includes(":") ? 6 : 4 };
}

function key(call: Call): string {
  return call.text("name").toLowerCase();
}

function aliasData(call: Call) {
  const comment = call.maybe("comment");
  return { name: call.text("name"), cidr: cleanNetwork(call.text("cidr")), ...(comment ? { comment } : {}) };
}

function createAlias(level: Level, call: Call): void {
  call.pve.update((draft) => {
    const { aliases } = level.of(draft, call);
    if (aliases[key(call)] !== undefined) refuseParameters({ name: `alias '${call.text("name")}' already exists` });
    aliases[key(call)] = aliasData(call);
  });
}

function updateAlias(level: Level, call: Call): void {
  const name = call.maybe("rename") ?? call.text("name");
  call.pve.update((draft) => {
    const firewall = level.of(draft, call);
    checkDigest(call, aliasList(firewall));
    if (firewall.aliases[key(call)] === undefined) refuseParameters(NO_ALIAS);
    const isRenamed = name.toLowerCase() !== key(call);
    if (isRenamed && firewall.aliases[name.toLowerCase()] !== undefined)
      refuseParameters({ name: `alias '${name}' already exists` });
    delete firewall.aliases[key(call)];
    firewall.aliases[name.toLowerCase()] = { ...aliasData(call), name: isRenamed ? name : call.text("name") };
  });
}

/** An alias in use may be deleted: the rules that name it are skipped from then on. */
function deleteAlias(level: Level, call: Call): void {
  call.pve.update((draft) => {
    const firewall = level.of(draft, call);
    checkDigest(call, aliasList(firewall));
    delete firewall.aliases[key(call)];
  });
}
