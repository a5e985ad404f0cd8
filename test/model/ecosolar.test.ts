import { accessEntries, backupJobs, backupTargets, durationMs, firewallFlow, hypervisorAuthIds, largestGap } from "../../model";
import site from "../../sites/ecosolar/site";

/** The requirements of the site's own document, by their ids. */
describe("EcoSolar", () => {
  test("ECO-01: hosts, network and guests", () => {
    expect(site.networks.lan?.cidr).toBe("192.168.100.0/24");
    expect(site.networks.lan?.gateway).toBe("192.168.100.254");
    expect(site.hypervisors.pve1?.address).toBe("192.168.100.210");
    expect(site.backupServers.pbs?.address).toBe("192.168.100.220");
    expect(site.firewall).toMatchObject({ kind: "pfsense", address: "192.168.100.254" });
    expect(site.hosts.admin).toEqual({ address: "192.168.100.10", role: "admin" });
    const guests = Object.values(site.guests).map(({ id, role }) => `${id} ${role}`);
    expect(guests).toEqual([
      "101 AD/DNS/DHCP",
      "102 Serveur de fichiers",
      "103 ERP (Dolibarr)",
      "104 GLPI",
      "105 Téléphonie (XiVO)",
      "106 Messagerie (Poste.io)",
    ]);
  });

  test("ECO-03, ECO-04: datastore, retention of its root, and everything that keeps it healthy is scheduled", () => {
    expect(site.backupServers.pbs?.datastores["proxmox-data"]).toMatchObject({
      path: "/mnt/datastore/proxmox-data",
      retention: { last: 7, daily: 7, weekly: 4, monthly: 3 },
      garbageCollection: expect.any(String),
      prune: expect.any(String),
      verification: { schedule: expect.any(String), againAfterDays: 30 },
      verifyNew: true,
    });
  });

  test("ECO-05: every tier is encrypted on the client side", () => {
    expect(backupTargets(site).map(({ encrypted }) => encrypted)).toEqual([true, true, true]);
  });

  test("ECO-07, ECO-08: the token works on both sides, and the storage is called pbs-backup", () => {
    expect(hypervisorAuthIds(site)).toEqual({ user: "pve-backup@pbs", token: "pve-backup@pbs!pve-token" });
    expect(accessEntries(site).map(({ path, authId, role }) => [path, authId, role])).toEqual([
      ["/datastore/proxmox-data", "pve-backup@pbs", "DatastoreAdmin"],
      ["/datastore/proxmox-data", "pve-backup@pbs!pve-token", "DatastoreAdmin"],
    ]);
    expect(backupTargets(site)[0]?.storage).toBe("pbs-backup");
  });

  test("ECO-09: the rule admits the hypervisor and the administrator to 8007", () => {
    expect(site.firewall?.passDescription).toBe("Autoriser PBS - Port 8007");
    expect(firewallFlow(site)).toMatchObject({ port: 8007, interfaces: ["lan"] });
  });

  test("ECO-10, ECO-14, ECO-17: critical guests every 4 h, also in the night when the clocks change; the others daily", () => {
    const [critical, standard] = backupJobs(site);
    expect(critical).toMatchObject({
      guests: [101, 103],
      tier: { mode: "snapshot", rpo: "4h", retention: { hourly: 24, daily: 7 } },
    });
    expect(critical && largestGap(critical.tier.schedule, site.timeZone)).toBe(4 * 3_600_000);
    expect(standard).toMatchObject({ tier: { schedule: "21:00", retention: { daily: 7, weekly: 4 } } });
  });

  test("ECO-12: a restore uses no more than the node's 4 cores", () => {
    expect(site.hypervisors.pve1?.limits).toEqual({ cores: 4 });
  });

  test("ECO-15: partial restore every week, full every quarter", () => {
    const days = (event: string | undefined) => (event === undefined ? 0 : largestGap(event as never, "UTC") / 86_400_000);
    expect(days(site.restoreTests?.partial)).toBe(7);
    expect(days(site.restoreTests?.full)).toBe(92);
  });

  test("ECO-17, ECO-18: restore times of 2, 3 and 4 hours, in the order AD, files, ERP", () => {
    const ordered = Object.entries(site.guests).sort(([, one], [, other]) => (one.restoreOrder ?? 0) - (other.restoreOrder ?? 0));
    expect(ordered.slice(0, 3).map(([name, { rto }]) => [name, rto && durationMs(rto) / 3_600_000])).toEqual([
      ["ad", 2],
      ["files", 3],
      ["erp", 4],
    ]);
  });
});
