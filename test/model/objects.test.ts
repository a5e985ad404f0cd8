import {
  accessEntries,
  backupJobs,
  backupTargets,
  firewallAliases,
  firewallFlow,
  hostEntries,
  hypervisorTokenSecret,
  namespaces,
  notificationNames,
  requiredSecrets,
  type Site,
  secretNames,
  syncJobs,
  verifyJobs,
} from "../../model";
import ecosolar from "../../sites/ecosolar/site";
import atelier from "../fixtures/sites/atelier/site";
import { type Loose, siteWith } from "./base-site";

describe("targets", () => {
  test("the root of every datastore comes first, then one for each namespace of a tier", () => {
    expect(backupTargets(ecosolar)).toEqual([
      {
        backupServer: "pbs",
        datastore: "proxmox-data",
        namespace: "",
        storage: "pbs-backup",
        retention: { last: 7, daily: 7, weekly: 4, monthly: 3 },
        pruneJob: "proxmox-data-prune",
        pruneSchedule: "22:30",
        encrypted: true,
      },
      expect.objectContaining({
        namespace: "critical",
        storage: "pbs-backup-critical",
        retention: { hourly: 24, daily: 7 },
        pruneJob: "proxmox-data-critical-prune",
      }),
      expect.objectContaining({ namespace: "standard", storage: "pbs-backup-standard", retention: { daily: 7, weekly: 4 } }),
    ]);
  });

  test("a namespace of several levels is one target, its parents are none", () => {
    expect(backupTargets(atelier).map(({ datastore, namespace, storage }) => [datastore, namespace, storage])).toEqual([
      ["quick", "", "coffre-quick"],
      ["quick", "fast/gold", "coffre-quick-fast-gold"],
      ["quick", "silver", "coffre-quick-silver"],
      ["archive", "", "pbs-archive"],
    ]);
  });

  test("a tier without its own retention has the datastore's, and its own word on encryption", () => {
    expect(backupTargets(atelier).find(({ namespace }) => namespace === "silver")).toMatchObject({
      retention: { last: 3, weekly: 2 },
      encrypted: false,
    });
  });

  test("a tier in the root namespace makes no second target", () => {
    expect(backupTargets(siteWith(() => undefined)).map(({ namespace }) => namespace)).toEqual(["", "critical"]);
  });

  test("namespaces are listed parents first, each once", () => {
    const site = siteWith((input) => {
      input.tiers.critical.namespace = "a/b/c";
      input.tiers.more = { ...input.tiers.critical, namespace: "a/d" };
    });
    expect(namespaces(site, "pbs", "data")).toEqual(["a", "a/b", "a/b/c", "a/d"]);
    expect(namespaces(site, "pbs", "other")).toEqual([]);
    expect(namespaces(atelier, "coffre", "archive")).toEqual([]);
  });
});

