import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ApplySettings, apply } from "../../deploy/apply";
import { CancelSource } from "../../deploy/cancellation";
import { runEngine } from "../../deploy/engine-process";
import type { IssuedToken, TokenIssuer, TokenStanding } from "../../deploy/handoff";
import { hasChanges, planAll } from "../../deploy/plan";
import type { ApplyProgress } from "../../deploy/progress";
import type { RunReport } from "../../deploy/run-report";
import { type Secret, UserError } from "../../model";
import { FakeSite, type Layer } from "./support/fake-deployment";

const TOKEN: IssuedToken = { backupServer: "pbs", user: "pve-backup@pbs", name: "pve-token", secret: "pve-token" };

const BACKUP_SERVER: Layer = {
  layer: "backup-server",
  objects: { datastore: { name: "proxmox-data" }, token: { tokenid: "pve-token" } },
  variables: [
    { name: "pbs_token", ephemeral: true, source: { kind: "credential", device: { kind: "backup-server", name: "pbs" } } },
  ],
};
const HYPERVISOR: Layer = {
  layer: "hypervisor",
  dependsOn: ["backup-server"],
  objects: { storage: { storage: "pbs-backup" } },
  variables: [{ name: "token_secret", ephemeral: true, source: { kind: "secret", secret: "pve-token" } }],
};

/** A backup server that issues secrets and knows only the last one. */
class FakeIssuer implements TokenIssuer {
  valid: string | undefined;
  issued = 0;
  standingOfFresh: TokenStanding[] = [];

  async put(): Promise<unknown> {
    this.issued++;
    this.valid = `issued-secret-number-${this.issued}`;
    return { secret: this.valid };
  }
  async standing(secret: Secret): Promise<TokenStanding> {
    if (secret.reveal() !== this.valid) return "refused";
    return this.standingOfFresh.shift() ?? "works";
  }
}

let site: FakeSite;
let issuer: FakeIssuer;
let progress: ApplyProgress[];

beforeEach(() => {
  site = new FakeSite();
  site.layers = [HYPERVISOR, BACKUP_SERVER];
  issuer = new FakeIssuer();
  progress = [];
});
afterEach(() => site.remove());

const settings = (more: Partial<ApplySettings> = {}): ApplySettings => ({
  confirm: async () => true,
  tokens: [TOKEN],
  issuerOf: () => issuer,
  onProgress: (one) => progress.push(one),
  ...more,
});
const runApply = (more: Partial<ApplySettings> = {}): Promise<RunReport> =>
  site.run((deployment) => apply(deployment, settings(more)));

async function faultsOf(work: Promise<unknown>): Promise<UserError["faults"]> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UserError)) throw error ?? new Error("nothing was thrown");
  return error.faults;
}

