import type { PlannedStack } from "../../policies/engine/planned-stack";
import type { Rule, Verdict } from "../../policies/engine/rule";
import type { SynthesizedStack } from "../../policies/engine/synthesized-stack";
import { isSecretName } from "../../policies/reading/secret-shape";
import { encryptedEverywhere } from "../../policies/rules/secrets/encrypted-everywhere";
import { encryptedWhereAsked } from "../../policies/rules/secrets/encrypted-where-asked";
import { escrowed } from "../../policies/rules/secrets/escrowed";
import { keyApart } from "../../policies/rules/secrets/key-apart";
import { noLiteral } from "../../policies/rules/secrets/no-literal";
import { passedOn } from "../../policies/rules/secrets/passed-on";
import { stateEncrypted } from "../../policies/rules/secrets/state-encrypted";
import { type Loose, siteWith } from "../model/base-site";
import { baseObjects, inBoth, inFiles, inPlan, type Objects, plannedFrom, synthesizedFrom } from "./device-objects";
import { applies, faultsOf } from "./judge";

const base = siteWith(() => undefined);
const context = { site: base, environment: "live", today: "2026-11-21" };
const wrong = (verdicts: readonly Verdict[] | undefined) => (verdicts ?? []).filter(({ state }) => state !== "compliant");
const objectsOf = (verdicts: readonly Verdict[] | undefined) => wrong(verdicts).map(({ object }) => object);
const inStacks = (rule: Rule, stacks: readonly SynthesizedStack[]) => rule.synthesized?.({ ...context, stacks });
const inPlans = (rule: Rule, stacks: readonly PlannedStack[]) => rule.plan?.({ ...context, stacks });

/** Made for this test: none of them opens anything. */
const UUID = "11111111-2222-3333-4444-555555555555";
const FORMS = {
  "a PEM private key": ["-----BEGIN", "PRIVATE KEY-----\nMIIEvQ=="].join(" "),
  "an RSA private key": ["-----BEGIN RSA", "PRIVATE KEY-----\nMIIEvQ=="].join(" "),
  "a token of Proxmox VE": `boss@pve!deploy=${UUID}`,
  "a token of a backup server": `boss@pbs!deploy:${UUID}`,
  "a header of Proxmox VE": "PVEAPIToken=boss",
  "a header of a backup server": "PBSAPIToken=boss",
  "a key of backups": '{"kdf":null,"data":"aGVsbG8="}',
  "an age identity": "AGE-SECRET-KEY-1QQQQ",
  "a password in an address": "https://boss:hunter2@state.example/x",
  "a password in a query": "postgres://state.example/x?password=hunter2",
  "a password in a query in capitals": "postgres://state.example/x?a=1&PASSWORD=hunter2",
  "a token in capitals": `boss@pve!deploy=${UUID.replaceAll("1", "A")}`,
} as const;

