import { isUnknown, type Known, whereKnown } from "../known";
import type { DatastoreProtection } from "../protection";
import { days } from "../words";
import { type Change, changeOf, flag, lessIsBetter, type SiteAspect } from "./aspect";

/** Whether the stores with the backups stay, serve, and get rid of what is no longer needed. */
export const datastore: SiteAspect = {
  aspect: "datastore",
  compare: (before, after) => {
    const stores = [before.datastores, after.datastores] as const;
    if (stores.some(isUnknown)) {
      const known = stores.map((list) => whereKnown(list, (all) => all.map(({ name }) => name)));
      return unknownStores(known[0], known[1]);
    }
    const named = (list: Known<readonly DatastoreProtection[]>, name: string) =>
      isUnknown(list) ? undefined : list.find((store) => store.name === name);
    const names = [...new Set(stores.flatMap((list) => (isUnknown(list) ? [] : list.map(({ name }) => name))))].sort();
    return names.flatMap((subject) =>
      changes(named(stores[0], subject), named(stores[1], subject)).map((change) => ({ ...change, subject })),
    );
  },
};

function unknownStores(before: Known<readonly string[]> = [], after: Known<readonly string[]> = []) {
  const show = (names: readonly string[]) => names.join(", ");
  return changeOf(before, after, { judge: () => "same", show }).map((change) => ({ ...change, subject: "datastores" }));
}

function changes(before: DatastoreProtection | undefined, after: DatastoreProtection | undefined): Change[] {
  if (before === undefined || after === undefined) {
    return [{ class: after === undefined ? "lost" : "gained", before: where(before), after: where(after) }];
  }
  const moved = changeOf(before.path, after.path, { judge: (one, other) => (one === other ? "same" : "worse"), show: String });
  return [
    ...moved.map((change): Change => (change.class === "weakened" ? { ...change, class: "lost" } : change)),
    ...changeOf(before.inService, after.inService, flag("in service", "in maintenance")),
    ...changeOf(before.collectedWithinDays, after.collectedWithinDays, lessIsBetter(collected)),
  ];
}

function where(store: DatastoreProtection | undefined): string {
  if (store === undefined) return "no such datastore";
  return isUnknown(store.path) ? `unknown: ${store.path.unknown}` : store.path;
}

const collected = (count: number): string =>
  count === Number.POSITIVE_INFINITY ? "space is never freed" : `space is freed every ${days(count)}`;