describe("apply", () => {
  it("plans all stacks first, applies them in the order of their dependencies and plans again", async () => {
    const report = await runApply();
    expect(report.outcome).toBe("done");
    const steps = site.calls().filter(({ command }) => command === "plan" || command === "apply");
    expect(steps.map(({ command }) => command)).toEqual(["plan", "plan", "apply", "apply", "plan", "plan"]);
    const applied = site.calls("apply").map(({ cwd }) => cwd.replace(/.*ecosolar-test-/, ""));
    expect(applied).toEqual(["backup-server", "hypervisor"]);
    expect(site.state("backup-server")).toEqual(["datastore", "token"]);
    expect(site.state("hypervisor")).toEqual(["storage"]);
  });

  it("plans the hypervisor with a placeholder and applies it with the secret that was issued in between", async () => {
    await runApply();
    const secretOf = (command: string) => site.calls(command).flatMap(({ environment }) => environment.TF_VAR_token_secret ?? []);
    expect(secretOf("plan")[0]).toBe("00000000-0000-0000-0000-000000000000");
    expect(secretOf("apply")).toEqual(["issued-secret-number-1"]);
    expect(site.secrets.get("pve-token")?.reveal()).toBe("issued-secret-number-1");
  });

  it("does nothing the second time, and asks nobody", async () => {
    await runApply();
    site.forgetCalls();
    const confirm = jest.fn();
    expect((await runApply({ confirm })).outcome).toBe("nothing to do");
    expect(confirm).not.toHaveBeenCalled();
    expect(issuer.issued).toBe(1);
    expect(site.calls("apply")).toEqual([]);
    expect(site.calls("show")).toEqual([]);
    expect(site.calls("plan")).toHaveLength(2);
  });

  it("changes nothing when the user declines", async () => {
    const report = await runApply({ confirm: async () => false });
    expect(report.outcome).toBe("declined");
    expect(site.calls("apply")).toEqual([]);
    expect(issuer.issued).toBe(0);
  });

  it("is judged before it asks, by the plans of this run alone, and changes nothing when it is refused", async () => {
    const documents: string[] = [];
    const confirm = jest.fn(async () => true);
    const judged = { confirm, onDocument: (layer: string) => void documents.push(layer) };
    expect(await runApply({ ...judged, judge: () => false })).toMatchObject({ outcome: "refused" });
    expect([documents.sort(), confirm.mock.calls, site.calls("apply"), issuer.issued]).toEqual([
      ["backup-server", "hypervisor"],
      [],
      [],
      0,
    ]);
    expect(await runApply({ ...judged, judge: () => true })).toMatchObject({ outcome: "done" });
    // The plans that prove at the end that nothing is left are nobody's business.
    expect(documents).toHaveLength(4);
    expect(await runApply({ ...judged, judge: async () => false })).toMatchObject({ outcome: "refused" });
    expect(documents).toHaveLength(4);
  });

  it("changes nothing where a plan is shown cut off, and tells nothing of it", async () => {
    site.layers = [BACKUP_SERVER, { ...HYPERVISOR, script: { showIsCutOff: true } }];
    const judge = jest.fn(() => true);
    const [fault, ...others] = await faultsOf(runApply({ judge }));
    expect([fault?.what, others]).toEqual([
      "the engine failed during show: what it shows cannot be read: it is cut off, or no JSON",
      [],
    ]);
    expect(JSON.stringify(fault)).not.toContain("pbs-backup");
    expect([judge.mock.calls, site.calls("apply")]).toEqual([[], []]);
  });

  it("shows each object with its construct before it asks", async () => {
    let shown: unknown;
    await runApply({
      confirm: async (plans) => {
        shown = plans.map(({ layer, counts, changes }) => [
          layer,
          counts.add,
          changes.map(({ construct, action }) => [construct, action]),
        ]);
        return false;
      },
    });
    expect(shown).toEqual([
      [
        "backup-server",
        2,
        [
          ["datastore", "create"],
          ["token", "create"],
        ],
      ],
      ["hypervisor", 1, [["storage", "create"]]],
    ]);
  });

  it("tells of each object what is done, how far the layer is and what comes next", async () => {
    await runApply();
    const objects = progress.filter((one) => one.kind === "object" && one.layer === "backup-server");
    expect(objects).toEqual([
      expect.objectContaining({
        construct: "datastore",
        state: "start",
        done: 0,
        total: 2,
        next: "token",
      }),
      expect.objectContaining({ construct: "datastore", state: "done", done: 1, elapsedMs: 1000 }),
      expect.objectContaining({ construct: "token", state: "start", done: 1, next: undefined }),
      expect.objectContaining({ construct: "token", state: "done", done: 2 }),
    ]);
  });

  it("issues a new secret when the device refuses the stored one, and the plan shows nothing of the old one", async () => {
    await runApply();
    issuer.valid = "somebody made the token anew";
    site.forgetCalls();
    const report = await runApply();
    expect(report.newSecrets).toEqual(["pbs pve-backup@pbs!pve-token"]);
    expect(site.calls("plan").map(({ environment }) => environment.TF_VAR_token_secret)).not.toContain("issued-secret-number-1");
    expect(site.secrets.get("pve-token")?.reveal()).toBe("issued-secret-number-2");
  });

  it("waits until the rights of a fresh token are seen before it uses it", async () => {
    issuer.standingOfFresh = ["without rights", "without rights"];
    await runApply();
    expect(progress).toContainEqual({
      kind: "note",
      text: expect.stringContaining("waiting until the rights of pve-backup@pbs!pve-token"),
    });
    expect(issuer.standingOfFresh).toEqual([]);
  });

  it("checks reality at the end and keeps what it found", async () => {
    const report = await runApply({ verify: async () => ({ verdict: "protected" }) });
    expect(report.verification).toEqual({ verdict: "protected" });
  });

  it("merges the faults of all stacks into one error", async () => {
    const broken = (what: string) => ({
      planFails: { summary: what, detail: "dial tcp 127.0.0.1:1: connect: connection refused" },
    });
    site.layers = [
      { ...BACKUP_SERVER, script: broken("a") },
      { ...HYPERVISOR, script: { planFails: { summary: "Read API returns 401", detail: "authentication failed" } } },
    ];
    const faults = await faultsOf(runApply());
    expect(faults.map(({ where }) => where).sort()).toEqual(["backup-server", "hypervisor"]);
  });

  it("refuses to start without a credential, and names the command that stores it", async () => {
    const faults = await faultsOf(
      site.run((deployment) => apply(deployment, settings()), { credentialOf: () => ({ name: "pbs-root", secret: undefined }) }),
    );
    expect(faults).toEqual([
      expect.objectContaining({
        what: 'no secret "pbs-root"',
        repair: "store it: ./bastide secrets set ecosolar --env test pbs-root",
      }),
    ]);
    expect(site.calls()).toEqual([]);
  });
});

