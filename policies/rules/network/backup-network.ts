import { member, networkOf, type Site } from "../../../model";
import { judged, type Rule } from "../../engine/rule";

export const backupNetwork: Rule = {
  sentence: "The network of a backup server holds nothing but backup servers and hypervisors",
  model: ({ site }) =>
    Object.entries(site.backupServers).flatMap(([name, { address }]) => {
      const network = networkOf(site.networks, address)?.network;
      if (network === undefined) return [];
      const others = neighbours(site, network);
      return [
        judged(member("backupServers", name), others === undefined ? undefined : `in its network "${network}" are ${others}`),
      ];
    }),
};

/** Guests and other machines of a network: `3 guests (ad, erp, …) and the machine admin`. */
function neighbours(site: Site, network: string): string | undefined {
  const inside = (machines: Site["hosts"] | Site["guests"]) =>
    Object.entries(machines).flatMap(([name, { address }]) =>
      address !== undefined && networkOf(site.networks, address)?.network === network ? [name] : [],
    );
  const groups = [counted("guest", inside(site.guests)), counted("other machine", inside(site.hosts))].filter(
    (text) => text !== "",
  );
  return groups.length === 0 ? undefined : groups.join(" and ");
}

function counted(noun: string, names: readonly string[]): string {
  if (names.length === 0) return "";
  const shown = names.length > SHOWN ? [...names.slice(0, SHOWN), "…"] : names;
  return `${names.length} ${noun}${names.length === 1 ? "" : "s"} (${shown.join(", ")})`;
}

const SHOWN = 3;
