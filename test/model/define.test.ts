import { defineSite, pgState, production, UserError } from "../../model";
import ecosolar from "../../sites/ecosolar/site";
import atelier from "../fixtures/sites/atelier/site";
import { baseSite, faultsWith, type Loose, siteWith } from "./base-site";

test("the site that the tests break is valid before", () => {
  expect(faultsWith(() => undefined)).toEqual([]);
});

describe.each([
  ["ecosolar", ecosolar],
  ["atelier", atelier],
])("the site %s", (_, site) => {
  test("is plain data that a JSON round trip leaves equal", () => {
    expect(JSON.parse(JSON.stringify(site))).toEqual(site);
    expect(JSON.stringify(site)).not.toContain("undefined");
  });

  test("is frozen to its last leaf", () => {
    const open: string[] = [];
    const visit = (value: unknown, path: string): void => {
      if (typeof value !== "object" || value === null) return;
      if (!Object.isFrozen(value)) open.push(path);
      for (const [key, entry] of Object.entries(value)) visit(entry, `${path}.${key}`);
    };
    visit(site, "site");
    expect(open).toEqual([]);
  });

  test("is a site file itself: nothing is left to be filled in", () => {
    expect(defineSite(structuredClone(site))).toEqual(site);
  });
});

test("the two sites share no value that could hide in the code", () => {
  const leaves = (value: unknown): unknown[] =>
    typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [value];
  // Small counts, ports and hours may meet by chance; names, addresses, paths and ids may not.
  const telling = (leaf: unknown) => (typeof leaf === "number" ? leaf > 99 : typeof leaf === "string");
  const own = (site: typeof ecosolar) =>
    [site.hypervisors, site.backupServers, site.networks, site.guests, site.access].flatMap(leaves);
  const others = new Set(own(atelier).filter(telling));
  const shared = own(ecosolar).filter((leaf) => others.has(leaf));
  // Words of the devices' own APIs, and where a backup server stands by default.
  expect([...new Set(shared)].sort()).toEqual(["notification-system", "on-site", "vm"]);
});

describe("defaults", () => {
  const site = siteWith(() => undefined);

  test("of a datastore", () => {
    expect(site.backupServers.pbs).toMatchObject({ port: 8007, trafficControl: {}, remotes: {} });
    expect(site.backupServers.pbs?.datastores.data).toEqual({
      path: "/mnt/data",
      storage: "pbs-data",
      garbageCollection: "daily",
      verifyNew: true,
      retention: { last: 7, daily: 7 },
      prune: "daily",
      verification: { schedule: "weekly", againAfterDays: 30 },
      notificationMode: "notification-system",
      reuse: false,
      syncs: {},
      copies: {},
    });
  });

  test("of a tier: the only server and datastore; its own namespace with its own retention, else the root", () => {
    expect(site.tiers.critical).toMatchObject({
      backupServer: "pbs",
      datastore: "data",
      namespace: "critical",
      encryption: true,
      mode: "snapshot",
    });
    expect(site.tiers.standard).toMatchObject({ namespace: "", repeatMissed: true });
    expect(site.tiers.standard).not.toHaveProperty("retention");
  });

  test("of a guest, of access and of a network", () => {
    expect(site.guests.glpi).toMatchObject({ kind: "vm", node: "pve1" });
    expect(site.guests.ad?.dependsOn).toEqual([]);
    expect(site.access).toEqual({
      hypervisorToken: { user: "pve-backup@pbs", name: "pve-token", role: "DatastoreBackup" },
      operators: {},
    });
    expect(site.networks.lan?.firewallInterface).toBe("lan");
    expect(site.firewall).toMatchObject({
      passDescription: "Autoriser PBS - Port 8007",
      blockDescription: "Bloquer PBS - Port 8007",
    });
    expect(site.acknowledgements).toEqual([]);
  });

  test("of environments: the lab is open, the rest is protected and encrypted, devices are where the model says", () => {
    expect(site.environments.lab).toEqual({
      kind: "lab",
      state: { kind: "local" },
      protectData: false,
      encryptState: false,
      approvals: 1,
    });
    expect(site.environments.live).toEqual({
      kind: "live",
      state: { kind: "local" },
      protectData: true,
      encryptState: true,
      approvals: 1,
      devices: {
        hypervisor: { endpoint: "https://10.1.0.10:8006", ca: "pve.pem", credential: "pve-admin" },
        backupServers: { pbs: { endpoint: "https://10.2.0.20:8007", ca: "pbs.pem", credential: "pbs-admin" } },
        firewall: { endpoint: "https://10.1.0.254", ca: "fw.pem", credential: "pfsense-admin" },
      },
    });
    expect(Object.keys(siteWith((input) => delete input.environments).environments)).toEqual(["lab"]);
  });

  test("of mail: port by mode, a password's name only with a user", () => {
    const smtp = (extra: object) =>
      siteWith(
        (input) =>
          (input.notifications = { smtp: { server: "mx.example", from: "a@b.example", ...extra }, mailto: ["c@d.example"] }),
      ).notifications?.smtp;
    expect(smtp({})).toEqual({ server: "mx.example", port: 587, mode: "starttls", from: "a@b.example" });
    expect(smtp({ mode: "tls" })?.port).toBe(465);
    expect(smtp({ mode: "insecure" })?.port).toBe(25);
    expect(smtp({ username: "u" })?.secret).toBe("smtp-password");
  });

  test("a key that is undefined counts as absent", () => {
    expect(siteWith((input) => (input.guests.ad.rto = undefined)).guests.ad).not.toHaveProperty("rto");
  });
});

