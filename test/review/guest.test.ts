import type { Configuration } from "../../review/configuration";
import { protectionOf } from "../../review/protect";
import type { Copy, GuestProtection } from "../../review/protection";
import { placeName, reaches } from "../../review/routes";
import { ECOSOLAR } from "./configurations";
import type { Loose } from "./sites";

const unknown = { unknown: "no plan" };
const E = ECOSOLAR as Loose;
const promises: Loose = ECOSOLAR.promises;
const STORE = { backupServer: "pbs", name: "proxmox-data" };

/** One guest, one job and one storage in the root of the datastore, as far as nothing else is said. */
const job = { ...E.backupJobs[0], id: "j", selection: { kind: "list", guests: [101] }, storage: "s", schedule: "21:00" };
const storage = { ...E.storages[0], id: "s", backupServer: "pbs", datastore: "proxmox-data", namespace: "" };
const prune = { ...E.pruneJobs[0], id: "p", namespace: "", maxDepth: 0, retention: { last: 5 } };
const verify = { ...E.verifyJobs[0], id: "v", namespace: "", schedule: "sat 06:00", againAfterDays: 30 };
const plain: Loose = {
  backupJobs: [job],
  storages: [storage],
  datastores: [{ ...E.datastores[0], ...STORE }],
  pruneJobs: [prune],
  verifyJobs: [verify],
  syncJobs: [],
  promises: { ...promises, declaredCopies: [] },
};
const all = (more: Loose = {}) => protectionOf({ ...ECOSOLAR, ...plain, ...more } as Configuration);
const guest = (more: Loose = {}): GuestProtection => {
  const found = all(more).guests.find(({ id }) => id === 101);
  if (found === undefined) throw new Error("no guest 101");
  return found;
};
const also = (more: object) => ({ backupJobs: [job, { ...job, id: "k", ...more }] });
const second = { ...storage, id: "t", namespace: "deep/er" };

describe("whether a guest is backed up", () => {
  test.each<[string, Loose, Partial<GuestProtection>]>([
    ["by its job", {}, { covered: true, jobs: ["j"] }],
    ["by none", { backupJobs: [] }, { covered: false, jobs: [], gapMs: Infinity, runs: 0, places: [], writers: [], copies: [] }],
    ["by a job that is off", { backupJobs: [{ ...job, enabled: false }] }, { covered: false, jobs: [] }],
    [
      "to a storage that is off",
      { storages: [{ ...storage, enabled: false }] },
      { covered: false, uncovered: "the storage s is disabled" },
    ],
    [
      "to a datastore that is offline",
      { datastores: [{ ...plain.datastores[0], maintenance: "offline" }] },
      { covered: false, uncovered: "the datastore proxmox-data is offline" },
    ],
    ["to an unknown storage", { storages: unknown }, { covered: unknown, jobs: ["j"] }],
    [
      "to a storage that is none of the site's",
      { storages: [] },
      { covered: { unknown: "the storage s is on no backup server of the site" } },
    ],
    [
      "to a datastore that nobody lists",
      { datastores: [] },
      { covered: { unknown: "no datastore proxmox-data of pbs is known" } },
    ],
    [
      "by one job that works beside one that does not",
      { ...also({ storage: "t" }), storages: [storage, { ...second, enabled: false }] },
      { covered: true, jobs: ["j"] },
    ],
    [
      "as a member of a pool perhaps",
      { backupJobs: [{ ...job, selection: { kind: "pool", pool: "x" } }] },
      { covered: { unknown: "the job j takes the pool x, and who is in it is not known" } },
    ],
    [
      "on one node perhaps",
      { backupJobs: [{ ...job, node: "pve1" }] },
      { covered: { unknown: "the job j runs for guests of the node pve1 only" }, gapMs: { unknown: expect.any(String) } },
    ],
    ["surely, and by another job perhaps", also({ node: "pve1" }), { covered: true, jobs: { unknown: expect.any(String) } }],
    [
      "not by a job of one node for others",
      { backupJobs: [{ ...job, node: "pve1", selection: { kind: "list", guests: [] } }] },
      { covered: false },
    ],
    ["among all", { backupJobs: [{ ...job, selection: { kind: "all", exclude: [102] } }] }, { covered: true }],
    ["not as an exception", { backupJobs: [{ ...job, selection: { kind: "all", exclude: [101] } }] }, { covered: false }],
    ["by jobs that nobody knows", { backupJobs: unknown }, { covered: unknown, jobs: unknown, kept: unknown, places: unknown }],
  ])("%s", (_, more, expected) => {
    expect(guest(more)).toMatchObject(expected);
    if (expected.uncovered === undefined) expect(guest(more)).not.toHaveProperty("uncovered");
  });
});

