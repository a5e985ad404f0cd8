import { type Answer, BackupServerLab, type RecordedCall, recordedCalls } from "./pbs";

let pbs: BackupServerLab;

beforeEach(async () => {
  pbs = await BackupServerLab.start();
});
afterEach(() => pbs.remove());

/** Ids and times: they must be there with their type, and differ from run to run. */
const VARIABLE = new Set(["upid", "pid", "pstart", "starttime", "endtime", "value", "last-run-upid", "cache-stats"]);

/**
 * An answer without what differs from one machine to the next. The recording's administrator is left out of lists: it had
 * two tokens, one of them from another setup.
 */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value
      .filter((item) => !isAdministrator(item))
      .map(normal)
      .sort(byText);
  }
  if (typeof value !== "object" || value === null) return typeof value === "string" ? withoutIds(value) : value;
  const entries = Object.entries(value).map(([name, inner]) => [name, VARIABLE.has(name) ? typeof inner : normal(inner)]);
  return Object.fromEntries(entries.sort());
}

function isAdministrator(item: unknown): boolean {
  const { ugid, userid } = (item ?? {}) as { ugid?: string; userid?: string };
  return String(ugid ?? userid).startsWith("root@pam");
}

function withoutIds(text: string): string {
  return text.replace(/(?<=^UPID:pbs:)(?:[0-9A-F]{8}:){4}/, "").replaceAll("root@pam!deploy", "root@pam!bastide");
}

function byText(left: unknown, right: unknown): number {
  return JSON.stringify(left) < JSON.stringify(right) ? -1 : 1;
}

/** The digest is that of a file; where the file is the same as the recorded one, so is the digest. */
function withoutDigest(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("digest" in value)) return value;
  return { ...value, digest: /^[0-9a-f]{64}$/.test(String(value.digest)) };
}

type Step = () => unknown;

/** Replays recorded calls in their order. @param before what the recording's author did by hand before a line */
async function replay(
  lines: readonly RecordedCall[],
  before: Readonly<Record<number, readonly Step[]>>,
  skip: readonly number[] = [],
) {
  const theirs: unknown[] = [];
  const ours: unknown[] = [];
  for (const [index, line] of lines.entries()) {
    for (const step of before[index] ?? []) await step();
    if (skip.includes(index)) continue;
    const answer = await pbs.call(line.method, line.url, line.request ?? undefined);
    const name = `${index} ${line.method} ${line.url}`;
    theirs.push({ name, status: line.status, body: withoutDigest(normal(line.response)) });
    ours.push({ name, status: answer.status, body: withoutDigest(normal(answer.body)) });
  }
  return { theirs, ours };
}

const by =
  (method: string, url: string, body?: unknown): Step =>
  () =>
    pbs.data(method, url, body);
const later =
  (ms: number): Step =>
  () =>
    pbs.wait(ms);

const USER = "/access/users/pve-backup@pbs";
const STORE = { name: "proxmox-data", path: "/mnt/datastore/proxmox-data" };
const REMOTE = { name: "horssite", "auth-id": "pve-backup@pbs!pve-token", host: "127.0.0.1", password: "x" };
const newStore = (name: string): Step => by("POST", "/config/datastore", { name, path: `/mnt/datastore/${name}` });

test("answers the recorded calls of a PBS 4.2.3 as it did", async () => {
  const lines = recordedCalls("pbs-4.2.3.jsonl");
  const { theirs, ours } = await replay(
    lines,
    {
      8: [later(3000)],
      26: [by("PUT", "/config/prune/proxmox-data-retention", { disable: true, "keep-yearly": 1 })],
      27: [by("DELETE", `${USER}/token/pve-token`)],
      28: [by("DELETE", "/config/prune/proxmox-data-retention"), by("DELETE", "/config/verify/proxmox-data-verify")],
      32: [
        by("POST", "/config/verify", { id: "proxmox-data-verify", store: "proxmox-data" }),
        by("POST", `${USER}/token/pve-token`, {}),
        newStore("smoke"),
        later(3000),
        by("DELETE", "/config/datastore/smoke"),
      ],
      40: [
        newStore("smoke2"),
        later(3000),
        by("DELETE", "/config/datastore/smoke2"),
        by("POST", "/config/datastore", STORE),
        by("POST", "/config/datastore", STORE),
      ],
      43: [later(3000)],
      44: [
        by("DELETE", "/config/datastore/proxmox-data"),
        by("POST", "/config/datastore", { ...STORE, "reuse-datastore": true }),
      ],
      45: [later(3000)],
      46: [
        by("POST", "/access/users", { userid: "pve-backup@pbs", comment: "sauvegardes PVE" }),
        by("POST", `${USER}/token/pve-token`, { comment: "jeton PVE" }),
        by("PUT", "/access/acl", {
          "auth-id": "pve-backup@pbs!pve-token",
          path: "/datastore/proxmox-data",
          role: "DatastoreAdmin",
        }),
      ],
      51: [by("PUT", "/access/users/sup@pbs", { enable: false }), by("DELETE", "/access/users/sup@pbs/token/mon"), expireAgain],
      54: [by("POST", "/access/users/sup@pbs/token/mon", { comment: "jeton", enable: true, expire: 0 })],
      55: [by("DELETE", "/access/users/sup@pbs")],
      56: [by("POST", "/access/users", { userid: "sup@pbs" }), by("POST", "/access/users/sup@pbs/token/mon", {})],
      83: [by("POST", "/config/remote", REMOTE)],
      86: [by("DELETE", "/config/remote/horssite")],
    },
    // Recorded before the administrator's own ACL was seen: see the test on the delay.
    [0, 1],
  );
  expect(ours).toEqual(theirs);
});

