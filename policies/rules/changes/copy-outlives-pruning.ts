import { type PlannedChange, plannedChanges } from "../../engine/planned-stack";
import { compliant, type Rule, unknown, type Verdict, violation } from "../../engine/rule";
import { bodyOf, kindOfChange, labelOf } from "./object-kind";
import { overlap, placeOf } from "./place";
import { sourceOf } from "./sync-source";
import { unknownPaths } from "./unknown-paths";

const KEEPS = ["keep-last", "keep-hourly", "keep-daily", "keep-weekly", "keep-monthly", "keep-yearly"];

export const copyOutlivesPruning: Rule = {
  sentence: "No plan shortens a retention while a sync job removes from the copy what vanishes at its source",
  plan: ({ site, stacks }) => {
    const changes = plannedChanges(stacks);
    const syncs = changes
      .filter((change) => kindOfChange(change) === "sync_job" && mayRemove(change))
      .flatMap((sync) => {
        const source = sourceOf(sync, "after", changes, site);
        return source === undefined ? [] : [{ sync, source }];
      });
    return changes
      .filter((change) => kindOfChange(change) === "prune_job" && (change.action === "update" || change.action === "replace"))
      .map((prune) => {
        const place = placeOf(prune, site);
        const followers = syncs.filter(({ source }) => place !== undefined && overlap(place, source));
        return verdictOn(
          prune,
          followers.map(({ sync }) => sync),
        );
      });
  },
};

/** Keys of the body that only the apply makes known; `body` alone: all of them. */
const openKeys = ({ afterUnknown }: PlannedChange): string[] => unknownPaths(afterUnknown.body, "body");

const mayRemove = (sync: PlannedChange): boolean =>
  bodyOf(sync.after)["remove-vanished"] === true || openKeys(sync).includes("body.remove-vanished");

function verdictOn(prune: PlannedChange, followers: readonly PlannedChange[]): Verdict {
  const object = labelOf(prune);
  if (followers.length === 0) return compliant(object);
  const names = followers.map(labelOf).join(", ");
  const unclear = [prune, ...followers].flatMap(openKeys);
  if (unclear.length > 0)
    return unknown(object, `known only after the apply: ${unclear.join(", ")}; ${names} may remove what it prunes`);
  const shorter = shortened(prune);
  if (shorter.length === 0) return compliant(object);
  return violation(object, `${shorter.join(", ")}: what it prunes now also vanishes from the copy of ${names} (remove-vanished)`);
}

/** `keep-daily 7 -> 2`. A job without any count keeps everything, so the first count shortens and the loss of all does not. */
function shortened({ before, after }: PlannedChange): string[] {
  const [old, next] = [bodyOf(before), bodyOf(after)];
  const counts = (body: Readonly<Record<string, unknown>>) => KEEPS.filter((key) => typeof body[key] === "number");
  if (counts(next).length === 0) return [];
  const told = (key: string) => `${key} ${old[key] ?? "unset"} -> ${next[key] ?? "unset"}`;
  if (counts(old).length === 0) return counts(next).map(told);
  return counts(old)
    .filter((key) => Number(next[key] ?? 0) < Number(old[key]))
    .map(told);
}
