import { readFileSync } from "node:fs";
import { join } from "node:path";
import { labNetwork } from "../../lab/network";
import { BackupServerStub } from "./backup-server-stub";
import { PveLab } from "./pve";

const TOKEN = "pve-backup@pbs!pve-token";

let backupServer: BackupServerStub;
let pve: PveLab;

beforeAll(async () => {
  backupServer = await BackupServerStub.start();
  backupServer.tokens[`PBSAPIToken=${TOKEN}:right`] = "may";
  backupServer.tokens["PBSAPIToken=other@pbs!t:right"] = "may-not";
});
afterAll(() => backupServer.close());
beforeEach(() => {
  backupServer.requests.length = 0;
  const closed = "127.0.0.1:1";
  pve = new PveLab({ network: labNetwork({ "10.0.0.2:8007": `127.0.0.1:${backupServer.port}`, "10.0.0.3:8007": closed }) });
});
afterEach(() => pve.remove());

const storage = (changes: Record<string, unknown> = {}) => ({
  storage: "store",
  type: "pbs",
  server: "10.0.0.2",
  datastore: "proxmox-data",
  username: TOKEN,
  password: "right",
  fingerprint: backupServer.fingerprint,
  ...changes,
});
const create = (changes?: Record<string, unknown>) => pve.call("POST", "/storage", storage(changes));
const ids = async () => (await pve.data<{ storage: string }[]>("GET", "/storage")).map((one) => one.storage);
const active = async () => (await pve.data<{ active: number }>("GET", "/nodes/pve/storage/store/status")).active;

describe("the creation of a storage calls the backup server", () => {
  const wrong = "00:".repeat(31).concat("01");
  test.each<[string, Record<string, unknown>, string]>([
    ["another certificate", { fingerprint: wrong }, "error fetching datastores - fingerprint '<FP>' not verified, abort!"],
    ["no pinned certificate", { fingerprint: undefined }, "error fetching datastores - fingerprint '<FP>' not verified, abort!"],
    ["a wrong secret", { password: "wrong" }, "error fetching datastores - 401 Unauthorized"],
    ["no right", { username: "other@pbs!t" }, "Cannot find datastore 'proxmox-data', check permissions and existence!"],
    ["no such datastore", { datastore: "none" }, "Cannot find datastore 'none', check permissions and existence!"],
    [
      "nobody there",
      { server: "10.0.0.3" },
      "error fetching datastores - 500 Can't connect to 10.0.0.3:8007 (Connection refused)",
    ],
    ["no route", { server: "10.0.0.9" }, "error fetching datastores - 500 Can't connect to 10.0.0.9:8007 (No route to host)"],
    ["another port", { port: 8008 }, "error fetching datastores - 500 Can't connect to 10.0.0.2:8008 (No route to host)"],
  ])("%s: refused, and nothing is kept", async (_, changes, words) => {
    const answer = await create(changes);
    const text = words.replace("<FP>", backupServer.fingerprint.toUpperCase());
    expect([answer.status, answer.reason]).toEqual([500, `create storage failed: store: ${text}`]);
    expect(await ids()).toEqual(["local", "vmdata"]);
    expect(readFileSync(join(pve.directory, "pve.json"), "utf8")).not.toContain('"store"');
  });

  test("sends no credential to a server with another certificate", async () => {
    await create({ fingerprint: wrong });
    expect(backupServer.requests).toEqual([]);
  });

  test("but not for a storage that is disabled or meant for other nodes", async () => {
    expect((await create({ server: "10.0.0.9", disable: 1 })).status).toBe(200);
    expect((await create({ storage: "store2", server: "10.0.0.9", nodes: "other" })).status).toBe(200);
    expect(backupServer.requests).toEqual([]);
    expect(await pve.data("GET", "/nodes/pve/storage/store/status")).toMatchObject({ enabled: 0, active: 0 });
  });

  test("and the change of one does not: a wrong secret is taken, and shows as inactive", async () => {
    await create();
    expect(await active()).toBe(1);
    backupServer.requests.length = 0;
    expect((await pve.call("PUT", "/storage/store", { password: "wrong" })).status).toBe(200);
    expect(backupServer.requests).toEqual([]);
    expect(await active()).toBe(0);
    await pve.data("PUT", "/storage/store", { password: "right" });
    expect(await active()).toBe(1);
  });
});

