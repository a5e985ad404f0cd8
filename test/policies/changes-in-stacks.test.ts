import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Site } from "../../model";
import type { Rule } from "../../policies/engine/rule";
import type { SynthesizedStack } from "../../policies/engine/synthesized-stack";
import { dataProtected } from "../../policies/rules/changes/data-protected";
import { deletionLeavesData } from "../../policies/rules/changes/deletion-leaves-data";
import { guestLeavesJobsAlone } from "../../policies/rules/changes/guest-leaves-jobs-alone";
import { ownState } from "../../policies/rules/changes/own-state";
import { ownValues } from "../../policies/rules/changes/own-values";
import { providersLocked } from "../../policies/rules/changes/providers-locked";
import { providersPinned } from "../../policies/rules/changes/providers-pinned";
import { type Loose, siteWith } from "../model/base-site";
import { faultsOf } from "./judge";

const TEXTS = (["backup-server", "hypervisor"] as const).map((layer) => ({
  layer,
  text: readFileSync(join(__dirname, `../fixtures/stacks/bare-${layer}.json`), "utf8"),
}));

const site = siteWith(() => undefined);

/** Stacks as the product writes them, after a change: `backup`, `hypervisor`. */
function stacksWith(change: (backup: Loose, hypervisor: Loose) => void, locked?: boolean): SynthesizedStack[] {
  const [backup, hypervisor] = TEXTS.map(({ text }) => JSON.parse(text) as Loose);
  change(backup, hypervisor);
  return TEXTS.map(({ layer }, index) => ({
    id: `bare-lab-${layer}`,
    layer,
    configuration: index === 0 ? backup : hypervisor,
    ...(locked === undefined ? {} : { locked }),
  }));
}

const unchanged = () => undefined;

/** What a rule finds: `object: what`, and nothing of what is compliant. */
function found(rule: Rule, stacks: readonly SynthesizedStack[], environment = "live", of: Site = site): string[] {
  const verdicts = rule.synthesized?.({ site: of, environment, today: "2026-11-21", stacks }) ?? [];
  return verdicts.flatMap((one) => (one.state === "compliant" ? [] : [`${one.object}: ${one.what}`]));
}

const judgedBy = (rule: Rule, stacks: readonly SynthesizedStack[], environment = "live"): number =>
  (rule.synthesized?.({ site, environment, today: "2026-11-21", stacks }) ?? []).length;

describe(providersPinned.sentence, () => {
  test("as the product writes it", () => {
    expect(found(providersPinned, stacksWith(unchanged))).toEqual([]);
    expect(judgedBy(providersPinned, stacksWith(unchanged))).toBe(3);
  });

  test.each(["0.25.2", "= 0.25.2", "=0.25.2", "1.0.0-beta.1"])("%s is exact", (version) => {
    expect(
      found(
        providersPinned,
        stacksWith((backup) => (backup.terraform.required_providers.restful.version = version)),
      ),
    ).toEqual([]);
  });

  test.each(["~> 0.25.2", ">= 0.25.2", "0.25", "0.25.2, < 1.0.0", "> 0.25.1", ""])("%s is not", (version) => {
    expect(
      found(
        providersPinned,
        stacksWith((backup) => (backup.terraform.required_providers.restful.version = version)),
      ),
    ).toEqual([`backup-server provider restful: any version of "${version}" would do`]);
  });

  test("a provider without a version, or that is only configured, comes in any", () => {
    const stacks = stacksWith((backup, hypervisor) => {
      delete backup.terraform.required_providers.restful.version;
      hypervisor.provider.random = [{}];
    });
    expect(found(providersPinned, stacks)).toEqual([
      "backup-server provider restful: no version is required",
      "hypervisor provider random: no version is required",
    ]);
  });
});

