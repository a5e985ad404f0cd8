import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { exclusively } from "../../deploy/secrets/exclusive";
import { loadIdentity } from "../../deploy/secrets/identity";
import { openStore, type SecretStore } from "../../deploy/secrets/store";
import { type Fault, Secret, UserError } from "../../model";

const root = mkdtempSync(join(__dirname, "../../node_modules/.secrets-test-"));
const program = join(root, "writer.mjs");
let count = 0;

beforeAll(() => {
  buildSync({
    entryPoints: [join(__dirname, "secrets-writer.ts")],
    outfile: program,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    logLevel: "silent",
  });
});
afterAll(() => rmSync(root, { recursive: true }));

function newPlace() {
  const folder = join(root, String(count++));
  mkdirSync(folder);
  return { folder, file: join(folder, "secrets.age"), keyFile: join(folder, "age.key") };
}

type Place = ReturnType<typeof newPlace>;

async function open(place: Place, lockWaitMs = 15_000): Promise<SecretStore> {
  const identity = await loadIdentity({ env: {}, defaultFile: place.keyFile, createIfMissing: true });
  return openStore({ file: place.file, identity, site: "ecosolar", environment: "lab", lockWaitMs });
}

const writer = ({ file, keyFile }: Place, ...rest: string[]): ChildProcess =>
  spawn(process.execPath, [program, file, keyFile, ...rest], { stdio: ["ignore", "pipe", "inherit"] });

async function ended(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = "";
  child.stdout?.on("data", (chunk) => {
    output += String(chunk);
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, output };
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

describe("several processes at once", () => {
  test("agree on one key and lose no secret of each other", async () => {
    const place = newPlace();
    const writers = ["a", "b", "c"].map((prefix) => ended(writer(place, prefix, "4")));
    for (const { code, output } of await Promise.all(writers))
      expect({ code, output }).toEqual({ code: 0, output: "open\n0\n1\n2\n3\n" });
    expect((await open(place)).list()).toHaveLength(12);
    expect(readdirSync(place.folder).sort()).toEqual(["age.key", "secrets.age", "secrets.age.bak"]);
  }, 30_000);

  test("wait for each other, and are refused when it takes too long", async () => {
    const place = newPlace();
    const store = await open(place, 200);
    await store.set("a", Secret.of("value"));
    mkdirSync(`${place.file}.lock`);
    const before = Date.now();
    expect(await faultsOf(store.set("a", Secret.of("changed")))).toEqual([
      expect.objectContaining({ where: place.file, what: "another process is changing it" }),
    ]);
    expect(Date.now() - before).toBeGreaterThanOrEqual(200);

    const waiting = (await open(place, 5_000)).set("a", Secret.of("changed"));
    setTimeout(() => rmSync(`${place.file}.lock`, { recursive: true }), 200);
    await waiting;
    expect((await open(place)).get("a")?.reveal()).toBe("changed");
  });

  test("take over the lock of one that died", async () => {
    const place = newPlace();
    mkdirSync(`${place.file}.lock`);
    passTime(place);
    await (await open(place, 200)).set("a", Secret.of("value"));
    expect((await open(place)).list()).toHaveLength(1);
  });
});

test("a process that stood still until another one took its lock over writes nothing any more", async () => {
  const place = newPlace();
  const lock = `${place.file}.lock`;
  await exclusively(place.file, 0, async (assertHeld) => {
    assertHeld();
    rmSync(lock, { recursive: true });
    mkdirSync(lock);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(assertHeld).toThrow(UserError);
  });
  expect(existsSync(lock)).toBe(true);
});

/** As if the last sign of life of a lock's owner was 11 s ago. */
function passTime(place: Place): void {
  const past = Date.now() / 1000 - 11;
  if (existsSync(`${place.file}.lock`)) utimesSync(`${place.file}.lock`, past, past);
}

describe("a process that is killed while it writes", () => {
  test("leaves every secret that it had reported, and the next command goes on", async () => {
    const place = newPlace();
    // Milliseconds after the opening, spread over the parts of a write; each round adds to what the earlier ones left.
    for (const [round, after] of [1, 4, 9, 17, 30, 44].entries()) {
      const child = writer(place, `round${round}`, "1000", "3000");
      let output = "";
      await new Promise<void>((resolve) => {
        child.stdout?.on("data", (chunk) => {
          if (output === "") setTimeout(() => child.kill("SIGKILL"), after);
          output += String(chunk);
        });
        child.on("close", () => resolve());
      });
      passTime(place);
      const store = await open(place);
      const reported = output.split("\n").slice(1, -1);
      for (const index of reported) expect(store.get(`round${round}.${index}`)?.reveal()).toHaveLength(3000);
      await store.set(`after${round}`, Secret.of("value"));
    }
    expect(readdirSync(place.folder).filter((name) => !/^(age\.key|secrets\.age(\.bak)?)$/.test(name))).toEqual([]);
  }, 30_000);
});

describe("a disk that is full in the middle of a file", () => {
  /** A limit on the size of files tears a write in the same way: what fits is written, and only the next write is refused. */
  test("leaves the secrets as they were and says what to do", async () => {
    const place = newPlace();
    const store = await open(place);
    await store.set("a", Secret.of("value"));
    const text = readFileSync(place.file, "utf8");

    const limited = spawn(
      "sh",
      ["-c", 'ulimit -f 16 && exec "$@"', "sh", process.execPath, program, place.file, place.keyFile, "big", "1", "20000"],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const { code, output } = await ended(limited);
    expect(code).toBe(1);
    expect(JSON.parse(output.split("\n")[1] ?? "")).toEqual([
      {
        where: place.file,
        what: "no room is left to write it",
        repair: "free space there, then run the same command again",
        why: "the secrets on disk are as they were before (EFBIG)",
      },
    ]);
    expect(readFileSync(place.file, "utf8")).toBe(text);
    expect(readdirSync(place.folder).filter((name) => name.endsWith(".tmp") || name.endsWith(".lock"))).toEqual([]);

    const same = await ended(writer(place, "big", "1", "20000"));
    expect(same.code).toBe(0);
    expect(statSync(place.file).size).toBeGreaterThan(20_000);
  }, 30_000);
});

test("a folder for the store that cannot be made is named", async () => {
  const place = newPlace();
  const store = await open({ ...place, file: join(place.keyFile, "secrets.age") }).catch((error: unknown) => error);
  expect(store).toBeInstanceOf(UserError);
  expect((store as UserError).faults[0]?.what).toBe("a part of its path is not a folder");
});