describe("what several jobs come to", () => {
  const two = { ...also({ storage: "t" }), storages: [storage, second] };
  const places = (one: object, other: object) => ({
    ...two,
    storages: [
      { ...storage, ...one },
      { ...second, ...other },
    ],
  });

  test.each<[string, Loose, Partial<GuestProtection>]>([
    ["the best gap, and the most runs", also({ schedule: "0/4:00 UTC" }), { gapMs: 4 * 3_600_000, runs: 168 }],
    ["an unknown schedule", also({ schedule: unknown }), { gapMs: unknown, runs: unknown }],
    [
      "every job in its order",
      {
        backupJobs: [
          { ...job, id: "z" },
          { ...job, id: "b" },
        ],
      },
      { jobs: ["b", "z"] },
    ],
    ["shut down for one, running for another", also({ mode: "stop" }), { mode: job.mode }],
    [
      "suspended for one, shut down for another",
      {
        backupJobs: [
          { ...job, mode: "stop" },
          { ...job, mode: "suspend" },
        ],
      },
      { mode: "suspend" },
    ],
    [
      "shut down for both",
      {
        backupJobs: [
          { ...job, mode: "stop" },
          { ...job, mode: "stop" },
        ],
      },
      { mode: "stop" },
    ],
    ["missed by one", also({ repeatMissed: !job.repeatMissed }), { repeatMissed: false }],
    ["pruned by one", also({ prunesItself: true }), { prunedByClient: true }],
    ["pruned by one storage", places({}, { prunes: true }), { prunedByClient: true }],
    ["pruned by none", two, { prunedByClient: false }],
    ["encrypted on both", places({ encrypted: true }, { encrypted: true }), { encrypted: true, keyEscrowed: true }],
    ["encrypted on one", places({ encrypted: true }, { encrypted: false }), { encrypted: false, keyEscrowed: false }],
    ["pinned on one", places({ pinned: true }, { pinned: false }), { pinned: false }],
    ["two places, in their order", two, { places: ["pbs:proxmox-data", "pbs:proxmox-data:deep/er"] }],
    ["two writers, in their order", places({ writer: "w" }, { writer: "a" }), { writers: ["a", "w"] }],
    [
      "paths and disks, each once and in their order",
      {
        backupJobs: [
          { ...job, excludedPaths: ["/z", "/a"] },
          { ...job, excludedPaths: ["/a"] },
        ],
        guests: [{ id: 101, name: "ad", owned: true, excludedDisks: ["scsi1"] }],
      },
      { leftOut: ["/a", "/z", "scsi1"], owned: true, name: "ad" },
    ],
    // On the day of 25 hours two points of a daily schedule lie more than a day apart.
    [
      "the points of both places",
      { ...two, pruneJobs: [prune, { ...prune, id: "q", namespace: "deep/er", retention: { last: 3 } }] },
      { kept: { points: 8, oldestMs: 345_600_000, recent: [2, 8, 8, 8, 8], rule: "last 3 + last 5" } },
    ],
    [
      "the same rule once",
      { ...two, pruneJobs: [{ ...prune, maxDepth: 2 }] },
      { kept: expect.objectContaining({ points: 10, rule: "last 5" }) },
    ],
    ["no prune job for one place", two, { kept: expect.objectContaining({ points: Infinity }) }],
    [
      "the strictest prune job of a place",
      { pruneJobs: [prune, { ...prune, retention: { last: 2 } }, { ...prune, retention: { last: 4 } }] },
      { kept: expect.objectContaining({ points: 2, rule: "last 2" }) },
    ],
    [
      "no prune job that is on",
      { pruneJobs: [{ ...prune, enabled: false }] },
      { kept: expect.objectContaining({ rule: "everything" }) },
    ],
    ["prune jobs that nobody knows", { pruneJobs: unknown }, { kept: unknown }],
    [
      "the better of two jobs to one place",
      { ...also({ schedule: "*:0/30" }), pruneJobs: [{ ...prune, retention: { daily: 5 } }] },
      { kept: expect.objectContaining({ points: 5 }) },
    ],
    ["the best verification of a place", { verifyJobs: [verify, { ...verify, againAfterDays: 10 }] }, { verifiedWithinDays: 14 }],
    [
      "the worst place",
      {
        ...two,
        verifyJobs: [
          { ...verify, maxDepth: 0 },
          { ...verify, namespace: "deep", againAfterDays: 60 },
        ],
      },
      { verifiedWithinDays: 63 },
    ],
    ["a place without verification", { ...two, verifyJobs: [{ ...verify, maxDepth: 1 }] }, { verifiedWithinDays: Infinity }],
    ["verification that is off", { verifyJobs: [{ ...verify, enabled: false }] }, { verifiedWithinDays: Infinity }],
    [
      "verification when new on both datastores",
      { datastores: [{ ...plain.datastores[0], verifyNew: false }] },
      { verifiedWhenNew: false },
    ],
  ])("%s", (_, more, expected) => {
    expect(guest(more)).toMatchObject(expected);
  });
});

