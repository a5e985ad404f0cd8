import type { FirewallState } from "../../firewall/state";
import { parseTimeZone, type Site } from "../../model";
import type { Configuration, GuestFacts } from "../configuration";
import type { Known } from "../known";
import { type Account, accountsOf, grantsInForce, tokenOf } from "./access-facts";
import { alertsOf } from "./alert-facts";
import { type ApiObject, type MissingCollection, ObjectReader, Unreadable } from "./api-object";
import { datastoreOf, pruneJobOf, syncJobOf, verifyJobOf } from "./backup-server-facts";
import { plannedFirewall } from "./firewall-facts";
import { backupJobOf, excludedDisksOf, guestOf, storageOf } from "./hypervisor-facts";
import { promisesOf } from "./promises";

/** What a source collected. */
export interface CollectedObjects {
  readonly objects: readonly ApiObject[];
  readonly missing: readonly MissingCollection[];
  /** Guests that the source gives in another form than the list of the cluster. */
  readonly guests?: readonly GuestFacts[];
  /** The whole firewall, where the source has it. Default: what the objects say of it. */
  readonly firewall?: Known<FirewallState>;
}

/**
 * The configuration that objects of the devices' APIs make up; a plan and the devices give the same objects.
 * A list is known only if it is so on every device that has one.
 * @param site what no device knows: the promises, the machines, which guests the engine may destroy
 */
export function configurationOfApi(collected: CollectedObjects, site: Site): Configuration {
  const { firewall } =
    site.firewall === undefined && collected.firewall === undefined ? {} : { firewall: firewallOf(collected, site) };
  const collections = byCollection(collected.objects);
  const of = (collection: string): readonly ApiObject[] => collections.get(collection) ?? [];
  const list = <Fact>(paths: readonly string[], make: () => readonly Fact[]): Known<readonly Fact[]> => {
    const gap = collected.missing.find(({ collection }) => paths.includes(collection));
    return gap === undefined ? readable(make) : { unknown: gap.reason };
  };
  const facts = <Fact>(path: string, make: (source: ApiObject) => Fact | undefined, key: (fact: Fact) => string) =>
    list([path], () => inOrder(of(path).map(make).filter(isThere), key));
  const located = (fact: { backupServer: string; id: string }) => `${fact.backupServer} ${fact.id}`;

  return {
    timeZone: timeZoneOf(collected.objects) ?? site.timeZone,
    guests: list([GUESTS], () =>
      guestsOf(
        collected.guests ??
          of(GUESTS)
            .map((source) => guestOf(source, site))
            .filter(isThere),
        of(INCLUDED),
      ),
    ),
    backupJobs: facts("/cluster/backup", backupJobOf, ({ id }) => id),
    storages: facts(
      "/storage",
      (source) => storageOf(source, site),
      ({ id }) => id,
    ),
    datastores: facts("/config/datastore", datastoreOf, ({ backupServer, name }) => `${backupServer} ${name}`),
    pruneJobs: facts("/config/prune", pruneJobOf, located),
    verifyJobs: facts("/config/verify", verifyJobOf, located),
    syncJobs: facts("/config/sync", (source) => syncJobOf(source, of("/config/remote")), located),
    grants: list(["/access/acl", USERS, TOKENS], () => {
      const grants = grantsInForce(of("/access/acl"), [...of(USERS).flatMap(accountsOf), ...of(TOKENS).map(plannedToken)]);
      return inOrder(grants, ({ device, subject, path }) => `${device} ${subject} ${path}`);
    }),
    alerts: list(["matchers", "endpoints/smtp"].flatMap(notificationPaths), () => {
      const [matchers, endpoints] = ["matchers", "endpoints/smtp"].map((path) => notificationPaths(path).flatMap(of));
      return inOrder(alertsOf(matchers ?? [], endpoints ?? []), ({ device, matcher }) => `${device} ${matcher}`);
    }),
    ...(firewall === undefined ? {} : { firewall }),
    promises: promisesOf(site),
  };
}