describe(noLiteral.sentence, () => {
  test("as it is synthesized and planned", () => {
    expect(noLiteral.model?.(context)).toEqual([{ object: "alpha", state: "compliant" }]);
    expect(inBoth(noLiteral)).toEqual([]);
    const judged = ["backup-server", "hypervisor", "firewall"].map((layer) => ({ object: `${layer} stack`, state: "compliant" }));
    expect(inStacks(noLiteral, synthesizedFrom(baseObjects()))).toEqual(judged);
  });

  test.each(Object.entries(FORMS))("%s is seen at every gate, and not repeated", (_, secret) => {
    const site = siteWith((input) => (input.client = secret.replaceAll("\n", " ")));
    const inSite = wrong(noLiteral.model?.({ ...context, site }));
    expect(inSite.map(({ object }) => object)).toEqual(["client"]);
    const hide = (objects: Objects) => (objects.hypervisor.job.body.comment = `see ${secret}`);
    const inText = inBoth(noLiteral, hide);
    expect(inText).toEqual([expect.stringContaining("stands in `body.comment`")]);
    expect(inText[0]).toMatch(/^hypervisor job: an? \w/);
    for (const told of [JSON.stringify(inSite), ...inText]) {
      for (const part of [secret, secret.slice(-9), "hunter2"]) expect(told).not.toContain(part);
    }
  });

  test("one in a list of the site file is seen where it stands", () => {
    const acknowledgement = {
      rule: "BKP-001",
      object: "guests",
      owner: "o",
      expires: "2026-12-31",
      reason: "see PVEAPIToken=boss",
    };
    const site = siteWith((input) => (input.acknowledgements = [acknowledgement]));
    expect(faultsOf(noLiteral, site)).toEqual([expect.stringMatching(/^acknowledgements\[0\]\.reason: an? .* stands here$/)]);
  });

  test.each(["password", "encryption-key", "api_token", "clientSecret", "X-API-Key", "Authorization"])(
    "a literal value of %s is seen whatever it looks like, and not repeated",
    (key) => {
      const found = inBoth(noLiteral, (objects) => (objects.hypervisor.job.body[key] = "winter"));
      expect(found).toEqual([expect.stringContaining(`a literal value of "${key}"`)]);
      expect(found[0]).not.toContain("winter");
    },
  );

  test.each(["${var.smtp_password}", "PVEAPIToken=${var.pve_token}", "", "autogen"])("but not the value %p", (value) => {
    expect(inFiles(noLiteral, (objects) => (objects.hypervisor.job.body.password = value))).toEqual([]);
  });

  test("two dollars before a brace are text, not a reference", () => {
    expect(inFiles(noLiteral, (objects) => (objects.hypervisor.job.body.password = "$${winter}"))).toHaveLength(1);
  });

  test.each([
    ["comment", "the password is in the safe"],
    ["read_selector", 'data.#(tokenid=="pve-backup@pbs!pve-token").[@this]'],
    ["tokens", "supervision@pve!monitoring"],
    ["tokenid", "pve-backup@pbs!pve-token"],
    ["fingerprint", "a0:a0:a0"],
    ["url", "https://127.0.0.1:8006/"],
    ["key", "bastide/alpha-live-hypervisor.tfstate"],
    ["pem", "-----BEGIN CERTIFICATE-----"],
  ])("but not %s: %s", (key, value) => {
    expect(inBoth(noLiteral, (objects) => (objects.hypervisor.job.body[key] = value))).toEqual([]);
  });

  test.each<[string, Loose, string | undefined]>([
    ["a provider", { provider: { proxmox: [{ api_token: "winter" }] } }, "hypervisor provider.proxmox.api_token"],
    ["a provider with a reference", { provider: { proxmox: [{ api_token: "${var.pve_token}" }] } }, undefined],
    [
      "a header",
      { provider: { r: [{ apikey: [{ name: "X-API-Key", value: "winter" }] }] } },
      "hypervisor provider.r.apikey.value",
    ],
    ["another header", { provider: { r: [{ apikey: [{ name: "Accept", value: "winter" }] }] } }, undefined],
    ["a default", { variable: { smtp_password: { default: "winter" } } }, "hypervisor variable.smtp_password.default"],
    ["a sensitive default", { variable: { x: { sensitive: true, default: "winter" } } }, "hypervisor variable.x.default"],
    ["another default", { variable: { x: { default: "winter" } } }, undefined],
    [
      "the settings of the state",
      { terraform: { backend: { http: { password: "winter" } } } },
      "hypervisor terraform.backend.http.password",
    ],
  ])("%s", (_, configuration, object) => {
    const found = wrong(inStacks(noLiteral, synthesizedFrom({ hypervisor: {} }, { hypervisor: configuration })));
    expect(found.map((verdict) => verdict.object)).toEqual(object === undefined ? [] : [object]);
    expect(JSON.stringify(found)).not.toContain("winter");
  });

  const planWith = (more: Loose): PlannedStack[] => [
    { layer: "hypervisor", plan: { ...(plannedFrom({ hypervisor: {} })[0]?.plan as object), ...more } },
  ];

  test.each<[string, Loose, string | undefined]>([
    [
      "the value of a variable",
      { variables: { smtp_password: { value: "winter" } } },
      "hypervisor variables.smtp_password.value",
    ],
    [
      "the value of a variable that is declared sensitive",
      { variables: { x: { value: "winter" } }, configuration: { root_module: { variables: { x: { sensitive: true } } } } },
      "hypervisor variables.x.value",
    ],
    ["the value of another variable", { variables: { pve_ca_file: { value: "/run/winter.pem" } } }, undefined],
    [
      "what was there before",
      {
        prior_state: {
          values: {
            root_module: {
              resources: [{ address: "restful_resource.old", type: "restful_resource", values: { password: "winter" } }],
            },
          },
        },
      },
      "hypervisor old",
    ],
    ["a mark of what is sensitive", { before_sensitive: { password: true } }, undefined],
    [
      "a number",
      { output_changes: { password: { after: { password: 123456 } } } },
      "hypervisor output_changes.password.after.password",
    ],
  ])("a plan: %s", (_, more, object) => {
    const found = wrong(inPlans(noLiteral, planWith(more)));
    expect(found.map((verdict) => verdict.object)).toEqual(object === undefined ? [] : [object]);
    expect(JSON.stringify(found)).not.toContain("winter");
  });

  test("an object that a plan holds several times is told once", () => {
    const objects = baseObjects();
    objects.hypervisor.job.body.password = "winter";
    const [, stack] = plannedFrom(objects);
    const plan = stack?.plan as Loose;
    const [entry] = plan.resource_changes.filter(({ name }: Loose) => name === "job");
    const twice = { ...plan, planned_values: { resources: [{ ...entry, values: entry.change.after, change: undefined }] } };
    expect(objectsOf(inPlans(noLiteral, [{ layer: "hypervisor", plan: twice }]))).toEqual(["hypervisor job"]);
  });

  test("a plan that changes nothing holds nothing", () => {
    expect(inPlans(noLiteral, [{ layer: "hypervisor" }])).toEqual([]);
  });

  test("words that only contain the name of a secret are none", () => {
    const names = ["password", "db_password", "token", "token_id", "secretary", "tokenizer", "public_key", "compass"];
    expect(names.map(isSecretName)).toEqual([true, true, true, false, false, false, false, false]);
  });
});

