import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TerraformStack } from "../../constructs/core";
import { defineSite, type ResolvedEnvironment, type Site, type SiteInput, type StateBackend, UserError } from "../../model";
import { evaluate } from "../../policies/engine/evaluate";
import { INTEGRITY } from "../../policies/packs/bastide/integrity";
import { NETWORK } from "../../policies/packs/bastide/network";
import { PRIVILEGES } from "../../policies/packs/bastide/privileges";
import { SECRETS } from "../../policies/packs/bastide/secrets";
import ecosolar from "../../sites/ecosolar/site";
import { synthesize } from "../../stacks";
import { SiteStack } from "../../stacks/site-stack";
import { resourcesOf, type StackFile, sampleEnvironment, synthesizeAnew, synthesizeSample } from "./samples";
import { WIDE_SITE } from "./wide-site";

const wide = defineSite(WIDE_SITE);

/** A site that says as little as a site can. */
const bare: Site = defineSite({
  name: "bare",
  client: "Bare",
  timeZone: "UTC",
  dns: { domain: "bare.lan", servers: ["10.9.0.254"] },
  networks: { lan: { cidr: "10.9.0.0/24", gateway: "10.9.0.254" } },
  hypervisors: { pve: { address: "10.9.0.10" } },
  backupServers: { pbs: { address: "10.9.0.20", datastores: { store: { path: "/mnt/store", retention: { daily: 7 } } } } },
  tiers: { all: { schedule: "21:00", rpo: "25h" } },
  guests: { one: { id: 100, tier: "all", role: "One" } },
});

describe("the stacks of a site", () => {
  const { stacks } = synthesizeSample(ecosolar);

  it("come in the order in which they are applied", () => {
    expect(stacks.map(({ id, dependsOn }) => [id, dependsOn])).toEqual([
      ["ecosolar-lab-backup-server", []],
      ["ecosolar-lab-hypervisor", ["ecosolar-lab-backup-server"]],
      ["ecosolar-lab-firewall", ["ecosolar-lab-hypervisor"]],
    ]);
  });

  it("say where each of their variables comes from", () => {
    expect(stacks.map(({ variables }) => variables.map(({ name, source }) => [name, source]))).toEqual([
      [
        ["pbs_token_pbs", { kind: "credential", device: { kind: "backup-server", name: "pbs" } }],
        ["pbs_ca_file_pbs", { kind: "authority", device: { kind: "backup-server", name: "pbs" } }],
        ["smtp_password", { kind: "secret", secret: "smtp-password" }],
      ],
      [
        ["pve_token", { kind: "credential", device: { kind: "hypervisor" } }],
        ["pve_ca_file", { kind: "authority", device: { kind: "hypervisor" } }],
        ["smtp_password", { kind: "secret", secret: "smtp-password" }],
        ["storage_secret_pbs", { kind: "secret", secret: "pve-token" }],
        ["encryption_key", { kind: "secret", secret: "encryption-key" }],
      ],
      [
        ["pfsense_key", { kind: "credential", device: { kind: "firewall" } }],
        ["pfsense_ca_file", { kind: "authority", device: { kind: "firewall" } }],
      ],
    ]);
  });

  it("are those of the layers that were asked for", () => {
    const outdir = temporary();
    const found = synthesize({ site: ecosolar, environment: sampleEnvironment(ecosolar), outdir, layers: ["hypervisor"] });
    expect(found.map(({ layer, dependsOn }) => [layer, dependsOn])).toEqual([["hypervisor", []]]);
  });

  it("have no firewall layer where the site has no firewall, and no objects for what the site does not say", () => {
    const synthesis = synthesizeSample(bare);
    expect(synthesis.stacks.map(({ layer }) => layer)).toEqual(["backup-server", "hypervisor"]);
    const kinds = [...resourcesOf(synthesis, "backup-server").keys(), ...resourcesOf(synthesis, "hypervisor").keys()].join(" ");
    expect(kinds).not.toMatch(/smtp|matcher|remote|sync|traffic|namespace__/);
    expect(synthesis.stacks.flatMap(({ variables }) => variables.map(({ name }) => name))).not.toContain("smtp_password");
  });

  it("ask for no encryption key where nothing is encrypted, and give it to no storage whose tier says so", () => {
    const names = (site: Site) => synthesizeSample(site).stacks.flatMap(({ variables }) => variables.map(({ name }) => name));
    const tiers = Object.entries(WIDE_SITE.tiers).map(([name, tier]) => [name, { ...tier, encryption: false }]);
    expect(names(wide)).toContain("encryption_key");
    expect(names(defineSite({ ...WIDE_SITE, tiers: Object.fromEntries(tiers) }))).not.toContain("encryption_key");
    const storage = resourcesOf(synthesizeSample(wide), "hypervisor").get("restful_resource.storage__pbs-second");
    expect(storage?.ephemeral_body).toEqual({ password: "${var.storage_secret_pbs1}" });
  });
});

