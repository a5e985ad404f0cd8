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
    // A server that one side does not have was closed to nobody.
    const both = ({ destination }: Reach) => destination in before.servers && destination in after.servers;
    const had = before.reachability.reaches.filter(both);
    const has = after.reachability.reaches.filter(both);
    return [
      ...has.filter((reach) => !covers(had, reach)).map((reach) => opened(reach)),
      ...had.filter((reach) => !covers(has, reach)).map((reach) => closed(reach)),
      ...cutOff(before.reachability.cutOff, after.reachability.cutOff, "lost"),
      ...cutOff(after.reachability.cutOff, before.reachability.cutOff, "gained"),
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

function opened(reach: Reach): SubjectChange {
  return { class: "weakened", subject: subjectOf(reach), before: stopped(reach), after: comes(reach) };
}

function closed(reach: Reach): SubjectChange {
  return { class: "gained", subject: subjectOf(reach), before: comes(reach), after: stopped(reach) };
}

const subjectOf = ({ source, address }: Reach): string => (address === undefined ? source : `${source} (${address})`);

const stopped = ({ through, destination }: Reach): string =>
  through === "firewall" ? `stopped by the firewall on the way to ${destination}` : `stopped by ${destination} itself`;

function comes({ through, source, destination, port, family }: Reach): string {
  const to = `${destination}:${port}${family === "inet6" ? " over IPv6" : ""}`;
  if (source === "everybody") return through === "firewall" ? `no firewall before ${to}` : `${to} admits everybody`;
  return through === "firewall" ? `comes through the firewall to ${to}` : `admitted by ${to}`;
}

/** Pairs that stand in the second list and not in the first. */
function cutOff(before: readonly string[], after: readonly string[], kind: "lost" | "gained"): SubjectChange[] {
  const [reaches, fails] = ["comes through the firewall", "stopped by the firewall: its backups fail"];
  return after
    .filter((pair) => !before.includes(pair))
    .map((subject) => ({
      class: kind,
      subject,
      before: kind === "lost" ? reaches : fails,
      after: kind === "lost" ? fails : reaches,
    }));
}