describe(ownState.sentence, () => {
  const both = (make: (layer: string) => object) =>
    stacksWith((backup, hypervisor) => {
      backup.terraform.backend = make("backup-server");
      hypervisor.terraform.backend = make("hypervisor");
    });
  const id = (layer: string) => `bare-lab-${layer}`;

  test.each([
    ["local, where the runner names the file", () => ({ local: {} })],
    ["pg", (layer: string) => ({ pg: { conn_str: "postgres:///x", schema_name: `b_${id(layer)}` } })],
    ["s3", (layer: string) => ({ s3: { bucket: "b", key: `p/${id(layer)}.tfstate`, region: "r" } })],
    ["http", (layer: string) => ({ http: { address: `https://state.example/${id(layer)}` } })],
    ["another kind", (layer: string) => ({ gcs: { prefix: id(layer) } })],
  ])("%s", (_, make) => {
    expect(found(ownState, both(make))).toEqual([]);
  });

  test.each([
    ["pg", () => ({ pg: { conn_str: "postgres:///x", schema_name: id("backup-server") } })],
    [
      "s3 that only differs in how it is reached",
      (layer: string) => ({ s3: { bucket: "b", key: id("backup-server"), region: layer } }),
    ],
    ["http", () => ({ http: { address: id("backup-server") } })],
    ["local", () => ({ local: { path: id("backup-server") } })],
  ])("two stacks do not share one: %s", (_, make) => {
    expect(found(ownState, both(make))).toEqual(["hypervisor state: it is also the state of backup-server"]);
  });

  test("the same key in another bucket is another state", () => {
    const stacks = both((layer) => ({ s3: { bucket: layer, key: `${id("backup-server")}/${id("hypervisor")}` } }));
    expect(found(ownState, stacks)).toEqual([]);
  });

  test("a place without the stack's name may be another site's; it is not shown, since a connection may hold more", () => {
    const stacks = stacksWith(
      (backup) => (backup.terraform.backend = { pg: { conn_str: "postgres://u:hunter2@x", schema_name: "all" } }),
    );
    expect(found(ownState, stacks)).toEqual([
      "backup-server state: its place does not bear the name bare-lab-backup-server, so another site's may be the same",
    ]);
  });

  test.each([
    ["none", {}],
    ["two", { local: {}, http: { address: "x" } }],
  ])("%s is a finding", (_, backend) => {
    expect(
      found(
        ownState,
        stacksWith((backup) => (backup.terraform.backend = backend)),
      ),
    ).toEqual(["backup-server state: the stack has no backend, or more than one"]);
  });
});

describe(ownValues.sentence, () => {
  test("as the product writes it", () => {
    expect(found(ownValues, stacksWith(unchanged))).toEqual([]);
  });

  test("the state of another stack is not read", () => {
    const stacks = stacksWith(
      (_, hypervisor) => (hypervisor.data = { terraform_remote_state: { backup: { backend: "local" } } }),
    );
    expect(found(ownValues, stacks)).toEqual(["hypervisor references: reads data.terraform_remote_state.backup"]);
  });

  test.each([
    ["that says so", { value: "x", sensitive: true }],
    ["made of a secret variable", { value: "Bearer ${var.pbs_token_pbs}" }],
    ["made of one deep inside", { value: { header: ["${var.pbs_token_pbs}"] } }],
  ])("no output %s", (_, output) => {
    expect(
      found(
        ownValues,
        stacksWith((backup) => (backup.output = { token: output })),
      ),
    ).toEqual(["backup-server references: puts out token, which is secret"]);
  });

  test.each(["sensitive", "ephemeral"])("a variable is secret as soon as it is %s", (mark) => {
    const stacks = stacksWith((backup) => {
      backup.variable.mine = { type: "string", [mark]: true };
      backup.output = { mine: { value: "${var.mine}" } };
    });
    expect(found(ownValues, stacks)).toHaveLength(1);
  });

  test.each([{ value: "10.0.0.1" }, { value: "${var.pbs_ca_file_pbs}" }, { value: "${var.pbs_token_pbs2}" }, {}])(
    "%j is no secret",
    (output) => {
      expect(
        found(
          ownValues,
          stacksWith((backup) => (backup.output = { place: output })),
        ),
      ).toEqual([]);
    },
  );
});

const DATASTORE = "datastore__pbs__store";
const VM = { vm_id: 101, purge_on_destroy: false, delete_unreferenced_disks_on_destroy: false, protection: true };

/** What the product writes for an environment that protects data, with a guest. */
function protectedStacks(change: (resources: Loose) => void = unchanged): SynthesizedStack[] {
  return stacksWith((backup, hypervisor) => {
    const resources = { ...backup.resource.restful_resource, ...hypervisor.resource.restful_resource };
    for (const [name, resource] of Object.entries<Loose>(resources)) {
      if (/^(datastore|namespace|storage)__/.test(name)) resource.lifecycle = { prevent_destroy: true };
      delete resource.delete_query;
    }
    const guest = { ...VM, lifecycle: { prevent_destroy: true } };
    hypervisor.resource.proxmox_virtual_environment_vm = { guest__101: guest };
    change({ ...resources, guest });
  });
}