describe("a synthesis", () => {
  it("gives the same bytes for the same input, whatever the directory", () => {
    const [one, other] = [synthesizeAnew(wide), synthesizeAnew(wide)];
    expect([...one.texts]).toEqual([...other.texts]);
  });

  it("evaluates nothing that people have written: all that the engine is to evaluate refers to a variable or an object", () => {
    const written = [...synthesizeSample(wide).texts.values()].join("").matchAll(/(?<![$])\$\{([^}]*)\}|(?<!%)%\{/g);
    const unexpected = [...written]
      .map(([text]) => text)
      .filter((text) => !/^\$\{(var|proxmox_\w+|restful_\w+)\.[\w.-]+\}$/.test(text));
    expect(unexpected).toEqual([]);
  });

  it("names no place on this machine and no time", () => {
    for (const text of synthesizeSample(wide).texts.values()) {
      expect(text).not.toContain(process.cwd());
      expect(text).not.toContain(tmpdir());
      expect(text).not.toMatch(/20\d\d-\d\d-\d\dT/);
    }
  });

  it("refuses a place where no directory can be made, instead of trying for ever", () => {
    const synthesis = () => synthesize({ site: ecosolar, environment: sampleEnvironment(ecosolar), outdir: "/proc/stacks/of" });
    expect(synthesis).toThrow(expect.objectContaining({ faults: [expect.objectContaining({ where: "/proc/stacks" })] }));
  });

  it("removes the stacks of an earlier one, and nothing else", () => {
    const outdir = temporary();
    mkdirSync(join(outdir, "stacks", "ecosolar-lab-hosts"), { recursive: true });
    writeFileSync(join(outdir, "kept"), "");
    synthesize({ site: ecosolar, environment: sampleEnvironment(ecosolar), outdir });
    expect(readdirSync(join(outdir, "stacks")).sort()).toEqual([
      "ecosolar-lab-backup-server",
      "ecosolar-lab-firewall",
      "ecosolar-lab-hypervisor",
    ]);
    expect(existsSync(join(outdir, "kept"))).toBe(true);
  });

  it("is what it would be if the library looked at every value once more before, and declares no feature that an engine lacks", () => {
    const whole = jest.spyOn(SiteStack.prototype, "prepareStack").mockImplementation(function (this: SiteStack) {
      TerraformStack.prototype.prepareStack.call(this);
    });
    try {
      const prepared = synthesizeAnew(wide);
      expect(whole).toHaveBeenCalledTimes(3);
      whole.mockRestore();
      expect([...prepared.texts]).toEqual([...synthesizeAnew(wide).texts]);
    } finally {
      whole.mockRestore();
    }
  });

  it("holds none of the library's notes, and those that somebody wrote himself", () => {
    for (const text of synthesizeSample(wide).texts.values()) expect(text).not.toContain('"//"');
    const two = { "//": { metadata: {} }, body: {} };
    const resource = { guest: { one: { "//": { metadata: {}, why: "asked for" } }, two } };
    const library = jest
      .spyOn(TerraformStack.prototype, "toTerraform")
      .mockImplementation(() => structuredClone({ "//": {}, resource }));
    try {
      expect(synthesizeAnew(bare).files.get("hypervisor")).toEqual({
        resource: { guest: { one: { "//": { why: "asked for" } }, two: { body: {} } } },
      });
    } finally {
      library.mockRestore();
    }
  });

  it("is handed on as the file holds it, in its order of resources", () => {
    for (const site of [ecosolar, wide, bare]) {
      const { stacks, files } = synthesizeSample(site);
      for (const { layer, configuration } of stacks) {
        expect(configuration).toStrictEqual(files.get(layer));
        const addressesIn = ({ resource }: Pick<StackFile, "resource">) =>
          Object.entries(resource).flatMap(([type, named]) => Object.keys(named).map((name) => `${type}.${name}`));
        expect(addressesIn(configuration as unknown as StackFile)).toEqual(addressesIn(files.get(layer) as StackFile));
      }
    }
  });

  it("of several sites in one process mixes nothing up", () => {
    const alone = synthesizeAnew(bare).texts.get("hypervisor");
    synthesizeAnew(wide);
    expect(synthesizeAnew(bare).texts.get("hypervisor")).toBe(alone);
  });

  /** `UPDATE_FIXTURES=1` writes the example anew; its difference is for a person to read. */
  it("is as the example that people read", () => {
    for (const [layer, text] of synthesizeSample(bare).texts) {
      const example = join(__dirname, `../fixtures/stacks/bare-${layer}.json`);
      if (process.env.UPDATE_FIXTURES === "1") writeFileSync(example, `${text}\n`);
      expect(`${text}\n`).toBe(readFileSync(example, "utf8"));
    }
  });
});

