import { defineSite, type Site } from "../../model";
import ecosolar from "../../sites/ecosolar/site";
import { type ResourceBlock, resourcesOf, synthesizeSample } from "./samples";
import { WIDE_SITE } from "./wide-site";

/** For each object: the keys by which somebody can weaken the protection on the device. */
const WEAKENING = {
  datastore: ["gc-schedule", "verify-new", "notification-mode", "maintenance-mode", "notify", "tuning"],
  prune_job: [
    "store",
    "ns",
    "max-depth",
    "schedule",
    "disable",
    "keep-last",
    "keep-hourly",
    "keep-daily",
    "keep-weekly",
    "keep-monthly",
    "keep-yearly",
  ],
  verify_job: ["store", "ns", "max-depth", "schedule", "ignore-verified", "outdated-after"],
  sync_job: [
    "store",
    "remote",
    "remote-store",
    "schedule",
    "remove-vanished",
    "ns",
    "remote-ns",
    "max-depth",
    "group-filter",
    "transfer-last",
    "encrypted-only",
    "verified-only",
    "rate-in",
    "rate-out",
  ],
  remote: ["host", "port", "auth-id", "fingerprint"],
  user: ["enable", "expire"],
  access: ["path", "propagate"],
  smtp_endpoint: ["server", "port", "mode", "from-address", "mailto", "disable"],
  notification_matcher: ["target", "match-severity", "match-field", "match-calendar", "invert-match", "mode", "disable"],
  storage: [
    "server",
    "port",
    "datastore",
    "namespace",
    "username",
    "fingerprint",
    "content",
    "prune-backups",
    "disable",
    "nodes",
  ],
  backup_job: [
    "enabled",
    "schedule",
    "storage",
    "vmid",
    "all",
    "exclude",
    "pool",
    "node",
    "exclude-path",
    "mode",
    "repeat-missed",
    "notification-mode",
    "prune-backups",
    "remove",
  ],
  rule: ["type", "interface", "ipprotocol", "protocol", "source", "destination", "destination_port", "disabled", "placement"],
  alias: ["type", "address"],
} as const;

const wide = synthesizeSample(defineSite(WIDE_SITE));
const eco = synthesizeSample(ecosolar);
const objects = [wide, eco].flatMap((synthesis) =>
  [...synthesis.files.keys()].flatMap((layer) => [...resourcesOf(synthesis, layer)]),
);

/** Whether a change of the key on the device is a difference in the plan. */
function isSeen(block: ResourceBlock, key: string): boolean {
  const unread = (block.write_only_attrs ?? []) as readonly string[];
  if (key in (block.body ?? {}) && !unread.includes(key)) return true;
  const unwanted = /\{([\w,-]+)\}\.@keys\.0/.exec(String(block.read_selector))?.[1]?.split(",") ?? [];
  return unwanted.includes(key);
}

describe("every key that weakens protection is seen by a plan", () => {
  it.each(Object.entries(WEAKENING))("%s", (kind, keys) => {
    const found = objects.filter(([address]) => address.startsWith(`restful_resource.${kind}__`));
    expect(found.length).toBeGreaterThan(0);
    const unseen = found.flatMap(([address, block]) =>
      keys.filter((key) => !isSeen(block, key)).map((key) => `${address}: ${key}`),
    );
    expect(unseen).toEqual([]);
  });

  it("and the check finds a key that is not", () => {
    const [, job] = objects.find(([address]) => address.includes("prune_job__")) ?? ["", {}];
    expect(isSeen(job, "comment")).toBe(true);
    expect(isSeen(job, "nonsense")).toBe(false);
    expect(isSeen({ ...job, read_selector: 'data.#(id=="x")', body: {} }, "ns")).toBe(false);
  });
});

