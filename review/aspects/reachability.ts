import { isUnknown } from "../known";
import type { Reach, Reachability } from "../protection";
import { changeOf, type SiteAspect, type SubjectChange } from "./aspect";

/** Who comes through to the backup servers, by what the rules do together and not rule by rule. */
export const reachability: SiteAspect = {
  aspect: "reachability",
  compare: (before, after) => {
    if (isUnknown(before.reachability) || isUnknown(after.reachability)) {
      const show = ({ reaches }: Reachability) => `${new Set(reaches.map(({ source }) => source)).size} sources come through`;
      const changes = changeOf(before.reachability, after.reachability, { judge: () => "same", show });
      return changes.map((change) => ({ ...change, subject: "backup servers' port" }));
    }
    const [had, has] = [before.reachability, after.reachability];
    // A server that one side does not have, or not behind the firewall, was closed to nobody.
    const inBoth = ({ destination, through }: Reach) =>
      through === "firewall"
        ? had.onSite.includes(destination) && has.onSite.includes(destination)
        : destination in before.servers && destination in after.servers;
    const opened = has.reaches.filter((reach) => inBoth(reach) && !covers(had.reaches, reach));
    const closed = had.reaches.filter((reach) => inBoth(reach) && !covers(has.reaches, reach));
    return [
      ...bySource(opened).map(({ subject, stopped, comes }): SubjectChange => {
        return { class: "weakened", subject, before: stopped, after: comes };
      }),
      ...bySource(closed).map(({ subject, stopped, comes }): SubjectChange => {
        return { class: "gained", subject, before: comes, after: stopped };
      }),
      ...cutOff(had, has, "lost"),
      ...cutOff(has, had, "gained"),
    ];
  },
};

/** Whether somebody came through already: by his address, or as anybody of his network or anybody at all. */
function covers(reaches: readonly Reach[], { source, address, network, destination, family, through }: Reach): boolean {
  return reaches
    .filter((one) => one.destination === destination && one.family === family && one.through === through)
    .some((one) => {
      if (one.source === "everybody") return true;
      if (address === undefined) return one.source === source;
      return one.address === address || (network !== undefined && one.address === undefined && one.network === network);
    });
}

interface Way {
  readonly subject: string;
  readonly stopped: string;
  readonly comes: string;
}

/** One for each source and server, whatever filters and families it goes through. */
function bySource(reaches: readonly Reach[]): Way[] {
  const ways = new Map<string, Reach[]>();
  for (const reach of reaches) {
    const key = `${reach.source} ${reach.address ?? ""} ${reach.destination}`;
    ways.set(key, [...(ways.get(key) ?? []), reach]);
  }
  return [...ways.values()].flatMap((same) => {
    const [first] = same;
    return first === undefined ? [] : [wayOf(first, same)];
  });
}

function wayOf({ source, address, destination, port }: Reach, same: readonly Reach[]): Way {
  const filters = [...new Set(same.map(({ through }) => (through === "firewall" ? "the firewall" : `${destination} itself`)))];
  const sixthOnly = same.every(({ family }) => family === "inet6");
  return {
    subject: address === undefined ? source : `${source} (${address})`,
    stopped: `stopped by ${filters.join(" and by ")}`,
    comes: `let through to ${destination}:${port}${sixthOnly ? " over IPv6" : ""}`,
  };
}

/** Hypervisors that are cut off on the second side and not on the first. */
function cutOff(
  { cutOff: before, onSite }: Reachability,
  { cutOff: after }: Reachability,
  kind: "lost" | "gained",
): SubjectChange[] {
  const [reaches, fails] = ["comes through the firewall", "stopped by the firewall: its backups fail"];
  return after
    .filter((pair) => !before.includes(pair) && onSite.some((server) => pair.endsWith(` -> ${server}`)))
    .map((subject) => ({
      class: kind,
      subject,
      before: kind === "lost" ? reaches : fails,
      after: kind === "lost" ? fails : reaches,
    }));
}
