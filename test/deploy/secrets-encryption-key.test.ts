import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import {
  ensureEncryptionKey,
  escrowEncryptionKey,
  generateEncryptionKey,
  parseEncryptionKey,
  shortFingerprint,
} from "../../deploy/secrets/encryption-key";
import { openStore } from "../../deploy/secrets/store";
import { Secret, UserError } from "../../model";

/** Public test keys, and the fingerprints that a real PBS 4.2.3 wrote into the snapshots encrypted with them. */
const RECORDED = [
  {
    data: "OhQLhDs50UogDpDOUwsY8X77wcuN9T8x2MVA/oU/Dsw=",
    fingerprint: "5f:69:db:09:d7:2a:25:bf:24:36:10:ec:12:96:f1:cb:c1:1a:65:9b:d2:f0:c4:81:f6:3a:fd:1f:ba:39:d0:a0",
  },
  {
    data: "szE+nAe4Nr126LojA4ec9FkZhqDjXfW2Kw3MDzWcS44=",
    fingerprint: "5e:86:74:62:1f:5a:80:41:5e:76:56:8b:d6:20:c0:18:48:0e:c8:b5:fa:12:f5:23:39:91:36:d0:ce:90:da:7d",
  },
];
const TIME = "2026-11-21T10:00:00+01:00";
const file = (changes: object = {}) =>
  Secret.of(JSON.stringify({ kdf: null, created: TIME, modified: TIME, data: RECORDED[0]?.data, ...changes }));

function faultsOf(work: () => unknown) {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return error.faults;
    throw error;
  }
  return [];
}

describe("fingerprint of an encryption key", () => {
  test.each(RECORDED)("is the one that the real product recorded ($fingerprint)", ({ data, fingerprint }) => {
    expect(parseEncryptionKey(file({ data }), "key").fingerprint).toBe(fingerprint);
  });

  const shared = join(__dirname, "../../../shared");
  // The recorded answers lie beside the repository and are absent in a clone without them.
  (existsSync(shared) ? test : test.skip)("stands in the recorded traffic and in the key of the sample datastore", () => {
    const content = readFileSync(join(shared, "traces/backup-content.jsonl"), "utf8");
    const requests = readFileSync(join(shared, "traces/pve-9.1.8.jsonl"), "utf8");
    expect(requests).toContain(RECORDED[0]?.data);
    expect(content).toContain(`"fingerprint":"${RECORDED[0]?.fingerprint}"`);
    const sample = readFileSync(join(shared, "samples/pbs-datastore-4.2.3.key.json"), "utf8");
    expect(parseEncryptionKey(Secret.of(sample), "sample").fingerprint).toBe(RECORDED[1]?.fingerprint);
  });

  test("changes with every bit of the key", () => {
    const other = parseEncryptionKey(file({ data: "OhQLhDs50UogDpDOUwsY8X77wcuN9T8x2MVA/oU/Ds0=" }), "key");
    expect(other.fingerprint).not.toBe(RECORDED[0]?.fingerprint);
  });
});

describe("a new key", () => {
  const now = new Date("2026-11-21T12:34:56.789Z");

  test("is a key file as proxmox-backup-client writes it, with its fingerprint", () => {
    const key = generateEncryptionKey(now);
    const written = JSON.parse(key.file.reveal()) as Record<string, unknown>;
    expect(written).toEqual({
      kdf: null,
      created: "2026-11-21T12:34:56Z",
      modified: "2026-11-21T12:34:56Z",
      data: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
      fingerprint: key.fingerprint,
    });
    expect(Object.keys(written)).toEqual(["kdf", "created", "modified", "data", "fingerprint"]);
    expect(parseEncryptionKey(key.file, "key").fingerprint).toBe(key.fingerprint);
  });

  test("is another one each time", () => {
    expect(generateEncryptionKey(now).fingerprint).not.toBe(generateEncryptionKey(now).fingerprint);
  });
});

