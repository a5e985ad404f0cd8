import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Configuration } from "../../../review/configuration";
import { configurationOfLive, type LiveAnswers } from "../../../review/sources/live";
import ecosolar from "../../../sites/ecosolar/site";
import site from "../../fixtures/sites/atelier/site";
import { siteAfter } from "../sites";

/** Recorded from the lab after the apply of the second site. */
const text = readFileSync(join(__dirname, "..", "..", "fixtures", "live", "atelier-nord.json"), "utf8");

type Objects = Record<string, unknown>[];
type Listing = { device: string; collection: string; answer: { ok: true; value: Objects } | { ok: false; fault: Told } };
interface Told {
  where: string;
  what: string;
}

/** A copy of the recorded answers, to be changed. */
class Devices {
  readonly answers = JSON.parse(text) as { collections: Listing[] };

  list(collection: string, device = "coffre"): Objects {
    const found = this.answers.collections.find((one) => one.collection === collection && one.device === device);
    if (found?.answer.ok !== true) throw new Error(`no list ${collection}`);
    return found.answer.value;
  }

  /** Changes the object of a list that has this value somewhere. */
  set(collection: string, name: string, change: object, device?: string): this {
    const found = this.list(collection, device).find((one) => Object.values(one).includes(name));
    if (found === undefined) throw new Error(`no ${name} in ${collection}`);
    Object.assign(found, change);
    return this;
  }

  refuse(collection: string, device: string): this {
    for (const one of this.answers.collections) {
      if (one.collection === collection && one.device === device) {
        one.answer = { ok: false, fault: { where: `${device} GET ${collection}`, what: "refused the call (403)" } };
      }
    }
    return this;
  }

  read = (): Configuration => configurationOfLive(this.answers as LiveAnswers, site);
}

const PVE = "hypervisor";
const fact = (list: unknown, id: string): Record<string, unknown> => {
  const found = (list as Record<string, unknown>[]).find((one) => one.id === id || one.name === id);
  if (found === undefined) throw new Error(`no ${id} in ${JSON.stringify(list)}`);
  return found;
};

describe("what the devices answer", () => {
  const live = new Devices().read();

  it("is read as it stands, in an order that does not depend on theirs", () => {
    const devices = new Devices();
    for (const { answer } of devices.answers.collections) if (answer.ok) answer.value.reverse();
    devices.answers.collections.reverse();
    expect(devices.read()).toEqual(live);
  });

  it("holds jobs, storages and datastores of every kind", () => {
    expect(fact(live.backupJobs, "atelier-nord-gold")).toEqual({
      id: "atelier-nord-gold",
      enabled: true,
      schedule: "*:0/30 UTC",
      storage: "coffre-quick-fast-gold",
      selection: { kind: "list", guests: [2001, 2010] },
      mode: "suspend",
      repeatMissed: true,
      prunesItself: false,
      excludedPaths: [],
    });
    expect(fact(live.storages, "coffre-quick-fast-gold")).toEqual({
      id: "coffre-quick-fast-gold",
      backupServer: "coffre",
      datastore: "quick",
      namespace: "fast/gold",
      enabled: true,
      encrypted: true,
      pinned: true,
      prunes: false,
      writer: "nord@pbs!cluster",
    });
    expect(fact(live.storages, "coffre-quick-silver").encrypted).toBe(false);
    expect(live.storages).toHaveLength(4);
    expect(fact(live.datastores, "quick")).toMatchObject({ garbageCollection: "sun 01:30", verifyNew: false, notifies: false });
    expect(fact(live.syncJobs, "archive-from-south")).toEqual({
      id: "archive-from-south",
      backupServer: "coffre",
      datastore: "archive",
      remote: "south",
      remoteHost: "coffre.sud.example",
      remoteDatastore: "south-data",
      direction: "pull",
      enabled: true,
      schedule: "04:45",
      removeVanished: false,
      restrictions: [],
    });
    expect(live.timeZone).toBe("America/Toronto");
    expect(live.promises?.guests[2999]).toMatchObject({ exempt: expect.any(String) });
  });

  it("holds every guest of the cluster, with the disks that its jobs leave out", () => {
    expect((live.guests as unknown as { id: number }[]).map(({ id }) => id)).toEqual([2001, 2010, 2107, 2200, 2999]);
    expect(fact(live.guests, "directory")).toEqual({ id: 2001, name: "directory", excludedDisks: [], owned: false });
    const without = text.replace(/("id": "2001:scsi0",[^}]*"included": )1/, "$10");
    expect(without).not.toBe(text);
    const { guests } = configurationOfLive(JSON.parse(without) as LiveAnswers, site);
    expect(fact(guests, "directory")).toMatchObject({ excludedDisks: ["scsi0"] });
  });

  it("leaves out the products' own matchers as long as nobody has changed them", () => {
    expect((live.alerts as unknown as { matcher: string }[]).map(({ matcher }) => matcher)).toEqual([
      "atelier-nord-failures",
      "atelier-nord-failures",
    ]);
    const changed = new Devices().set("/cluster/notifications/matchers", "default-matcher", { origin: "modified-builtin" }, PVE);
    expect(changed.read().alerts).toContainEqual({
      device: "hypervisor",
      matcher: "default-matcher",
      enabled: true,
      recipients: { unknown: "one of its targets is not a mail end point" },
    });
  });
});

