import type { Check, Verification } from "../../live/check";
import type { BackupServerState, HypervisorState, LiveState } from "../../live/state";
import { proveSite } from "./proven-site";

type Draft<T> = T extends (infer Item)[] | readonly (infer Item)[]
  ? Draft<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Draft<T[Key]> }
    : T;

interface Reality {
  pve: Draft<HypervisorState>;
  pbs: Draft<BackupServerState>;
}

const { verification, judge } = proveSite();

/** The checks after one thing was changed on the devices. */
function after(change: (reality: Reality) => void): readonly Check[] {
  const live = JSON.parse(JSON.stringify(verification.live)) as Draft<LiveState>;
  const pbs = live.backupServers.pbs;
  if (pbs === undefined) throw new Error("the site has no backup server pbs");
  change({ pve: live.hypervisor, pbs });
  return judge({ ...verification, live: live as Verification["live"] });
}

/** The value of a reading that was taken. */
function read<Value>(reading: { ok: true; value: Value } | { ok: false } | undefined): Value {
  if (reading === undefined || !reading.ok) throw new Error("was not read");
  return reading.value;
}

function find<Item>(items: Item[], is: (item: Item) => boolean): Item {
  const found = items.find(is);
  if (found === undefined) throw new Error("no such object");
  return found;
}

const wrong = (checks: readonly Check[]) =>
  checks.filter(({ verdict }) => verdict !== "ok").map(({ id, verdict }) => `${id} ${verdict}`);

const unread = { ok: false as const, fault: { where: "pbs", what: "did not answer", repair: "start it" } };