describe("settling", () => {
  const withScript = (script: Layer["script"]): void => {
    site.layers = [BACKUP_SERVER, { ...HYPERVISOR, script: script ?? {} }];
  };

  it("sends a repeated secret once more and is quiet then", async () => {
    withScript({ repeats: { "restful_resource.storage": 1 } });
    const report = await runApply();
    expect(report.settlingRounds).toBe(1);
    expect(site.calls("apply")).toHaveLength(3);
    expect(progress).toContainEqual({ kind: "phase", phase: "settle" });
  });

  it("does not do that a second time", async () => {
    withScript({ repeats: { "restful_resource.storage": 2 } });
    const faults = await faultsOf(runApply());
    expect(faults[0]).toMatchObject({ where: "hypervisor storage", what: expect.stringContaining("does not settle") });
  });

  it("names the object and the value that does not settle, and applies nothing more", async () => {
    withScript({ neverSettles: ["restful_resource.storage"] });
    const faults = await faultsOf(runApply());
    expect(faults[0]?.what).toContain('value: "device" -> unset');
    expect(site.calls("apply")).toHaveLength(2);
  });
});

describe("continuing after a crash", () => {
  it("takes an object into the state that the device has and the state has not, when our journal names it", async () => {
    const script = { dieAt: "restful_resource.token" };
    site.layers = [{ ...BACKUP_SERVER, script }, HYPERVISOR];
    const faults = await faultsOf(runApply());
    expect(faults[0]?.what).toBe("the engine was ended from outside by SIGKILL, during apply");
    expect(site.state("backup-server")).toEqual(["datastore"]);

    site.layers = [{ ...BACKUP_SERVER, script: { onDevice: ["restful_resource.token"] } }, HYPERVISOR];
    expect((await runApply()).outcome).toBe("done");
    const { importedBy } = site.rawState("backup-server").objects["restful_resource.token"] ?? {};
    expect(JSON.parse(importedBy ?? "{}")).toEqual({ id: "/config", path: "/config/token", body: { tokenid: null } });
  });

  it("gives it all that the provider needs to know of it, so that nothing is updated", async () => {
    site.layers = [{ ...BACKUP_SERVER, script: { dieAt: "restful_resource.token" } }, HYPERVISOR];
    await faultsOf(runApply());
    site.layers = [{ ...BACKUP_SERVER, script: { onDevice: ["restful_resource.token"] } }, HYPERVISOR];
    await runApply();
    const { attributes } = site.rawState("backup-server").objects["restful_resource.token"] ?? {};
    expect(attributes).toEqual({ path: "/config/token", read_path: "/config" });
  });

  it("creates it when the device has not got it", async () => {
    site.layers = [{ ...BACKUP_SERVER, script: { dieAt: "restful_resource.token" } }, HYPERVISOR];
    await faultsOf(runApply());
    site.layers = [BACKUP_SERVER, HYPERVISOR];
    await runApply();
    expect(site.rawState("backup-server").objects["restful_resource.token"]).toEqual({
      body: { tokenid: "pve-token" },
      repeats: 0,
    });
  });

  it("never takes what the device refused as existing: it is not ours", async () => {
    const refusal = {
      summary: "Create API returns 400",
      detail: "parameter verification failed - 'id': job 'x' already exists.",
    };
    const script = { applyFails: { "restful_resource.token": refusal }, onDevice: ["restful_resource.token"] };
    site.layers = [{ ...BACKUP_SERVER, script }, HYPERVISOR];
    const [fault] = await faultsOf(runApply());
    expect(fault?.what).toContain("does not belong to this site's state");
    expect(fault?.repair).toContain("./bastide apply ecosolar --env test --adopt 'token'");
    await faultsOf(runApply());
    expect(site.calls("import")).toEqual([]);
  });

  it("still takes it when the device refuses a second attempt, because the first one was finished meanwhile", async () => {
    site.layers = [{ ...BACKUP_SERVER, script: { dieAt: "restful_resource.token" } }, HYPERVISOR];
    await faultsOf(runApply());
    const refusal = { summary: "Create API returns 400", detail: "already exists" };
    site.layers = [{ ...BACKUP_SERVER, script: { applyFails: { "restful_resource.token": refusal } } }, HYPERVISOR];
    await faultsOf(runApply());
    site.layers = [{ ...BACKUP_SERVER, script: { onDevice: ["restful_resource.token"] } }, HYPERVISOR];
    expect((await runApply()).outcome).toBe("done");
    expect(site.rawState("backup-server").objects["restful_resource.token"]?.importedBy).toBeDefined();
  });

  it("takes it over when the user says so", async () => {
    site.layers = [{ ...BACKUP_SERVER, script: { onDevice: ["restful_resource.token"] } }, HYPERVISOR];
    await runApply({ adopt: ["token"] });
    expect(site.rawState("backup-server").objects["restful_resource.token"]?.importedBy).toBeDefined();
  });

  it("refuses to take over what the site does not have, before anything is planned", async () => {
    const [fault] = await faultsOf(runApply({ adopt: ["tokem"] }));
    expect(fault?.what).toBe('the site has no object "tokem"; did you mean "token"?');
    expect(site.calls("plan")).toEqual([]);
  });

  it("does not replace an object only because the reading after its creation was cut", async () => {
    const cut = { summary: "Error to call read", detail: 'Get "https://pbs/x": read: connection reset by peer' };
    site.layers = [{ ...BACKUP_SERVER, script: { applyFails: { "restful_resource.token": cut } } }, HYPERVISOR];
    await faultsOf(runApply());
    const state = site.rawState("backup-server");
    state.objects["restful_resource.token"] = { body: { tokenid: "pve-token" }, tainted: true };
    writeFileSync(site.stateFile("backup-server"), JSON.stringify(state));
    site.layers = [BACKUP_SERVER, HYPERVISOR];
    await runApply();
    expect(site.calls("untaint").map(({ args }) => args.at(-1))).toEqual(["restful_resource.token"]);
    expect(site.rawState("backup-server").objects["restful_resource.token"]?.tainted).toBeUndefined();
  });

  it("discards the plans of an interrupted run", async () => {
    await runApply();
    const leftover = join(site.root, "plans", "hypervisor.plan");
    writeFileSync(leftover, "old");
    await site.run(async () => expect(existsSync(leftover)).toBe(false));
  });
});