describe("the policies of what is synthesized", () => {
  const judge = (site: Site) => {
    const { stacks, files } = synthesizeSample(site);
    const synthesized = stacks.map(({ id, layer }) => ({ id, layer, configuration: { ...files.get(layer) } }));
    const policies = [...INTEGRITY, ...PRIVILEGES, ...SECRETS, ...NETWORK].filter(({ rule }) => rule.synthesized !== undefined);
    return evaluate(policies, { site, environment: "lab", today: "2026-11-21", synthesized });
  };

  it.each([ecosolar, wide, bare].map((site) => [site.name, site] as const))(
    "have nothing against the stacks of %s",
    (_, site) => {
      expect(judge(site).findings.filter(({ gate }) => gate === "synthesized")).toEqual([]);
    },
  );

  it("look at something, each of them", () => {
    expect(Object.values(judge(wide).states).filter((state) => state === "not-judged" || state === "not-applicable")).toEqual([]);
  });
});

describe("secrets and certificates", () => {
  const synthesis = synthesizeSample(wide);
  const variables = new Map(
    synthesis.stacks.flatMap((stack) => stack.variables.map((variable) => [variable.name, variable] as const)),
  );

  it("are references to ephemeral variables wherever they are used", () => {
    const used: unknown[] = [];
    for (const [layer, file] of synthesis.files) {
      for (const block of resourcesOf(synthesis, layer).values())
        used.push(...Object.values((block.ephemeral_body ?? {}) as object));
      for (const provider of Object.values(file.provider).flat()) {
        const { security, api_token: token } = provider as { security?: { apikey: { value: string }[] }; api_token?: string };
        used.push(...(security?.apikey.map(({ value }) => value) ?? []), ...(token ? [token] : []));
      }
    }
    expect(used.length).toBeGreaterThan(10);
    for (const value of used) {
      const name = /^(?:P[VB][ES]APIToken=)?\$\{var\.([\w-]+)\}$/.exec(String(value))?.[1] ?? `not a reference: ${value}`;
      expect(variables.get(name)).toMatchObject({ ephemeral: true });
    }
  });

  it("have no default value, and ephemeral ones are not shown", () => {
    for (const file of synthesis.files.values()) {
      for (const [name, block] of Object.entries(file.variable)) {
        expect(block).not.toHaveProperty("default");
        expect([name, block.ephemeral === true, block.sensitive === true]).toEqual([
          name,
          variables.get(name)?.ephemeral,
          variables.get(name)?.ephemeral,
        ]);
      }
    }
  });

  it("have each a variable of their own where several servers or remotes have one", () => {
    expect([...variables.keys()].filter((name) => /secret|remote|pbs_token/.test(name))).toEqual([
      "pbs_token_pbs1",
      "remote_pbs1_faraway_password",
      "pbs_token_pbs2",
      "remote_pbs2_pbs1_password",
      "storage_secret_pbs1",
      "storage_secret_pbs2",
    ]);
  });

  it("are checked: no device is trusted without its authority", () => {
    for (const file of synthesis.files.values()) {
      for (const provider of file.provider.restful ?? []) {
        expect(provider.client).toEqual({
          certificates: [],
          root_ca_certificate_files: [expect.stringMatching(/^\$\{var\.\w*ca_file\w*\}$/)],
        });
      }
      for (const provider of file.provider.proxmox ?? []) expect(provider).not.toHaveProperty("insecure");
    }
  });
});