test("a job reaches its namespace and those below it, as deep as it goes, of its datastore on its server", () => {
  const at = (namespace: string, more: object = {}) => ({ backupServer: "a", datastore: "b", namespace, ...more });
  const told = (of: string, place: string, maxDepth?: number) =>
    reaches({ ...at(of), ...(maxDepth === undefined ? {} : { maxDepth }) }, at(place));
  expect([told("", ""), told("", "x/y"), told("x", "x/y"), told("x", "x", 0), told("x", "x/y", 1)]).toEqual(Array(5).fill(true));
  expect([told("x", ""), told("x", "xy"), told("x/y", "x"), told("y", "x/y"), told("x", "x/y", 0)]).toEqual(Array(5).fill(false));
  expect(reaches(at(""), at("", { datastore: "c" }))).toBe(false);
  expect(reaches(at(""), at("", { backupServer: "c" }))).toBe(false);
  expect([placeName(at("")), placeName(at("x/y"))]).toEqual(["a:b", "a:b:x/y"]);
});

describe("copies", () => {
  const machine = (name: string, address: string) => ({
    name,
    role: "backup server",
    addresses: [address],
    hostName: `${name}.example`,
  });
  const machines = [
    ...promises.machines.filter(({ role }: Loose) => role !== "backup server"),
    machine("pbs", "10.0.0.1"),
    machine("far", "10.0.0.2"),
    machine("deep", "10.0.0.3"),
  ];
  const sync = {
    id: "sync",
    backupServer: "far",
    datastore: "mirror",
    remote: "home",
    remoteHost: "10.0.0.1",
    remoteDatastore: "proxmox-data",
    direction: "pull",
    enabled: true,
    schedule: "0/4:00 UTC",
    removeVanished: false,
    restrictions: [],
  };
  const given = (jobs: Loose, more: Loose = {}) => ({
    syncJobs: Array.isArray(jobs) ? jobs.map((one) => ({ ...sync, ...one })) : jobs,
    promises: { ...plain.promises, machines, offSite: ["far"], runsOn: {}, ...more },
  });
  const shown = (copies: GuestProtection["copies"]) =>
    "unknown" in copies
      ? copies
      : (copies as readonly Copy[]).map(
          (one) =>
            `${one.name} ${one.place}${one.safeFromDeletion ? " safe" : ""}${one.followsRemovals ? " follows" : ""} ${one.gapMs / 3_600_000}h`,
        );
  const HERE = "pbs:proxmox-data site 0h";

  test.each<[string, Loose, unknown]>([
    ["none", given([]), [HERE]],
    ["pulled from afar", given([{}]), ["far:mirror off-site safe 4h", HERE]],
    ["pulled by name", given([{ remoteHost: "pbs" }]), ["far:mirror off-site safe 4h", HERE]],
    ["pulled by the whole name", given([{ remoteHost: "pbs.example" }]), ["far:mirror off-site safe 4h", HERE]],
    ["pulled by a job that is off", given([{ enabled: false }]), [HERE]],
    ["pulled from another datastore", given([{ remoteDatastore: "other" }]), [HERE]],
    ["pulled from another server", given([{ remoteHost: "10.0.0.3" }]), [HERE]],
    ["pulled from who knows where", given([{ remoteHost: unknown }]), unknown],
    ["pulled into itself", given([{ backupServer: "pbs", datastore: "proxmox-data" }]), [HERE]],
    ["pulled with removals", given([{ removeVanished: true }]), ["far:mirror off-site follows 4h", HERE]],
    ["pulled in the house", given([{}], { offSite: [] }), ["far:mirror site 4h", HERE]],
    ["pulled onto the hypervisor", given([{}], { offSite: [], runsOn: { far: "pve1" } }), ["far:mirror host 4h", HERE]],
    [
      "pulled again from there",
      given([{}, { id: "two", backupServer: "deep", remoteHost: "far", remoteDatastore: "mirror" }]),
      ["deep:mirror site 4h", "far:mirror off-site safe 4h", HERE],
    ],
    [
      "pulled round in a circle",
      given([{}, { id: "back", backupServer: "pbs", datastore: "proxmox-data", remoteHost: "far", remoteDatastore: "mirror" }]),
      ["far:mirror off-site safe 4h", HERE],
    ],
    [
      "pushed to a server of the site",
      given([{ direction: "push", backupServer: "pbs", datastore: "proxmox-data", remoteHost: "far", remoteDatastore: "m" }]),
      ["far:m off-site 4h", HERE],
    ],
    [
      "pushed to a stranger",
      given([
        { direction: "push", backupServer: "pbs", datastore: "proxmox-data", remoteHost: "x.example", remoteDatastore: "m" },
      ]),
      [HERE, "x.example:m off-site 4h"],
    ],
    ["pushed from another datastore", given([{ direction: "push", backupServer: "pbs", datastore: "other" }]), [HERE]],
    ["pushed from another server", given([{ direction: "push", backupServer: "deep", datastore: "proxmox-data" }]), [HERE]],
    [
      "pushed to who knows where",
      given([{ direction: "push", backupServer: "pbs", datastore: "proxmox-data", remoteHost: unknown }]),
      unknown,
    ],
    ["by jobs that nobody knows", given(unknown), unknown],
    ["who knows how often", given([{ schedule: unknown }]), unknown],
    ["who knows whether with removals", given([{ removeVanished: unknown }]), unknown],
    [
      "declared, each in its own way",
      given([], {
        declaredCopies: [
          { ...{ backupServer: "pbs", datastore: "proxmox-data", schedule: "0/4:00 UTC" }, name: "tape", kind: "offline" },
          { ...{ backupServer: "pbs", datastore: "proxmox-data", schedule: "0/4:00 UTC" }, name: "cloud", kind: "off-site" },
          { ...{ backupServer: "pbs", datastore: "proxmox-data", schedule: "0/4:00 UTC" }, name: "vault", kind: "immutable" },
          { ...{ backupServer: "pbs", datastore: "other", schedule: "0/4:00 UTC" }, name: "not", kind: "offline" },
          { ...{ backupServer: "far", datastore: "proxmox-data", schedule: "0/4:00 UTC" }, name: "nor", kind: "offline" },
        ],
      }),
      ["cloud off-site 4h", HERE, "tape site safe 4h", "vault site safe 4h"],
    ],
    ["without a site file", { promises: undefined }, { unknown: "only the site file says where the backup servers stand" }],
  ])("%s", (_, more, expected) => {
    expect(shown(guest(more).copies)).toEqual(expected);
  });

  test.each<[string, Loose, unknown]>([
    [
      "from elsewhere",
      given([{ remoteHost: "x.example", restrictions: ["b", "a"] }]),
      ["x.example:proxmox-data on far:mirror off-site safe 4h"],
    ],
    [
      "from who knows where, by the name of the remote",
      given([{ remoteHost: unknown }]),
      ["home:proxmox-data on far:mirror off-site safe 4h"],
    ],
    ["from the site itself", given([{}]), []],
    ["by a job that is off", given([{ remoteHost: "x.example", enabled: false }]), []],
    ["not what is pushed", given([{ remoteHost: "x.example", direction: "push" }]), []],
    ["by jobs that nobody knows", given(unknown), unknown],
    ["without a site file", { promises: undefined }, { unknown: "only the site file says which servers are the site's" }],
  ])("for others: pulled %s", (_, more, expected) => {
    expect(shown(all(more).pulled)).toEqual(expected);
  });
});

