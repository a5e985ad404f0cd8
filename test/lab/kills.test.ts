import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { type ApplyAnswer, type DriftAnswer, type PlanAnswer, wrongOf } from "./support/answers";
import { SitesFolder } from "./support/sites-folder";

jest.setTimeout(1_500_000);

const LAB = ["ecosolar", "--env", "lab"];
const VICTIMS = ["command line", "engine", "device"] as const;
type Victim = (typeof VICTIMS)[number];

/** The same moments on every run: a failure can be looked at again. BASTIDE_TEST_SEED gives other ones. */
const SEED = Number(process.env.BASTIDE_TEST_SEED ?? 20261121);
const MOMENTS = 20;

/** Mulberry32: 32 bits of state are enough for twenty moments. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Descendants of a process, by the kernel's own list. */
function descendants(parent: number): { pid: number; command: string }[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        const ppid = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
        return [{ pid: Number(name), ppid, command: readFileSync(`/proc/${name}/cmdline`, "utf8") }];
      } catch {
        return [];
      }
    });
  const below = (pid: number): { pid: number; command: string }[] =>
    all.filter(({ ppid }) => ppid === pid).flatMap((child) => [child, ...below(child.pid)]);
  return below(parent);
}

describe("kill -9 at random moments of an apply", () => {
  const folder = new SitesFolder("ecosolar");
  const next = random(SEED);
  let clean: unknown;

  /** Names of everything that the devices hold; sorted, so that a doubled object shows. */
  async function inventory(): Promise<unknown> {
    const { pve, pbs, firewall } = await folder.devices("ecosolar");
    const names = async (device: typeof pve, path: string, ...keys: string[]) =>
      (await device.get<Record<string, unknown>[]>(path)).map((item) => keys.map((key) => String(item[key])).join(" ")).sort();
    return {
      prune: await names(pbs, "/config/prune", "id"),
      verify: await names(pbs, "/config/verify", "id"),
      namespaces: await names(pbs, "/admin/datastore/proxmox-data/namespace", "ns"),
      users: await names(pbs, "/access/users?include_tokens=true", "userid"),
      acl: await names(pbs, "/access/acl", "path", "ugid", "roleid"),
      storages: await names(pve, "/storage", "storage"),
      jobs: await names(pve, "/cluster/backup", "id", "vmid"),
      pools: await names(pve, "/pools", "poolid"),
      rules: await names(firewall, "/firewall/rules", "descr"),
      aliases: await names(firewall, "/firewall/aliases", "name"),
    };
  }

  async function victimOf(kind: Victim, commandLine: number): Promise<number | undefined> {
    if (kind === "command line") return commandLine;
    if (kind === "engine")
      return descendants(commandLine).find(({ command }) => /(tofu|terraform)\0(plan|apply|init|show)/.test(command))?.pid;
    const { json } = await folder.json<{ labs: { state: string; processId?: number }[] }>(["lab", "status", "ecosolar"]);
    return json.labs.find(({ state }) => state === "up")?.processId;
  }

  beforeAll(async () => {
    const begin = Date.now();
    expect((await folder.run(["apply", ...LAB])).exitCode).toBe(0);
    duration = Date.now() - begin;
    clean = await inventory();
  });
  afterAll(() => folder.remove());
  let duration = 10_000;

  test.each(Array.from({ length: MOMENTS }, (_, index) => [index + 1, VICTIMS[index % VICTIMS.length] ?? "engine"] as const))(
    "moment %i: the %s",
    async (_, kind) => {
      const part = next();
      // From nothing, so that every object is still to be made when the blow falls.
      expect((await folder.run(["destroy", ...LAB])).exitCode).toBe(0);
      const running = folder.start(["apply", ...LAB]);
      await delay(part * duration * 0.8);
      const victim = await victimOf(kind, running.processId);
      if (victim !== undefined) {
        try {
          process.kill(victim, "SIGKILL");
        } catch (error) {
          // It had just ended by itself.
          if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
        }
      }
      await running.ended;
      const { exitCode, json, stdout } = await folder.json<ApplyAnswer>(["apply", ...LAB, "--wait", "60"]);
      expect([exitCode, wrongOf(json.report?.verification), exitCode === 0 ? "" : stdout]).toEqual([0, [], ""]);
      const plan = await folder.json<PlanAnswer>(["plan", ...LAB]);
      expect([plan.exitCode, plan.json.stale]).toEqual([0, []]);
      expect(await inventory()).toEqual(clean);
    },
  );

  test("after all of them nothing has drifted", async () => {
    expect((await folder.json<DriftAnswer>(["drift", ...LAB])).json.drift).toBe(false);
  });
});
