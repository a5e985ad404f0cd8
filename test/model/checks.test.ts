import { faultsWith, type Loose } from "./base-site";
import { checkRows } from "./broken";

describe("faults between fields", () => {
  checkRows([
    [
      "unknown tier",
      (site) => (site.guests.glpi.tier = "standart"),
      "guests.glpi.tier",
      'no tier "standart"; did you mean "standard"?',
    ],
    [
      "unknown guest",
      (site) => (site.guests.erp.dependsOn = ["adx"]),
      "guests.erp.dependsOn[0]",
      'no guest "adx"; did you mean "ad"?',
    ],
    [
      "unknown hypervisor of a backup server",
      (site) => (site.backupServers.pbs.runsOn = "pve9"),
      "backupServers.pbs.runsOn",
      'no hypervisor "pve9"; did you mean "pve1"?',
    ],
    ["unknown node", (site) => (site.guests.erp.node = "pve9"), "guests.erp.node", 'no hypervisor "pve9"; did you mean "pve1"?'],
    [
      "unknown backup server",
      (site) => (site.tiers.standard.backupServer = "psb"),
      "tiers.standard.backupServer",
      /^no backup server "psb"/,
    ],
    [
      "unknown datastore",
      (site) => (site.tiers.standard.datastore = "dota"),
      "tiers.standard.datastore",
      'no datastore "dota" on pbs; did you mean "data"?',
    ],
    [
      "name of an inherited property",
      (site) => (site.guests.erp.dependsOn = ["toString"]),
      "guests.erp.dependsOn[0]",
      /^no guest "toString"/,
    ],
    [
      "right on the pool of a tier without guests",
      (site) => {
        site.tiers.archive = { ...site.tiers.standard };
        site.access = { operators: { "garde@pve": { comment: "x", role: "PVEAdmin", path: `/pool/${site.name}-archive` } } };
      },
      'access.operators["garde@pve"].path',
      /^the tier "archive" has no guest to back up, so there is no pool "alpha-archive"/,
    ],
    [
      "two datastores and no choice",
      (site) => {
        site.backupServers.pbs.datastores.more = { path: "/mnt/more", retention: { last: 2 } };
        site.tiers.critical.datastore = "data";
      },
      "tiers.standard",
      "the tier does not say on which datastore",
    ],
    [
      "unknown remote",
      (site) => (site.backupServers.pbs.datastores.data.syncs = { copy: { remote: "south", remoteDatastore: "data" } }),
      "backupServers.pbs.datastores.data.syncs.copy.remote",
      'no remote "south" on pbs',
    ],
    [
      "access to a backup server that is not there",
      (site) => (site.environments.live.devices.backupServers.pbx = { ca: "x.pem" }),
      "environments.live.devices.backupServers.pbx",
      'no backup server "pbx"; did you mean "pbs"?',
    ],
    [
      "no access to a backup server",
      (site) => delete site.environments.live.devices.backupServers.pbs,
      "environments.live.devices.backupServers.pbs",
      'no access to the backup server "pbs"',
    ],
    [
      "access to a firewall that is not there",
      (site) => delete site.firewall,
      "environments.live.devices.firewall",
      "access to a firewall that the site does not have",
    ],

    ["same id twice", (site) => (site.guests.glpi.id = 103), "guests.glpi.id", '103 is the id of guest "erp" already'],
    [
      "same address twice",
      (site) => (site.guests.erp.address = "10.1.0.10"),
      "guests.erp.address",
      "10.1.0.10 is the address of hypervisors.pve1.address already",
    ],
    [
      "address of a gateway",
      (site) => (site.hosts.admin.address = "10.2.0.254"),
      "hosts.admin.address",
      /address of networks.vault.gateway already/,
    ],
    [
      "address outside",
      (site) => (site.guests.erp.address = "10.3.0.1"),
      "guests.erp.address",
      "10.3.0.1 is in no network of the site",
    ],
    [
      "IPv6 address outside",
      (site) => (site.backupServers.pbs.address6 = "2001:db8::1"),
      "backupServers.pbs.address6",
      "2001:db8::1 is in no network of the site",
    ],
    [
      "first address of the network",
      (site) => (site.guests.erp.address = "10.1.0.0"),
      "guests.erp.address",
      /network's own or its broadcast/,
    ],
    [
      "broadcast address",
      (site) => (site.guests.erp.address = "10.1.0.255"),
      "guests.erp.address",
      /network's own or its broadcast/,
    ],
    [
      "gateway outside",
      (site) => (site.networks.vault.gateway = "10.9.0.1"),
      "networks.vault.gateway",
      "the gateway 10.9.0.1 is outside 10.2.0.0/24",
    ],
    [
      "networks that overlap",
      (site) => (site.networks.more = { cidr: "10.2.0.128/25", gateway: "10.2.0.253" }),
      "networks.more",
      "the network 10.2.0.128/25 overlaps 10.2.0.0/24 of networks.vault",
    ],
    [
      "two networks at one interface",
      (site) => (site.networks.vault.firewallInterface = "lan"),
      "networks.vault.firewallInterface",
      /is that of the network "lan" already/,
    ],
    [
      "one name for two machines",
      (site) => (site.hosts.PVE1 = { address: "10.1.0.40" }),
      "hosts.PVE1",
      '"PVE1" is the name of hypervisors.pve1 already',
    ],

    [
      "tier and exempt",
      (site) => (site.guests.glpi.exempt = { reason: "x" }),
      "guests.glpi",
      "the guest has a tier and is exempt from backup",
    ],
    [
      "restored before what it needs",
      (site) => (site.guests.ad.restoreOrder = 3),
      "guests.erp.dependsOn[0]",
      '"erp" is restored at 2, not after "ad" at 3',
    ],
    [
      "restored together with what it needs",
      (site) => (site.guests.ad.restoreOrder = 2),
      "guests.erp.dependsOn[0]",
      '"erp" is restored at 2, not after "ad" at 2',
    ],
    [
      "guest that needs itself",
      (site) => (site.guests.glpi.dependsOn = ["glpi"]),
      "guests.glpi.dependsOn",
      "the order of restore has a cycle: glpi -> glpi",
    ],
    [
      "cycle of two",
      (site) => (site.guests.ad.dependsOn = ["glpi"]),
      "guests.ad.dependsOn",
      "the order of restore has a cycle: ad -> glpi -> ad",
    ],

    [
      "schedule above the RPO",
      (site) => (site.tiers.standard.rpo = "24h"),
      "tiers.standard.schedule",
      'the schedule "21:00" leaves 25h between two runs, more than the RPO of 1d',
    ],
    [
      "schedule in local time",
      (site) => (site.tiers.critical.schedule = "0/4:00"),
      "tiers.critical.schedule",
      'the schedule "0/4:00" leaves 5h between two runs, more than the RPO of 4h',
    ],
    [
      "time that spring skips",
      (site) => (site.tiers.standard.schedule = "02:30"),
      "tiers.standard.schedule",
      'the schedule "02:30" leaves 47h between two runs, more than the RPO of 25h',
    ],
    [
      "schedule that ends",
      (site) => (site.tiers.standard.schedule = "2027-*-* 21:00"),
      "tiers.standard.schedule",
      /never runs, or not after its last year/,
    ],
    [
      "prune that never comes",
      (site) => (site.backupServers.pbs.datastores.data.prune = "02-30"),
      "backupServers.pbs.datastores.data.prune",
      /never runs/,
    ],
    [
      "retention too coarse",
      (site) => (site.tiers.critical.retention = { daily: 7 }),
      "tiers.critical.retention",
      "the retention leaves up to 1d between the two newest recovery points, more than the RPO of 4h",
    ],
    [
      "retention of one point",
      (site) => (site.tiers.critical.retention = { last: 1 }),
      "tiers.critical.retention",
      "the retention keeps a single recovery point",
    ],
    [
      "the datastore's retention too coarse",
      (site) => (site.backupServers.pbs.datastores.data.retention = { weekly: 4 }),
      "tiers.standard",
      /up to 7d between the two newest/,
    ],
    [
      "different retentions in one namespace",
      (site) => (site.tiers.other = { ...site.tiers.critical, namespace: "critical", retention: { last: 9 } }),
      "tiers.other.namespace",
      'the tiers "critical" and "other" share namespace "critical" of data with different retentions',
    ],
    [
      "own retention in the root",
      (site) => (site.tiers.critical.namespace = ""),
      "tiers.critical.retention",
      "the tier's retention differs from that of the root namespace of data, in which it lies",
    ],
    [
      "different encryption in one namespace",
      (site) => (site.tiers.other = { ...site.tiers.standard, encryption: false }),
      "tiers.other.encryption",
      'the tiers "standard" and "other" share the root namespace of data, one encrypted and one not',
    ],

    [
      "prune job too long",
      (site) => (site.tiers.critical.namespace = "n".repeat(22)),
      "tiers.critical.namespace",
      /its prune job would be "data-n+-prune", 33 characters/,
    ],
    [
      "verification job too long",
      (site) => {
        site.backupServers.pbs.datastores = { ["d".repeat(26)]: site.backupServers.pbs.datastores.data };
        delete site.tiers.critical.retention;
      },
      `backupServers.pbs.datastores.${"d".repeat(26)}`,
      /verification job would be .*33 characters/,
    ],
    [
      "sync job too long",
      (site) => {
        site.backupServers.pbs.remotes = { south: { host: "south", authId: "a@pbs" } };
        site.backupServers.pbs.datastores.data.syncs = { ["s".repeat(28)]: { remote: "south", remoteDatastore: "data" } };
      },
      `backupServers.pbs.datastores.data.syncs.${"s".repeat(28)}`,
      /sync job would be .*33 characters/,
    ],
    [
      "backup job too long",
      (site) => {
        site.name = "a".repeat(20);
        site.tiers["t".repeat(30)] = site.tiers.standard;
      },
      `tiers.${"t".repeat(30)}`,
      /backup job would be .*51 characters/,
    ],
    [
      "auth id too long",
      (site) => (site.access = { hypervisorToken: { user: `${"u".repeat(46)}@pbs`, name: "t".repeat(14) } }),
      "access.hypervisorToken",
      /auth id would be .*65 characters/,
    ],
    [
      "one storage for two namespaces",
      (site) => {
        site.tiers.critical.namespace = "a/b";
        site.tiers.other = { ...site.tiers.critical, namespace: "a-b" };
      },
      "tiers.other.namespace",
      'its prune job would be "data-a-b-prune", which is that of tiers.critical.namespace already',
    ],
    [
      "one storage for two datastores",
      (site) => {
        site.backupServers.pbs.datastores.more = { path: "/mnt/more", storage: "pbs-data", retention: { last: 2 } };
        for (const tier of Object.values<Loose>(site.tiers)) tier.datastore = "data";
      },
      "backupServers.pbs.datastores.more.storage",
      'its storage on Proxmox VE would be "pbs-data", which is that of backupServers.pbs.datastores.data.storage already',
    ],
    [
      "one prune job for a namespace and a datastore",
      (site) => {
        site.backupServers.pbs.datastores["data-critical"] = { path: "/mnt/more", storage: "more", retention: { last: 2 } };
        for (const tier of Object.values<Loose>(site.tiers)) tier.datastore = "data";
      },
      "tiers.critical.namespace",
      'its prune job would be "data-critical-prune", which is that of backupServers.pbs.datastores.data-critical already',
    ],
    [
      "backup server named like an inherited property",
      (site) => (site.tiers.standard.backupServer = "constructor"),
      "tiers.standard.backupServer",
      /^no backup server "constructor"/,
    ],
    [
      "datastore named like an inherited property",
      (site) => (site.tiers.standard.datastore = "constructor"),
      "tiers.standard.datastore",
      /^no datastore "constructor" on pbs/,
    ],

    [
      "two rules with one description",
      (site) => (site.firewall.passDescription = "Bloquer PBS - Port 8007"),
      "firewall.blockDescription",
      "the pass rule and the block rule have the same description",
    ],
    [
      "backup servers on two ports",
      (site) => {
        site.backupServers.pbs2 = {
          address: "10.2.0.21",
          port: 8117,
          datastores: { copy: { path: "/mnt/copy", storage: "copy", retention: { last: 2 } } },
        };
        for (const tier of Object.values<Loose>(site.tiers)) tier.backupServer = "pbs";
        site.environments.live.devices.backupServers.pbs2 = { ca: "x.pem" };
      },
      "backupServers.pbs2.port",
      "port 8117, while another backup server of the site listens on 8007",
    ],
  ]);
});

