import * as z from "zod";
import { type Fault, type Site, UserError } from "../model";
import { shaped } from "./answers";
import { bad, type Check, good, judge, type Question } from "./check";
import type { DeviceClient } from "./client";
import { reading } from "./state";
import type { SiteClients } from "./verify";

/** A privilege that a provisioning credential needs somewhere in a device's access control. */
export interface Need {
  readonly path: string;
  readonly privilege: string;
}

const need = (path: string, ...privileges: readonly string[]): Need[] => privileges.map((privilege) => ({ path, privilege }));

/** To build a virtual machine; it is left switched off or started as the site says. */
const TO_CREATE_GUESTS = [
  "VM.Allocate",
  "VM.Config.CPU",
  "VM.Config.Disk",
  "VM.Config.HWType",
  "VM.Config.Memory",
  "VM.Config.Network",
  "VM.Config.Options",
  "VM.PowerMgmt",
];

/** What a deployment of the site needs on Proxmox VE. Source: `permissions` of the calls in the API description of 9.1.8. */
export function hypervisorNeeds(site: Site): Need[] {
  const operators = Object.entries(site.access.operators);
  const created = Object.values(site.guests).filter(({ create }) => create !== undefined);
  return [
    // Backup jobs, cluster firewall and mail end points on the cluster; name servers, zone and hosts on each node.
    ...need("/", "Sys.Audit", "Sys.Modify"),
    ...Object.keys(site.hypervisors).flatMap((node) => need(`/nodes/${node}`, "Sys.Audit", "Sys.Modify")),
    // The list of the storages leaves out those without Datastore.Audit or Datastore.AllocateSpace; a backup needs the latter.
    ...need("/storage", "Datastore.Allocate", "Datastore.AllocateSpace"),
    ...need("/pool", "Pool.Allocate", "Pool.Audit"),
    ...need("/vms", "VM.Audit", "VM.Backup"),
    ...(site.notifications === undefined ? [] : need("/mapping/notifications", "Mapping.Modify")),
    ...operators.flatMap(([user, { path }]) => [
      ...need(`/access/realm/${user.slice(user.lastIndexOf("@") + 1)}`, "Realm.AllocateUser"),
      ...need("/access/groups", "User.Modify"),
      ...need(path, "Permissions.Modify"),
    ]),
    ...(created.length === 0 ? [] : need("/vms", ...TO_CREATE_GUESTS)),
    ...created.flatMap(({ create }) => need(`/sdn/zones/localnet/${create?.bridge}`, "SDN.Use")),
  ];
}

/** What a deployment needs on a backup server. Only the role Admin has Datastore.Allocate. Source: the API description of 4.2.3. */
function backupServerNeeds(site: Site, name: string): Need[] {
  const remotes = Object.keys(site.backupServers[name]?.remotes ?? {});
  return [
    ...need("/datastore", "Datastore.Allocate", "Datastore.Modify"),
    ...need("/access", "Permissions.Modify"),
    ...need("/system", "Sys.Audit", "Sys.Modify"),
    ...(remotes.length === 0 ? [] : need("/remote", "Remote.Modify")),
  ];
}

const Permissions = z.record(z.string(), z.record(z.string(), z.unknown()));

/**
 * Whether the provisioning credentials have the rights of a deployment, one line a device. What a credential may not see, the
 * devices leave out of their lists, so that it looks deleted and a plan would make it anew. pfSense cannot be asked.
 */
export async function provisioningRights(clients: SiteClients, site: Site): Promise<Check[]> {
  return await Promise.all([
    rightsOn(clients.hypervisor, hypervisorNeeds(site)),
    ...Object.entries(clients.backupServers).map(([name, client]) => rightsOn(client, backupServerNeeds(site, name))),
  ]);
}

/** @throws UserError with what every device's credential lacks; a device that does not answer is for `preflight` to tell */
export async function demandProvisioningRights(clients: SiteClients, site: Site): Promise<void> {
  const faults = (await provisioningRights(clients, site))
    .filter(({ verdict }) => verdict === "fault")
    .map(
      ({ subject, actual, repair = "" }): Fault => ({
        where: subject,
        what: actual,
        why: "what a credential may not see looks deleted, and would be made anew",
        repair,
      }),
    );
  if (faults.length > 0) throw new UserError(faults);
}

async function rightsOn(client: DeviceClient, needs: readonly Need[]): Promise<Check> {
  const asked: Question = {
    id: "credential.rights",
    subject: `${client.device} credential`,
    expected: "the rights of a deployment",
  };
  const paths = [...new Set(needs.map(({ path }) => path))];
  const read = await reading(async () => {
    const where = `${client.device} GET /access/permissions`;
    const answers = paths.map(
      async (path) => [path, shaped(Permissions, await client.get("/access/permissions", { path }), where)[path] ?? {}] as const,
    );
    return Object.fromEntries(await Promise.all(answers));
  });
  return judge(asked, read, (byPath) => {
    const missing = needs.filter(({ path, privilege }) => !(privilege in (byPath[path] ?? {})));
    if (missing.length === 0) return good(asked, `${new Set(needs.map(({ privilege }) => privilege)).size} privileges`);
    return bad(
      asked,
      `the provisioning credential lacks ${listed(missing)}`,
      "give it a role with them, to the token and to its user, as the README's table says; then run the same command again",
    );
  });
}

/** `Realm.AllocateUser on /access/realm/pve; Sys.Audit and Sys.Modify on /` */
function listed(missing: readonly Need[]): string {
  const paths = [...new Set(missing.map(({ path }) => path))];
  return paths
    .map((at) => {
      const privileges = new Set(missing.filter(({ path }) => path === at).map(({ privilege }) => privilege));
      return `${[...privileges].join(", ")} on ${at}`;
    })
    .join("; ");
}
