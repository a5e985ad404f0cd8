import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import type { SecretContent } from "../../deploy/secrets/content";
import { rotateHypervisorToken } from "../../deploy/secrets/rotate";
import { openStore, type SecretStore, type StoreOptions } from "../../deploy/secrets/store";
import { issueTokenSecret } from "../../deploy/secrets/token";
import { type Fault, Secret, UserError } from "../../model";

const root = mkdtempSync(join(tmpdir(), "bastide-rotate-"));
afterAll(() => rmSync(root, { recursive: true }));
let count = 0;

const OLD = "00000000-old0-4000-8000-000000000000";
const STORAGES = ["pbs-backup", "pbs-backup-critical"];
const NODES = ["pve1", "pve2"];

/** The process is gone: nothing after this line happens. */
class Crash extends Error {}

/** Both devices, as they behave: one secret a token, a password that PVE takes unseen, and a status that tells. */
class Devices {
  secret = OLD;
  issued = 0;
  readonly passwords = new Map(STORAGES.map((storage) => [storage, OLD]));
  readonly calls: string[] = [];
  /** How many looks at the status still show the old state, as the cluster file system does. */
  lag = 0;
  tokenEnabled = true;
  refuse: string | undefined;
  /** Called before and after the effect of each step. */
  step: (name: string) => void = () => undefined;

  readonly pbs = {
    put: async (path: string, body: object = {}): Promise<unknown> => {
      expect([path, body]).toEqual(["/access/users/pve-backup%40pbs/token/pve-token", { regenerate: true }]);
      return this.#call(`PUT ${path}`, () => {
        this.secret = `00000000-new${++this.issued}-4000-8000-000000000000`;
        return { secret: this.secret };
      });
    },
  };

  readonly pve = {
    put: async (path: string, body: object = {}): Promise<unknown> =>
      this.#call(`PUT ${path}`, () => {
        expect(Object.keys(body)).toEqual(["password"]);
        this.passwords.set(path.slice("/storage/".length), (body as { password: string }).password);
        return { storage: "x", type: "pbs" };
      }),
    get: async (path: string): Promise<unknown> =>
      this.#call(`GET ${path}`, () => {
        const storage = /^\/nodes\/pve[12]\/storage\/(.+)\/status$/.exec(path)?.[1] ?? "";
        const active = this.passwords.get(storage) === this.secret && this.lag-- <= 0;
        return active ? { active: 1, enabled: 1 } : { enabled: 1 };
      }),
  };

  readonly prove = async (secret: Secret): Promise<boolean> =>
    this.#call("prove", () => this.tokenEnabled && secret.reveal() === this.secret);

  #call<Result>(name: string, effect: () => Result): Result {
    this.step(name);
    if (this.refuse !== undefined && name.startsWith(this.refuse)) {
      throw new UserError({ where: name, what: "refuses the connection", repair: "start it" });
    }
    this.calls.push(name);
    const result = effect();
    this.step(name);
    return result;
  }
}

async function newStore(): Promise<StoreOptions> {
  const folder = join(root, String(count++));
  mkdirSync(folder);
  const key = await generateX25519Identity();
  const identity = { keys: [Secret.of(key)], recipient: await identityToRecipient(key), origin: "test" };
  const options = { file: join(folder, "secrets.age"), identity, site: "ecosolar", environment: "production" };
  await (await openStore(options)).set("pve-token", Secret.of(OLD));
  return options;
}

/** One run of the command: a process that knows nothing but what is on the disk. */
async function rotate(options: StoreOptions, devices: Devices, change: (store: SecretStore) => SecretStore = (store) => store) {
  await rotateHypervisorToken({
    pbs: devices.pbs,
    pve: devices.pve,
    store: change(await openStore(options)),
    secretName: "pve-token",
    token: { user: "pve-backup@pbs", name: "pve-token" },
    storages: STORAGES,
    nodes: NODES,
    prove: devices.prove,
    pause: async () => undefined,
  });
}

async function faultsOf(work: Promise<unknown>): Promise<readonly Fault[]> {
  try {
    await work;
  } catch (error) {
    if (error instanceof UserError) return error.faults;
    throw error;
  }
  return [];
}