describe("verification", () => {
  test("finds nothing wrong with a site that is as its file says", () => {
    expect(wrong(after(() => undefined))).toEqual([]);
  });

  test.each<[string, (reality: Reality) => void, string[]]>([
    ["an old hypervisor", ({ pve }) => Object.assign(pve, { version: { ok: true, value: "8.4.1" } }), ["version fault"]],
    [
      "a newer hypervisor than any tested",
      ({ pve }) => Object.assign(pve, { version: { ok: true, value: "10.0" } }),
      ["version warning"],
    ],
    ["a version that is none", ({ pve }) => Object.assign(pve, { version: { ok: true, value: "unknown" } }), ["version fault"]],
    [
      "a job that writes elsewhere",
      ({ pve }) =>
        Object.assign(
          find(read(pve.jobs), ({ id }) => id === "ecosolar-critical"),
          { storage: "local" },
        ),
      ["guest.covered fault", "guest.covered fault"],
    ],
    [
      "a guest that nobody knows and no job takes",
      ({ pve }) => read(pve.guests).push({ id: 107, name: "caisse", node: "pve1" }),
      ["guest.unknown warning"],
    ],
    [
      "a guest that nobody knows, in a job of somebody else",
      ({ pve }) => {
        read(pve.guests).push({ id: 107, name: "caisse", node: "pve1" });
        read(pve.jobs).push({ id: "theirs", enabled: true, schedule: "daily", storage: "local", mode: "snapshot" });
        Object.assign(pve.included, { theirs: { ok: true, value: [{ id: 107, excluded: [] }] } });
      },
      [],
    ],
    [
      "a guest that nobody knows, in a disabled job",
      ({ pve }) => {
        read(pve.guests).push({ id: 107, name: "caisse", node: "pve1" });
        read(pve.jobs).push({ id: "theirs", enabled: false, schedule: "daily", storage: "local", mode: "snapshot" });
        Object.assign(pve.included, { theirs: { ok: true, value: [{ id: 107, excluded: [] }] } });
      },
      ["guest.unknown warning"],
    ],
    [
      "a storage on another server",
      ({ pve }) =>
        Object.assign(
          find(read(pve.storages), ({ id }) => id === "pbs-backup"),
          { server: "192.168.100.99" },
        ),
      ["storage.exists fault"],
    ],
    ["another time zone", ({ pve }) => Object.assign(read(pve.clocks.pve1), { timeZone: "UTC" }), ["clock.zone fault"]],
    ["a clock that is 61 s ahead", ({ pbs }) => Object.assign(read(pbs.clock), { offsetS: 61 }), ["clock.offset fault"]],
    ["a clock that is 61 s behind", ({ pbs }) => Object.assign(read(pbs.clock), { offsetS: -61 }), ["clock.offset fault"]],
    ["a clock that is 60 s ahead", ({ pbs }) => Object.assign(read(pbs.clock), { offsetS: 60 }), []],
    [
      "a storage that is not active",
      ({ pve }) => Object.assign(pve.storageActive.pve1 ?? {}, { "pbs-backup": { ok: true, value: false } }),
      ["storage.active fault"],
    ],
    [
      "a disabled storage",
      ({ pve }) =>
        Object.assign(
          find(read(pve.storages), ({ id }) => id === "pbs-backup"),
          { disabled: true },
        ),
      ["storage.exists fault"],
    ],
    [
      "a storage that writes as root@pam",
      ({ pve }) =>
        Object.assign(
          find(read(pve.storages), ({ id }) => id === "pbs-backup"),
          { username: "root@pam" },
        ),
      ["storage.exists fault"],
    ],
    [
      "a storage in another namespace",
      ({ pve }) =>
        Object.assign(
          find(read(pve.storages), ({ id }) => id === "pbs-backup-critical"),
          { namespace: "other" },
        ),
      ["storage.exists fault"],
    ],
    [
      "another pinned certificate",
      ({ pve }) =>
        Object.assign(
          find(read(pve.storages), ({ id }) => id === "pbs-backup"),
          { tlsFingerprint: "00:11" },
        ),
      ["storage.fingerprint fault"],
    ],
    [
      "no encryption",
      ({ pve }) => void delete find(read(pve.storages), ({ id }) => id === "pbs-backup").keyFingerprint,
      ["storage.encryption fault"],
    ],
    [
      "another key than the escrowed one",
      ({ pve }) =>
        Object.assign(
          find(read(pve.storages), ({ id }) => id === "pbs-backup"),
          { keyFingerprint: "aa:bb" },
        ),
      ["storage.encryption fault"],
    ],
    [
      "a missing privilege",
      ({ pbs }) => Object.assign(read(pbs.tokenPrivileges), { "/datastore/proxmox-data": ["Datastore.Audit"] }),
      ["token.privileges fault"],
    ],
    [
      "a privilege on everything",
      ({ pbs }) => Object.assign(read(pbs.tokenPrivileges), { "/": ["Sys.Audit"] }),
      ["token.excess fault"],
    ],
    [
      "a right to destroy the datastore",
      ({ pbs }) => read(pbs.tokenPrivileges)["/datastore/proxmox-data"]?.push("Datastore.Allocate"),
      ["token.excess fault"],
    ],
    ["a guest that is gone", ({ pve }) => void read(pve.guests).splice(0, 1), ["guest.exists fault"]],
    [
      "a guest that the job leaves out",
      ({ pve }) => void read(pve.included["ecosolar-critical"]).splice(0, 1),
      ["guest.covered fault"],
    ],
    [
      "a volume that is left out",
      ({ pve }) =>
        find(read(pve.included["ecosolar-critical"]), ({ id }) => id === 101).excluded.push({
          volume: "scsi1",
          reason: "backup=no",
        }),
      ["guest.covered warning"],
    ],
    [
      "a disabled job",
      ({ pve }) =>
        Object.assign(
          find(read(pve.jobs), ({ id }) => id === "ecosolar-critical"),
          { enabled: false },
        ),
      ["guest.covered fault", "guest.covered fault"],
    ],
    [
      "a job that runs too rarely",
      ({ pve }) =>
        Object.assign(
          find(read(pve.jobs), ({ id }) => id === "ecosolar-critical"),
          { schedule: "0/6:00 UTC" },
        ),
      ["guest.covered fault", "guest.covered fault"],
    ],
    [
      "a shorter retention",
      ({ pbs }) => Object.assign(find(read(pbs.pruneJobs), ({ id }) => id === "proxmox-data-critical-prune").keep, { daily: 1 }),
      ["prune.retention fault"],
    ],
    [
      "a longer retention than promised",
      ({ pbs }) => Object.assign(find(read(pbs.pruneJobs), ({ id }) => id === "proxmox-data-critical-prune").keep, { yearly: 9 }),
      ["prune.retention fault"],
    ],
    [
      "a prune job of somebody else",
      ({ pbs }) =>
        read(pbs.pruneJobs).push({
          id: "mine",
          datastore: "proxmox-data",
          namespace: "critical",
          schedule: "daily",
          disabled: false,
          keep: { last: 1 },
          ignoreVerified: true,
        }),
      ["prune.foreign fault"],
    ],
    [
      "a disabled prune job of somebody else",
      ({ pbs }) =>
        read(pbs.pruneJobs).push({
          id: "mine",
          datastore: "proxmox-data",
          namespace: "critical",
          schedule: "daily",
          disabled: true,
          keep: { last: 1 },
          ignoreVerified: true,
        }),
      [],
    ],
    [
      "a verification that failed",
      ({ pbs }) => Object.assign(read(pbs.verifyJobs)[0] ?? {}, { lastResult: "verification failed on 1 snapshot" }),
      ["verify.schedule fault"],
    ],
    [
      "a verification with warnings",
      ({ pbs }) => Object.assign(read(pbs.verifyJobs)[0] ?? {}, { lastResult: "WARNINGS: 2" }),
      ["verify.schedule warning"],
    ],
    ["a verification that went well", ({ pbs }) => Object.assign(read(pbs.verifyJobs)[0] ?? {}, { lastResult: "OK" }), []],
    [
      "a verification of one level only",
      ({ pbs }) => Object.assign(read(pbs.verifyJobs)[0] ?? {}, { maxDepth: 0 }),
      ["verify.schedule fault"],
    ],
    [
      "new backups that are not verified",
      ({ pbs }) => Object.assign(read(pbs.datastores)[0] ?? {}, { verifyNew: false }),
      ["verify.new fault"],
    ],
    [
      "a datastore in maintenance",
      ({ pbs }) => Object.assign(read(pbs.datastores)[0] ?? {}, { maintenance: "type=read-only" }),
      ["verify.new fault"],
    ],
    ["no garbage collection", ({ pbs }) => void delete read(pbs.garbageCollections)[0]?.schedule, ["gc.schedule fault"]],
    [
      "a disabled matcher",
      ({ pve }) =>
        Object.assign(
          find(read(pve.matchers), ({ name }) => name === "ecosolar-failures"),
          { disabled: true },
        ),
      ["notification.matcher fault"],
    ],
    [
      "a matcher that goes elsewhere",
      ({ pbs }) =>
        Object.assign(
          find(read(pbs.matchers), ({ name }) => name === "ecosolar-failures"),
          { targets: ["mail-to-root"] },
        ),
      ["notification.matcher fault"],
    ],
    [
      "a disabled end point",
      ({ pbs }) =>
        Object.assign(
          find(read(pbs.endpoints), ({ name }) => name === "ecosolar-mail"),
          { disabled: true },
        ),
      ["notification.endpoint fault"],
    ],
    [
      "a device that says nothing of its prune jobs",
      ({ pbs }) => Object.assign(pbs, { pruneJobs: unread }),
      ["prune.retention unknown", "prune.retention unknown", "prune.retention unknown"],
    ],
    [
      "a device that says nothing of the token",
      ({ pbs }) => Object.assign(pbs, { tokenPrivileges: unread }),
      ["token.privileges unknown", "token.excess unknown"],
    ],
  ])("finds %s", (_, change, expected) => {
    expect(wrong(after(change))).toEqual(expected);
  });

  describe("a copy in another place", () => {
    const [server] = Object.values(verification.site.backupServers);
    const [datastore] = Object.values(server?.datastores ?? {});
    if (server === undefined || datastore === undefined) throw new Error("the site has no datastore");
    const away = { remote: "away", remoteDatastore: "copy", direction: "pull", schedule: "04:45", removeVanished: false };
    const site = {
      ...verification.site,
      backupServers: { pbs: { ...server, datastores: { "proxmox-data": { ...datastore, syncs: { away } } } } },
    } as unknown as Verification["site"];
    const job = { id: "proxmox-data-away", datastore: "proxmox-data", namespace: "", schedule: "04:45", disabled: false };
    const copied = (...jobs: object[]) => {
      const live = JSON.parse(JSON.stringify(verification.live)) as Draft<LiveState>;
      Object.assign(live.backupServers.pbs ?? {}, { syncJobs: { ok: true, value: jobs } });
      return judge({ ...verification, site, live: live as Verification["live"] }).find(({ id }) => id === "sync.schedule");
    };

    test.each([
      ["as declared", [{ ...job, lastResult: "OK" }], "ok"],
      ["declared and not run yet", [job], "ok"],
      ["that fails every night", [{ ...job, lastResult: "connection refused" }], "fault"],
      ["at another time", [{ ...job, schedule: "monthly" }], "fault"],
      ["gone", [], "fault"],
    ])("%s", (_, jobs, verdict) => {
      expect(copied(...jobs)?.verdict).toBe(verdict);
    });
  });

  test("gives the whole command where apply is the repair", () => {
    const checks = after(({ pve }) => Object.assign(read(pve.clocks.pve1), { timeZone: "UTC" }));
    expect(checks.filter(({ verdict }) => verdict !== "ok").map(({ repair }) => repair)).toEqual([
      "run: ./bastide apply ecosolar --env lab",
    ]);
  });

  test("gives every line that is not good a repair", () => {
    const checks = after(({ pve, pbs }) => {
      Object.assign(pve, { version: { ok: true, value: "7" }, jobs: unread, storages: unread });
      Object.assign(pbs, { verifyJobs: unread });
    });
    expect(checks.filter(({ verdict, repair }) => verdict !== "ok" && !repair)).toEqual([]);
  });
});
