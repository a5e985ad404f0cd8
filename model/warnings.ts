import { schedulesOf } from "./checks/schedules";
import { member } from "./define/reader";
import type { Fault } from "./faults";
import { firewallFlow } from "./objects";
import type { Acknowledgement, Site } from "./site";
import { calendarWarnings } from "./values";

/** Something that is allowed and may be meant, but is worth a look. */
export interface SiteWarning extends Fault {
  /** Id under which a site acknowledges it. */
  readonly rule: string;
  /** The site's acknowledgement, whether still valid or not: its expiry is a matter of policy. */
  readonly acknowledged?: Acknowledgement;
}

/** Warnings of a valid site, the acknowledged ones among them. */
export function siteWarnings(site: Site): readonly SiteWarning[] {
  return [...unlikelySchedules(site), ...sameSubnet(site), ...emptyTiers(site)].map((warning) => {
    const acknowledged = site.acknowledgements.find(({ rule, object }) => rule === warning.rule && object === warning.where);
    return acknowledged === undefined ? warning : { ...warning, acknowledged };
  });
}

function unlikelySchedules(site: Site): SiteWarning[] {
  return schedulesOf(site).flatMap(({ where, schedule }) =>
    calendarWarnings(schedule).map((problem) => ({ ...problem, where, rule: "schedule.unlikely" })),
  );
}

function sameSubnet(site: Site): SiteWarning[] {
  if (site.firewall === undefined) return [];
  const pairs = firewallFlow(site).sameSubnet;
  const names = [...new Set(pairs.map(({ destination }) => destination.name))];
  return names.map((name) => {
    const own = pairs.filter(({ destination }) => destination.name === name);
    const network = own[0]?.destination.network;
    return {
      rule: "network.same-subnet",
      where: member("backupServers", name),
      what: `${name} is in the network "${network}" like ${own.map(({ source }) => source.name).join(", ")}`,
      why: "traffic inside one subnet is switched and never passes the firewall: its rules filter nothing there, and every machine of the subnet reaches the port",
      repair: `move ${name} to a network of its own (a backup VLAN), or filter on ${name} itself and acknowledge network.same-subnet`,
    };
  });
}

function emptyTiers(site: Site): SiteWarning[] {
  const used = new Set(Object.values(site.guests).map((guest) => guest.tier));
  return Object.keys(site.tiers)
    .filter((name) => !used.has(name))
    .map((name) => ({
      rule: "tier.empty",
      where: member("tiers", name),
      what: `no guest is in the tier "${name}"`,
      why: "a tier without guests has no backup job",
      repair: "put a guest into it, or remove it",
    }));
}