describe("jobs", () => {
  test("one backup job per tier with its guests in order, in a pool of the same name", () => {
    expect(backupJobs(ecosolar).map(({ id, pool, guests, target }) => [id, pool, guests, target.storage])).toEqual([
      ["ecosolar-critical", "ecosolar-critical", [101, 103], "pbs-backup-critical"],
      ["ecosolar-standard", "ecosolar-standard", [102, 104, 105, 106], "pbs-backup-standard"],
    ]);
  });

  test("the order of the guests in the file does not show in a job", () => {
    const turned = siteWith((input) => {
      input.guests = Object.fromEntries(Object.entries(input.guests).reverse());
    });
    expect(backupJobs(turned)).toEqual(backupJobs(siteWith(() => undefined)));
  });

  test("the name of a guest does not show in a job", () => {
    const renamed = siteWith((input) => {
      input.guests = { ad: input.guests.ad, dolibarr: input.guests.erp, glpi: input.guests.glpi };
    });
    expect(backupJobs(renamed)).toEqual(backupJobs(siteWith(() => undefined)));
  });

  test("an exempt guest is in no job, and a tier without guests has none", () => {
    expect(backupJobs(atelier).flatMap(({ guests }) => guests)).not.toContain(2999);
    expect(backupJobs(siteWith((input) => (input.guests.glpi.tier = "critical"))).map(({ id }) => id)).toEqual([
      "alpha-critical",
    ]);
  });

  test("verification per datastore, copies per sync", () => {
    expect(verifyJobs(atelier)).toEqual([
      { id: "quick-verify", backupServer: "coffre", datastore: "quick", schedule: "*-*-15 04:00", againAfterDays: 45 },
      { id: "archive-verify", backupServer: "coffre", datastore: "archive", schedule: "weekly", againAfterDays: 30 },
    ]);
    expect(syncJobs(atelier)).toEqual([
      {
        id: "archive-from-south",
        backupServer: "coffre",
        datastore: "archive",
        sync: { remote: "south", remoteDatastore: "south-data", direction: "pull", schedule: "04:45", removeVanished: false },
      },
    ]);
    expect(syncJobs(ecosolar)).toEqual([]);
  });

  test.each<readonly [string, Site]>([
    ["ecosolar", ecosolar],
    ["atelier", atelier],
  ])("every id of %s is unique on its device and within its limits", (_, site) => {
    const pbs = [
      ...backupTargets(site).map(({ pruneJob }) => pruneJob),
      ...verifyJobs(site).map(({ id }) => id),
      ...syncJobs(site).map(({ id }) => id),
    ];
    const pve = backupJobs(site).map(({ id }) => id);
    const storages = backupTargets(site).map(({ storage }) => storage);
    for (const ids of [pbs, pve, storages]) expect(new Set(ids).size).toBe(ids.length);
    for (const id of pbs) expect(id).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]{2,31}$/);
    for (const id of pve) expect(id).toMatch(/^[a-z][a-z0-9_-]{1,49}$/);
    for (const id of storages) expect(id).toMatch(/^[a-z][a-z0-9._-]*[a-z0-9]$/);
  });
});

test("every right stands twice, for the user and for its token", () => {
  const entries = accessEntries(atelier);
  expect(entries).toEqual([
    { backupServer: "coffre", path: "/datastore/quick", authId: "nord@pbs", role: "DatastorePowerUser" },
    { backupServer: "coffre", path: "/datastore/quick", authId: "nord@pbs!cluster", role: "DatastorePowerUser" },
    { backupServer: "coffre", path: "/datastore/archive", authId: "nord@pbs", role: "DatastorePowerUser" },
    { backupServer: "coffre", path: "/datastore/archive", authId: "nord@pbs!cluster", role: "DatastorePowerUser" },
  ]);
});

describe("backup flow through the firewall", () => {
  test("hypervisors and administrators reach the backup servers, nobody else", () => {
    const flow = firewallFlow(ecosolar);
    expect(flow.sources.map(({ name, address }) => [name, address])).toEqual([
      ["pve1", "192.168.100.210"],
      ["admin", "192.168.100.10"],
    ]);
    expect(flow.destinations.map(({ address }) => address)).toEqual(["192.168.100.220"]);
    expect([flow.port, flow.interfaces]).toEqual([8007, ["lan"]]);
    expect(flow.sameSubnet.map(({ source, destination }) => [source.name, destination.name])).toEqual([
      ["pve1", "pbs"],
      ["admin", "pbs"],
    ]);
  });

  test("a backup server in a network of its own is behind the firewall for all", () => {
    expect(firewallFlow(atelier)).toMatchObject({ port: 8117, interfaces: ["opt2"], sameSubnet: [] });
    expect(firewallFlow(atelier).sources.map(({ name }) => name)).toEqual(["nord-a", "nord-b", "console"]);
  });

  test("a backup server is a destination by each of its addresses, and in one subnet by those of one family", () => {
    expect(firewallFlow(atelier).destinations.map(({ name, address }) => [name, address])).toEqual([
      ["coffre", "10.20.9.5"],
      ["coffre", "2001:db8:20:9::5"],
    ]);
    const site = siteWith((input) => {
      input.networks.lan.cidr6 = "2001:db8:1::/64";
      input.backupServers.pbs.address6 = "2001:db8:1::20";
    });
    expect(firewallFlow(site).sameSubnet).toEqual([]);
  });

  test("a backup server elsewhere needs no network of the site", () => {
    const elsewhere = (location?: string) => () =>
      siteWith((input) => {
        input.backupServers.far = {
          address: "203.0.113.5",
          location,
          datastores: { copy: { path: "/mnt/copy", retention: { last: 2 } } },
        };
        for (const tier of Object.values(input.tiers as Record<string, Loose>)) tier.backupServer = "pbs";
        input.environments.live.devices.backupServers.far = { ca: "far.pem" };
      });
    expect(elsewhere("off-site")().backupServers.far?.location).toBe("off-site");
    expect(elsewhere()).toThrow("203.0.113.5 is in no network of the site");
  });

  test("an administrator in the backup network is in one subnet with the server, the hypervisor is not", () => {
    const site = siteWith((input) => (input.hosts.admin.address = "10.2.0.30"));
    expect(firewallFlow(site).sameSubnet.map(({ source }) => source.name)).toEqual(["admin"]);
    expect(firewallFlow(site).interfaces).toEqual(["lan", "vault"]);
  });

  test("names of aliases keep the firewall's limit for the longest name of a site", () => {
    const names = Object.values(firewallAliases({ name: "a-b-c-d-e-f-g-h-i-jk" }));
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_]{1,31}$/);
    expect(new Set(names).size).toBe(2);
  });
});