describe("the other side of each limit is accepted", () => {
  test.each<readonly [string, (site: Loose) => void]>([
    ["an RPO of exactly the largest gap", (site) => (site.tiers.standard.rpo = "25h")],
    [
      "the daily schedule in UTC within 24 h",
      (site) => Object.assign(site.tiers.standard, { rpo: "24h", schedule: "20:00 UTC" }),
    ],
    [
      "the daily schedule within 24 h where clocks never change",
      (site) => (Object.assign(site, { timeZone: "Indian/Reunion" }).tiers.standard.rpo = "24h"),
    ],
    ["a skipped hour with room for it", (site) => Object.assign(site.tiers.standard, { schedule: "02:30", rpo: "47h" })],
    ["two points at the schedule's pace", (site) => (site.tiers.critical.retention = { last: 2 })],
    ["the same retention in one namespace", (site) => (site.tiers.other = { ...site.tiers.critical, namespace: "critical" })],
    [
      "the datastore's retention in the root, written out",
      (site) => (site.tiers.standard = { ...site.tiers.standard, retention: { daily: 7, last: 7 }, namespace: "" }),
    ],
    ["the longest prune job", (site) => (site.tiers.critical.namespace = "n".repeat(21))],
    ["seven levels", (site) => (site.tiers.critical.namespace = "1/2/3/4/5/6/7")],
    [
      "first and last usable address",
      (site) => {
        site.guests.erp.address = "10.1.0.1";
        site.guests.ad.address = "10.1.0.253";
      },
    ],
    ["networks side by side", (site) => (site.networks.more = { cidr: "10.2.1.0/24", gateway: "10.2.1.1" })],
    ["dependencies that meet again", (site) => (site.guests.glpi.dependsOn = ["ad", "erp"])],
    [
      "a guest without backup and its reason",
      (site) => (site.guests.test = { id: 999, role: "Essai", exempt: { reason: "Recréé" } }),
    ],
    [
      "the firewall that the site has forgotten, as long as its rules have to be taken off",
      (site) => {
        delete site.firewall;
        site.environments.live.devices.firewall.endpoint = "https://10.1.0.254";
      },
    ],
    [
      "an IPv6 address in the network's IPv6 range",
      (site) => {
        site.networks.lan.cidr6 = "2001:db8::/64";
        site.guests.erp.address = "2001:db8::103";
      },
    ],
  ])("%s", (_, change) => expect(faultsWith(change)).toEqual([]));
});

