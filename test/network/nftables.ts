import type { FirewallState } from "../../firewall/state";
import { type Line, pfLines } from "../firewall/universe";

const PASS = "meta mark set 1";
const BLOCK = "meta mark set 2";

/**
 * The rule list as nftables: a mark holds the verdict of the last line that matched, `return` is `quick`. What a rule names is
 * written as literal sets, so that the kernel and not our code decides what lies in a network.
 */
export function nftables(state: FirewallState): string {
  const lines = pfLines(state);
  const chain = (direction: "in" | "out") =>
    lines
      .filter((line) => line.direction === direction || line.direction === "any")
      .map((line) => nftLine(state, line, direction));
  return `table inet fw {
${lines.flatMap((line) => [nftSet(state, line, "source"), nftSet(state, line, "destination")]).join("\n")}
chain inward {
${chain("in").join("\n")}
}
chain outward {
${chain("out").join("\n")}
}
chain forward {
type filter hook forward priority 0; policy drop;
ct state established,related accept
${BLOCK}
jump inward
meta mark != 1 meta l4proto tcp reject with tcp reset
${PASS}
jump outward
meta mark != 1 meta l4proto tcp reject with tcp reset
accept
}
}
`;
}

const setName = ({ index, family }: Line, side: "source" | "destination") => `${side}_${index}_${family}`;

function nftSet(state: FirewallState, line: Line, side: "source" | "destination"): string {
  const text = state.rules[line.index]?.[side].replace(/^!/, "") ?? "";
  const wanted = line.family === "inet6";
  const elements = literals(state, text).filter((literal) => literal.includes(":") === wanted);
  const type = wanted ? "ipv6_addr" : "ipv4_addr";
  const content = elements.length === 0 ? "" : `elements = { ${[...new Set(elements)].join(", ")} };`;
  return `set ${setName(line, side)} { type ${type}; flags interval; auto-merge; ${content} }`;
}

function nftLine(state: FirewallState, line: Line, direction: "in" | "out"): string {
  const device = direction === "in" ? "iifname" : "oifname";
  const family = line.family === "inet" ? "ip" : "ip6";
  const address = (side: "source" | "destination", keyword: string) =>
    `${family} ${keyword} ${state.rules[line.index]?.[side].startsWith("!") ? "!= " : ""}@${setName(line, side)}`;
  const protocols = `meta l4proto { ${line.protocols.join(", ")} }`;
  const ports = line.ports?.filter(([first, last]) => first <= last).map(([first, last]) => `${first}-${last}`);
  return [
    ...(line.on === undefined ? [] : [`${device} { ${[...new Set(line.on)].join(", ")} }`]),
    address("source", "saddr"),
    address("destination", "daddr"),
    protocols,
    ...(ports === undefined ? [] : [`th dport { ${ports.length === 0 ? "0" : ports.join(", ")} }`]),
    line.pass ? PASS : BLOCK,
    ...(line.quick ? ["return"] : []),
  ].join(" ");
}

/** The addresses and networks that a text of a rule stands for, written out. */
function literals(state: FirewallState, text: string, depth = 0): string[] {
  const alias = state.aliases.find(({ name }) => name === text);
  if (alias !== undefined) return depth > 4 ? [] : alias.entries.flatMap((entry) => literals(state, entry, depth + 1));
  if (text === "any") return ["0.0.0.0/0", "::/0"];
  if (text === "(self)") return state.interfaces.flatMap(({ addresses }) => addresses);
  const interfaceOf = (name: string) => state.interfaces.find((one) => one.name === name);
  if (text.endsWith(":ip")) return [...(interfaceOf(text.slice(0, -3))?.addresses ?? [])];
  const networks = interfaceOf(text)?.networks;
  if (networks !== undefined) return [...networks];
  return /[.:]/.test(text) ? [text] : [];
}