async function expectDone(options: StoreOptions, devices: Devices): Promise<void> {
  const store = await openStore(options);
  expect(store.rotation("pve-token")).toBeUndefined();
  expect(store.values().map((secret) => secret.reveal())).toEqual([devices.secret]);
  expect([...devices.passwords.values()]).toEqual([devices.secret, devices.secret]);
}

const UNFINISHED = expect.objectContaining({
  what: "the change of this secret is begun and not finished",
  repair: expect.stringContaining("./bastide secrets rotate ecosolar --env production pve-token"),
});

describe("the rotation of the hypervisor's token", () => {
  test("changes both devices, proves every storage on every node, and only then forgets the old secret", async () => {
    const options = await newStore();
    const devices = new Devices();
    await rotate(options, devices);
    expect(devices.secret).not.toBe(OLD);
    await expectDone(options, devices);
    expect(devices.calls).toEqual([
      "PUT /access/users/pve-backup%40pbs/token/pve-token",
      "prove",
      "PUT /storage/pbs-backup",
      "PUT /storage/pbs-backup-critical",
      ...NODES.flatMap((node) => STORAGES.map((storage) => `GET /nodes/${node}/storage/${storage}/status`)),
    ]);
  });

  test("waits for a node that learns the new secret later, and asks only what is not proven yet", async () => {
    const options = await newStore();
    const devices = new Devices();
    devices.lag = 3;
    await rotate(options, devices);
    await expectDone(options, devices);
    expect(devices.calls.filter((call) => call.startsWith("GET"))).toHaveLength(4 + 3);
  });

  test("keeps the old secret and names every storage that stays inactive; the next call hands over the same secret", async () => {
    const options = await newStore();
    const devices = new Devices();
    devices.lag = 1000;
    const faults = await faultsOf(rotate(options, devices));
    expect(faults).toHaveLength(5);
    expect(faults.map((fault) => fault.where).slice(0, 4)).toEqual([
      "hypervisor pve1, storage pbs-backup",
      "hypervisor pve1, storage pbs-backup-critical",
      "hypervisor pve2, storage pbs-backup",
      "hypervisor pve2, storage pbs-backup-critical",
    ]);
    expect(faults[4]).toEqual(UNFINISHED);
    expect(devices.calls.filter((call) => call.startsWith("GET"))).toHaveLength(10 * 4);
    const store = await openStore(options);
    expect(store.rotation("pve-token")).toBe("handing-over");
    expect(store.list()).toEqual([expect.objectContaining({ name: "pve-token", rotation: "handing-over" })]);
    expect(store.values().map((secret) => secret.reveal())).toEqual([devices.secret, OLD]);

    devices.lag = 0;
    await rotate(options, devices);
    expect(devices.issued).toBe(1);
    await expectDone(options, devices);
  });

  test("makes another secret when somebody else has changed it in between", async () => {
    const options = await newStore();
    const devices = new Devices();
    devices.lag = 1000;
    await faultsOf(rotate(options, devices));
    devices.secret = "changed by hand";
    await faultsOf(rotate(options, devices));
    expect(devices.issued).toBe(2);
    // Beside the newest one stands the last that was seen to work, not one that never was.
    const values = (await openStore(options)).values().map((secret) => secret.reveal());
    expect(values).toEqual([devices.secret, OLD]);
    devices.lag = 0;
    await rotate(options, devices);
    expect(devices.issued).toBe(2);
    await expectDone(options, devices);
  });

  test("does not touch the hypervisor when the new secret is not accepted", async () => {
    const options = await newStore();
    const devices = new Devices();
    devices.tokenEnabled = false;
    const faults = await faultsOf(rotate(options, devices));
    expect(faults.map((fault) => fault.what)).toEqual([
      "is not let in with the secret that the server has just made for it",
      "the change of this secret is begun and not finished",
    ]);
    expect(devices.calls.filter((call) => call.startsWith("PUT /storage"))).toEqual([]);
    devices.tokenEnabled = true;
    await rotate(options, devices);
    await expectDone(options, devices);
  });

  test.each(["PUT /access", "prove", "PUT /storage", "GET /nodes"])(
    "tells that it is not finished when %s fails",
    async (call) => {
      const options = await newStore();
      const devices = new Devices();
      devices.refuse = call;
      expect(await faultsOf(rotate(options, devices))).toEqual([
        expect.objectContaining({ what: "refuses the connection" }),
        UNFINISHED,
      ]);
      devices.refuse = undefined;
      await rotate(options, devices);
      // A secret that was made is in the store before anything else is tried, so it is not made again.
      expect(devices.issued).toBe(1);
      await expectDone(options, devices);
    },
  );

  test("gives the first secret to a token whose secret nobody has kept", async () => {
    const options = await newStore();
    await (await openStore(options)).remove("pve-token");
    const devices = new Devices();
    await rotate(options, devices);
    await expectDone(options, devices);
  });

  test("is refused while another one runs", async () => {
    const options = await newStore();
    const devices = new Devices();
    let second: Promise<readonly Fault[]> | undefined;
    devices.step = () => {
      second ??= faultsOf(rotate(options, new Devices()));
    };
    await rotate(options, devices);
    expect(await second).toEqual([expect.objectContaining({ what: "another process is changing it" })]);
    await expectDone(options, devices);
  });

  test("never sends or shows a secret in an error", async () => {
    const options = await newStore();
    const devices = new Devices();
    devices.lag = 1000;
    const shown = JSON.stringify(await faultsOf(rotate(options, devices)));
    expect(shown).not.toContain(OLD);
    expect(shown).not.toContain(devices.secret);
  });
});