describe("a given key", () => {
  test("gets its fingerprint where it has none, because PVE would show it as 1", () => {
    expect(JSON.parse(parseEncryptionKey(file(), "key").file.reveal())).toMatchObject({
      created: TIME,
      fingerprint: RECORDED[0]?.fingerprint,
    });
  });

  test("is read from a printed page, with its fingerprint in upper case and a hint", () => {
    const pretty = JSON.stringify(
      JSON.parse(file({ fingerprint: RECORDED[0]?.fingerprint.toUpperCase(), hint: "coffre" }).reveal()),
      null,
      2,
    );
    const page = `Client : X\n-----BEGIN PROXMOX BACKUP KEY-----\n${pretty}\n-----END PROXMOX BACKUP KEY-----\n█▀▄`;
    const key = parseEncryptionKey(Secret.of(page), "page");
    expect(key.fingerprint).toBe(RECORDED[0]?.fingerprint);
    expect(JSON.parse(key.file.reveal())).toMatchObject({ hint: "coffre" });
  });

  test("with the fingerprint of another key is refused, with both named", () => {
    const [fault] = faultsOf(() => parseEncryptionKey(file({ fingerprint: RECORDED[1]?.fingerprint }), "key.json"));
    expect(fault?.where).toBe("key.json fingerprint");
    expect(fault?.what).toContain(RECORDED[0]?.fingerprint);
    expect(fault?.what).toContain(RECORDED[1]?.fingerprint);
  });

  test("that is one byte too short or too long, or no canonical base64, is refused", () => {
    const data = (bytes: number) => Buffer.alloc(bytes, 7).toString("base64");
    expect(faultsOf(() => parseEncryptionKey(file({ data: data(32) }), "key"))).toEqual([]);
    for (const bad of [data(31), data(33), "", `${data(32)}\n`, data(32).replace("=", ""), `*${data(32).slice(1)}`]) {
      expect(faultsOf(() => parseEncryptionKey(file({ data: bad }), "key"))).toEqual([
        expect.objectContaining({ where: "key data" }),
      ]);
    }
  });

  test("with a password is refused, because Proxmox VE backs up unattended", () => {
    const kdf = { Scrypt: { n: 65536, r: 8, p: 1, salt: "AAAA" } };
    expect(faultsOf(() => parseEncryptionKey(file({ kdf }), "key"))).toEqual([expect.objectContaining({ where: "key kdf" })]);
  });

  test.each(["", "{", "null", "[]", '"text"', '{"kdf":null}', file({ created: "2026-11-21T10:00:00.123Z" }).reveal()])(
    "that is no key file is refused without quoting it: %j",
    (text) => {
      const faults = faultsOf(() => parseEncryptionKey(Secret.of(text), "key"));
      expect(faults).toEqual([expect.objectContaining({ what: "is no key file of proxmox-backup-client" })]);
    },
  );

  test("never shows the key in a fault", () => {
    const value = RECORDED[0]?.data ?? "";
    for (const bad of [`{"data":"${value}"`, `{"data":"${value}","kdf":1,"created":"${TIME}","modified":"${TIME}"}`]) {
      const faults = faultsOf(() => parseEncryptionKey(Secret.of(bad), "key"));
      expect(faults).toHaveLength(1);
      expect(JSON.stringify(faults)).not.toContain(value.slice(0, 8));
    }
  });
});

describe("the escrowed key of a site", () => {
  const folder = mkdtempSync(join(tmpdir(), "bastide-key-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  async function store(name: string) {
    const key = await generateX25519Identity();
    const identity = { keys: [Secret.of(key)], recipient: await identityToRecipient(key), origin: "test" };
    const options = { file: join(folder, `${name}.age`), identity, site: "ecosolar", environment: "lab" };
    return { open: () => openStore(options) };
  }

  test("is made once, also when two commands ask at the same time", async () => {
    const { open } = await store("once");
    const [one, two] = await Promise.all([open(), open()]);
    const keys = await Promise.all([ensureEncryptionKey(one, "encryption-key"), ensureEncryptionKey(two, "encryption-key")]);
    const later = await ensureEncryptionKey(await open(), "encryption-key");
    expect(new Set([...keys, later].map((key) => key.fingerprint)).size).toBe(1);
  });

  test("that another one replaces is kept, also when somebody else had set it in between", async () => {
    const { open } = await store("replaced");
    const stale = await open();
    const first = generateEncryptionKey();
    await escrowEncryptionKey(await open(), "encryption-key", first);
    const second = generateEncryptionKey();
    await escrowEncryptionKey(stale, "encryption-key", second);
    await escrowEncryptionKey(stale, "encryption-key", second);

    const now = await open();
    expect(now.require("encryption-key").reveal()).toBe(second.file.reveal());
    expect(now.require(`encryption-key.${shortFingerprint(first.fingerprint)}`).reveal()).toBe(first.file.reveal());
    expect(now.list()).toHaveLength(2);
  });
});
