import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type ApplySettings, apply } from "../../deploy/apply";
import { applyLayer } from "../../deploy/apply-layer";
import { type DeploymentOptions, withDeployment } from "../../deploy/deployment";
import { planAll } from "../../deploy/plan";
import type { RunReport } from "../../deploy/run-report";
import { UserError } from "../../model";
import type { Engine } from "../../providers/toolchain";
import { Postgres } from "./support/postgres";
import { RealEngineSite } from "./support/real-engine";

const programs = Postgres.programs();
const named = programs === undefined ? "state in PostgreSQL (skipped: initdb is not installed)" : "state in PostgreSQL";
jest.setTimeout(120_000);

(programs === undefined ? describe.skip : describe)(named, () => {
  let postgres: Postgres;
  let engine: Engine;
  let schema = 0;
  /** Two people with a clone each. */
  let anna: RealEngineSite;
  let bruno: RealEngineSite;

  beforeAll(async () => {
    postgres = await Postgres.start(programs ?? "");
    engine = await RealEngineSite.engine();
  });
  afterAll(() => postgres.stop());
  beforeEach(() => {
    const state = { kind: "pg", connection: postgres.connection, schema: `bastide_${++schema}` } as const;
    anna = new RealEngineSite(engine, state);
    bruno = new RealEngineSite(engine, state);
  });
  afterEach(() => {
    anna.remove();
    bruno.remove();
  });

  const settings: ApplySettings = {
    confirm: async () => true,
    tokens: [],
    issuerOf: () => {
      throw new Error("no token");
    },
  };
  const run = (person: RealEngineSite, more: Partial<DeploymentOptions> = {}): Promise<RunReport> =>
    withDeployment(person.options(more), (deployment) => apply(deployment, settings));
  const failure = (work: Promise<unknown>): Promise<UserError> =>
    work.then(
      () => Promise.reject(new Error("nothing was thrown")),
      (error: unknown) => (error instanceof UserError ? error : Promise.reject(error)),
    );

  /** Names of the objects in the database's state, with the lineage: a state that was begun anew has another. */
  function stored(): { names: string[]; lineage: string } {
    const [data = "{}"] = postgres.query(`SELECT data FROM bastide_${schema}.states`);
    const { resources = [], lineage = "" } = JSON.parse(data) as { resources?: { name: string }[]; lineage?: string };
    return { names: resources.map(({ name }) => name).sort(), lineage };
  }
  const until = async (condition: () => boolean, what: string) => {
    for (const end = Date.now() + 30_000; !condition(); await delay(20)) if (Date.now() > end) throw new Error(`never: ${what}`);
  };
  /** An object whose creation says that it has begun, and takes a while. */
  const slow = (person: RealEngineSite, seconds: number) => ({
    input: "slow",
    command: `touch ${join(person.sites, "begun")}; sleep ${seconds}`,
  });
  const hasBegun = (person: RealEngineSite) => existsSync(join(person.sites, "begun"));

  it("is made by the first apply and found by the other person's", async () => {
    anna.objects = { job: { input: "one" } };
    bruno.objects = anna.objects;
    expect((await run(anna)).outcome).toBe("done");
    expect((await run(bruno)).outcome).toBe("nothing to do");
    expect(stored().names).toEqual(["job"]);
  });

  it.each([
    ["of a state that exists", true],
    ["that makes the state", false],
  ])("refuses a second apply during one %s, and names who holds the lock", async (_name, exists) => {
    bruno.objects = { before: { input: "one" } };
    if (exists) await run(bruno);
    anna.objects = { before: { input: "one" }, job: slow(anna, 12) };
    const running = run(anna);
    await until(() => hasBegun(anna), "the apply");
    const [fault] = (await failure(run(bruno))).faults;
    expect(fault?.what).toMatch(/^the state is locked by bastide apply ecosolar\/test by \S+ as bastide since \d{4}-/);
    expect(fault?.repair).toContain("--wait");
    expect((await running).outcome).toBe("done");
    expect(stored().names).toEqual(["before", "job"]);
  });

  it("lets the second wait when it is asked to, and nothing of the first is lost", async () => {
    anna.objects = { annas: slow(anna, 6) };
    bruno.objects = { annas: { input: "slow" }, brunos: { input: "two" } };
    const first = run(anna);
    await until(() => hasBegun(anna), "the first apply");
    const second = await run(bruno, { waitSeconds: 60 });
    expect((await first).outcome).toBe("done");
    expect(second.layers[0]?.changes.map(({ construct, action }) => [construct, action])).toEqual([["brunos", "create"]]);
    expect(stored().names).toEqual(["annas", "brunos"]);
  });

  it("refuses a plan that somebody else's apply has overtaken", async () => {
    anna.objects = { job: { input: "annas" } };
    bruno.objects = { job: { input: "brunos" } };
    const error = await failure(
      withDeployment(anna.options(), async (deployment) => {
        const [plan] = await planAll(deployment);
        await run(bruno);
        if (plan) await applyLayer(deployment, plan, "apply");
      }),
    );
    expect(error.faults[0]?.what).toContain("the state has changed since the plan was made");
    expect(postgres.query(`SELECT data FROM bastide_${schema}.states`)[0]).toContain("brunos");
  });

  it("is free at once when the holder is killed, and the next one continues where it stopped", async () => {
    anna.objects = { before: { input: "kept" } };
    await run(anna);
    const { lineage } = stored();
    anna.objects = { before: { input: "kept" }, job: slow(anna, 30) };
    const killed = failure(run(anna));
    await until(() => hasBegun(anna), "the apply");
    const { pid } = JSON.parse(readFileSync(join(anna.root, "engines", "hypervisor.json"), "utf8")) as { pid: number };
    process.kill(pid, "SIGKILL");
    expect((await killed).faults[0]?.what).toContain("SIGKILL");

    bruno.objects = { before: { input: "kept" }, job: { input: "slow" } };
    const report = await run(bruno);
    expect(report.outcome).toBe("done");
    expect(report.layers[0]?.changes.map(({ construct, action }) => [construct, action])).toEqual([["job", "create"]]);
    expect(stored()).toEqual({ names: ["before", "job"], lineage });
  });

  it("can be begun by two at the same moment: what the slower one planned is refused rather than applied twice", async () => {
    anna.objects = { job: { input: "one" } };
    bruno.objects = anna.objects;
    const outcome = (person: RealEngineSite) =>
      run(person, { waitSeconds: 60 }).then(
        (report) => report.outcome,
        (error: UserError) => error.faults[0]?.what,
      );
    const outcomes = await Promise.all([outcome(anna), outcome(bruno)]);
    expect(outcomes).toContain("done");
    const other = [...outcomes].sort()[1];
    expect(["done", "nothing to do", "the state has changed since the plan was made, so the plan was not applied"]).toContain(
      other,
    );
    expect(stored().names).toEqual(["job"]);
    expect((await run(bruno)).outcome).toBe("nothing to do");
  });
});