describe("secrets", () => {
  const several = (input: Loose) => {
    input.backupServers.pbs2 = { address: "10.2.0.21", datastores: { copy: { path: "/mnt/copy", retention: { last: 2 } } } };
    for (const tier of Object.values<Loose>(input.tiers)) tier.backupServer = "pbs";
    input.environments.live.devices.backupServers.pbs2 = { ca: "x.pem" };
  };

  test("of a live environment: issued, generated and given", () => {
    expect(requiredSecrets(ecosolar, "production").map(({ name, origin }) => [name, origin])).toEqual([
      ["pve-token", "issued"],
      ["encryption-key", "generated"],
      ["smtp-password", "given"],
      ["pve-provisioning", "given"],
      ["pbs-provisioning", "given"],
      ["pfsense-provisioning", "given"],
    ]);
  });

  test("of the lab: nobody is asked for one", () => {
    expect(requiredSecrets(ecosolar, "lab").map(({ name, origin }) => [name, origin])).toEqual([
      ["pve-token", "issued"],
      ["encryption-key", "generated"],
      ["smtp-password", "generated"],
    ]);
  });

  test("a remote's password is one of them", () => {
    expect(secretNames(atelier, "live")).toEqual(["cluster", "encryption-key", "remote-south", "pve-admin", "coffre"]);
  });

  test("with several backup servers each issues its own token", () => {
    const site = siteWith(several);
    expect(hypervisorTokenSecret(site, "pbs2")).toBe("pve-token@pbs2");
    expect(hypervisorTokenSecret(ecosolar, "pbs")).toBe("pve-token");
    expect(secretNames(site, "live")).toEqual([
      "pve-token@pbs",
      "pve-token@pbs2",
      "encryption-key",
      "pve-admin",
      "pbs-admin@pbs",
      "pbs-admin@pbs2",
      "pfsense-admin",
    ]);
  });

  test("no key is needed where nothing is encrypted, and a name that serves twice stands once", () => {
    const site = siteWith((input) => {
      for (const tier of Object.values<Loose>(input.tiers)) tier.encryption = false;
      for (const device of Object.values<Loose>(input.environments.live.devices)) if (device.ca) device.credential = "shared";
    });
    expect(secretNames(site, "live")).toEqual(["pve-token", "shared", "pbs-admin"]);
  });
});

test("the machines of the backup are lines of a hosts file (ECO-02)", () => {
  expect(hostEntries(ecosolar).map(({ address, names }) => `${address} ${names.join(" ")}`)).toEqual([
    "192.168.100.210 pve1.ecosolar.lan pve1",
    "192.168.100.220 pbs.ecosolar.lan pbs",
    "192.168.100.254 pfsense.ecosolar.lan pfsense",
    "192.168.100.10 admin.ecosolar.lan admin",
  ]);
});

test("names of the notification objects keep the limit of 32 characters", () => {
  for (const name of Object.values(notificationNames({ name: "a".repeat(20) }))) expect(name.length).toBeLessThanOrEqual(32);
});