describe("a fault about the RPO says what helps", () => {
  const repairOf = (change: (site: Loose) => void) => faultsWith(change)[0];

  test("when only the change of the clocks breaks it: UTC, or the RPO that holds", () => {
    const fault = repairOf((site) => (site.tiers.critical.schedule = "0/4:00"));
    expect(fault?.why).toBe(
      "for example from 2026-10-25 00:00 to 2026-10-25 04:00; on ordinary days it is 4h, but the clocks of Europe/Paris change",
    );
    expect(fault?.repair).toBe('write it in UTC ("0/4:00 UTC"), or set `rpo` to "5h"');
    expect(faultsWith((site) => (site.tiers.critical.schedule = "0/4:00 UTC"))).toEqual([]);
    expect(faultsWith((site) => Object.assign(site.tiers.critical, { schedule: "0/4:00", rpo: "5h" }))).toEqual([]);
  });

  test("when it runs too rarely: a schedule that holds", () => {
    const fault = repairOf((site) => Object.assign(site.tiers.standard, { rpo: "8h" }));
    expect(fault?.repair).toBe('run it more often ("0/8:00 UTC"), or set `rpo` to "25h"');
    expect(
      faultsWith((site) => Object.assign(site.tiers.standard, { rpo: "8h", schedule: "0/8:00 UTC", retention: { last: 6 } })),
    ).toEqual([]);
  });
});
