import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { loadIdentity } from "../../deploy/secrets/identity";
import { openSecrets, secretLocation } from "../../deploy/secrets/location";
import { type Fault, Secret, UserError } from "../../model";

const root = mkdtempSync(join(tmpdir(), "bastide-identity-"));
afterAll(() => rmSync(root, { recursive: true }));
let count = 0;

function newFolder(): string {
  const folder = join(root, String(count++));
  mkdirSync(folder);
  return folder;
}

async function keyFile(folder: string, name = "age.key") {
  const key = await generateX25519Identity();
  const file = join(folder, name);
  writeFileSync(file, `# a comment\n\n${key}\n`, { mode: 0o600 });
  return { file, key, recipient: await identityToRecipient(key) };
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

describe("the key that opens the secrets", () => {
  test("is taken from BASTIDE_AGE_KEY, else from BASTIDE_AGE_KEY_FILE, else from the default file", async () => {
    const folder = newFolder();
    const [variable, named, other] = [await keyFile(folder, "1"), await keyFile(folder, "2"), await keyFile(folder, "3")];
    const load = (env: Record<string, string>) => loadIdentity({ env, defaultFile: other.file, createIfMissing: false });
    const all = { BASTIDE_AGE_KEY: variable.key, BASTIDE_AGE_KEY_FILE: named.file };
    expect(await load(all)).toMatchObject({ recipient: variable.recipient, origin: "BASTIDE_AGE_KEY" });
    expect(await load({ ...all, BASTIDE_AGE_KEY: "" })).toMatchObject({ recipient: named.recipient, origin: named.file });
    expect(await load({})).toMatchObject({ recipient: other.recipient, origin: other.file });
    expect((await load({})).keys.map((key) => key.reveal())).toEqual([other.key]);
  });

  test("may be several, the first one of which is written with", async () => {
    const folder = newFolder();
    const [one, two] = [await keyFile(folder, "1"), await keyFile(folder, "2")];
    const identity = await loadIdentity({
      env: { BASTIDE_AGE_KEY: `${one.key}\r\n${two.key}\n` },
      defaultFile: undefined,
      createIfMissing: false,
    });
    expect(identity.recipient).toBe(one.recipient);
    expect(identity.keys).toHaveLength(2);
  });

  test("is made on first use where that is wanted, as age-keygen writes it and for its owner only", async () => {
    const file = join(newFolder(), "deep", "age.key");
    const made = await loadIdentity({ env: {}, defaultFile: file, createIfMissing: true });
    expect(readFileSync(file, "utf8")).toMatch(/^# created: .+\n# public key: (age1\w+)\nAGE-SECRET-KEY-1[0-9A-Z]+\n$/);
    expect(readFileSync(file, "utf8")).toContain(`# public key: ${made.recipient}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(file, "..")).mode & 0o777).toBe(0o700);
    expect((await loadIdentity({ env: {}, defaultFile: file, createIfMissing: true })).recipient).toBe(made.recipient);
  });

  test("is the same one for those who make it at the same time", async () => {
    const source = { env: {}, defaultFile: join(newFolder(), "age.key"), createIfMissing: true };
    const made = await Promise.all(Array.from({ length: 8 }, () => loadIdentity(source)));
    expect(new Set(made.map((identity) => identity.recipient)).size).toBe(1);
  });

  test("is not made in place of one that a variable names", async () => {
    const file = join(newFolder(), "none.key");
    const faults = await faultsOf(
      loadIdentity({ env: { BASTIDE_AGE_KEY_FILE: file }, defaultFile: join(root, "default"), createIfMissing: true }),
    );
    expect(faults).toEqual([
      expect.objectContaining({ where: file, what: "BASTIDE_AGE_KEY_FILE names a file that does not exist" }),
    ]);
    expect(existsSync(file)).toBe(false);
  });

  test("where it is missing, or there is no home, says what to set", async () => {
    const file = join(newFolder(), "age.key");
    const [missing] = await faultsOf(loadIdentity({ env: {}, defaultFile: file, createIfMissing: false }));
    expect(missing).toMatchObject({ where: file, what: "no key to open the secrets with" });
    expect(existsSync(file)).toBe(false);
    const [homeless] = await faultsOf(loadIdentity({ env: {}, defaultFile: undefined, createIfMissing: true }));
    expect(homeless?.what).toContain("no home directory");
    expect(homeless?.repair).toContain("BASTIDE_AGE_KEY_FILE");
  });

  test.each([
    ["600", 0],
    ["400", 0],
    ["640", 1],
    ["604", 1],
    ["620", 1],
  ])("with the mode %s gives %i faults, because others must not read it", async (mode, expected) => {
    const { file } = await keyFile(newFolder());
    chmodSync(file, Number.parseInt(mode, 8));
    const faults = await faultsOf(loadIdentity({ env: {}, defaultFile: file, createIfMissing: false }));
    expect(faults).toHaveLength(expected);
    for (const fault of faults) expect(fault.repair).toBe(`chmod 600 '${file}'`);
  });

  test("that is none is named with its line and never shown", async () => {
    const { key } = await keyFile(newFolder());
    const load = (text: string) =>
      faultsOf(loadIdentity({ env: { BASTIDE_AGE_KEY: text }, defaultFile: undefined, createIfMissing: false }));
    const broken = `${key.slice(0, -1)}${key.endsWith("Q") ? "P" : "Q"}`;
    const faults = await load(`${key}\n${broken}\n${key.slice(0, 40)}\npassword\n`);
    expect(faults.map((fault) => fault.where)).toEqual([2, 3, 4].map((line) => `BASTIDE_AGE_KEY line ${line}`));
    expect(JSON.stringify(faults)).not.toMatch(/AGE-SECRET-KEY-1[0-9A-Z]{4}|password/);
    expect(await load("# only a comment")).toEqual([expect.objectContaining({ what: "holds no age key" })]);
    expect(await load(await identityToRecipient(key))).toEqual([expect.objectContaining({ what: "is no age key" })]);
  });
});

describe("where the secrets are", () => {
  const where = (kind: "lab" | "live", env: Record<string, string> = { HOME: "/home/someone" }) =>
    secretLocation({ site: "ecosolar", environment: { name: "preprod", kind }, runDir: "/run/lab", sitesDir: "/sites", env });

  test("in the lab: in its run directory, with a key of its own that is made on first use", () => {
    expect(where("lab")).toEqual({
      site: "ecosolar",
      environment: "preprod",
      file: "/run/lab/secrets.age",
      keyFile: "/run/lab/age.key",
      createKey: true,
    });
  });

  test("elsewhere: beside the site, to be committed, with the key of the person", () => {
    expect(where("live")).toEqual({
      site: "ecosolar",
      environment: "preprod",
      file: "/sites/ecosolar/secrets.preprod.age",
      keyFile: "/home/someone/.config/bastide/age.key",
      createKey: false,
    });
    expect(where("live", { HOME: "" }).keyFile).toMatch(/^\/.+\/age\.key$|^undefined$/);
  });
});

describe("opening the secrets", () => {
  const lab = (runDir: string) =>
    secretLocation({ site: "ecosolar", environment: { name: "lab", kind: "lab" }, runDir, sitesDir: root, env: {} });

  test("of a lab needs nothing, and keeps the lab's own key whatever is set later", async () => {
    const runDir = newFolder();
    await (await openSecrets(lab(runDir), {})).set("a", Secret.of("value"));
    const person = await keyFile(newFolder());
    const env = { BASTIDE_AGE_KEY_FILE: person.file };
    expect((await openSecrets(lab(runDir), env)).require("a").reveal()).toBe("value");
  });

  test("of a lab takes a key that is given from the beginning", async () => {
    const runDir = newFolder();
    const person = await keyFile(newFolder());
    await (await openSecrets(lab(runDir), { BASTIDE_AGE_KEY: person.key })).set("a", Secret.of("value"));
    expect(existsSync(join(runDir, "age.key"))).toBe(false);
    // Without it, no new key is made: it would not open what is there.
    const [fault] = await faultsOf(openSecrets(lab(runDir), {}));
    expect(fault?.what).toBe("no key to open the secrets with");
    expect(existsSync(join(runDir, "age.key"))).toBe(false);
  });

  test("of a client's site never makes a key", async () => {
    const home = newFolder();
    const place = secretLocation({
      site: "ecosolar",
      environment: { name: "production", kind: "live" },
      runDir: home,
      sitesDir: root,
      env: { HOME: home },
    });
    const [fault] = await faultsOf(openSecrets(place, {}));
    expect(fault).toMatchObject({ where: join(home, ".config/bastide/age.key"), what: "no key to open the secrets with" });
    expect(existsSync(join(home, ".config"))).toBe(false);
  });
});