describe("the address of an object", () => {
  const before = synthesizeSample(ecosolar);
  const changed = (change: (input: Site) => unknown) => {
    const copy = structuredClone(ecosolar);
    change(copy);
    return synthesizeSample(copy as Site);
  };

  it("does not move when a guest is renamed, nor does anything else", () => {
    const after = changed((site) => {
      const guests = site.guests as Record<string, Site["guests"][string]>;
      const erp = guests.erp;
      if (erp === undefined) throw new Error("no guest erp");
      delete guests.erp;
      guests.dolibarr = erp;
    });
    expect([...after.texts]).toEqual([...before.texts]);
  });

  it("does not move when a tier is added: the new objects come, the others stay as they are", () => {
    const after = changed((site) => {
      const tiers = site.tiers as Record<string, Site["tiers"][string]>;
      const guests = site.guests as Record<string, Site["guests"][string]>;
      const { critical } = tiers;
      const { glpi } = guests;
      if (critical === undefined || glpi === undefined) throw new Error("the example has changed");
      tiers.added = { ...critical, namespace: "added" };
      guests.another = { ...glpi, id: 150 as typeof glpi.id, tier: "added" };
    });
    for (const layer of before.texts.keys()) {
      const [old, now] = [resourcesOf(before, layer), resourcesOf(after, layer)];
      for (const [address, block] of old) expect([address, now.get(address)]).toEqual([address, block]);
      const fresh = [...now.keys()].filter((address) => !old.has(address));
      expect(fresh).toEqual(
        {
          "backup-server": [
            "restful_resource.namespace__pbs__proxmox-data__added",
            "restful_resource.prune_job__pbs__proxmox-data__added",
          ],
          hypervisor: [
            "proxmox_virtual_environment_pool.pool__added",
            "restful_resource.backup_job__added",
            "restful_resource.storage__pbs-backup-added",
          ],
          firewall: [],
        }[layer],
      );
    }
  });

  it("tells the objects of two servers apart", () => {
    const addresses = [...resourcesOf(synthesizeSample(wide), "backup-server").keys()];
    expect(addresses).toEqual(
      expect.arrayContaining(["restful_resource.datastore__pbs1__first", "restful_resource.datastore__pbs2__first"]),
    );
  });
});

