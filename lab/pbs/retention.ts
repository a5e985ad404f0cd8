import { DateTime } from "luxon";
import type { Snapshot } from "./chunk-store";
import type { Values } from "./schema";

/** What becomes of a snapshot. */
export type Mark = "keep" | "protected" | "remove";

const PERIODS = {
  "keep-last": (time: DateTime) => String(time.toSeconds()),
  "keep-hourly": (time: DateTime) => time.toFormat("yyyy/MM/dd/HH"),
  "keep-daily": (time: DateTime) => time.toFormat("yyyy/MM/dd"),
  "keep-weekly": (time: DateTime) => `${time.weekYear}/${time.weekNumber}`,
  "keep-monthly": (time: DateTime) => time.toFormat("yyyy/MM"),
  "keep-yearly": (time: DateTime) => time.toFormat("yyyy"),
} as const;

/** Without any count everything is kept. */
export function keepsSomething(keep: Values): boolean {
  return Object.keys(PERIODS).some((rule) => Number(keep[rule] ?? 0) > 0);
}

/**
 * Marks the snapshots of one group. Each rule goes from the newest back and keeps the newest snapshot of each of its periods,
 * until it has kept as many as it may; periods that an earlier rule has kept something of do not count. Protected snapshots
 * are left alone and count for nothing.
 * @param zone time zone of the server, in which days begin
 * @returns oldest first
 */
export function marks(snapshots: readonly Snapshot[], keep: Values, zone: string): { snapshot: Snapshot; mark: Mark }[] {
  const newestFirst = [...snapshots].sort((left, right) => right.time - left.time);
  const found = new Map<Snapshot, Mark>(newestFirst.filter((one) => one.protected).map((one) => [one, "protected"]));
  for (const [rule, period] of Object.entries(PERIODS)) {
    const count = Number(keep[rule] ?? 0);
    if (count > 0) markByRule(found, newestFirst, count, ({ time }) => period(DateTime.fromSeconds(time, { zone })));
  }
  const fallback: Mark = keepsSomething(keep) ? "remove" : "keep";
  return newestFirst.reverse().map((snapshot) => ({ snapshot, mark: found.get(snapshot) ?? fallback }));
}

function markByRule(
  found: Map<Snapshot, Mark>,
  newestFirst: readonly Snapshot[],
  count: number,
  periodOf: (snapshot: Snapshot) => string,
): void {
  const covered = new Set(newestFirst.filter((snapshot) => found.get(snapshot) === "keep").map(periodOf));
  const kept = new Set<string>();
  for (const snapshot of newestFirst) {
    if (found.has(snapshot)) continue;
    const period = periodOf(snapshot);
    if (covered.has(period)) continue;
    if (kept.has(period)) {
      found.set(snapshot, "remove");
    } else if (kept.size >= count) {
      return;
    } else {
      kept.add(period);
      found.set(snapshot, "keep");
    }
  }
}
