import { type GuestId, largestGap } from "../model";
import type { Configuration, GuestFacts } from "./configuration";
import { copiesOf } from "./copies";
import { allKnown, everyKnown, isUnknown, type Known, someKnown, type Unknown, whereKnown } from "./known";
import type { GuestProtection, Kept } from "./protection";
import { keptOf, runsIn28Days } from "./recovery-points";
import { type Place, placeName, type Route, reaches, routesOf } from "./routes";
import { verifiedWithin } from "./verification-time";

/** How one guest is protected. */
export function guestProtection(configuration: Configuration, id: GuestId, facts: GuestFacts | undefined): GuestProtection {
  const { timeZone, promises } = configuration;
  const routes = routesOf(configuration, id);
  const doubt: Unknown | undefined = routes.doubt === undefined ? undefined : { unknown: routes.doubt };
  const working = routes.certain
    .map((route) => ({ route, why: whyNot(route) }))
    .filter(({ why }) => why === undefined || isUnknown(why));
  const covered = coveredBy(routes.certain.map(whyNot), doubt);
  const used = working.map(({ route }) => route);
  /** Of the jobs that take it; where none surely does, what a guest without backup has, or unknown. */
  const ofJobs = <Value>(make: (routes: readonly Route[]) => Known<Value>, none: Value): Known<Value> =>
    used.length > 0 ? make(used) : (doubt ?? none);
  const schedules = <Value>(make: (schedule: Parameters<typeof largestGap>[0]) => Value) =>
    allKnown(used.map(({ job }) => whereKnown(job.schedule, (schedule): Known<Value> => make(schedule))));
  const promise = promises?.guests[id];
  const encrypted = ofJobs((all) => everyKnown(all.map(({ storage }) => whereKnown(storage, (one) => one.encrypted))), false);
  const reason = covered === false ? routes.certain.map(whyNot).find((why) => typeof why === "string") : undefined;
  return {
    id,
    ...(facts?.name === undefined ? {} : { name: facts.name }),
    covered,
    ...(typeof reason === "string" ? { uncovered: reason } : {}),
    ...(promise?.exempt === undefined ? {} : { exempt: promise.exempt }),
    jobs: doubt ?? used.map(({ job }) => job.id).sort(),
    gapMs: ofJobs(
      () =>
        whereKnown(
          schedules((schedule) => largestGap(schedule, timeZone)),
          (gaps) => Math.min(...gaps),
        ),
      Infinity,
    ),
    runs: ofJobs(
      () =>
        whereKnown(
          schedules((schedule) => runsIn28Days(schedule, timeZone)),
          (counts) => Math.max(...counts),
        ),
      0,
    ),
    kept: ofJobs((all) => keptTogether(configuration, all), NOTHING),
    prunedByClient: ofJobs(
      (all) => someKnown(all.flatMap(({ job, storage }) => [job.prunesItself, whereKnown(storage, (one) => one.prunes)])),
      false,
    ),
    copies: ofJobs((all) => copiesOf(configuration, all), []),
    encrypted,
    keyEscrowed: encrypted === false ? false : (promises?.keyEscrowed ?? { unknown: "only the site file says where the key is" }),
    pinned: ofJobs((all) => everyKnown(all.map(({ storage }) => whereKnown(storage, (one) => one.pinned))), false),
    verifiedWithinDays: ofJobs((all) => verifiedDays(configuration, all), Infinity),
    verifiedWhenNew: ofJobs(
      (all) => everyKnown(all.map(({ datastore }) => whereKnown(datastore, (one) => one.verifyNew))),
      false,
    ),
    mode: ofJobs((all) => whereKnown(allKnown(all.map(({ job }) => job.mode)), weakestMode), "snapshot"),
    leftOut: [...new Set([...(facts?.excludedDisks ?? []), ...used.flatMap(({ job }) => job.excludedPaths)])].sort(),
    repeatMissed: ofJobs((all) => everyKnown(all.map(({ job }) => job.repeatMissed)), false),
    places: ofJobs(
      (all) => whereKnown(allKnown(all.map(({ place }) => place)), (places) => sortedNames(places.map(placeName))),
      [],
    ),
    writers: ofJobs(
      (all) => whereKnown(allKnown(all.map(({ storage }) => whereKnown(storage, (one) => one.writer))), sortedNames),
      [],
    ),
    owned: facts?.owned ?? false,
    ...promisedOf(promise),
  };
}