const JOBS = "/cluster/backup";
const STORAGE = "/storage";

describe("a change on a device", () => {
  it.each<[string, object, object]>([
    ["switched off", { enabled: 0 }, { enabled: false }],
    ["switched off, as text", { enabled: "0" }, { enabled: false }],
    ["that does not say whether it is on", { enabled: undefined }, { enabled: true }],
    ["that does not say what it does about missed runs", { "repeat-missed": undefined }, { repeatMissed: false }],
    ["that shuts its guests down", { mode: "stop" }, { mode: "stop" }],
    ["that may prune and keeps all, as text", { remove: 1, "prune-backups": "keep-all=1" }, { prunesItself: false }],
    ["that keeps all and then not", { remove: 1, "prune-backups": "keep-all=1,keep-last=2" }, { prunesItself: true }],
    ["whose rule only looks like it", { remove: 1, "prune-backups": "no-keep-all=1" }, { prunesItself: true }],
    ["whose rule is none", { remove: 1, "prune-backups": 1 }, { prunesItself: true }],
    ["for all guests", { all: 1, vmid: undefined }, { selection: { kind: "all", exclude: [] } }],
    ["for all but some", { all: 1, exclude: "2010,2001" }, { selection: { kind: "all", exclude: [2001, 2010] } }],
    ["for a pool", { pool: "prod", vmid: undefined }, { selection: { kind: "pool", pool: "prod" } }],
    ["for one guest", { vmid: 2001 }, { selection: { kind: "list", guests: [2001] } }],
    ["for nobody", { vmid: "" }, { selection: { kind: "list", guests: [] } }],
    ["for something else", { vmid: "2001,x" }, { selection: { unknown: '"vmid" holds something else than guest ids' } }],
    ["on one node", { node: "nord-a" }, { node: "nord-a" }],
    ["without a mode", { mode: undefined }, { mode: "snapshot" }],
    ["without making up for missed runs", { "repeat-missed": 0 }, { repeatMissed: false }],
    ["that prunes by default", { remove: undefined }, { prunesItself: true }],
    ["that prunes", { remove: 1, "prune-backups": { "keep-last": "2" } }, { prunesItself: true }],
    ["that may prune and keeps all", { remove: 1, "prune-backups": { "keep-all": "1" } }, { prunesItself: false }],
    ["that leaves paths out", { "exclude-path": ["/tmp", "/var/tmp"] }, { excludedPaths: ["/tmp", "/var/tmp"] }],
    ["without a storage", { storage: undefined }, { storage: { unknown: "it names no storage" } }],
    ["without a schedule", { schedule: undefined }, { schedule: { unknown: "it has no schedule" } }],
  ])("is in the facts of a job: %s", (_, change, expected) => {
    const { backupJobs } = new Devices().set(JOBS, "atelier-nord-gold", change, PVE).read();
    expect(fact(backupJobs, "atelier-nord-gold")).toMatchObject(expected);
  });

  it.each<[string, object, object]>([
    ["disabled", { disable: 1 }, { enabled: false }],
    ["that does not say whether it is disabled", { disable: undefined }, { enabled: true }],
    ["that keeps all and then not", { "prune-backups": "keep-all=1,keep-last=3" }, { prunes: true }],
    ["without its pin", { fingerprint: undefined }, { pinned: false }],
    ["without its key", { "encryption-key": undefined }, { encrypted: false }],
    ["with a key that tells no fingerprint", { "encryption-key": 1 }, { encrypted: true }],
    ["that prunes", { "prune-backups": "keep-last=3" }, { prunes: true }],
    ["that says nothing of pruning", { "prune-backups": undefined }, { prunes: false }],
    ["in the root namespace", { namespace: undefined }, { namespace: "" }],
    ["named by the server's name", { server: "coffre" }, { backupServer: "coffre" }],
    [
      "on another server",
      { server: "10.9.9.9" },
      { backupServer: { unknown: "its server is none of the site's backup servers" } },
    ],
    ["written by another", { username: "root@pam" }, { writer: "root@pam" }],
  ])("is in the facts of a storage: %s", (_, change, expected) => {
    const { storages } = new Devices().set(STORAGE, "coffre-quick-fast-gold", change, PVE).read();
    expect(fact(storages, "coffre-quick-fast-gold")).toMatchObject(expected);
  });

  it.each<[string, string, object, keyof Configuration, object]>([
    ["/config/datastore", "quick", { "gc-schedule": undefined }, "datastores", { garbageCollection: "never" }],
    ["/config/datastore", "quick", { "verify-new": true }, "datastores", { verifyNew: true }],
    ["/config/datastore", "quick", { "verify-new": undefined }, "datastores", { verifyNew: false }],
    ["/config/prune", "quick-prune", { disable: undefined }, "pruneJobs", { enabled: true }],
    ["/config/prune", "quick-prune", { "keep-last": 0 }, "pruneJobs", { retention: { weekly: 2 } }],
    ["/config/verify", "quick-verify", { "ignore-verified": undefined }, "verifyJobs", { againAfterDays: 45 }],
    ["/config/verify", "quick-verify", { disable: true }, "verifyJobs", { enabled: false }],
    ["/config/sync", "archive-from-south", { "sync-direction": undefined }, "syncJobs", { direction: "pull" }],
    ["/config/sync", "archive-from-south", { "remove-vanished": undefined }, "syncJobs", { removeVanished: false }],
    ["/config/sync", "archive-from-south", { "max-depth": 7 }, "syncJobs", { restrictions: [] }],
    ["/config/sync", "archive-from-south", { "transfer-last": 7 }, "syncJobs", { restrictions: ["transfer-last 7"] }],
    ["/config/datastore", "quick", { "maintenance-mode": "offline" }, "datastores", { maintenance: "offline" }],
    [
      "/config/datastore",
      "quick",
      { "maintenance-mode": "type=read-only,message=x" },
      "datastores",
      { maintenance: "read-only" },
    ],
    ["/config/datastore", "quick", { "maintenance-mode": "type=new" }, "datastores", { maintenance: "of another kind" }],
    ["/config/datastore", "quick", { "notification-mode": undefined }, "datastores", { notifies: true }],
    ["/config/prune", "quick-prune", { disable: true }, "pruneJobs", { enabled: false }],
    [
      "/config/prune",
      "quick-prune",
      { "keep-last": 1, "keep-yearly": 2 },
      "pruneJobs",
      { retention: { last: 1, weekly: 2, yearly: 2 } },
    ],
    ["/config/prune", "quick-prune", { "max-depth": 3 }, "pruneJobs", { maxDepth: 3 }],
    ["/config/verify", "quick-verify", { "outdated-after": 90 }, "verifyJobs", { againAfterDays: 90 }],
    ["/config/verify", "quick-verify", { "ignore-verified": false }, "verifyJobs", { againAfterDays: 0 }],
    ["/config/verify", "quick-verify", { "max-depth": 0, ns: "silver" }, "verifyJobs", { maxDepth: 0, namespace: "silver" }],
    ["/config/verify", "quick-verify", { schedule: undefined }, "verifyJobs", { enabled: false }],
    ["/config/sync", "archive-from-south", { "remove-vanished": true }, "syncJobs", { removeVanished: true }],
    ["/config/sync", "archive-from-south", { schedule: undefined }, "syncJobs", { enabled: false }],
    [
      "/config/sync",
      "archive-from-south",
      { "sync-direction": "push", ns: "a" },
      "syncJobs",
      { direction: "push", restrictions: ["ns a"] },
    ],
    ["/config/sync", "archive-from-south", { remote: undefined }, "syncJobs", { remote: "", remoteHost: "localhost" }],
    [
      "/config/sync",
      "archive-from-south",
      { remote: "north" },
      "syncJobs",
      { remoteHost: { unknown: 'the host of the remote "north" is not known' } },
    ],
    [
      "/config/sync",
      "archive-from-south",
      { "group-filter": ["type:vm", "regex:x"], "transfer-last": 3, "max-depth": 1, "verified-only": true, "remote-ns": "b" },
      "syncJobs",
      {
        restrictions: [
          "group-filter regex",
          "group-filter type:vm",
          "max-depth 1",
          "remote-ns b",
          "transfer-last 3",
          "verified-only",
        ],
      },
    ],
  ])("is in the facts of %s %s: %j", (collection, name, change, list, expected) => {
    expect(fact(new Devices().set(collection, name, change).read()[list], name)).toMatchObject(expected);
  });

  it("without a limit of depth is one for every namespace below, and so is one that no namespace reaches", () => {
    const depths = [undefined, 7].map((depth) =>
      fact(new Devices().set("/config/verify", "quick-verify", { "max-depth": depth }).read().verifyJobs, "quick-verify"),
    );
    expect(depths.map((job) => "maxDepth" in job)).toEqual([false, false]);
  });
});

