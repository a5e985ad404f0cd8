import { APPLY, bad, type Check, good, judge, type Question, type Verification } from "../check";
import type { Clock, Reading } from "../state";

/** Seconds a node's clock may be off. The schedulers look once a minute, so more than that moves a run. */
const CLOCK_TOLERANCE_S = 60;

/** Calendar events run in a node's local time: a wrong zone or clock moves every backup and breaks the RPO in silence. */
export function clocks({ site, live }: Verification): Check[] {
  const nodes: [string, Reading<Clock> | undefined][] = [
    ...Object.keys(site.hypervisors).map((node): [string, Reading<Clock> | undefined] => [node, live.hypervisor.clocks[node]]),
    ...Object.keys(site.backupServers).map((name): [string, Reading<Clock> | undefined] => [
      name,
      live.backupServers[name]?.clock,
    ]),
  ];
  return nodes.flatMap(([subject, clock]) => {
    const zone: Question = { id: "clock.zone", subject, expected: site.timeZone };
    const offset: Question = { id: "clock.offset", subject, expected: `within ${CLOCK_TOLERANCE_S} s` };
    return [
      judge(zone, clock, ({ timeZone }) => (timeZone === site.timeZone ? good(zone, timeZone) : bad(zone, timeZone, APPLY))),
      judge(offset, clock, ({ offsetS }) =>
        Math.abs(offsetS) <= CLOCK_TOLERANCE_S
          ? good(offset, `${offsetS} s`)
          : bad(offset, `${offsetS} s`, "set the clock and let the node follow a time server (chrony)"),
      ),
    ];
  });
}
