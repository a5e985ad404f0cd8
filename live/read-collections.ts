import * as z from "zod";
import type { FirewallState } from "../firewall/state";
import { shaped } from "./answers";
import type { DeviceClient } from "./client";
import { readFirewall } from "./read-firewall";
import { type Reading, reading } from "./state";
import type { SiteClients } from "./verify";

/** One list of a device, as it answers it, or why it could not be read. */
export interface RawCollection {
  /** `hypervisor` or the name of a backup server. */
  readonly device: string;
  readonly collection: string;
  readonly answer: Reading<readonly Readonly<Record<string, unknown>>[]>;
}

/** What decides on the protection of a site, unread: it may hold more than is needed, so never print it. */
export interface RawSite {
  readonly collections: readonly RawCollection[];
  /** Absent: the site has none. */
  readonly firewall?: Reading<FirewallState>;
}

/** A list, with the privileges of which one shows the whole of it: the devices leave out what a credential may not see. */
interface Listing {
  readonly collection: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly seenWith?: { readonly path: string; readonly anyOf: readonly string[] };
}

const seenWith = (path: string, ...anyOf: readonly string[]) => ({ seenWith: { path, anyOf } });

/** Source of the privileges: `permissions` of the calls in the API description of Proxmox VE 9.1.8. */
const HYPERVISOR: readonly Listing[] = [
  { collection: "/cluster/backup" },
  { collection: "/storage", ...seenWith("/storage", "Datastore.Audit", "Datastore.AllocateSpace") },
  { collection: "/cluster/resources", query: { type: "vm" }, ...seenWith("/vms", "VM.Audit") },
  { collection: "/access/acl", ...seenWith("/", "Permissions.Modify") },
  { collection: "/access/users", query: { full: "1" }, ...seenWith("/access/groups", "User.Modify", "Sys.Audit") },
  ...["matchers", "endpoints/smtp"].map((below) => ({
    collection: `/cluster/notifications/${below}`,
    ...seenWith("/mapping/notifications", "Mapping.Audit", "Mapping.Modify"),
  })),
];

/** The same in that of Proxmox Backup Server 4.2.3. */
const BACKUP_SERVER: readonly Listing[] = [
  ...["/config/datastore", "/config/prune", "/config/verify"].map((collection) => ({
    collection,
    ...seenWith("/datastore", "Datastore.Audit"),
  })),
  { collection: "/config/sync", query: { "sync-direction": "all" }, ...seenWith("/datastore", "Datastore.Audit") },
  { collection: "/config/remote", ...seenWith("/remote", "Remote.Audit") },
  { collection: "/access/acl", ...seenWith("/access/acl", "Sys.Audit") },
  {
    collection: "/access/users",
    query: { include_tokens: "true" },
    ...seenWith("/access/users", "Sys.Audit", "Permissions.Modify"),
  },
  ...["matchers", "endpoints/smtp"].map((below) => ({ collection: `/config/notifications/${below}` })),
];

const Objects = z.array(z.record(z.string(), z.unknown()));
const Nodes = z.array(z.looseObject({ node: z.string() }));
const Jobs = z.array(z.looseObject({ id: z.string() }));
const Permissions = z.record(z.string(), z.record(z.string(), z.unknown()));

/** Reads all devices of a site at the same time. A list that a device refuses, or shows in part, is told as unread. */
export async function readCollections(clients: SiteClients): Promise<RawSite> {
  const [hypervisor, servers, firewall] = await Promise.all([
    readCluster(clients.hypervisor),
    Promise.all(Object.values(clients.backupServers).map(readServer)),
    clients.firewall && readRules(clients.firewall),
  ]);
  return { collections: [...hypervisor, ...servers.flat()], ...(firewall === undefined ? {} : { firewall }) };
}

const readRules = (client: DeviceClient): Promise<Reading<FirewallState>> => reading(() => readFirewall(client));

async function readServer(client: DeviceClient): Promise<RawCollection[]> {
  return await Promise.all([...BACKUP_SERVER.map((listing) => readListing(client, listing)), readTime(client, "localhost")]);
}

async function readCluster(client: DeviceClient): Promise<RawCollection[]> {
  const [lists, nodes] = await Promise.all([
    Promise.all(HYPERVISOR.map((listing) => readListing(client, listing))),
    reading(async () => shaped(Nodes, await client.get("/nodes"), `${client.device} GET /nodes`)),
  ]);
  const jobs = lists.find(({ collection }) => collection === "/cluster/backup")?.answer;
  const found = jobs?.ok ? Jobs.safeParse(jobs.value) : undefined;
  const below = await Promise.all([
    ...(nodes.ok ? nodes.value : []).map(({ node }) => readTime(client, node)),
    ...(found?.data ?? []).map(({ id }) => readIncluded(client, id)),
  ]);
  return [...lists, ...below];
}

async function readListing(client: DeviceClient, { collection, query, seenWith: needed }: Listing): Promise<RawCollection> {
  const where = `${client.device} GET ${collection}`;
  const answer = await reading(async () => {
    const list = shaped(Objects, await client.get(collection, query), where);
    return needed === undefined || (await holdsOne(client, needed)) ? list : undefined;
  });
  if (!answer.ok) return { device: client.device, collection, answer };
  const { value } = answer;
  if (value !== undefined) return { device: client.device, collection, answer: { ok: true, value } };
  const fault = {
    where,
    what: `the credential sees only a part of the list, without ${needed?.anyOf.join(" or ")} on ${needed?.path}`,
    repair: "give its role the privilege, to the token and to its user",
  };
  return { device: client.device, collection, answer: { ok: false, fault } };
}

async function holdsOne(client: DeviceClient, { path, anyOf }: NonNullable<Listing["seenWith"]>): Promise<boolean> {
  const answer = await client.get("/access/permissions", { path });
  const held = shaped(Permissions, answer, `${client.device} GET /access/permissions`)[path] ?? {};
  return anyOf.some((privilege) => privilege in held);
}

/** The clock of a node, in the place of a list with one object. */
const readTime = (client: DeviceClient, node: string) => readObject(client, "/nodes/{node}/time", `/nodes/${node}/time`);

/** What a job takes of its guests and what it leaves out. */
const readIncluded = (client: DeviceClient, id: string) =>
  readObject(client, "/cluster/backup/{id}/included_volumes", `/cluster/backup/${encodeURIComponent(id)}/included_volumes`);

async function readObject(client: DeviceClient, collection: string, path: string): Promise<RawCollection> {
  const where = `${client.device} GET ${path}`;
  const answer = await reading(async () => shaped(Objects, [await client.get(path)], where));
  return { device: client.device, collection, answer };
}