describe(escrowed.sentence, () => {
  const key = (value: unknown) => (objects: Objects) => (objects.hypervisor.storage.secrets["encryption-key"] = value);

  test("as it is synthesized", () => {
    expect(inBoth(escrowed)).toEqual([]);
  });

  test("not one that the hypervisor makes, in whatever way it is asked to", () => {
    const fault = "hypervisor storage: the hypervisor makes its key (`autogen`), and nobody else has it";
    expect(inFiles(escrowed, key("autogen"))).toEqual([fault]);
    const inBody = (objects: Objects) => {
      delete objects.hypervisor.storage.secrets;
      objects.hypervisor.storage.body["encryption-key"] = "autogen";
    };
    expect(inBoth(escrowed, inBody)).toEqual([fault]);
  });

  test.each(["winter", "${local.key}"])("not %s, and its value is not told", (value) => {
    const [found] = inFiles(escrowed, key(value));
    expect(found).toContain("does not come from a variable");
    expect(found).not.toContain("winter");
  });

  test("no key is another matter", () => {
    expect(inFiles(escrowed, key(undefined))).toEqual([]);
  });
});

describe(encryptedWhereAsked.sentence, () => {
  test("as it is synthesized", () => {
    expect(inFiles(encryptedWhereAsked)).toEqual([]);
  });

  test.each<[string, (hypervisor: Loose) => void, string]>([
    [
      "its key is taken away",
      (hypervisor) => delete hypervisor.storage_critical.secrets["encryption-key"],
      "hypervisor storage_critical: pbs-data-critical has no `encryption-key`",
    ],
    [
      "its key is nothing",
      (hypervisor) => (hypervisor.storage_critical.secrets["encryption-key"] = null),
      "hypervisor storage_critical: pbs-data-critical has no `encryption-key`",
    ],
    [
      "its key is empty",
      (hypervisor) => (hypervisor.storage_critical.secrets["encryption-key"] = ""),
      "hypervisor storage_critical: pbs-data-critical has no `encryption-key`",
    ],
    [
      "it is gone",
      (hypervisor) => delete hypervisor.storage_critical,
      "hypervisor pbs-data-critical: there is no storage pbs-data-critical",
    ],
  ])("not where %s", (_, change, expected) => {
    expect(inFiles(encryptedWhereAsked, ({ hypervisor }) => change(hypervisor))).toEqual([expected]);
  });

  test("a key in the body is one too", () => {
    const moved = ({ hypervisor }: Objects) => {
      delete hypervisor.storage_critical.secrets;
      hypervisor.storage_critical.body["encryption-key"] = "${var.encryption_key}";
    };
    expect(inFiles(encryptedWhereAsked, moved)).toEqual([]);
  });

  test("a tier that does not ask needs none", () => {
    const site = siteWith((input) => (input.tiers.critical.encryption = false));
    const without = ({ hypervisor }: Objects) => delete hypervisor.storage_critical.secrets["encryption-key"];
    expect(inFiles(encryptedWhereAsked, without, site)).toEqual([]);
  });

  test("nothing is said where the stack of the hypervisors is not there", () => {
    expect(inFiles(encryptedWhereAsked, (objects) => delete objects.hypervisor)).toEqual([]);
  });
});

