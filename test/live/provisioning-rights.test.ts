import type { DeviceClient } from "../../live/client";
import { demandProvisioningRights, hypervisorNeeds, provisioningRights } from "../../live/provisioning-rights";
import type { SiteClients } from "../../live/verify";
import { UserError } from "../../model";
import ecosolar from "../../sites/ecosolar/site";

type Granted = (path: string) => readonly string[];

function clientOf(device: string, granted: Granted | UserError): DeviceClient {
  const get = async (_path: string, query?: Readonly<Record<string, string>>) => {
    if (granted instanceof UserError) throw granted;
    const path = query?.path ?? "";
    return { [path]: Object.fromEntries(granted(path).map((privilege) => [privilege, 1])) };
  };
  return { device, get } as unknown as DeviceClient;
}

const PVE_ALL = hypervisorNeeds(ecosolar).map(({ privilege }) => privilege);
const PBS_ALL = ["Datastore.Allocate", "Datastore.Modify", "Permissions.Modify", "Sys.Audit", "Sys.Modify"];

const clients = (pve: Granted | UserError = () => PVE_ALL, pbs: Granted | UserError = () => PBS_ALL): SiteClients => ({
  hypervisor: clientOf("hypervisor", pve),
  backupServers: { pbs: clientOf("pbs", pbs) },
});

const without = (all: readonly string[], privilege: string, at: string): Granted => {
  return (path) => (path === at ? all.filter((one) => one !== privilege) : all);
};

test("is content with every right that a deployment needs", async () => {
  const checks = await provisioningRights(clients(), ecosolar);
  expect(checks.map(({ subject, verdict }) => [subject, verdict])).toEqual([
    ["hypervisor credential", "ok"],
    ["pbs credential", "ok"],
  ]);
  await expect(demandProvisioningRights(clients(), ecosolar)).resolves.toBeUndefined();
});

test.each(hypervisorNeeds(ecosolar).map(({ path, privilege }) => [privilege, path] as const))(
  "names %s where it lacks on %s of the hypervisor",
  async (privilege, path) => {
    await expect(demandProvisioningRights(clients(without(PVE_ALL, privilege, path)), ecosolar)).rejects.toMatchObject({
      faults: [
        {
          where: "hypervisor credential",
          what: `the provisioning credential lacks ${privilege} on ${path}`,
          repair: expect.stringContaining("to the token and to its user"),
        },
      ],
    });
  },
);

test("tells what lacks on all devices at once", async () => {
  const faults = await demandProvisioningRights(
    clients(
      () => [],
      (path) => (path === "/datastore" ? [] : PBS_ALL),
    ),
    ecosolar,
  ).catch((error: unknown) => (error as UserError).faults);
  expect(faults).toEqual([
    expect.objectContaining({ what: expect.stringContaining("lacks Sys.Audit, Sys.Modify, Permissions.Modify on /; ") }),
    expect.objectContaining({ what: "the provisioning credential lacks Datastore.Allocate, Datastore.Modify on /datastore" }),
  ]);
});

test("asks for no right that the site does not use", () => {
  const { notifications: _, ...rest } = ecosolar;
  const needs = hypervisorNeeds({ ...rest, access: { ...ecosolar.access, operators: {} } }).map(({ privilege }) => privilege);
  for (const privilege of [
    "Mapping.Modify",
    "Realm.AllocateUser",
    "User.Modify",
    "Permissions.Modify",
    "VM.Allocate",
    "SDN.Use",
  ]) {
    expect(needs).not.toContain(privilege);
  }
});

test("a device that does not answer is unknown, and not for this check to refuse", async () => {
  const down = new UserError({ where: "pbs", what: "refuses the connection", repair: "start it" });
  const checks = await provisioningRights(clients(undefined, down), ecosolar);
  expect(checks.map(({ verdict }) => verdict)).toEqual(["ok", "unknown"]);
  await expect(demandProvisioningRights(clients(undefined, down), ecosolar)).resolves.toBeUndefined();
});