describe("the user's wish to stop", () => {
  const stopping = (at: Partial<ApplySettings>, source: CancelSource) =>
    faultsOf(site.run((deployment) => apply(deployment, settings(at)), { cancellation: source }));

  it("ends the engine after what it has begun, and nothing is started any more", async () => {
    const source = new CancelSource();
    const onProgress: ApplySettings["onProgress"] = (one) => {
      if (one.kind === "object" && one.construct === "datastore" && one.state === "start") source.cancel();
    };
    const [fault] = await stopping({ onProgress }, source);
    expect(fault?.what).toBe("stopped as you asked, during apply");
    expect(site.state("backup-server")).toEqual(["datastore"]);
    expect(issuer.issued).toBe(0);
    expect((await runApply()).outcome).toBe("done");
  });

  it("ends the wait for rights", async () => {
    const source = new CancelSource();
    issuer.standingOfFresh = Array.from({ length: 100 }, () => "without rights" as const);
    const onProgress: ApplySettings["onProgress"] = (one) => {
      if (one.kind === "note" && one.text.includes("waiting")) source.cancel();
    };
    expect((await stopping({ onProgress }, source))[0]?.what).toBe("stopped as you asked");
  });

  it("ends the check of reality", async () => {
    const source = new CancelSource();
    const verify = () => {
      source.cancel();
      return new Promise(() => undefined);
    };
    expect((await stopping({ verify }, source))[0]?.what).toBe("stopped as you asked");
  });
});