describe("what holds data or keys", () => {
  const holders = /\.(datastore|namespace|storage|guest)__/;
  const protectedIn = (environment: Partial<ResolvedEnvironment>) => {
    const synthesis = synthesizeAnew(wide, sampleEnvironment(wide, environment));
    return [...synthesis.files.keys()].flatMap((layer) =>
      [...resourcesOf(synthesis, layer)].flatMap(([address, { lifecycle }]) =>
        (lifecycle as { prevent_destroy?: boolean } | undefined)?.prevent_destroy ? [address] : [],
      ),
    );
  };

  it("cannot be destroyed where data is protected, and nothing else is in the way of a change", () => {
    const synthesis = synthesizeSample(wide);
    const all = [...synthesis.files.keys()].flatMap((layer) => [...resourcesOf(synthesis, layer).keys()]);
    expect(protectedIn({ protectData: true })).toEqual(all.filter((address) => holders.test(address)));
    expect(protectedIn({ protectData: true })).toHaveLength(3 + 2 + 4 + 1);
  });

  it("can be destroyed where it is not", () => {
    expect(protectedIn({ protectData: false })).toEqual([]);
  });

  const erasing = (environment: Partial<ResolvedEnvironment>) =>
    [...resourcesOf(synthesizeAnew(wide, sampleEnvironment(wide, environment)), "backup-server")].filter(([, block]) =>
      /destroy-data|delete-groups/.test(JSON.stringify(block.delete_query ?? {})),
    );

  it("takes its backups along only in a lab whose data is not protected, and never those that were there before", () => {
    const [namespaces, datastores] = [2, 3];
    const adopted = 1;
    expect(erasing({ kind: "lab", protectData: false })).toHaveLength(namespaces + datastores - adopted);
    expect(erasing({ kind: "lab", protectData: true })).toEqual([]);
    expect(erasing({ kind: "live", protectData: true })).toEqual([]);
    expect(erasing({ kind: "live", protectData: false })).toEqual([]);
  });

  it("leaves alone what others know of a guest", () => {
    expect(resourcesOf(synthesizeSample(wide), "hypervisor").get("proxmox_virtual_environment_vm.guest__201")).toMatchObject({
      purge_on_destroy: false,
      delete_unreferenced_disks_on_destroy: false,
    });
  });
});

describe("the state of a stack", () => {
  const backends = (state: StateBackend, input: SiteInput = WIDE_SITE) => {
    const site = defineSite(input);
    const synthesis = synthesizeAnew(site, sampleEnvironment(site, { state }));
    return [...synthesis.files.values()].map((file) => file.terraform.backend);
  };

  it("has no path in the generated files where it is local: the runner gives it", () => {
    expect(backends({ kind: "local" })).toEqual([{ local: {} }, { local: {} }, { local: {} }]);
  });

  it("has a place of its own in every kind of backend", () => {
    const kinds: StateBackend[] = [
      { kind: "pg", connection: "postgres://state/bastide", schema: "bastide" },
      { kind: "s3", bucket: "states", prefix: "bastide", region: "eu-west-3" },
      { kind: "http", address: "https://state.example/bastide/" },
    ];
    for (const state of kinds) expect(new Set(backends(state).map((backend) => JSON.stringify(backend))).size).toBe(3);
    expect(kinds.map((state) => backends(state)[0])).toEqual([
      { pg: { conn_str: "postgres://state/bastide", schema_name: "bastide_wide-lab-backup-server" } },
      { s3: { bucket: "states", key: "bastide/wide-lab-backup-server.tfstate", region: "eu-west-3", use_lockfile: true } },
      {
        http: {
          address: "https://state.example/bastide/wide-lab-backup-server",
          lock_address: "https://state.example/bastide/wide-lab-backup-server",
          unlock_address: "https://state.example/bastide/wide-lab-backup-server",
        },
      },
    ]);
  });

  it("in another store than Amazon's asks for nothing that only Amazon has", () => {
    const [backend] = backends({ kind: "s3", bucket: "b", prefix: "p", region: "r", endpoint: "https://s3.example" });
    expect(backend).toMatchObject({ s3: { endpoints: { s3: "https://s3.example" }, skip_requesting_account_id: true } });
  });

  it("fits a PostgreSQL name of 63 bytes, and is refused with 64", () => {
    const room = 63 - "_wide-lab-backup-server".length;
    const pg = (length: number): StateBackend => ({ kind: "pg", connection: "postgres:///x", schema: "s".repeat(length) });
    expect(backends(pg(room))).toHaveLength(3);
    expect(() => backends(pg(room + 1))).toThrow(UserError);
  });
});

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "bastide-app-"));
  folders.push(folder);
  return folder;
}