describe("what is not as usual", () => {
  it("is a storage of another kind, a guest without a number or a name, and one that Bastide made", () => {
    const devices = new Devices().set("/cluster/resources", "directory", { vmid: 0 }, PVE);
    devices.set("/cluster/resources", "database", { name: "" }, PVE);
    const { storages, guests } = devices.read();
    expect((storages as unknown as { id: string }[]).map(({ id }) => id)).not.toContain("local");
    expect(guests).toHaveLength(4);
    expect(guests).toContainEqual({ id: 2010, excludedDisks: [], owned: false });
    const owned = siteAfter("atelier", (input) => {
      input.guests.directory.create = { cores: 2, memoryMiB: 2048, diskGiB: 16, diskStorage: "vmdata", bridge: "vmbr0" };
    });
    const made = configurationOfLive(new Devices().answers as LiveAnswers, owned).guests;
    expect(fact(made, "directory")).toMatchObject({ owned: true });
    expect(fact(made, "database")).toMatchObject({ owned: false });
  });

  it("is a disk of which nothing says whether it is in the backup: it is", () => {
    const silent = JSON.parse(text.replace(/("id": "2001:scsi0",[^}]*"included": )1/, "$1null"));
    expect(fact(configurationOfLive(silent as LiveAnswers, site).guests, "directory")).toMatchObject({ excludedDisks: [] });
  });

  it("is another time zone: that of the hypervisors counts, and one that nobody knows does not", () => {
    const zone = (device: string, timezone: unknown) => {
      const devices = new Devices();
      for (const { collection, device: where, answer } of devices.answers.collections) {
        if (collection === "/nodes/{node}/time" && where === device && answer.ok)
          Object.assign(answer.value[0] ?? {}, { timezone });
      }
      return devices;
    };
    expect(zone(PVE, "Europe/Paris").read().timeZone).toBe("Europe/Paris");
    expect(zone("coffre", "Europe/Paris").read().timeZone).toBe("America/Toronto");
    expect(zone(PVE, "Mars/Olympus").read().timeZone).toBe(site.timeZone);
    const alone = zone("coffre", "Europe/Paris");
    alone.answers.collections = alone.answers.collections.filter(
      ({ collection, device }) => collection !== "/nodes/{node}/time" || device !== PVE,
    );
    expect(alone.read().timeZone).toBe("Europe/Paris");
  });

  it("is a remote of another server under the same name", () => {
    const devices = new Devices();
    const remotes = devices.answers.collections.find(({ collection }) => collection === "/config/remote");
    if (remotes?.answer.ok !== true) throw new Error("no remotes");
    const value = remotes.answer.value.map((one) => ({ ...one, host: "elsewhere" }));
    devices.answers.collections.unshift({ ...remotes, device: "other", answer: { ok: true, value } });
    expect(fact(devices.read().syncJobs, "archive-from-south")).toMatchObject({ remoteHost: "coffre.sud.example" });
  });
});

