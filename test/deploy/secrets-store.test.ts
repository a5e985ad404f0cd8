import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { armor, Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import type { AgeIdentity } from "../../deploy/secrets/identity";
import { openStore, type StoreOptions } from "../../deploy/secrets/store";
import { type Fault, Secret, UserError } from "../../model";

const root = mkdtempSync(join(tmpdir(), "bastide-store-"));
afterAll(() => rmSync(root, { recursive: true }));
let count = 0;

async function newIdentity(): Promise<AgeIdentity> {
  const key = await generateX25519Identity();
  return { keys: [Secret.of(key)], recipient: await identityToRecipient(key), origin: "test.key" };
}

/** A store in a folder of its own. */
async function newPlace(): Promise<StoreOptions> {
  const folder = join(root, String(count++));
  mkdirSync(folder);
  return {
    file: join(folder, "secrets.production.age"),
    identity: await newIdentity(),
    site: "ecosolar",
    environment: "production",
  };
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

const TOKEN = "7f3c2b1a-0000-4000-8000-d15ea5edbeef";

describe("a secret store", () => {
  test("gives back after the next opening what was set, and makes its folder", async () => {
    const place = await newPlace();
    const deep = { ...place, file: join(place.file, "..", "new", "secrets.age") };
    const store = await openStore(deep);
    expect(store.list()).toEqual([]);
    await store.set("pve-token", Secret.of(TOKEN));
    await store.set("smtp", Secret.of('é"\\\n€😀'));
    expect(store.get("pve-token")?.reveal()).toBe(TOKEN);

    const again = await openStore(deep);
    expect(again.require("pve-token").reveal()).toBe(TOKEN);
    expect(again.get("smtp")?.reveal()).toBe('é"\\\n€😀');
    expect(again.get("other")).toBeUndefined();
  });

  test("is a text that shows neither names nor values, for its owner only, and so is the previous version", async () => {
    const place = await newPlace();
    const store = await openStore(place);
    await store.set("pve-token", Secret.of(TOKEN));
    await store.set("other", Secret.of("value of another"));
    for (const file of [place.file, `${place.file}.bak`]) {
      const text = readFileSync(file, "utf8");
      expect(text).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n[A-Za-z0-9+/=\n]+-----END AGE ENCRYPTED FILE-----\n$/);
      for (const hidden of ["pve-token", TOKEN, Buffer.from(TOKEN).toString("base64").slice(2, 20)])
        expect(text).not.toContain(hidden);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
    expect(readdirSync(join(place.file, "..")).sort()).toEqual(["secrets.production.age", "secrets.production.age.bak"]);
  });

  test("keeps the version before the last change, encrypted, which can be put in its place", async () => {
    const place = await newPlace();
    const store = await openStore(place);
    await store.set("pve-token", Secret.of("first value"));
    await store.set("pve-token", Secret.of("second value"));
    writeFileSync(place.file, readFileSync(`${place.file}.bak`));
    expect((await openStore(place)).require("pve-token").reveal()).toBe("first value");
  });

  test("lists names and dates in order, and shows no value wherever it is printed", async () => {
    const place = await newPlace();
    const store = await openStore(place);
    const before = new Date().toISOString();
    await store.set("b", Secret.of(TOKEN));
    await store.set("a", Secret.of(TOKEN));
    expect(store.list().map((info) => Object.keys(info))).toEqual([
      ["name", "created"],
      ["name", "created"],
    ]);
    expect(store.list().map((info) => info.name)).toEqual(["a", "b"]);
    expect(store.list()[0]?.created.localeCompare(before)).not.toBe(-1);
    for (const shown of [inspect(store, { depth: 9, showHidden: true }), JSON.stringify(store), String(store.get("a"))]) {
      expect(shown).not.toContain(TOKEN);
    }
  });

  test("removes, and says whether there was something", async () => {
    const place = await newPlace();
    const store = await openStore(place);
    await store.set("a", Secret.of("value"));
    expect(await store.remove("a")).toBe(true);
    expect(await store.remove("a")).toBe(false);
    expect((await openStore(place)).list()).toEqual([]);
  });

  test("writes nothing where nothing changes, so that a repository shows no change", async () => {
    const place = await newPlace();
    const store = await openStore(place);
    await store.set("a", Secret.of("value"));
    const text = readFileSync(place.file, "utf8");
    await store.remove("b");
    await store.setIfMissing("a", () => Secret.of("other"));
    expect(readFileSync(place.file, "utf8")).toBe(text);
    await store.reseal();
    expect(readFileSync(place.file, "utf8")).not.toBe(text);
  });

  test("undoes a change that fails half way", async () => {
    const place = await newPlace();
    const store = await openStore(place);
    await store.set("a", Secret.of("value"));
    await expect(
      store.update((content) => {
        content.remove("a");
        throw new Error("bug");
      }),
    ).rejects.toThrow("bug");
    expect(store.get("a")?.reveal()).toBe("value");
    expect((await openStore(place)).get("a")?.reveal()).toBe("value");
  });

  test("that is a symbolic link stays one", async () => {
    const place = await newPlace();
    const store = await openStore(place);
    await store.set("a", Secret.of("value"));
    const link = `${place.file}.link`;
    symlinkSync(place.file, link);
    await (await openStore({ ...place, file: link })).set("b", Secret.of("value"));
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect((await openStore(place)).list()).toHaveLength(2);
  });
});

describe("a secret that is not there", () => {
  test("is named with the command that sets it", async () => {
    const store = await openStore(await newPlace());
    await store.set("pve-token", Secret.of(TOKEN));
    expect(() => store.require("pve-tokn")).toThrow(UserError);
    const faults = await faultsOf((async () => store.require("pve-tokn"))());
    expect(faults).toEqual([
      {
        where: store.file,
        what: 'no secret "pve-tokn"; there is "pve-token"',
        repair: "store it: ./bastide secrets set ecosolar --env production pve-tokn",
      },
    ]);
    expect((await faultsOf((async () => store.require("smtp"))())).at(0)?.what).toBe('no secret "smtp"');
  });
});

describe("a name or value that cannot be kept", () => {
  const name64 = "n".repeat(64);
  test.each(["a", "pve-token", "pve-token@pbs.2", "root@pam!deploy", "A_b", name64])("takes the name %s", async (name) => {
    const place = await newPlace();
    await (await openStore(place)).set(name, Secret.of("value"));
    expect((await openStore(place)).get(name)?.reveal()).toBe("value");
  });

  test.each(["", "__proto__", "-a", ".a", "a b", "a/b", "a\n", "é", `${name64}n`])("refuses the name %j", async (name) => {
    const place = await newPlace();
    const store = await openStore(place);
    expect(await faultsOf(store.set(name, Secret.of("value")))).toEqual([
      expect.objectContaining({ what: "is no name for a secret" }),
    ]);
    expect(readdirSync(join(place.file, ".."))).toEqual([]);
  });

  test("refuses an empty value and takes one of one character", async () => {
    const store = await openStore(await newPlace());
    expect(await faultsOf(store.set("a", Secret.of("")))).toEqual([expect.objectContaining({ what: "its value is empty" })]);
    await store.set("a", Secret.of("x"));
    expect(store.get("a")?.reveal()).toBe("x");
  });
});

describe("a file that cannot be opened", () => {
  async function filled() {
    const place = await newPlace();
    const store = await openStore(place);
    await store.set("pve-token", Secret.of("previous"));
    await store.set("pve-token", Secret.of(TOKEN));
    return { place, store, text: readFileSync(place.file, "utf8") };
  }

  test("with another person's key, says whose key is missing", async () => {
    const { place } = await filled();
    const other = await newIdentity();
    const [fault] = await faultsOf(openStore({ ...place, identity: other }));
    expect(fault?.what).toBe("the key from test.key does not open it");
    expect(fault?.why).toContain(other.recipient);
    expect(JSON.stringify(fault)).not.toContain("AGE-SECRET-KEY");
  });

  test("with several keys, opens with any of them", async () => {
    const { place } = await filled();
    const other = await newIdentity();
    const identity = { ...other, keys: [...other.keys, ...place.identity.keys] };
    expect((await openStore({ ...place, identity })).require("pve-token").reveal()).toBe(TOKEN);
  });

  test("cut off at any place, says so, and nothing overwrites it or its previous version", async () => {
    const { place, store, text } = await filled();
    const previous = readFileSync(`${place.file}.bak`, "utf8");
    for (let length = 0; length < text.length - 1; length += 37) {
      writeFileSync(place.file, text.slice(0, length));
      const [fault] = await faultsOf(openStore(place));
      expect(fault).toMatchObject({ where: place.file, what: "is cut off or damaged" });
      expect(fault?.repair).toContain(`cp '${place.file}.bak' '${place.file}'`);
      expect(await faultsOf(store.set("b", Secret.of("value")))).toHaveLength(1);
      expect(readFileSync(place.file, "utf8")).toBe(text.slice(0, length));
      expect(readFileSync(`${place.file}.bak`, "utf8")).toBe(previous);
    }
  });

  test("with one changed character anywhere, says so", async () => {
    const { place, text } = await filled();
    const lines = text.split("\n");
    for (let line = 1; line < lines.length - 2; line++) {
      const changed = [...lines];
      changed[line] = `${lines[line]?.startsWith("A") ? "B" : "A"}${lines[line]?.slice(1)}`;
      writeFileSync(place.file, changed.join("\n"));
      expect(await faultsOf(openStore(place))).toHaveLength(1);
    }
  });

  test("with Windows line ends opens all the same", async () => {
    const { place, text } = await filled();
    writeFileSync(place.file, text.replaceAll("\n", "\r\n"));
    expect((await openStore(place)).require("pve-token").reveal()).toBe(TOKEN);
  });

  test("after a merge that is not finished, says to take one side", async () => {
    const { place, text } = await filled();
    writeFileSync(place.file, `<<<<<<< HEAD\n${text}=======\n${text}>>>>>>> branch\n`);
    expect(await faultsOf(openStore(place))).toEqual([
      expect.objectContaining({ what: "holds two versions of an unfinished merge" }),
    ]);
  });

  test.each([
    "not json",
    "[]",
    "null",
    '{"a":"text"}',
    '{"a":{"value":"geheimnis"}}',
    '{"a":{"value":"x","created":"x","more":1}}',
  ])("holding %s, says so without quoting it", async (content) => {
    const place = await newPlace();
    const encrypter = new Encrypter();
    encrypter.addRecipient(place.identity.recipient);
    writeFileSync(place.file, armor.encode(await encrypter.encrypt(content)));
    const faults = await faultsOf(openStore(place));
    expect(faults).toEqual([expect.objectContaining({ what: "what it holds is no list of secrets" })]);
    expect(JSON.stringify(faults)).not.toContain("geheimnis");
  });

  test("that is gone while its previous version is there, does not begin from nothing", async () => {
    const { place } = await filled();
    rmSync(place.file);
    const [fault] = await faultsOf(openStore(place));
    expect(fault?.what).toBe("is gone, but its previous version is there");
    rmSync(`${place.file}.bak`);
    expect((await openStore(place)).list()).toEqual([]);
  });

  test("because a folder stands there, says so", async () => {
    const place = await newPlace();
    mkdirSync(place.file);
    expect(await faultsOf(openStore(place))).toEqual([expect.objectContaining({ what: "a folder stands in its place" })]);
  });
});

describe("the list of recipients", () => {
  async function team() {
    const place = await newPlace();
    const colleague = await newIdentity();
    const list = join(place.file, "..", "recipients");
    return { place, colleague, list, others: { ...place, identity: colleague } };
  }

  test("lets a colleague read from the next write on", async () => {
    const { place, colleague, list, others } = await team();
    const store = await openStore(place);
    await store.set("pve-token", Secret.of(TOKEN));
    writeFileSync(list, `# équipe\n${place.identity.recipient}\n\n ${colleague.recipient} \n`);
    expect(await faultsOf(openStore(others))).toHaveLength(1);
    await store.reseal();
    const theirs = await openStore(others);
    expect(theirs.require("pve-token").reveal()).toBe(TOKEN);
    await theirs.set("smtp", Secret.of("value"));
    expect((await openStore(place)).get("smtp")?.reveal()).toBe("value");
  });

  test("takes the right away from who is struck off", async () => {
    const { place, colleague, list, others } = await team();
    writeFileSync(list, `${place.identity.recipient}\n${colleague.recipient}\n`);
    const store = await openStore(place);
    await store.set("a", Secret.of("value"));
    expect(await faultsOf(openStore(others))).toEqual([]);
    writeFileSync(list, `${place.identity.recipient}\n`);
    await store.set("a", Secret.of("changed"));
    expect(await faultsOf(openStore(others))).toHaveLength(1);
  });

  test("without the writer's own key is refused before anything is written", async () => {
    const { place, colleague, list } = await team();
    const store = await openStore(place);
    await store.set("a", Secret.of("value"));
    const text = readFileSync(place.file, "utf8");
    writeFileSync(list, `${colleague.recipient}\n`);
    const [fault] = await faultsOf(store.set("a", Secret.of("changed")));
    expect(fault?.what).toBe("does not name the key from test.key");
    expect(fault?.repair).toContain(place.identity.recipient);
    expect(readFileSync(place.file, "utf8")).toBe(text);
    expect(store.get("a")?.reveal()).toBe("value");
  });

  test("with wrong lines names all of them, and shows no private key", async () => {
    const { place, list } = await team();
    const key = place.identity.keys[0]?.reveal() ?? "";
    writeFileSync(list, `${place.identity.recipient}\nage1wrong\n${key}\n`);
    const faults = await faultsOf((await openStore(place)).set("a", Secret.of("value")));
    expect(faults.map((fault) => [fault.where, fault.what])).toEqual([
      [`${list} line 2`, "is no age recipient"],
      [`${list} line 3`, "holds a private key, in a file that is not secret"],
    ]);
    expect(JSON.stringify(faults)).not.toContain(key);
  });
});

describe("a folder that may not be written", () => {
  /** Root may write everywhere, so it becomes somebody else for the time of the test. */
  async function asNobody<Result>(work: () => Promise<Result>): Promise<Result> {
    if (process.getuid?.() !== 0) return work();
    process.seteuid?.(65534);
    try {
      return await work();
    } finally {
      process.seteuid?.(0);
    }
  }

  test("is named, and nothing is lost", async () => {
    const place = await newPlace();
    const folder = join(place.file, "..");
    await (await openStore(place)).set("a", Secret.of("value"));
    chmodSync(root, 0o755);
    chmodSync(place.file, 0o644);
    chmodSync(folder, 0o555);
    const faults = await asNobody(async () => {
      const store = await openStore(place);
      expect(store.get("a")?.reveal()).toBe("value");
      return faultsOf(store.set("a", Secret.of("changed")));
    });
    chmodSync(folder, 0o755);
    expect(faults).toEqual([expect.objectContaining({ where: place.file, what: "access is refused" })]);
    expect((await openStore(place)).get("a")?.reveal()).toBe("value");
    expect(readdirSync(folder)).toEqual(["secrets.production.age"]);
  });

  test("nor read, is named at the opening", async () => {
    const place = await newPlace();
    await (await openStore(place)).set("a", Secret.of("value"));
    chmodSync(place.file, 0o000);
    expect(await asNobody(() => faultsOf(openStore(place)))).toEqual([expect.objectContaining({ what: "access is refused" })]);
  });
});