describe("a crash in the middle of a rotation", () => {
  /** Counts the moments before and after every call to a device and every write of the store, and dies at one of them. */
  function dyingAt(moment: number) {
    let passed = 0;
    const step = () => {
      if (passed++ === moment) throw new Crash();
    };
    const watched = (store: SecretStore): SecretStore => {
      const update = store.update.bind(store);
      store.update = async <Result>(change: (content: SecretContent) => Result): Promise<Result> => {
        step();
        const result = await update(change);
        step();
        return result;
      };
      return store;
    };
    return { step, watched, passed: () => passed };
  }

  async function crashed(moment: number, options: StoreOptions, devices: Devices): Promise<boolean> {
    const { step, watched } = dyingAt(moment);
    devices.step = step;
    try {
      await rotate(options, devices, watched);
      return false;
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      return true;
    } finally {
      devices.step = () => undefined;
    }
  }

  test("at any moment is followed by the same command, and ends as if there was none", async () => {
    let moment = 0;
    for (; ; moment++) {
      const options = await newStore();
      const devices = new Devices();
      if (!(await crashed(moment, options, devices))) break;
      const between = await openStore(options);
      // While the old secret may be dead the store says so, or the new one is already in use everywhere.
      if (devices.secret !== OLD && between.rotation("pve-token") === undefined) await expectDone(options, devices);
      await rotate(options, devices);
      await expectDone(options, devices);
    }
    // Four writes of the store, the first look at it included, and eight calls, before and after each.
    expect(moment).toBe(2 * (4 + 8));
  });

  test("and another one in the repetition too", async () => {
    for (const moment of [4, 9]) {
      for (const again of [3, 8, 14]) {
        const options = await newStore();
        const devices = new Devices();
        await crashed(moment, options, devices);
        await crashed(again, options, devices);
        await rotate(options, devices);
        await expectDone(options, devices);
      }
    }
  });
});

describe("a new secret for a token", () => {
  test("is taken from the answer, or the answer is named as strange without being quoted", async () => {
    const token = { user: "pve-backup@pbs", name: "pve-token" };
    const pbs = (answer: unknown) => ({ put: async () => answer });
    expect((await issueTokenSecret(pbs({ secret: "new" }), token)).reveal()).toBe("new");
    for (const strange of [null, {}, { secret: "" }, { value: "hidden" }]) {
      const faults = await faultsOf(issueTokenSecret(pbs(strange), token));
      expect(faults).toHaveLength(1);
      expect(JSON.stringify(faults)).not.toContain("hidden");
    }
  });
});