describe(encryptedEverywhere.sentence, () => {
  test("by default, but not where a tier says no", () => {
    expect(faultsOf(encryptedEverywhere, base)).toEqual([]);
    expect(
      faultsOf(
        encryptedEverywhere,
        siteWith((input) => (input.tiers.critical.encryption = false)),
      ),
    ).toEqual(["tiers.critical.encryption: its backups lie on pbs in plain text"]);
  });
});

describe(keyApart.sentence, () => {
  const onNode = (more: (input: Loose) => void = () => undefined) =>
    siteWith((input) => {
      input.backupServers.pbs.runsOn = "pve1";
      more(input);
    });

  test("a machine of its own", () => {
    expect(faultsOf(keyApart, base)).toEqual([]);
  });

  test("not a guest of the hypervisor", () => {
    expect(faultsOf(keyApart, onNode())).toEqual([
      "backupServers.pbs.runsOn: pbs is a guest of pve1, which also has the key of its backups",
    ]);
  });

  test("does not apply where nothing is encrypted", () => {
    const plain = onNode((input) => {
      for (const tier of Object.values<Loose>(input.tiers)) tier.encryption = false;
    });
    expect(applies(keyApart, plain)).toBe(false);
  });
});

describe(stateEncrypted.sentence, () => {
  const plain = siteWith((input) => (input.environments.live.encryptState = false));

  test("by default", () => {
    expect(faultsOf(stateEncrypted, base)).toEqual([]);
  });

  test("not where it is switched off", () => {
    expect(faultsOf(stateEncrypted, plain)).toEqual([
      "environments.live.encryptState: state and plan files are written in plain text",
    ]);
  });

  test("the lab may do without", () => {
    expect(faultsOf(stateEncrypted, plain, "lab")).toEqual([]);
  });
});

describe(passedOn.sentence, () => {
  const declared = (changes: Loose = {}) => ({
    provider: {
      proxmox: [{ api_token: "${var.pve_token}" }],
      restful: [{ client: { root_ca_certificate_files: ["${var.pve_ca_file}"] } }],
    },
    variable: {
      pve_token: { ephemeral: true },
      encryption_key: { ephemeral: true },
      storage_secret_pbs: { ephemeral: true },
      pve_ca_file: {},
      ...changes,
    },
  });
  const found = (configuration: Loose, change: (objects: Objects) => void = () => undefined) => {
    const objects = { hypervisor: baseObjects().hypervisor };
    change(objects);
    return wrong(inStacks(passedOn, synthesizedFrom(objects, { hypervisor: configuration })));
  };

  test("ephemeral variables are; the path of an authority is no secret", () => {
    expect(found(declared())).toEqual([]);
  });

  test.each(["pve_token", "encryption_key"])("not %s where it is not ephemeral", (name) => {
    for (const declaration of [{}, { ephemeral: false }]) {
      expect(found(declared({ [name]: declaration }))).toMatchObject([
        { object: `hypervisor variable ${name}`, what: "it carries a secret and is not ephemeral" },
      ]);
    }
  });

  test("a reference under a name that is no secret's may stand in the body", () => {
    const inBody = ({ hypervisor }: Objects) => (hypervisor.storage.body.comment = "${var.site}");
    expect(found(declared(), inBody)).toEqual([]);
  });

  test("not a reference in the body, which the state keeps", () => {
    const inBody = ({ hypervisor }: Objects) => (hypervisor.storage.body.password = "${var.storage_secret_pbs}");
    expect(found(declared(), inBody)).toMatchObject([
      { object: "hypervisor storage", what: "`password` stands in its body, which the state keeps" },
    ]);
  });
});

test("no rule of this subject tells a secret of a plan that is not known yet", () => {
  const later = (objects: Objects) => (objects.hypervisor.storage.body["encryption-key"] = "${var.winter}");
  expect(inPlan(escrowed, later)).toEqual([]);
});