describe("the run report", () => {
  const reports = (): RunReport[] =>
    readdirSync(join(site.root, "runs"))
      .sort()
      .map((name) => JSON.parse(readFileSync(join(site.root, "runs", name), "utf8")));

  it("says who did what, when and with which programs", async () => {
    await runApply();
    expect(reports()).toEqual([
      expect.objectContaining({
        site: "ecosolar",
        environment: "test",
        outcome: "done",
        user: expect.any(String),
        engine: { kind: "opentofu", version: "1.12.6" },
        providers: { "registry.terraform.io/magodo/restful": "0.25.2" },
        newSecrets: ["pbs pve-backup@pbs!pve-token"],
      }),
    ]);
    expect(reports()[0]?.layers[0]).toMatchObject({
      layer: "backup-server",
      planSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it("is written when the run fails, with the faults", async () => {
    site.layers = [BACKUP_SERVER, { ...HYPERVISOR, script: { neverSettles: ["restful_resource.storage"] } }];
    await faultsOf(runApply());
    expect(reports()[0]).toMatchObject({ outcome: "failed", faults: [{ where: "hypervisor storage" }] });
  });
});

describe("secrets", () => {
  const SECRETS = ["credential-of-pbs", "issued-secret-number-1"];
  const holds = (text: string) => SECRETS.filter((secret) => text.includes(secret));
  const filesBelow = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));

  it("are in the engine's environment, and in no argument", async () => {
    await site.run((deployment) => apply(deployment, settings()), { runEngine });
    const environments = JSON.stringify(site.calls().map(({ environment }) => environment));
    expect(holds(environments)).toEqual(SECRETS);
    expect(holds(JSON.stringify(site.calls().map(({ cmdline, args }) => [cmdline, args])))).toEqual([]);
  });

  it("are in no file that the run leaves", async () => {
    await runApply();
    const files = filesBelow(site.sites);
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((file) => holds(readFileSync(file, "utf8")).length > 0)).toEqual([]);
  });

  it("are taken out of what a device says", async () => {
    const script = { planFails: { summary: "Read API returns 400", detail: 'bad header "credential-of-pbs"' } };
    site.layers = [{ ...BACKUP_SERVER, script }];
    const [fault] = await faultsOf(runApply());
    expect(fault?.what).toContain('bad header "[secret]"');
    const [report] = filesBelow(join(site.root, "runs"));
    expect(holds(readFileSync(report ?? "", "utf8"))).toEqual([]);
  });

  it("of the runner itself do not reach the engine, nor do settings that would change it", async () => {
    Object.assign(process.env, {
      BASTIDE_AGE_KEY: "x",
      TF_CLI_ARGS_plan: "-lock=false",
      TF_WORKSPACE: "other",
      TF_VAR_stray: "y",
    });
    try {
      await site.run((deployment) => planAll(deployment));
    } finally {
      for (const name of ["BASTIDE_AGE_KEY", "TF_CLI_ARGS_plan", "TF_WORKSPACE", "TF_VAR_stray"]) delete process.env[name];
    }
    const names = Object.keys(site.calls("plan")[0]?.environment ?? {});
    expect(names).toEqual(
      expect.arrayContaining(["TF_IN_AUTOMATION", "CHECKPOINT_DISABLE", "SSL_CERT_FILE", "TF_CLI_CONFIG_FILE"]),
    );
    expect(names.filter((name) => /BASTIDE|CLI_ARGS|WORKSPACE|stray/.test(name))).toEqual([]);
  });
});

describe("the first init in PostgreSQL", () => {
  const init = (summary: string) => {
    site.layers = [{ ...BACKUP_SERVER, script: { initFailsOnce: { summary } } }];
    return site.run((deployment) => planAll(deployment));
  };

  it("tries again when somebody else was making the same tables", async () => {
    await init('pq: duplicate key value violates unique constraint "pg_type_typname_nsp_index" (23505)');
    expect(site.calls("init")).toHaveLength(2);
  });

  it("does not try again for another reason", async () => {
    await faultsOf(init("pq: permission denied for schema public"));
    expect(site.calls("init")).toHaveLength(1);
  });
});

describe("plan", () => {
  it("plans independent stacks at the same time", async () => {
    const script = { planTakesMs: 600 };
    site.layers = [
      { ...BACKUP_SERVER, script },
      { ...HYPERVISOR, script },
    ];
    await site.run(planAll);
    const started = site.calls("plan").map((call) => (call as unknown as { started: number }).started);
    expect(Math.abs((started[0] ?? 0) - (started[1] ?? 0))).toBeLessThan(500);
  });

  it("leaves the state alone, also after a crash", async () => {
    site.layers = [{ ...BACKUP_SERVER, script: { dieAt: "restful_resource.token" } }, HYPERVISOR];
    await faultsOf(runApply());
    site.layers = [{ ...BACKUP_SERVER, script: { onDevice: ["restful_resource.token"] } }, HYPERVISOR];
    expect(hasChanges(await site.run((deployment) => planAll(deployment), { operation: "plan" }))).toBe(true);
    expect(site.calls("import")).toEqual([]);
    await runApply();
    expect(site.calls("import")).toHaveLength(1);
  });
});
