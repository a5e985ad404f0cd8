import { pgState } from "../../model";
import { faultsWith, siteWith } from "./base-site";
import { checkRows } from "./broken";

describe("faults of a field", () => {
  checkRows([
    ["name too short", (site) => (site.name = "ab"), "name", /cannot be the name of a site/],
    ["name too long", (site) => (site.name = "a".repeat(21)), "name", /cannot be the name/],
    ["name with upper case", (site) => (site.name = "Alpha"), "name", /cannot be the name/],
    ["control characters", (site) => (site.client = "A\nB"), "client", "the text has control characters"],
    ["text too long", (site) => (site.client = "A".repeat(129)), "client", "the text has 129 characters"],
    ["no DNS server", (site) => (site.dns.servers = []), "dns.servers", "servers is empty"],
    [
      "four DNS servers",
      (site) => (site.dns.servers = ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"]),
      "dns.servers",
      "servers has too many entries",
    ],
    ["bad DNS server", (site) => (site.dns.servers = ["10.0.0.1", "dns"]), "dns.servers[1]", '"dns" is no IP address'],
    [
      "unknown key in a small object",
      (site) => (site.dns.server = "x"),
      "dns.server",
      'unknown key "server"; did you mean "servers"?',
    ],
    [
      "keep-daily as the API writes it",
      (site) => (site.tiers.critical.retention["keep-daily"] = 7),
      "tiers.critical.retention.keep-daily",
      'unknown key "keep-daily"; did you mean "daily"?',
    ],
    [
      "retention of nothing",
      (site) => (site.backupServers.pbs.datastores.data.retention = {}),
      "backupServers.pbs.datastores.data.retention",
      "the retention keeps everything",
    ],
    [
      "count of zero",
      (site) => (site.backupServers.pbs.datastores.data.retention.daily = 0),
      "backupServers.pbs.datastores.data.retention.daily",
      "0 is no count",
    ],
    [
      "count as text",
      (site) => (site.backupServers.pbs.datastores.data.retention.daily = "7"),
      "backupServers.pbs.datastores.data.retention.daily",
      'expected a number, got "7"',
    ],
    [
      "relative path",
      (site) => (site.backupServers.pbs.datastores.data.path = "mnt/data"),
      "backupServers.pbs.datastores.data.path",
      /no absolute path/,
    ],
    [
      "path with dots",
      (site) => (site.backupServers.pbs.datastores.data.path = "/mnt/../etc"),
      "backupServers.pbs.datastores.data.path",
      /no absolute path/,
    ],
    [
      "wrong word",
      (site) => (site.tiers.critical.mode = "snapshoot"),
      "tiers.critical.mode",
      '"snapshoot" is not allowed here; did you mean "snapshot"?',
    ],
    [
      "two-letter datastore",
      (site) => (site.backupServers.pbs.datastores = { ab: site.backupServers.pbs.datastores.data }),
      "backupServers.pbs.datastores.ab",
      'datastore "ab" has 2 characters',
    ],
    [
      "group instead of a list",
      (site) => (site.guests.erp.dependsOn = "ad"),
      "guests.erp.dependsOn",
      'expected an array, got "ad"',
    ],
    ["hypervisor as a list", (site) => (site.hypervisors.pve2 = []), "hypervisors.pve2", "expected an object, got an array"],
    [
      "root@pam",
      (site) => (site.access = { hypervisorToken: { user: "root@pam" } }),
      "access.hypervisorToken.user",
      /root@pam" must not be/,
    ],
    [
      "user of another realm",
      (site) => (site.access = { hypervisorToken: { user: "x@pam" } }),
      "access.hypervisorToken.user",
      /x@pam" must not be/,
    ],
    [
      "role without a right to write",
      (site) => (site.access = { hypervisorToken: { role: "DatastoreAudit" } }),
      "access.hypervisorToken.role",
      /is not allowed here/,
    ],
    [
      "operator that is a token",
      (site) => (site.access = { operators: { "a@pve!b": { comment: "x", role: "PVEAuditor" } } }),
      'access.operators["a@pve!b"]',
      /is a token, not a user/,
    ],
    [
      "operator that is the system's own user",
      (site) => (site.access = { operators: { "root@pam": { comment: "x", role: "PVEAuditor" } } }),
      'access.operators["root@pam"]',
      /cannot be an operator/,
    ],
    [
      "operator of a backup server",
      (site) => (site.access = { operators: { "a@pbs": { comment: "x", role: "PVEAuditor" } } }),
      'access.operators["a@pbs"]',
      /is a user of a backup server/,
    ],
    [
      "password without a user",
      (site) => (site.notifications = { smtp: { server: "mx", from: "a@b", secret: "smtp" }, mailto: ["c@d"] }),
      "notifications.smtp.secret",
      "a password without a user name",
    ],
    [
      "nobody to mail",
      (site) => (site.notifications = { smtp: { server: "mx", from: "a@b" }, mailto: [] }),
      "notifications.mailto",
      "mailto is empty",
    ],
    [
      "traffic control without a rate",
      (site) => (site.backupServers.pbs.trafficControl = { day: { networks: ["10.1.0.0/24"] } }),
      "backupServers.pbs.trafficControl.day",
      "the traffic control limits nothing",
    ],
    ["guest without tier", (site) => delete site.guests.glpi.tier, "guests.glpi", "nothing says how this guest is backed up"],
    [
      "date that does not exist",
      (site) => (site.acknowledgements = [{ rule: "NET-001", object: "x", reason: "r", owner: "o", expires: "2027-02-30" }]),
      "acknowledgements[0].expires",
      '"2027-02-30" is no date',
    ],
    [
      "acknowledgement without reason",
      (site) => (site.acknowledgements = [{ rule: "NET-001", object: "x", owner: "o", expires: "2027-02-28" }]),
      "acknowledgements[0].reason",
      "reason is missing",
    ],
    [
      "acknowledgement of something that is no policy",
      (site) => (site.acknowledgements = [{ rule: "network.same", object: "x", reason: "r", owner: "o", expires: "2027-02-28" }]),
      "acknowledgements[0].rule",
      '"network.same" is no id of a rule',
    ],
    [
      "token with an end that is no day",
      (site) => (site.access = { hypervisorToken: { expires: "2027-02-29" } }),
      "access.hypervisorToken.expires",
      '"2027-02-29" is no date',
    ],
    [
      "escalation without an owner",
      (site) =>
        (site.notifications = {
          smtp: { server: "mx.example", from: "a@b.example" },
          mailto: ["c@d.example"],
          escalation: [{ after: "8h", mailto: ["e@f.example"] }],
        }),
      "notifications.escalation[0].owner",
      "owner is missing",
    ],
    [
      "escalation without a delay",
      (site) =>
        (site.notifications = {
          smtp: { server: "mx.example", from: "a@b.example" },
          mailto: ["c@d.example"],
          escalation: [{ after: "soon", owner: "o", mailto: ["e@f.example"] }],
        }),
      "notifications.escalation[0].after",
      '"soon" is no duration',
    ],
    [
      "IPv4 in the place of IPv6",
      (site) => (site.backupServers.pbs.address6 = "10.2.0.21"),
      "backupServers.pbs.address6",
      '"10.2.0.21" is an IPv4 address',
    ],
    [
      "backup server nowhere",
      (site) => (site.backupServers.pbs.location = "cloud"),
      "backupServers.pbs.location",
      '"cloud" is not allowed here',
    ],
    [
      "declared copy of another kind",
      (site) =>
        (site.backupServers.pbs.datastores.data.copies = {
          tape: { kind: "paper", where: "w", schedule: "daily", owner: "o" },
        }),
      "backupServers.pbs.datastores.data.copies.tape.kind",
      '"paper" is not allowed here',
    ],
    ["three approvals", (site) => (site.environments.live.approvals = 3), "environments.live.approvals", "3 is not allowed here"],
    ["acknowledgements as an object", (site) => (site.acknowledgements = {}), "acknowledgements", "expected an array"],
    [
      "device that nothing recognises",
      (site) => (site.environments.live.devices.hypervisor = {}),
      "environments.live.devices.hypervisor",
      "nothing says how to recognise this device",
    ],
    [
      "fingerprint cut short",
      (site) => (site.environments.live.devices.hypervisor = { fingerprint: "aa:bb" }),
      "environments.live.devices.hypervisor.fingerprint",
      /no SHA-256 fingerprint/,
    ],
    [
      "endpoint with a path",
      (site) => (site.environments.live.devices.hypervisor.endpoint = "https://pve:8006/api2"),
      "environments.live.devices.hypervisor.endpoint",
      /no endpoint/,
    ],
    [
      "endpoint without TLS",
      (site) => (site.environments.live.devices.hypervisor.endpoint = "http://pve:8006"),
      "environments.live.devices.hypervisor.endpoint",
      /no endpoint/,
    ],
    [
      "firewall that cannot be reached",
      (site) => delete site.environments.live.devices.firewall,
      "environments.live.devices.firewall",
      "firewall is missing",
    ],
    [
      "devices in the lab",
      (site) => (site.environments.lab.devices = {}),
      "environments.lab.devices",
      "a lab finds its devices by itself",
    ],
    [
      "password in the state's address",
      (site) => (site.environments.live.state = pgState("postgres://u:geheim@db/x")),
      "environments.live.state.connection",
      "the address holds a password",
    ],
    [
      "unknown state",
      (site) => (site.environments.live.state = { kind: "ftp" }),
      "environments.live.state.kind",
      /no place for state/,
    ],
    [
      "name of an environment",
      (site) => (site.environments.Prod = site.environments.lab),
      "environments.Prod",
      /cannot be the name of an environment/,
    ],
  ]);

  test("a secret that was written into the file is not repeated in the fault", () => {
    const faults = faultsWith((site) => (site.environments.live.state = pgState("postgres://u:geheim@db/x")));
    expect(JSON.stringify(faults)).not.toContain("geheim");
  });
});

describe("both sides of the limits of a field", () => {
  test.each(["abc", "a".repeat(20), "a-b"])("the name %s is taken", (name) =>
    expect(siteWith((site) => (site.name = name)).name).toBe(name),
  );
  test("an endpoint may end with a slash or leave the default port out", () => {
    for (const endpoint of ["https://fw.example", "https://fw.example/", "https://fw.example:443"]) {
      expect(faultsWith((site) => (site.environments.live.devices.firewall.endpoint = endpoint))).toEqual([]);
    }
  });
});