describe("EcoSolar", () => {
  const body = (layer: "backup-server" | "hypervisor" | "firewall", address: string) =>
    resourcesOf(eco, layer).get(`restful_resource.${address}`)?.body;

  it("keeps its datastore as the document says, on a disk apart (ECO-03, ECO-04)", () => {
    expect(body("backup-server", "datastore__pbs__proxmox-data")).toMatchObject({
      name: "proxmox-data",
      path: "/mnt/datastore/proxmox-data",
      "gc-schedule": "daily",
      "verify-new": true,
    });
    expect(body("backup-server", "prune_job__pbs__proxmox-data")).toMatchObject({
      "keep-last": 7,
      "keep-daily": 7,
      "keep-weekly": 4,
      "keep-monthly": 3,
      "max-depth": 0,
    });
  });

  it("prunes each tier by its own retention, in its own namespace only (ECO-14)", () => {
    expect(body("backup-server", "prune_job__pbs__proxmox-data__critical")).toMatchObject({
      ns: "critical",
      "max-depth": 0,
      "keep-hourly": 24,
      "keep-daily": 7,
    });
    expect(body("backup-server", "prune_job__pbs__proxmox-data__critical")).not.toHaveProperty("keep-weekly");
    expect(body("backup-server", "prune_job__pbs__proxmox-data__standard")).toMatchObject({
      ns: "standard",
      "keep-daily": 7,
      "keep-weekly": 4,
    });
  });

  it("gives the right to the token and to its user (ECO-07)", () => {
    const entries = [...resourcesOf(eco, "backup-server")].filter(([address]) => address.includes(".access__"));
    expect(entries.map(([, block]) => block.body)).toEqual(
      ["pve-backup@pbs!pve-token", "pve-backup@pbs"].map((authId) => ({
        path: "/datastore/proxmox-data",
        role: "DatastoreAdmin",
        "auth-id": authId,
        propagate: true,
      })),
    );
  });

  it("stores backups through that token, with the fingerprint pinned, and prunes nothing from there (ECO-06, ECO-08)", () => {
    expect(body("hypervisor", "storage__pbs-backup-critical")).toEqual({
      storage: "pbs-backup-critical",
      type: "pbs",
      server: "192.168.100.220",
      port: 8007,
      datastore: "proxmox-data",
      namespace: "critical",
      username: "pve-backup@pbs!pve-token",
      fingerprint: expect.stringMatching(/^00:01:/),
      content: "backup",
      "prune-backups": "keep-all=1",
      disable: 0,
    });
    expect(resourcesOf(eco, "hypervisor").get("restful_resource.storage__pbs-backup-critical")?.ephemeral_body).toEqual({
      password: "${var.storage_secret_pbs}",
      "encryption-key": "${var.encryption_key}",
    });
  });

  it("backs the critical guests up every four hours (ECO-10)", () => {
    expect(body("hypervisor", "backup_job__critical")).toMatchObject({
      id: "ecosolar-critical",
      schedule: "0/4:00 UTC",
      vmid: "101,103",
      storage: "pbs-backup-critical",
      mode: "snapshot",
      enabled: 1,
    });
  });

  it("lets the hypervisor pass to port 8007 and blocks all others in both families, in that order (ECO-09)", () => {
    expect(body("firewall", "rule__lan__pass")).toMatchObject({
      type: "pass",
      interface: ["lan"],
      ipprotocol: "inet",
      protocol: "tcp",
      destination_port: "8007",
      descr: "Autoriser PBS - Port 8007",
      placement: 0,
    });
    expect(body("firewall", "rule__lan__block")).toMatchObject({
      type: "block",
      source: "any",
      ipprotocol: "inet46",
      placement: 1,
    });
    expect(resourcesOf(eco, "firewall").get("restful_resource.rule__lan__block")).toMatchObject({
      depends_on: expect.arrayContaining(["restful_resource.rule__lan__pass"]),
      lifecycle: { replace_triggered_by: ["restful_resource.rule__lan__pass.id"] },
      read_selector: 'data.#(descr=="Bloquer PBS - Port 8007").[@this,{"placement":id}]|@join',
      force_new_attrs: ["placement"],
    });
  });
});

describe("a flow in IPv6 too", () => {
  it("passes in both families, since a rule of one would hold back the other", () => {
    const site = structuredClone(ecosolar) as unknown as {
      networks: { lan: { cidr6?: string } };
      hypervisors: { pve1: { address: string } };
    };
    site.networks.lan.cidr6 = "2001:db8::/64";
    site.hypervisors.pve1.address = "2001:db8::210";
    const rules = resourcesOf(synthesizeSample(site as unknown as Site), "firewall");
    expect(rules.get("restful_resource.rule__lan__pass")?.body).toMatchObject({ ipprotocol: "inet46" });
    expect(rules.get("restful_resource.rule__lan__block")?.body).toMatchObject({ ipprotocol: "inet46" });
  });
});

describe("a firewall with several networks", () => {
  it("has a pass and a block on each interface where traffic comes in, and a block alone where no source stands", () => {
    const rules = [...resourcesOf(wide, "firewall")].filter(([address]) => address.includes(".rule__"));
    const told = rules.map(([, { body }]) => [body?.placement, body?.type, body?.interface, body?.descr]);
    expect(told.sort(([one], [other]) => Number(one) - Number(other))).toEqual([
      [0, "pass", ["lan"], 'Autoriser "PBS" $${x}'],
      [1, "block", ["lan"], "Bloquer PBS"],
      [2, "pass", ["opt1"], 'Autoriser "PBS" $${x} (opt1)'],
      [3, "block", ["opt1"], "Bloquer PBS (opt1)"],
    ]);
  });
});