describe("a storage", () => {
  test("shows no secret, and of its key the fingerprint, or 1 where the key has none", async () => {
    const key = (fingerprint?: string) => JSON.stringify({ kdf: null, data: "a2V5", fingerprint });
    await create({ "encryption-key": key("aa:bb") });
    const shown = async () => pve.data<Record<string, unknown>>("GET", "/storage/store");
    expect(await shown()).toMatchObject({ "encryption-key": "aa:bb", shared: 1, content: "backup" });
    expect(Object.keys(await shown())).not.toContain("password");
    await pve.data("PUT", "/storage/store", { "encryption-key": key() });
    expect(await shown()).toMatchObject({ "encryption-key": "1" });
    for (const url of ["/storage", "/storage/store", "/cluster/resources", "/nodes/pve/storage"]) {
      const text = JSON.stringify(await pve.data("GET", url));
      expect(text).not.toContain("right");
      expect(text).not.toContain("a2V5");
    }
  });

  test("answers a change with the key that it was given", async () => {
    const file = JSON.stringify({ kdf: null, data: "a2V5" });
    expect((await create({ "encryption-key": file })).body.data).toEqual({
      type: "pbs",
      storage: "store",
      config: { "encryption-key": file },
    });
    expect(await pve.data("PUT", "/storage/store", { content: "backup" })).toEqual({ type: "pbs", storage: "store", config: {} });
  });

  test("makes a key of its own on demand, with the fingerprint that the backup client would compute", async () => {
    const { config } = (await create({ "encryption-key": "autogen" })).body.data as { config: Record<string, string> };
    const key = JSON.parse(config["encryption-key"] ?? "") as { data: string; fingerprint: string };
    expect(Buffer.from(key.data, "base64")).toHaveLength(32);
    expect(await pve.data("GET", "/storage/store")).toMatchObject({ "encryption-key": key.fingerprint });
  });

  test("takes a public key only with an encryption key", async () => {
    expect((await create({ "master-pubkey": "eA==" })).reason).toBe(
      "create storage failed: 'master-pubkey' can only be used together with 'encryption-key'",
    );
  });

  test.each([
    [{ server: "10.0.0.2" }, "can't change value of fixed parameter 'server'"],
    [{ delete: "server" }, "unable to delete required option 'server'"],
    [{ delete: "nonsense" }, "no such option 'nonsense'"],
    [{ delete: "path" }, "no such option 'path'"],
    [{ delete: "nodes", nodes: "pve" }, "cannot set and delete property 'nodes' at the same time!"],
    [{ digest: "0" }, "detected modified configuration - file changed by other user? Try again."],
    [{ content: "backup,none" }, "unable to combine 'none' with other content types"],
  ])("refuses the change %j", async (change, words) => {
    await create();
    expect((await pve.call("PUT", "/storage/store", change)).reason).toBe(`update storage failed: ${words}`);
  });

  test("loses with a setting also its secret, and with itself all of them", async () => {
    await create({ "encryption-key": JSON.stringify({ data: "a2V5" }), "prune-backups": "keep-all=1" });
    await pve.data("PUT", "/storage/store", { delete: "encryption-key,prune-backups" });
    expect(Object.keys(await pve.data<object>("GET", "/storage/store"))).not.toEqual(expect.arrayContaining(["encryption-key"]));
    expect(readFileSync(join(pve.directory, "pve.json"), "utf8")).not.toContain("a2V5");
    await pve.data("DELETE", "/storage/store");
    expect(readFileSync(join(pve.directory, "pve.json"), "utf8")).not.toContain("right");
    expect((await pve.call("DELETE", "/storage/store")).reason).toBe("delete storage failed: storage 'store' does not exist");
  });

  test("is still there after a crash, with its secret", async () => {
    await create();
    pve.restart();
    expect(await active()).toBe(1);
  });

  test("of a type that the lab does not have is refused in clear words", async () => {
    expect((await pve.call("POST", "/storage", { storage: "nas", type: "nfs", server: "10.0.0.2", export: "/x" })).reason).toBe(
      "storages of type 'nfs' are no part of the lab",
    );
  });
});

describe("scanning a backup server", () => {
  const scan = (password: string) =>
    pve.call(
      "GET",
      `/nodes/pve/scan/pbs?server=10.0.0.2&username=root@pam&password=${password}&fingerprint=${backupServer.fingerprint}`,
    );

  test("logs in with a password and lists its datastores", async () => {
    expect((await scan("password")).body.data).toMatchObject([{ store: "proxmox-data" }]);
    expect((await scan("wrong")).reason).toBe("error fetching datastores - 401 Unauthorized");
  });
});
