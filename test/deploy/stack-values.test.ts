import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StackValues } from "../../deploy/stack-values";
import { Workspace } from "../../deploy/workspace";
import { type ResolvedEnvironment, Secret, UserError } from "../../model";

const endpoint = { url: "https://127.0.0.1:1", caPem: "pem", fingerprint: "ab" } as unknown as ResolvedEnvironment["hypervisor"];
const environment = {
  ...{ name: "production", kind: "live", state: { kind: "local" }, protectData: true, encryptState: true },
  ...{ hypervisor: endpoint, backupServers: { pbs: endpoint } },
} as ResolvedEnvironment;
const firewall = {
  ...{ id: "s", layer: "firewall", directory: "/", dependsOn: [] },
  variables: [
    { name: "pfsense_key", ephemeral: true, source: { kind: "credential", device: { kind: "firewall" } } },
    { name: "pfsense_ca_file", ephemeral: false, source: { kind: "authority", device: { kind: "firewall" } } },
  ],
} as const;

let folder: string;
let workspace: Workspace;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "bastide-values-"));
  workspace = await Workspace.open({ sitesDirectory: folder, site: "ecosolar", environment: "production", kind: "live" });
});
afterEach(() => rmSync(folder, { recursive: true }));

const valuesIn = (more: Partial<ResolvedEnvironment>, secret?: Secret) =>
  new StackValues(
    {
      environment: { ...environment, ...more },
      secrets: { get: () => undefined },
      credentialOf: () => ({ name: "pfsense-admin", secret }),
      issued: [],
    },
    workspace,
  ).of(firewall);

/** The faults of values that cannot be given. */
function faultsOf(work: () => unknown): UserError["faults"] {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return error.faults;
    throw error;
  }
  return [];
}

describe("the values of a layer that the site file has forgotten", () => {
  it("are those of the device, as long as the environment still names it", () => {
    expect(valuesIn({ firewall: endpoint }, Secret.of("the key"))()).toEqual({
      pfsense_key: "the key",
      pfsense_ca_file: join(workspace.authorities, "firewall.pem"),
    });
  });

  it("are missed with the place in the file where the device must come back", () => {
    expect(faultsOf(valuesIn({}))).toEqual([
      expect.objectContaining({
        where: "environments.production.devices.firewall",
        repair: expect.stringContaining("./bastide plan ecosolar --env production"),
      }),
    ]);
  });

  it("are missed with the command that stores the credential, where only that is gone", () => {
    expect(faultsOf(valuesIn({ firewall: endpoint }))).toEqual([
      expect.objectContaining({
        what: 'no secret "pfsense-admin"',
        repair: "store it: ./bastide secrets set ecosolar --env production pfsense-admin",
      }),
    ]);
  });
});
