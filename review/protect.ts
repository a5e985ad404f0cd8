import { type CalendarEvent, type GuestId, largestGap } from "../model";
import type { AlertFacts, Configuration, DatastoreFacts } from "./configuration";
import { pulledCopies } from "./copies";
import { effectivePrivileges } from "./effective-privileges";
import { guestProtection } from "./guest-protection";
import { allKnown, isUnknown, type Known, whereKnown } from "./known";
import type { Alert, DatastoreProtection, GuestProtection, Protection } from "./protection";
import { reachOf } from "./reach";
import { wholeDays } from "./words";

/** How a site is protected, calculated from what its devices are told. The same configuration gives the same protection. */
export function protectionOf(configuration: Configuration): Protection {
  const { promises, timeZone } = configuration;
  const guests = guestsOf(configuration);
  const servers = (promises?.machines ?? []).filter(({ role }) => role === "backup server");
  const days = (schedule: CalendarEvent) => wholeDays(largestGap(schedule, timeZone));
  return {
    guests,
    datastores: datastoresOf(configuration, guests),
    privileges: effectivePrivileges(configuration.grants),
    pulled: pulledCopies(configuration),
    reachability: reachOf(configuration),
    alerts: alertsOf(configuration),
    ...(promises === undefined ? {} : { escalation: [...promises.escalation].sort((one, other) => one.afterMs - other.afterMs) }),
    servers: Object.fromEntries(servers.map(({ name, addresses }) => [name, addresses])),
    ...(promises?.restoreTests === undefined
      ? {}
      : { restoreTests: { partialDays: days(promises.restoreTests.partial), fullDays: days(promises.restoreTests.full) } }),
  };
}

function guestsOf(configuration: Configuration): GuestProtection[] {
  const { guests, backupJobs, promises } = configuration;
  const facts = new Map((isUnknown(guests) ? [] : guests).map((guest) => [guest.id, guest]));
  const selected = (isUnknown(backupJobs) ? [] : backupJobs).flatMap(({ enabled, selection }) =>
    enabled && !isUnknown(selection) && selection.kind === "list" ? selection.guests : [],
  );
  const promised = Object.keys(promises?.guests ?? {}).map((id) => Number(id) as GuestId);
  const ids = [...new Set([...facts.keys(), ...selected, ...promised])].sort((one, other) => one - other);
  return ids.map((id) => guestProtection(configuration, id, facts.get(id)));
}

function datastoresOf(
  { datastores, timeZone }: Configuration,
  guests: readonly GuestProtection[],
): Known<readonly DatastoreProtection[]> {
  return whereKnown(datastores, (all) =>
    all
      .map(({ backupServer, name, path, garbageCollection, maintenance }): DatastoreProtection => {
        const place = `${backupServer}:${name}`;
        const lies = ({ places }: GuestProtection) =>
          !isUnknown(places) && places.some((one) => one === place || one.startsWith(`${place}:`));
        return {
          name: place,
          path,
          inService: maintenance === undefined,
          collectedWithinDays: whereKnown(garbageCollection, (schedule): Known<number> => {
            return schedule === "never" ? Number.POSITIVE_INFINITY : wholeDays(largestGap(schedule, timeZone));
          }),
          guests: guests.filter(lies).map(({ id }) => id),
        };
      })
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
  );
}

/** Every device that has jobs, and every datastore whose jobs do not report as its server does. */
function alertsOf({ alerts, datastores }: Configuration): Known<readonly Alert[]> {
  return whereKnown(alerts, (facts) =>
    whereKnown(datastores, (all) => {
      // A source lists them in an order of its own.
      const stores = [...all].sort((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
      const quiet = stores.map(({ backupServer, name, notifies }) =>
        whereKnown(notifies, (does): Known<readonly Alert[]> => {
          return does ? [] : [{ device: `${backupServer}:${name}`, recipients: [] }];
        }),
      );
      const devices = ["hypervisor", ...new Set(stores.map(({ backupServer }) => backupServer))].map((device) =>
        whereKnown(recipientsOf(facts, device), (recipients): Known<readonly Alert[]> => [{ device, recipients }]),
      );
      return whereKnown(allKnown([...devices, ...quiet]), (lists) => lists.flat());
    }),
  );
}

const placeOf = ({ backupServer, name }: DatastoreFacts): string => `${backupServer}:${name}`;

function recipientsOf(facts: readonly AlertFacts[], device: string): Known<readonly string[]> {
  const here = facts.filter((one) => one.enabled && one.device === device);
  return whereKnown(allKnown(here.map(({ recipients }) => recipients)), (lists) => [...new Set(lists.flat())].sort());
}