describe("rights", () => {
  const granted = (devices: Devices) =>
    (devices.read().grants as unknown as { device: string; subject: string; path: string; role: string }[]).map(
      ({ device, subject, path, role }) => `${device} ${subject} ${role} ${path}`,
    );
  const operator = "hypervisor garde@pve PVEAdmin /pool/atelier-nord-gold";

  it("are those of users, tokens and groups", () => {
    expect(granted(new Devices())).toEqual(
      expect.arrayContaining([operator, "coffre nord@pbs DatastorePowerUser /datastore/quick"]),
    );
    const devices = new Devices();
    devices.list("/access/acl", PVE).push({ path: "/", type: "group", ugid: "admins", roleid: "Administrator", propagate: 1 });
    expect(granted(devices)).toContain("hypervisor @admins Administrator /");
  });

  it("reach down unless they say that they do not, and are unknown without a role", () => {
    const devices = new Devices();
    const of = (path: string) =>
      (devices.read().grants as unknown as { path: string; propagate: boolean; role: unknown }[]).find(
        (one) => one.path === path,
      );
    const entry = { type: "user", ugid: "a@pve", roleid: "PVEAuditor" };
    devices
      .list("/access/acl", PVE)
      .push(
        { ...entry, path: "/silent" },
        { ...entry, path: "/here", propagate: 0 },
        { type: "user", ugid: "a@pve", path: "/none" },
      );
    expect(of("/silent")?.propagate).toBe(true);
    expect(of("/here")?.propagate).toBe(false);
    expect(of("/none")?.role).toEqual({ unknown: "it names no role" });
  });

  it("of an account that does not say whether it is on are in force", () => {
    expect(granted(new Devices().set("/access/users", "garde@pve", { enable: undefined }, PVE))).toContain(operator);
    const token = (more: object) => {
      const devices = new Devices().set("/access/users", "garde@pve", { tokens: [{ tokenid: "t", privsep: 0, ...more }] }, PVE);
      return granted(devices).filter((one) => one.includes("garde@pve!t"));
    };
    expect(token({})).toEqual(["hypervisor garde@pve!t PVEAdmin /pool/atelier-nord-gold"]);
    expect(token({ enable: 0 })).toEqual([]);
    expect(token({ privsep: undefined })).toEqual([]);
  });

  it("of a token without separation are those of its user on its device and no others, also where it was given some", () => {
    const devices = new Devices().set("/access/users", "garde@pve", { tokens: [{ tokenid: "t", privsep: 0 }] }, PVE);
    const entry = { type: "user", roleid: "Administrator", propagate: 1 };
    devices
      .list("/access/acl", PVE)
      .push({ ...entry, ugid: "garde@pve!t", path: "/own" }, { ...entry, ugid: "b@pve", path: "/b" });
    devices.list("/access/acl").push({ ...entry, ugid: "garde@pve", path: "/there" });
    expect(granted(devices).filter((one) => one.includes("garde@pve!t"))).toEqual([
      "hypervisor garde@pve!t PVEAdmin /pool/atelier-nord-gold",
    ]);
  });

  it("of a token of a backup server are its own, whatever it says of separation", () => {
    const tokens = [{ tokenid: "nord@pbs!cluster", privsep: 0 }];
    const found = granted(new Devices().set("/access/users", "nord@pbs", { tokens }));
    expect(found).toEqual(granted(new Devices()));
  });

  it("of a disabled user are none, those of its tokens included", () => {
    expect(granted(new Devices().set("/access/users", "garde@pve", { enable: 0 }, PVE))).not.toContain(operator);
    const off = granted(new Devices().set("/access/users", "nord@pbs", { enable: false }));
    expect(off.filter((one) => one.includes("nord@pbs"))).toEqual([]);
  });

  it("of a token without separation are its user's", () => {
    const tokens = (privsep: number) => ({ tokens: [{ tokenid: "garde", privsep }] });
    const shared = granted(new Devices().set("/access/users", "garde@pve", tokens(0), PVE));
    expect(shared).toContain("hypervisor garde@pve!garde PVEAdmin /pool/atelier-nord-gold");
    expect(granted(new Devices().set("/access/users", "garde@pve", tokens(1), PVE)).join()).not.toContain("garde@pve!garde");
  });
});