describe(dataProtected.sentence, () => {
  test("datastores, namespaces, storages and guests are", () => {
    expect(found(dataProtected, protectedStacks())).toEqual([]);
    expect(judgedBy(dataProtected, protectedStacks())).toBe(3);
  });

  test("one that an override left open is named", () => {
    const stacks = protectedStacks((resources) => {
      resources[DATASTORE].lifecycle.prevent_destroy = false;
      delete resources.guest.lifecycle;
      resources.guest.protection = false;
    });
    expect(found(dataProtected, stacks)).toEqual([
      `backup-server ${DATASTORE}: it lacks prevent_destroy`,
      "hypervisor guest__101: it lacks prevent_destroy and the hypervisor's own protection",
    ]);
  });

  test("an environment that gives it up is one finding, at its place in the site file", () => {
    const open = siteWith((input) => (input.environments.live.protectData = false));
    expect(faultsOf(dataProtected, open)).toEqual(["environments.live.protectData: nothing is protected"]);
    expect(found(dataProtected, stacksWith(unchanged), "live", open)).toEqual([]);
    expect(faultsOf(dataProtected, site)).toEqual([]);
  });

  test("an environment that the site does not have protects nothing", () => {
    expect(faultsOf(dataProtected, site, "other")).toEqual(["environments.other.protectData: nothing is protected"]);
  });

  test.each([
    ["namespace", "/admin/datastore/store/namespace"],
    ["storage", "/storage"],
  ])("a %s holds data or keys too", (_, path) => {
    const stacks = protectedStacks((resources) => Object.assign(resources[DATASTORE], { path, lifecycle: {} }));
    expect(found(dataProtected, stacks)).toEqual([`backup-server ${DATASTORE}: it lacks prevent_destroy`]);
  });

  test("the lab may be destroyed", () => {
    expect(faultsOf(dataProtected, site, "lab")).toEqual([]);
    expect(judgedBy(dataProtected, stacksWith(unchanged), "lab")).toBe(0);
  });
});

describe(deletionLeavesData.sentence, () => {
  test("the lab's stacks do not, and are not judged there", () => {
    expect(judgedBy(deletionLeavesData, stacksWith(unchanged), "lab")).toBe(0);
    expect(found(deletionLeavesData, stacksWith(unchanged))).toEqual([
      `backup-server ${DATASTORE}: it is told to erase backups: destroy-data`,
    ]);
  });

  test.each([
    ["destroy-data", { delete_query: { "destroy-data": ["true"] } }],
    ["delete-groups", { delete_query: { "delete-groups": ["true"] } }],
    ["overwrite-in-use", { body: { "overwrite-in-use": true } }],
  ])("%s erases them", (word, attributes) => {
    expect(
      found(
        deletionLeavesData,
        protectedStacks((resources) => Object.assign(resources[DATASTORE], attributes)),
      ),
    ).toEqual([`backup-server ${DATASTORE}: it is told to erase backups: ${word}`]);
  });

  test("a query that says no, or of other objects, is none", () => {
    const stacks = protectedStacks((resources) => {
      resources[DATASTORE].delete_query = { "destroy-data": ["false"], "keep-job-configs": ["true"] };
      resources.guest.delete_query = { "destroy-data": ["true"] };
    });
    expect(found(deletionLeavesData, stacks)).toEqual([]);
    expect(judgedBy(deletionLeavesData, stacks)).toBe(1);
  });
});

describe(guestLeavesJobsAlone.sentence, () => {
  test.each([
    ["purge_on_destroy", "take it out of every backup job (purge_on_destroy)"],
    ["delete_unreferenced_disks_on_destroy", "delete disks that it does not reference (delete_unreferenced_disks_on_destroy)"],
  ])("%s must be off, also where it is not written", (key, what) => {
    expect(found(guestLeavesJobsAlone, protectedStacks())).toEqual([]);
    for (const value of [true, undefined]) {
      expect(
        found(
          guestLeavesJobsAlone,
          protectedStacks(({ guest }) => (guest[key] = value)),
        ),
      ).toEqual([`hypervisor guest__101: its deletion would ${what}`]);
    }
  });
});

describe(providersLocked.sentence, () => {
  test("one that is missing is named, one of which nothing is known is not judged", () => {
    expect(found(providersLocked, stacksWith(unchanged, true))).toEqual([]);
    expect(found(providersLocked, stacksWith(unchanged, false))).toEqual([
      "backup-server lock file: there is none",
      "hypervisor lock file: there is none",
    ]);
    expect(judgedBy(providersLocked, stacksWith(unchanged))).toBe(0);
    expect(judgedBy(providersLocked, stacksWith(unchanged, false), "lab")).toBe(0);
  });
});