describe("the site", () => {
  test("its datastores stand in their order, each with the guests that lie on it", () => {
    const more = {
      datastores: [
        plain.datastores[0],
        { ...plain.datastores[0], name: "proxmox", garbageCollection: "never", maintenance: "offline" },
        { ...plain.datastores[0], name: "a", garbageCollection: unknown },
      ],
      storages: [{ ...storage, namespace: "x" }],
    };
    expect(all(more).datastores).toMatchObject([
      { name: "pbs:a", collectedWithinDays: unknown, inService: true, guests: [] },
      { name: "pbs:proxmox", collectedWithinDays: Infinity, inService: false, guests: [] },
      { name: "pbs:proxmox-data", collectedWithinDays: 1, guests: [101] },
    ]);
    expect(all().datastores).toMatchObject([{ guests: [101] }]);
  });

  test("of its alerts every device has its own, and a datastore that reports another way has none", () => {
    const alert = { device: "pbs", matcher: "m", enabled: true, recipients: ["z@x", "a@x"] };
    const stores = [plain.datastores[0], { ...plain.datastores[0], name: "a", notifies: false }];
    const found = (alerts: Loose, datastores: Loose = stores) => all({ alerts, datastores }).alerts;
    expect(found([alert, { ...alert, recipients: ["a@x"] }, { ...alert, enabled: false, recipients: ["off@x"] }])).toEqual([
      { device: "hypervisor", recipients: [] },
      { device: "pbs", recipients: ["a@x", "z@x"] },
      { device: "pbs:a", recipients: [] },
    ]);
    expect(found(unknown)).toEqual(unknown);
    expect(found([alert], unknown)).toEqual(unknown);
    expect(found([{ ...alert, recipients: unknown }])).toEqual(unknown);
  });

  test("its guests are those of the source, of its jobs and of the site file, by their numbers", () => {
    const ids = (more: Loose) => all(more).guests.map(({ id }) => id);
    const none = { promises: { ...plain.promises, guests: {} } };
    const named = { backupJobs: [{ ...job, selection: { kind: "list", guests: [300, 101] } }] };
    expect(ids({ ...none, ...named, guests: [{ id: 200, owned: false }] })).toEqual([101, 200, 300]);
    expect(ids({ ...none, ...named, guests: unknown })).toEqual([101, 300]);
    expect(ids({ ...none, backupJobs: [{ ...job, enabled: false }], guests: [] })).toEqual([]);
    expect(ids({ ...none, backupJobs: unknown, guests: [] })).toEqual([]);
    expect(ids({ promises: { ...plain.promises, guests: { 400: {} } }, backupJobs: [], guests: [] })).toEqual([400]);
  });

  test("of escalation the next comes first, whatever the order in the file", () => {
    const escalation = [
      { afterMs: 2, owner: "b" },
      { afterMs: 1, owner: "a" },
    ];
    expect(all({ promises: { ...plain.promises, escalation } }).escalation).toEqual([...escalation].reverse());
  });
});