describe("who is told", () => {
  const alerts = (change: object, list = "matchers", name = "atelier-nord-failures") =>
    (new Devices().set(`/config/notifications/${list}`, name, change).read().alerts as unknown as { device: string }[]).find(
      ({ device }) => device === "coffre",
    );

  it.each<[string, object, object]>([
    ["disabled", { disable: true }, { enabled: false }],
    ["for information only", { "match-severity": ["info"] }, { enabled: false }],
    ["of every severity", { "match-severity": undefined }, { enabled: true }],
    ["for errors among others", { "match-severity": ["info", "notice,error"] }, { enabled: true }],
    ["that does not say whether it is off", { disable: undefined }, { enabled: true }],
    ["that is not turned round", { "invert-match": false }, { recipients: ["astreinte@nord.example", "direction@nord.example"] }],
    ["that is turned round", { "invert-match": true }, { recipients: { unknown: expect.stringContaining("invert-match") } }],
    [
      "for some jobs",
      { "match-field": ["exact:type=prune"] },
      { recipients: { unknown: expect.stringContaining("match-field") } },
    ],
    ["for nobody", { target: [] }, { recipients: [] }],
    ["elsewhere", { target: ["gotify"] }, { recipients: { unknown: expect.any(String) } }],
  ])("is read from a matcher: %s", (_, change, expected) => {
    expect(alerts(change)).toMatchObject(expected);
  });

  it.each<[string, object, unknown]>([
    ["disabled", { disable: true }, []],
    ["to others", { mailto: ["b@x", "a@x"] }, ["a@x", "b@x"]],
    ["that does not say whether it is off", { disable: undefined, mailto: ["a@x"] }, ["a@x"]],
    ["to users", { "mailto-user": ["root@pam"] }, { unknown: "it also mails to users, whose addresses are elsewhere" }],
  ])("is read from an end point: %s", (_, change, recipients) => {
    expect(alerts(change, "endpoints/smtp", "atelier-nord-mail")).toMatchObject({ recipients });
  });
});