/** The lists that facts are made of, by layer. The guests of a cluster are not among them: no plan lists them. */
export const COLLECTIONS: Readonly<Record<string, readonly string[]>> = {
  "backup-server": [
    ...["/config/datastore", "/config/prune", "/config/verify", "/config/sync", "/config/remote", "/access/acl"],
    ...["/access/users", "/config/notifications/matchers", "/config/notifications/endpoints/smtp"],
  ],
  hypervisor: [
    ...["/cluster/backup", "/storage", "/access/acl", "/access/users"],
    ...["/cluster/notifications/matchers", "/cluster/notifications/endpoints/smtp"],
  ],
  firewall: ["/firewall/rules", "/firewall/aliases"],
};

export const GUESTS = "/cluster/resources";
const USERS = "/access/users";
/** Tokens that stand apart from their users, as a plan has them. */
export const TOKENS = "/access/users/{userid}/token";
/** What the backup jobs leave out of their guests, a list for each job. */
const INCLUDED = "/cluster/backup/{id}/included_volumes";
/** The clock of a node. */
export const TIME = "/nodes/{node}/time";

const notificationPaths = (below: string): string[] => [`/cluster/notifications/${below}`, `/config/notifications/${below}`];

function byCollection(objects: readonly ApiObject[]): ReadonlyMap<string, readonly ApiObject[]> {
  const found = new Map<string, ApiObject[]>();
  for (const source of objects) {
    const list = found.get(source.collection);
    if (list === undefined) found.set(source.collection, [source]);
    else list.push(source);
  }
  return found;
}

function readable<Fact>(make: () => Fact): Known<Fact> {
  try {
    return make();
  } catch (error) {
    if (error instanceof Unreadable) return { unknown: error.message };
    throw error;
  }
}

function firewallOf({ firewall, missing, objects }: CollectedObjects, site: Site): Known<FirewallState> {
  if (firewall !== undefined) return firewall;
  const gap = missing.find(({ device }) => device === "firewall");
  if (gap !== undefined) return { unknown: gap.reason };
  const of = (collection: string) => objects.filter((one) => one.collection === collection);
  return readable(() => plannedFirewall(of("/firewall/rules"), of("/firewall/aliases"), site));
}

/** Jobs run in the zone of the hypervisors; all nodes of a site are set to one. */
function timeZoneOf(objects: readonly ApiObject[]): string | undefined {
  const clocks = objects.filter(({ collection }) => collection === TIME);
  const first = clocks.find(({ device }) => device === "hypervisor") ?? clocks[0];
  const zone = first && new ObjectReader(first).text("timezone", "");
  return typeof zone === "string" && "value" in parseTimeZone(zone) ? zone : undefined;
}

function guestsOf(guests: readonly GuestFacts[], included: readonly ApiObject[]): GuestFacts[] {
  const excluded = new Map(included.flatMap((source) => [...excludedDisksOf(source)]));
  const found = guests.map((guest): GuestFacts => {
    const excludedDisks = excluded.get(guest.id);
    return excludedDisks === undefined ? guest : { ...guest, excludedDisks };
  });
  return found.sort((one, other) => one.id - other.id);
}

/** A token's path holds the names of user and token: `/access/users/{userid}/token/{name}`. */
function plannedToken(source: ApiObject): Account {
  const [, user = "", name = ""] = /^\/access\/users\/([^/]+)\/token\/([^/]+)$/.exec(String(source.object.path)) ?? [];
  return tokenOf(source, user, name);
}

const isThere = <Fact>(fact: Fact | undefined): fact is Fact => fact !== undefined;

/** The order of the devices means nothing, and differs between a plan and what it makes. */
function inOrder<Fact>(facts: readonly Fact[], key: (fact: Fact) => string): Fact[] {
  const keyed = facts.map((fact) => ({ fact, key: key(fact) }));
  keyed.sort((one, other) => (one.key < other.key ? -1 : Number(one.key > other.key)));
  return keyed.map(({ fact }) => fact);
}