/** The recorded user was switched off by a tool that writes `expire: 0`, which an update drops: it is created anew. */
async function expireAgain(): Promise<void> {
  await pbs.data("DELETE", "/access/users/sup@pbs");
  await pbs.data("POST", "/access/users", { userid: "sup@pbs", comment: "supervision", enable: false, expire: 0 });
}

test.each([9, 12, 13, 19, 22, 28, 29, 37])("computes the digest of recorded answer %i from the same file", async (wanted) => {
  const lines = recordedCalls("pbs-4.2.3.jsonl");
  let answer: Answer | undefined;
  for (const [index, line] of lines.slice(0, wanted + 1).entries()) {
    if (index === 8) pbs.wait(3000);
    if (wanted >= 28 && index === 28) {
      await pbs.data("DELETE", "/config/prune/proxmox-data-retention");
      await pbs.data("DELETE", "/config/verify/proxmox-data-verify");
    }
    answer = await pbs.call(line.method, line.url, line.request);
  }
  expect(answer?.body).toMatchObject({ digest: (lines[wanted]?.response as { digest: string } | undefined)?.digest });
});

describe("refused calls, word for word", () => {
  const calls = recordedCalls("pbs-errors.jsonl");

  beforeEach(async () => {
    await pbs.data("POST", "/access/users", { userid: "hx@pbs" });
    await pbs.data("POST", "/config/remote", { ...REMOTE, name: "hxremote" });
  });

  test.each(calls.map((call) => [`${call.method} ${call.url} ${JSON.stringify(call.request)}`, call] as const))(
    "%s",
    async (_name, call) => {
      if (call.method !== "POST" || call.url !== "/config/datastore") await pbs.datastore("hxstore");
      if (String(call.response).includes("job 'hxprune' already exists")) await pbs.data("POST", "/config/prune", call.request);
      const answer = await pbs.call(call.method, call.url, call.request ?? undefined, { token: await credentialFor(call) });
      expect([answer.status, answer.body]).toEqual([call.status, call.response]);
    },
  );

  /** Most were sent by the administrator; these by others. */
  async function credentialFor(call: RecordedCall): Promise<string> {
    if (call.note === "unknown token secret") return "root@pam!bastide:00000000-0000-4000-8000-000000000000";
    const isUnprivileged = call.status === 403 || String(call.response).startsWith("Unprivileged");
    if (!isUnprivileged) return (await import("./pbs")).ADMIN;
    const { tokenid, value } = (await pbs.data("POST", "/access/users/hx@pbs/token/job", {})) as Record<string, string>;
    return `${tokenid}:${value}`;
  }
});