describe("what a device does not say", () => {
  it.each<[string, string, keyof Configuration]>([
    [JOBS, PVE, "backupJobs"],
    [STORAGE, PVE, "storages"],
    ["/cluster/resources", PVE, "guests"],
    ["/access/acl", PVE, "grants"],
    ["/access/users", "coffre", "grants"],
    ["/cluster/notifications/matchers", PVE, "alerts"],
    ["/config/notifications/endpoints/smtp", "coffre", "alerts"],
    ["/config/datastore", "coffre", "datastores"],
    ["/config/prune", "coffre", "pruneJobs"],
    ["/config/verify", "coffre", "verifyJobs"],
    ["/config/sync", "coffre", "syncJobs"],
  ])("is unknown and never empty: %s of %s", (collection, device, list) => {
    const unknown = { unknown: `${device} GET ${collection}: refused the call (403)` };
    expect(new Devices().refuse(collection, device).read()[list]).toEqual(unknown);
    expect(new Devices().read()[list]).toEqual(expect.any(Array));
  });

  it("is unknown of the host behind a sync job, and of no more than that", () => {
    const { syncJobs } = new Devices().refuse("/config/remote", "coffre").read();
    expect(fact(syncJobs, "archive-from-south")).toMatchObject({ remoteHost: { unknown: expect.any(String) }, enabled: true });
  });

  it("is unknown of a firewall that was not read, absent only where the site has none", () => {
    expect(new Devices().read()).not.toHaveProperty("firewall");
    const fault = { where: "firewall GET /firewall/rules", what: "did not answer" };
    const read = (firewall?: LiveAnswers["firewall"]) =>
      configurationOfLive({ collections: [], ...(firewall === undefined ? {} : { firewall }) }, ecosolar).firewall;
    expect(read({ ok: false, fault })).toEqual({ unknown: "firewall GET /firewall/rules: did not answer" });
    expect(read()).toEqual({ unknown: "the firewall was not asked" });
    const empty = { rules: [], aliases: [], interfaces: [] };
    expect(read({ ok: true, value: empty })).toEqual(empty);
  });

  it("is unknown where nobody asked", () => {
    const { collections } = new Devices().answers;
    const read = (one: string) =>
      configurationOfLive(
        { collections: collections.filter(({ device }) => device !== one) as LiveAnswers["collections"] },
        site,
      );
    expect(read("coffre").pruneJobs).toEqual({ unknown: "coffre was not asked for /config/prune" });
    expect(read("hypervisor").guests).toEqual({ unknown: "hypervisor was not asked for /cluster/resources" });
  });

  it("makes a list unknown where an object of it has no name", () => {
    expect(new Devices().set(JOBS, "atelier-nord-gold", { id: undefined }, PVE).read().backupJobs).toEqual({
      unknown: expect.stringContaining('"id"'),
    });
  });
});

it("holds nothing that is not a fact: no comment, no address of a mail server, no fingerprint, no account", () => {
  const shown = JSON.stringify({ ...new Devices().read(), promises: undefined });
  expect(text).toContain("relay.nord.example");
  for (const hidden of ["Bastide - site", "relay.nord.example", "pbs@nord.example", "5a:0c", "digest", "pull@pbs"]) {
    expect(shown).not.toContain(hidden);
  }
});
