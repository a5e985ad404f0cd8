import { isUnknown } from "../known";
import type { Alert, Protection } from "../protection";
import { interval, listed } from "../words";
import { changeOf, type Measure, type SiteAspect, type SubjectChange, verdictOf } from "./aspect";

/** Who is told when something fails, and who next while nobody handles it. */
export const detection: SiteAspect = {
  aspect: "detection",
  compare: (before, after) => [...alerts(before, after), ...escalation(before, after)],
};

const RECIPIENTS: Measure<readonly string[]> = {
  judge: (before, after) => {
    if (!before.every((one) => after.includes(one))) return "worse";
    return after.length > before.length ? "better" : "same";
  },
  show: (recipients) => listed(recipients, "nobody is told"),
};

function alerts({ alerts: before }: Protection, { alerts: after }: Protection): SubjectChange[] {
  if (isUnknown(before) || isUnknown(after)) {
    const show = (list: readonly Alert[]) => listed([...new Set(list.flatMap(({ recipients }) => recipients))], "nobody is told");
    return changeOf(before, after, { judge: () => "same", show }).map((change) => ({ ...change, subject: "failures" }));
  }
  const devices = [...new Set([...before, ...after].map(({ device }) => device))].sort();
  return devices.flatMap((subject) => {
    const [told, toldNow] = [recipientsOf(before, subject), recipientsOf(after, subject)];
    // A device that only one side has is neither better nor worse off.
    if (told === undefined || toldNow === undefined) return [];
    return changeOf(told, toldNow, RECIPIENTS).map((change) => ({ ...change, subject }));
  });
}

/** A datastore without an entry of its own reports as its server does. */
function recipientsOf(list: readonly Alert[], device: string): readonly string[] | undefined {
  const server = device.split(":")[0];
  return (list.find((alert) => alert.device === device) ?? list.find((alert) => alert.device === server))?.recipients;
}

type Steps = NonNullable<Protection["escalation"]>;

/** Step by step: one that is gone, or comes later, is a failure that waits longer. */
function escalation({ escalation: before = [] }: Protection, { escalation: after = [] }: Protection): SubjectChange[] {
  const delays = (steps: Steps) =>
    Array.from(
      { length: Math.max(before.length, after.length) },
      (_, index) => -(steps[index]?.afterMs ?? Number.POSITIVE_INFINITY),
    );
  const measure: Measure<Steps> = {
    judge: (one, other) => {
      const later = delays(other);
      return verdictOf(delays(one).map((delay, index) => [delay, later[index] ?? Number.NEGATIVE_INFINITY]));
    },
    show: (steps) =>
      listed(
        steps.map(({ afterMs, owner }) => `${owner} after ${interval(afterMs)}`),
        "nobody is told next",
      ),
  };
  return changeOf(before, after, measure).map((change) => ({ ...change, subject: "escalation" }));
}
