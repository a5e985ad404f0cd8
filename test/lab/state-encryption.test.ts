import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ApplySettings, apply } from "../../deploy/apply";
import { STATE_PASSPHRASE, withDeployment } from "../../deploy/deployment";
import { Secret, type UserError } from "../../model";
import type { Engine } from "../../providers/toolchain";
import { RealEngineSite } from "./support/real-engine";

const VALUE = "a-value-that-the-state-holds";
jest.setTimeout(120_000);

let engine: Engine;
let site: RealEngineSite;
beforeAll(async () => {
  engine = await RealEngineSite.engine();
});
afterEach(() => site.remove());

const open = (encryptState: boolean): RealEngineSite => {
  site = new RealEngineSite(engine, { kind: "local" }, encryptState);
  site.objects = { job: { input: VALUE } };
  return site;
};
/** Applies, and gives the plan as it was before it was applied. */
async function run(): Promise<string> {
  let plan = "";
  const settings: ApplySettings = {
    confirm: async ([layer]) => {
      plan = readFileSync(layer?.file ?? "", "latin1");
      return true;
    },
    tokens: [],
    issuerOf: () => {
      throw new Error("no token");
    },
  };
  await withDeployment(site.options(), (deployment) => apply(deployment, settings));
  return plan;
}
const stateFile = () => join(site.root, "state", "hypervisor.tfstate");
const state = () => readFileSync(stateFile(), "utf8");
/** A plan is a compressed archive: what is in it shows by the names of its entries. */
const isReadablePlan = (plan: string): boolean => plan.startsWith("PK") && plan.includes("tfplan");

describe("an environment that encrypts its state", () => {
  it("leaves nothing readable in state and plan, and reads them itself", async () => {
    open(true);
    const plan = await run();
    expect(isReadablePlan(plan)).toBe(false);
    expect(state()).not.toContain(VALUE);
    expect(state()).toContain("encrypted_data");
    expect(await run()).toBe("");
  });

  it("(control) that does not encrypt leaves both readable", async () => {
    open(false);
    expect(isReadablePlan(await run())).toBe(true);
    expect(state()).toContain(VALUE);
  });

  it("refuses a state that another passphrase has encrypted", async () => {
    open(true);
    await run();
    await site.secrets.set(STATE_PASSPHRASE, Secret.of("another passphrase, which is long enough"));
    const error = await run().catch((thrown: unknown) => thrown);
    expect((error as UserError).faults?.[0]?.what).toContain("cannot be decrypted with the secret state-passphrase");
  });

  it("refuses a state that somebody put there in plain text", async () => {
    open(false);
    await run();
    const plain = state();
    site.remove();
    open(true);
    await run();
    writeFileSync(stateFile(), plain);
    const error = await run().catch((thrown: unknown) => thrown);
    expect((error as UserError).faults?.[0]?.what).toContain("the state is not encrypted");
  });

  it("refuses to take an encrypted state for a plain one", async () => {
    open(true);
    await run();
    const encrypted = state();
    site.remove();
    open(false);
    await run();
    writeFileSync(stateFile(), encrypted);
    const error = await run().catch((thrown: unknown) => thrown);
    expect((error as UserError).faults?.[0]?.what).toContain("encrypted");
  });
});