describe("backup content", () => {
  const calls = recordedCalls("pbs-backup-content.jsonl");
  const token = "pve-backup@pbs!t";
  const key = "5f:69:db:09:d7:2a:25:bf:24:36:10:ec:12:96:f1:cb:c1:1a:65:9b:d2:f0:c4:81:f6:3a:fd:1f:ba:39:d0:a0";
  const encrypted = (index: number) => [
    { filename: "drive-scsi0.img.fidx", "crypt-mode": "encrypt", size: 67108864 },
    { filename: "qemu-server.conf.blob", "crypt-mode": "encrypt", size: 205 },
    { filename: "index.json.blob", "crypt-mode": "sign-only", size: index },
  ];
  const plain = [
    { filename: "test-pve.pxar.didx", "crypt-mode": "none", size: 359 },
    { filename: "catalog.pcat1.didx", "crypt-mode": "none", size: 81 },
    { filename: "index.json.blob", "crypt-mode": "none", size: 474 },
  ];
  const vm = { store: "proxmox-data", "backup-type": "vm", "backup-id": "101", fingerprint: key };

  beforeEach(async () => {
    await pbs.datastore("proxmox-data", { "gc-schedule": "daily", "verify-new": true });
    const credential = await pbs.account("pve-backup@pbs", { "/datastore/proxmox-data": "DatastoreAdmin" });
    pbs.now = Date.parse("2026-11-21T11:58:20Z");
    const handOver = (snapshot: object) => pbs.labCall("/snapshot", snapshot, credential);
    await handOver({ ...vm, "backup-time": 1795262294, comment: "ad", files: encrypted(617), protected: true });
    await handOver({ ...vm, "backup-time": 1795262296, files: encrypted(611) });
    await handOver({
      store: "proxmox-data",
      "backup-type": "host",
      "backup-id": "pve1",
      "backup-time": 1795262296,
      files: plain,
    });
    await pbs.data("POST", "/admin/datastore/proxmox-data/verify", {});
    await pbs.data("POST", "/config/prune", {
      ...{ id: "proxmox-data-retention", store: "proxmox-data", schedule: "daily" },
      ...{ "keep-daily": 14, "keep-last": 7, "keep-monthly": 3, "keep-weekly": 4 },
    });
    await pbs.data("POST", "/config/verify", {
      ...{ id: "proxmox-data-verify", store: "proxmox-data", schedule: "sat 06:00" },
      ...{ "ignore-verified": true, "outdated-after": 30 },
    });
    await pbs.data("POST", "/admin/datastore/proxmox-data/gc", {});
    await pbs.data("POST", "/admin/prune/proxmox-data-retention/run");
    await pbs.data("POST", "/admin/verify/proxmox-data-verify/run");
    pbs.wait(1000);
  });

  /** What a recording of another machine cannot fix: sizes of disks, counts of tasks, certificates, who verified what. */
  const isLocal = ({ url }: RecordedCall) => /\/status$|\/certificates\/info|\/gc$|\/log$|typefilter=verif|UPID/.test(url);
  const compared = calls.filter((call) => !isLocal(call));

  test("is answered as recorded", async () => {
    const theirs: unknown[] = [];
    const ours: unknown[] = [];
    for (const call of compared) {
      const url = call.url.replaceAll("pve-backup@pbs!pve-token", token);
      const answer = await pbs.call(call.method, url, call.request ?? undefined);
      const name = `${call.method} ${call.url}`;
      theirs.push({
        name,
        status: call.status,
        body: atOneTime(withoutDigest(normal(call.response)), "pve-backup@pbs!pve-token"),
      });
      ours.push({ name, status: answer.status, body: atOneTime(withoutDigest(normal(answer.body)), token) });
      if (call.method === "POST") pbs.wait(1000);
    }
    expect(ours).toEqual(theirs);
  });

  function atOneTime(value: unknown, owner: string): unknown {
    const times = /"(last-run-endtime|time|localtime)":\d+/g;
    return JSON.parse(JSON.stringify(value).replaceAll(owner, "OWNER").replace(times, '"$1":0'));
  }

  test.each([
    ["/admin/datastore/proxmox-data/status", 0],
    ["/admin/datastore/proxmox-data/gc", 0],
    ["/admin/gc", 0],
    ["/nodes/localhost/tasks?limit=1&typefilter=verif", 0],
    ["/nodes/localhost/certificates/info", 0],
  ])("has the shape of the recorded answer of %s", async (url) => {
    const recorded = calls.find((call) => call.url === url && call.method === "GET");
    expect(shape((await pbs.call("GET", url)).body)).toEqual(shape(recorded?.response));
  });

  test("tells the status and the log of a task in the recorded shape", async () => {
    const upid = String(
      await pbs.data("POST", "/admin/datastore/proxmox-data/verify", {
        ...{ "backup-type": "vm", "backup-id": "101", "backup-time": 1795262296, "ignore-verified": false },
      }),
    );
    pbs.wait(1000);
    const status = calls.find((call) => call.url.includes("UPID") && call.url.endsWith("/status"));
    const log = calls.find((call) => call.url.includes("UPID") && call.url.endsWith("/log"));
    const path = `/nodes/localhost/tasks/${encodeURIComponent(upid)}`;
    const ours = (await pbs.call("GET", `${path}/status`)).body as { data: Record<string, unknown> };
    expect(shape(ours)).toEqual(shape(status?.response));
    expect(ours.data).toMatchObject({
      id: "proxmox-data:/vm/101/6B018758",
      exitstatus: "OK",
      tokenid: "bastide",
      user: "root@pam",
    });
    const lines = ((await pbs.call("GET", `${path}/log`)).body as { data: { t: string }[] }).data.map(({ t }) => t.slice(25));
    expect(lines[0]).toBe(": verify proxmox-data:vm/101/2026-11-21T11:58:16Z");
    expect(lines.at(-1)).toBe(": TASK OK");
    expect(shape((await pbs.call("GET", `${path}/log`)).body)).toEqual(shape(log?.response));
  });
});

/** Names and types, without values; of a list its first entry. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shape);
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, inner]) => [name, shape(inner)])
      .sort(),
  );
}
