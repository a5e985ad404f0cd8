import { existsSync } from "node:fs";
import { join } from "node:path";
import { apply } from "../../deploy/apply";
import { type DestroySettings, destroy, type StayingObject } from "../../deploy/destroy";
import { staleStacks } from "../../deploy/stale-stacks";
import type { UserError } from "../../model";
import { FakeSite, type Layer } from "./support/fake-deployment";

const BACKUP_SERVER: Layer = {
  layer: "backup-server",
  objects: { datastore: { name: "proxmox-data" }, token: { tokenid: "t" } },
};
const HYPERVISOR: Layer = { layer: "hypervisor", dependsOn: ["backup-server"], objects: { storage: { storage: "pbs-backup" } } };
const FIREWALL: Layer = { layer: "firewall", objects: { pass: { descr: "pass" } } };

let site: FakeSite;
beforeEach(() => {
  site = new FakeSite();
  site.layers = [BACKUP_SERVER, HYPERVISOR];
});
afterEach(() => site.remove());

const applyAll = () =>
  site.run((deployment) =>
    apply(deployment, {
      confirm: async () => true,
      tokens: [],
      issuerOf: () => {
        throw new Error("no token");
      },
    }),
  );
const destroyAll = (more: Partial<DestroySettings> = {}) =>
  site.run((deployment) => destroy(deployment, { confirm: async () => true, ...more }), { operation: "destroy" });

describe("destroy", () => {
  it("takes the stacks down in the reverse order", async () => {
    await applyAll();
    site.forgetCalls();
    const { report, staying } = await destroyAll();
    expect(report.outcome).toBe("done");
    expect(staying).toEqual([]);
    expect(site.calls("apply").map(({ cwd }) => cwd.replace(/.*ecosolar-test-/, ""))).toEqual(["hypervisor", "backup-server"]);
    expect([site.state("backup-server"), site.state("hypervisor")]).toEqual([[], []]);
  });

  it("does nothing without a yes", async () => {
    await applyAll();
    const { report } = await destroyAll({ confirm: async () => false });
    expect(report.outcome).toBe("declined");
    expect(site.state("backup-server")).toEqual(["datastore", "token"]);
  });

  it.each(["opentofu", "terraform"] as const)("leaves what holds data or keys, and says how to remove it (%s)", async (kind) => {
    site.kind = "live";
    site.layers = [
      { ...BACKUP_SERVER, protected: ["datastore"] },
      { ...HYPERVISOR, protected: ["storage"] },
    ];
    await applyAll();
    let shown: readonly StayingObject[] = [];
    const confirm: DestroySettings["confirm"] = async (plans, staying) => {
      shown = staying;
      expect(plans.flatMap(({ changes }) => changes.map(({ construct }) => construct))).toEqual(["token"]);
      return true;
    };
    const engine = { ...site.options().engine, kind };
    const { staying } = await site.run((deployment) => destroy(deployment, { confirm }), { operation: "destroy", engine });
    expect(staying).toEqual(shown);
    expect(staying.map(({ construct }) => construct)).toEqual(["storage", "datastore"]);
    expect(staying[1]?.removal).toContain("DELETE https://backup-server.example:8007/api2/json/config/datastore");
    expect([site.state("backup-server"), site.state("hypervisor")]).toEqual([["datastore"], ["storage"]]);
  });

  it("is finished by the next apply of what stayed", async () => {
    site.layers = [{ ...BACKUP_SERVER, protected: ["datastore"] }];
    await applyAll();
    await destroyAll();
    await applyAll();
    expect(site.state("backup-server")).toEqual(["datastore", "token"]);
  });

  it("also takes down what an interrupted apply has created and not noted", async () => {
    site.layers = [{ ...BACKUP_SERVER, script: { dieAt: "restful_resource.token" } }];
    await applyAll().catch(() => undefined);
    expect(site.state("backup-server")).toEqual(["datastore"]);
    site.layers = [{ ...BACKUP_SERVER, script: { onDevice: ["restful_resource.token"] } }];
    const { report } = await destroyAll();
    expect(report.layers[0]?.changes.map(({ construct }) => construct)).toEqual(["datastore", "token"]);
    expect(site.state("backup-server")).toEqual([]);
  });

  it("has nothing to do where nothing was applied", async () => {
    expect((await destroyAll()).report.outcome).toBe("nothing to do");
    expect(site.calls("plan")).toEqual([]);
  });
});

describe("a layer that left the model", () => {
  beforeEach(async () => {
    site.layers = [BACKUP_SERVER, FIREWALL];
    await applyAll();
    site.layers = [BACKUP_SERVER];
  });

  it("is shown with its objects, and not touched by an apply", async () => {
    await applyAll();
    const stale = await site.run(staleStacks, { operation: "plan" });
    expect(stale).toMatchObject([{ layer: "firewall", objects: ["pass"] }]);
    expect(site.state("firewall")).toEqual(["pass"]);
  });

  it("is destroyed on request, alone, and forgotten then", async () => {
    await site.run(
      async (deployment) => {
        const stacks = (await staleStacks(deployment)).flatMap(({ stack }) => stack ?? []);
        await destroy(deployment, { confirm: async () => true, stacks });
      },
      { operation: "destroy" },
    );
    expect(site.state("firewall")).toEqual([]);
    expect(site.state("backup-server")).toEqual(["datastore", "token"]);
    expect(await site.run(staleStacks, { operation: "plan" })).toEqual([]);
    expect(existsSync(join(site.root, "kept", "firewall"))).toBe(false);
  });

  it("is shown even when its last configuration is lost", async () => {
    const { rmSync, writeFileSync } = await import("node:fs");
    rmSync(join(site.root, "kept"), { recursive: true });
    writeFileSync(site.stateFile("firewall"), JSON.stringify({ resources: [{ type: "restful_resource", name: "pass" }] }));
    expect(await site.run(staleStacks, { operation: "plan" })).toEqual([{ layer: "firewall", objects: ["pass"] }]);
  });

  it("is not stale any more when the model has it again", async () => {
    site.layers = [BACKUP_SERVER, FIREWALL];
    expect(await site.run(staleStacks, { operation: "plan" })).toEqual([]);
  });
});

describe("an environment that encrypts its state", () => {
  beforeEach(() => {
    site.kind = "live";
    site.encryptState = true;
  });

  it("gives the engine a passphrase that the store keeps, the same at every run", async () => {
    await applyAll();
    await applyAll();
    const settings = new Set(site.calls("plan").map(({ environment }) => environment.TF_ENCRYPTION));
    expect(settings.size).toBe(1);
    const passphrase = site.secrets.get("state-passphrase")?.reveal() ?? "";
    expect(passphrase.length).toBeGreaterThan(40);
    expect([...settings][0]).toContain(`passphrase    = "${passphrase}"`);
    expect([...settings][0]?.match(/enforced = true/g)).toHaveLength(2);
  });

  it("refuses an engine that cannot encrypt, before anything is planned", async () => {
    const engine = { kind: "terraform", path: "/usr/bin/terraform", version: "1.12.0" } as const;
    const error = await site.run(async () => undefined, { engine }).catch((thrown: unknown) => thrown);
    expect((error as UserError).faults[0]?.repair).toContain("OpenTofu >= 1.12");
    expect(site.calls()).toEqual([]);
  });
});