const NOTHING: Kept = { points: 0, oldestMs: 0, recent: [0, 0, 0, 0, 0], rule: "nothing" };

const sortedNames = (names: readonly string[]): string[] => [...new Set(names)].sort();

/** Why a job that takes the guest backs nothing up; unknown where that cannot be seen. */
function whyNot({ storage, datastore }: Route): Known<string> | undefined {
  if (isUnknown(storage)) return storage;
  if (!storage.enabled) return `the storage ${storage.id} is disabled`;
  if (isUnknown(datastore)) return datastore;
  return datastore.maintenance === undefined ? undefined : `the datastore ${datastore.name} is ${datastore.maintenance}`;
}

function coveredBy(faults: readonly (Known<string> | undefined)[], doubt: Unknown | undefined): Known<boolean> {
  if (faults.includes(undefined)) return true;
  return faults.find(isUnknown) ?? doubt ?? false;
}

const weakestMode = (modes: readonly ("snapshot" | "suspend" | "stop")[]) =>
  modes.find((mode) => mode === "snapshot") ?? modes.find((mode) => mode === "suspend") ?? "stop";

function promisedOf(promise: { readonly rpoMs?: number; readonly rtoMs?: number } | undefined): Pick<GuestProtection, "promise"> {
  if (promise?.rpoMs === undefined && promise?.rtoMs === undefined) return {};
  return {
    promise: {
      ...(promise.rpoMs === undefined ? {} : { rpoMs: promise.rpoMs }),
      ...(promise.rtoMs === undefined ? {} : { rtoMs: promise.rtoMs }),
    },
  };
}

/** Jobs to one place share its prune jobs, so the best of them counts; what lies in different places adds up. */
function keptTogether(configuration: Configuration, routes: readonly Route[]): Known<Kept> {
  const byPlace = new Map<string, Known<Kept>[]>();
  for (const route of routes) {
    if (isUnknown(route.place)) return route.place;
    const name = placeName(route.place);
    byPlace.set(name, [...(byPlace.get(name) ?? []), keptBy(configuration, route, route.place)]);
  }
  const places = allKnown(
    [...byPlace.values()].map((list) =>
      whereKnown(allKnown(list), (all) => all.reduce((one, other) => (other.points > one.points ? other : one))),
    ),
  );
  return whereKnown(places, (all) => ({
    points: all.reduce((sum, { points }) => sum + points, 0),
    oldestMs: Math.max(...all.map(({ oldestMs }) => oldestMs)),
    recent: NOTHING.recent.map((_, index) => all.reduce((sum, { recent }) => sum + (recent[index] ?? 0), 0)),
    rule: [...new Set(all.map(({ rule }) => rule))].sort().join(" + "),
  }));
}

/** Where several prune jobs reach a place, a point must pass all of them: the one that keeps least counts. */
function keptBy({ pruneJobs, timeZone }: Configuration, { job }: Route, place: Place): Known<Kept> {
  return whereKnown(job.schedule, (schedule) =>
    whereKnown(pruneJobs, (all) => {
      const mine = all.filter((one) => one.enabled && reaches(one, place));
      const kept = mine.map((one) =>
        whereKnown(one.retention, (retention): Known<Kept> => keptOf(retention, schedule, timeZone)),
      );
      if (kept.length === 0) return keptOf({}, schedule, timeZone);
      return whereKnown(allKnown(kept), (list) => list.reduce((one, other) => (other.points < one.points ? other : one)));
    }),
  );
}

/** The best verify job of each place, the worst place of the guest. */
function verifiedDays({ verifyJobs, timeZone }: Configuration, routes: readonly Route[]): Known<number> {
  const places = routes.map(({ place }) =>
    whereKnown(place, (where) =>
      whereKnown(verifyJobs, (all) => {
        const mine = all.filter((one) => one.enabled && reaches(one, where));
        const days = mine.map((one) =>
          whereKnown(one.schedule, (schedule): Known<number> => verifiedWithin(schedule, one.againAfterDays, timeZone)),
        );
        return whereKnown(allKnown(days), (list) => Math.min(Number.POSITIVE_INFINITY, ...list));
      }),
    ),
  );
  return whereKnown(allKnown(places), (list) => Math.max(...list));
}