describe("all faults of a file are given at once, with their paths", () => {
  test("faults of fields and faults between fields", () => {
    const faults = faultsWith((site) => {
      site.clinet = "x";
      delete site.client;
      site.timeZone = "Europe/Pari";
      site.backupServers.pbs.datastores.data.path = 7;
      site.tiers.critical.schedule = "0 */4 * * *";
      site.tiers.standard.rpo = "1h";
      site.guests.erp.role = 3;
      site.guests.erp.dependsOn = ["adx"];
      site.guests.glpi.id = 101;
    });
    expect(faults.map(({ where, what }) => `${where}: ${what}`)).toEqual([
      'clinet: unknown key "clinet"; did you mean "client"?',
      "client: client is missing",
      'timeZone: "Europe/Pari" is no time zone; did you mean "Europe/Paris"?',
      "backupServers.pbs.datastores.data.path: expected a string, got 7",
      'tiers.critical.schedule: "0 */4 * * *" is cron, which Proxmox refuses',
      "guests.erp.role: expected a string, got 3",
      'guests.erp.dependsOn[0]: no guest "adx"; did you mean "ad"?',
      'guests.glpi.id: 101 is the id of guest "ad" already',
    ]);
    for (const fault of faults) expect(fault.repair).not.toBe("");
  });

  test("the fault between fields of the same tier is found once the zone is readable", () => {
    const faults = faultsWith((site) => (site.tiers.standard.rpo = "1h"));
    expect(faults.map(({ where }) => where)).toEqual(["tiers.standard.schedule"]);
  });

  test.each([undefined, null, 7, "site", []])("%j is no site", (input) => {
    expect(() => defineSite(input as Loose)).toThrow(UserError);
  });

  test("an empty object lacks everything that has no default", () => {
    const error = (() => {
      try {
        return defineSite({} as Loose);
      } catch (thrown) {
        return thrown as UserError;
      }
    })();
    expect((error as UserError).faults.map(({ where }) => where)).toEqual([
      "name",
      "client",
      "timeZone",
      "dns",
      "networks",
      "hypervisors",
      "backupServers",
      "tiers",
      "guests",
    ]);
  });
});

test("nothing that follows from another fault is reported", () => {
  const faults = faultsWith((site) => {
    site.networks.lan.cidr = "10.1.0.0/33";
    site.backupServers.pbs.datastores.data.retention = 7;
    site.tiers.critical.schedule = "?";
    site.guests.ad.id = "101";
    site.guests.ad.restoreOrder = "first";
  });
  expect(faults.map(({ where }) => where)).toEqual([
    "networks.lan.cidr",
    "backupServers.pbs.datastores.data.retention",
    "tiers.critical.schedule",
    "guests.ad.id",
    "guests.ad.restoreOrder",
  ]);
});

test("the text of an error has a line for each fault", () => {
  const input = baseSite();
  delete input.client;
  input.guests.erp.tier = "x";
  expect(() => defineSite(input)).toThrow(/^client: client is missing\nguests\.erp\.tier: no tier "x"$/);
});

test("500 sites are checked within 2 s of processor time", () => {
  const input = structuredClone(ecosolar) as Loose;
  defineSite(input);
  const before = process.cpuUsage();
  for (let index = 0; index < 500; index += 1) defineSite({ ...input, name: `site-${index}` });
  const { user, system } = process.cpuUsage(before);
  // Twice the bar, since jest runs the libraries uncompiled and counts its own work in.
  expect((user + system) / 1_000).toBeLessThan(4_000);
});

test("production() and lab() keep what they are given", () => {
  const given = production({
    state: pgState("postgres://db.example/x", "s"),
    protectData: false,
    devices: { hypervisor: {}, backupServers: {} },
  });
  expect(given).toMatchObject({ kind: "live", protectData: false, encryptState: true, state: { kind: "pg", schema: "s" } });
});
