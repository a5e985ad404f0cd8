import { readFileSync } from "node:fs";
import { join } from "node:path";
import { labNetwork } from "../../lab/network";
import { BackupServerStub } from "./backup-server-stub";
import { PveLab } from "./pve";
import { asText, differences, type Recorded } from "./recorded";

const read = (name: string): Recorded[] =>
  readFileSync(join(__dirname, "../fixtures/traces", name), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

const FINGERPRINT = "6c:f7:4a:c4:7e:a8:c6:5c:08:e1:f5:49:2f:63:01:a6:c0:e1:71:99:8c:07:5a:7e:56:c6:1e:87:9f:7c:70:45";
const SECRET = "00000000-0000-4000-8000-000000000000";
const TOKEN = "pve-backup@pbs!pve-token";

let backupServer: BackupServerStub;
let pve: PveLab;

beforeAll(async () => {
  backupServer = await BackupServerStub.start();
  backupServer.tokens[`PBSAPIToken=${TOKEN}:${SECRET}`] = "may";
});
afterAll(() => backupServer.close());
beforeEach(() => {
  pve = new PveLab({ timing: { taskMs: 1000 }, network: labNetwork({ "10.99.0.20:8007": `127.0.0.1:${backupServer.port}` }) });
});
afterEach(() => pve.remove());

/** The recorded request with what differs from one machine to the next. */
function here(recorded: Recorded, ids: ReadonlyMap<string, string>): Recorded {
  let text = JSON.stringify(recorded);
  for (const form of [String, encodeURIComponent]) text = text.replaceAll(form(FINGERPRINT), form(backupServer.fingerprint));
  for (const [theirs, ours] of ids) {
    text = text.replaceAll(theirs, ours).replaceAll(encodeURIComponent(theirs), encodeURIComponent(ours));
    text = text.replaceAll(theirs.replace("!", "%21"), ours.replace("!", "%21"));
  }
  return JSON.parse(text.replaceAll("root@pam!deploy", "root@pam!bastide"));
}

/** Replays recorded calls in their order. @param before what was done outside of the record before a line */
async function replay(
  lines: readonly Recorded[],
  before: Readonly<Record<number, () => Promise<unknown>>> = {},
): Promise<string[]> {
  const ids = new Map<string, string>();
  const found: string[] = [];
  for (const [index, line] of lines.entries()) {
    await before[index + 1]?.();
    const recorded = here(line, ids);
    const answer = await pve.call(recorded.method, recorded.url, recorded.request ?? undefined);
    const theirs = (line.response as { data?: unknown }).data;
    if (typeof theirs === "string" && theirs.startsWith("UPID:")) ids.set(theirs, String(answer.body.data));
    const fresh = here(line, ids);
    found.push(...differences(fresh, answer).map((difference) => `line ${index + 1} ${asText(line)}: ${difference}`));
  }
  return found;
}

const json = (method: string, url: string, body?: unknown) => () => pve.data(method, url, body);
const later = (ms: number) => async () => {
  pve.now += ms;
};
const all =
  (...steps: (() => Promise<unknown>)[]) =>
  async () => {
    for (const step of steps) await step();
  };

test("answers the recorded calls of a Proxmox VE 9.1.8 as it did", async () => {
  const supervisor = [
    json("POST", "/access/users", { comment: "supervision", enable: 1, expire: 0, userid: "sup@pve" }),
    json("POST", "/access/users/sup@pve/token/mon", { comment: "jeton" }),
    json("PUT", "/access/acl", { path: "/vms", roles: "PVEAuditor", users: "sup@pve" }),
    json("PUT", "/access/acl", { path: "/vms", roles: "PVEAuditor", tokens: "sup@pve!mon" }),
  ];
  // What was done by hand between the recorded calls, and calls that stand only once in the record though they were made twice.
  const differing = await replay(read("pve-9.1.8.jsonl"), {
    25: json("POST", "/cluster/firewall/groups", { group: "backup-flow" }),
    42: json("DELETE", "/cluster/firewall/groups/backup-flow"),
    48: json("POST", "/access/users", { userid: "backup-operator@pve" }),
    50: json("DELETE", "/access/users/backup-operator@pve"),
    56: json("DELETE", "/storage/pbs-backup"),
    60: json("POST", "/access/users/root@pam/token/tf", { privsep: 0, comment: "pbs" }),
    64: all(json("PUT", "/access/users/sup@pve", { enable: 0 }), json("DELETE", "/access/users/sup@pve/token/mon")),
    67: json("DELETE", "/access/users/sup@pve"),
    70: all(...supervisor),
    84: later(1000),
    95: later(1000),
    106: later(1000),
  });
  expect(differing).toEqual([]);
});

test("refuses the recorded wrong calls word for word", async () => {
  backupServer.tokens["PBSAPIToken=hx@pbs!t:right"] = "may";
  await pve.data("POST", "/access/users", { userid: "hx@pve" });
  const { value } = await pve.data<{ value: string }>("POST", "/access/users/hx@pve/token/mon", { privsep: 1 });
  const storage = {
    server: "10.99.0.20",
    datastore: "proxmox-data",
    username: "hx@pbs!t",
    password: "right",
    fingerprint: backupServer.fingerprint,
  };
  const filled = (text: string) =>
    text
      .replaceAll("$PBSHOST", storage.server)
      .replaceAll('"$PBSPORT"', "8007")
      .replaceAll("$PBSTOKENID", storage.username)
      .replaceAll("$PBSSECRET", storage.password)
      .replaceAll("$FP", storage.fingerprint)
      .replaceAll("$STORE", storage.datastore);
  const found: string[] = [];
  for (const [index, line] of read("pve-errors.jsonl").entries()) {
    if (index === 7) await pve.data("POST", "/storage", { storage: "hxpbs", type: "pbs", ...storage });
    if (index === 11)
      await pve.data("POST", "/cluster/backup", { id: "hxjob", storage: "hxpbs", schedule: "21:00", vmid: "101" });
    if (index === 17) {
      await pve.data("POST", "/cluster/firewall/ipset", { name: "hxset" });
      await pve.data("POST", "/cluster/firewall/ipset/hxset", { cidr: "192.168.1.1" });
      await pve.data("POST", "/cluster/firewall/groups", { group: "hxgrp" });
    }
    if (index === 21) await pve.data("DELETE", "/access/users/hx@pve/token/mon");
    const recorded = JSON.parse(filled(JSON.stringify(line))) as Recorded & { note?: string };
    const token = recorded.status === 403 ? `hx@pve!mon=${value}` : recorded.status === 401 ? "hx@pve!mon=wrong" : undefined;
    const headers = token === undefined ? {} : { authorization: `PVEAPIToken=${token}` };
    const answer = await pve.call(recorded.method, recorded.url, recorded.request ?? undefined, headers);
    found.push(...differences(recorded, answer).map((difference) => `line ${index + 1} ${asText(line)}: ${difference}`));
  }
  expect(found).toEqual([]);
});

test("answers the recorded calls about backups as it did", async () => {
  const lines = read("pve-backup-content.jsonl");
  const listed = (lines[0] as Recorded).response as { data: Record<string, unknown>[] };
  backupServer.snapshots = listed.data.map((volume) => ({
    "backup-type": "vm",
    "backup-id": "101",
    "backup-time": Number(volume.ctime),
    size: volume.size,
    comment: volume.notes,
    protected: volume.protected === 1,
    verification: volume.verification,
    fingerprint: volume.encrypted,
  }));
  const pbs = { type: "pbs", server: "10.99.0.20", datastore: "proxmox-data", username: TOKEN, password: SECRET };
  await pve.data("POST", "/storage", { storage: "pbs-backup", ...pbs, fingerprint: backupServer.fingerprint });
  await pve.data("POST", "/nodes/pve/qemu", { vmid: 101, name: "ad", scsi0: "vmdata:1" });
  await pve.data("POST", "/cluster/backup", {
    id: "ecosolar-critical",
    storage: "pbs-backup",
    schedule: "0/4:00",
    mode: "snapshot",
    vmid: "101",
  });
  pve.now += 2000;
  const settled = async () => {
    await until(async () => (await pve.data<unknown[]>("GET", "/nodes/pve/tasks?source=active")).length === 0);
  };
  const differing = await replay(lines, { 8: settled, 10: settled });
  await settled();
  backupServer.snapshots = [];
  // The recorded client's own command line and exit code are not imitated; that the restore fails is.
  expect(differing).toEqual([expect.stringMatching(/^line 10 .*exitstatus/)]);
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    pve.now += 1000;
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("waited in vain");
}

describe("the comparison with the record", () => {
  const recorded: Recorded = {
    method: "GET",
    url: "/x",
    status: 200,
    reason: "OK",
    response: { data: [{ name: "a", n: 1, digest: "x" }] },
  };
  const answer = (change: Record<string, unknown>, status = 200) => ({
    status,
    reason: "OK",
    delayMs: undefined,
    body: { data: [{ name: "a", n: 1, digest: "y", ...change }] },
  });

  test.each([
    [answer({}), 0],
    [answer({}, 500), 1],
    [answer({ n: 2 }), 1],
    [answer({ n: "1" }), 1],
    [answer({ n: undefined }), 1],
    [answer({ digest: 1 }), 1],
    [answer({ more: 1 }), 1],
    [{ ...answer({}), reason: "no" }, 1],
    [{ ...answer({}), body: { data: [] } }, 1],
  ])("finds what differs, case %#", (other, count) => {
    expect(differences(recorded, JSON.parse(JSON.stringify(other)))).toHaveLength(count);
  });
});
