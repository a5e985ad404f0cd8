import { type ApplyAnswer, changesOf, type PlanAnswer, wrongOf } from "./support/answers";
import { type LabDevices, SitesFolder } from "./support/sites-folder";

jest.setTimeout(900_000);

const LAB = ["ecosolar", "--env", "lab"];
const PASS = "Autoriser PBS - Port 8007";
const BLOCK = "Bloquer PBS - Port 8007";

/** What somebody does on a device past the product. */
interface HandChange {
  /** What a person would say of it. */
  readonly said: string;
  /** The object and the field that a plan must name; several fields where one act alters several. */
  readonly construct: string;
  readonly fields?: readonly string[];
  /** `update` unless said otherwise. */
  readonly action?: "create" | "replace";
  /** Other objects that go with it. */
  readonly also?: readonly string[];
  readonly act: (devices: LabDevices) => Promise<unknown>;
}

const prune = (name: string) => `/config/prune/proxmox-data-${name === "" ? "" : `${name}-`}prune`;
const pruned = (name: string) => `backup-server update prune job pbs/proxmox-data${name && `/${name}`}`;
const VERIFY = "/config/verify/proxmox-data-verify";
const STORE = "/config/datastore/proxmox-data";
const MATCHER = "matchers/ecosolar-failures";
const SMTP = "endpoints/smtp/ecosolar-mail";
const RIGHT = { path: "/datastore/proxmox-data", role: "DatastoreAdmin" };
const USER = "pve-backup@pbs";

async function ruleId({ firewall }: LabDevices, descr: string): Promise<number> {
  const rules = await firewall.get<{ id: number; descr: string }[]>("/firewall/rules");
  return rules.find((rule) => rule.descr === descr)?.id ?? -1;
}

const onPbs = (construct: string, fields: readonly string[], path: string, body: object, said = fields.join()): HandChange => ({
  said,
  construct: construct.startsWith("backup-server") ? construct : `backup-server update ${construct}`,
  fields,
  act: ({ pbs }) => pbs.put(path, body),
});
const onPve = (construct: string, fields: readonly string[], path: string, body: object, said = fields.join()): HandChange => ({
  said,
  construct: `hypervisor update ${construct}`,
  fields,
  act: ({ pve }) => pve.put(path, body),
});
const job = (tier: string, fields: readonly string[], body: object) =>
  onPve(`backup job ${tier}`, fields, `/cluster/backup/ecosolar-${tier}`, body);
const storage = (id: string, fields: readonly string[], body: object) => onPve(`storage ${id}`, fields, `/storage/${id}`, body);

/** Each round changes many objects once; everything in a round is seen by one plan and repaired by one apply. */
const ROUNDS: readonly (readonly HandChange[])[] = [
  [
    onPbs(pruned(""), ["disable"], prune(""), { disable: true }),
    onPbs(pruned("critical"), ["keep-daily"], prune("critical"), { "keep-daily": 1 }),
    onPbs(pruned("standard"), ["keep-yearly"], prune("standard"), { "keep-yearly": 1 }),
    onPbs("verify job pbs/proxmox-data", ["ns"], VERIFY, { ns: "critical" }),
    onPbs("datastore pbs/proxmox-data", ["gc-schedule"], STORE, { delete: ["gc-schedule"] }),
    onPbs(`user pbs/${USER}`, ["enable"], `/access/users/${USER}`, { enable: false }),
    onPbs("smtp endpoint pbs/ecosolar-mail", ["disable"], `/config/notifications/${SMTP}`, { disable: true }),
    onPbs("notification matcher pbs/ecosolar-failures", ["disable"], `/config/notifications/${MATCHER}`, { disable: true }),
    onPbs("node time pbs", ["timezone"], "/nodes/localhost/time", { timezone: "UTC" }),
    onPbs("node dns pbs", ["dns3"], "/nodes/localhost/dns", { search: "ecosolar.lan", dns3: "192.168.100.9" }),
    job("critical", ["enabled"], { enabled: 0 }),
    job("standard", ["vmid"], { vmid: "102" }),
    storage("pbs-backup", ["prune-backups"], { "prune-backups": "keep-last=1" }),
    storage("pbs-backup-critical", ["disable"], { disable: 1 }),
    storage("pbs-backup-standard", ["nodes"], { nodes: "pve1" }),
    onPve("user supervision@pve", ["enable"], "/access/users/supervision@pve", { enable: 0 }),
    onPve("token supervision@pve!monitoring", ["privsep"], "/access/users/supervision@pve/token/monitoring", { privsep: 0 }),
    onPve("node time pve1", ["time_zone"], "/nodes/pve1/time", { timezone: "UTC" }),
    {
      said: "a stranger among the sources",
      construct: "firewall update alias sources",
      fields: ["address", "detail"],
      act: async ({ firewall }) => {
        const aliases = await firewall.get<{ id: number; name: string }[]>("/firewall/aliases");
        const id = aliases.find(({ name }) => name === "ecosolar_pbs_from")?.id;
        return firewall.patch("/firewall/alias", {
          id,
          address: ["192.168.100.210", "192.168.100.99"],
          detail: ["a", "b"],
          apply: true,
        });
      },
    },
    {
      said: "the block in one family only",
      construct: "firewall update rule lan/block",
      fields: ["ipprotocol"],
      act: async (devices) =>
        devices.firewall.patch("/firewall/rule", { id: await ruleId(devices, BLOCK), ipprotocol: "inet", apply: true }),
    },
  ],
  [
    onPbs(pruned(""), ["ns"], prune(""), { ns: "critical" }),
    onPbs(pruned("critical"), ["max-depth"], prune("critical"), { "max-depth": 3 }),
    onPbs(pruned("standard"), ["keep-weekly"], prune("standard"), { delete: ["keep-weekly"] }),
    onPbs("verify job pbs/proxmox-data", ["max-depth", "outdated-after"], VERIFY, { "max-depth": 0, "outdated-after": 999 }),
    onPbs("datastore pbs/proxmox-data", ["maintenance-mode"], STORE, { "maintenance-mode": "type=read-only" }),
    onPbs("notification matcher pbs/ecosolar-failures", ["invert-match"], `/config/notifications/${MATCHER}`, {
      "invert-match": true,
    }),
    onPbs("traffic control pbs/office-hours", ["rate-in"], "/config/traffic-control/office-hours", { "rate-in": "1 KB" }),
    job("critical", ["all", "vmid"], { all: 1, exclude: "101", delete: "vmid" }),
    job("standard", ["node"], { node: "pve1" }),
    storage("pbs-backup", ["namespace"], { namespace: "critical" }),
    storage("pbs-backup-critical", ["content"], { content: "none" }),
    onPve("smtp endpoint ecosolar-mail", ["disable"], `/cluster/notifications/${SMTP}`, { disable: 1 }),
    onPve("notification matcher ecosolar-failures", ["target"], `/cluster/notifications/${MATCHER}`, {
      target: ["mail-to-root"],
    }),
    {
      said: "a right without what lies below",
      construct: `backup-server update access pbs/${USER}/DatastoreAdmin/datastore/proxmox-data`,
      fields: ["propagate"],
      act: ({ pbs }) => pbs.put("/access/acl", { ...RIGHT, "auth-id": USER, propagate: false }),
    },
    {
      said: "a pass for everybody above the others",
      construct: "firewall replace rule lan/pass",
      fields: ["placement"],
      also: ["firewall replace rule lan/block"],
      act: ({ firewall }) =>
        firewall.post("/firewall/rule", {
          ...{ type: "pass", interface: ["lan"], ipprotocol: "inet", source: "any", destination: "any" },
          ...{ descr: "foreign", placement: 0, apply: true },
        }),
    },
  ],
  [
    onPbs(pruned(""), ["schedule"], prune(""), { schedule: "yearly" }),
    onPbs("verify job pbs/proxmox-data", ["schedule"], VERIFY, { delete: ["schedule"] }),
    onPbs("datastore pbs/proxmox-data", ["verify-new"], STORE, { "verify-new": false }),
    onPbs("notification matcher pbs/ecosolar-failures", ["match-field"], `/config/notifications/${MATCHER}`, {
      "match-field": ["exact:type=prune"],
    }),
    job("critical", ["exclude-path"], { "exclude-path": ["/srv"] }),
    job("standard", ["prune-backups"], { "prune-backups": "keep-last=1" }),
    {
      said: "the right of the token taken away",
      construct: `backup-server create access pbs/${USER}!pve-token/DatastoreAdmin/datastore/proxmox-data`,
      act: ({ pbs }) => pbs.put("/access/acl", { ...RIGHT, "auth-id": `${USER}!pve-token`, delete: true }),
    },
    {
      said: "a storage deleted",
      construct: "hypervisor create storage pbs-backup-standard",
      act: ({ pve }) => pve.delete("/storage/pbs-backup-standard"),
    },
    {
      said: "an operator deleted",
      construct: "hypervisor create user supervision@pve",
      also: [
        "hypervisor create access supervision@pve!monitoring/PVEAuditor",
        "hypervisor create access supervision@pve/PVEAuditor",
        "hypervisor create token supervision@pve!monitoring",
      ],
      act: ({ pve }) => pve.delete("/access/users/supervision@pve"),
    },
    {
      said: "a pool deleted",
      construct: "hypervisor create pool standard",
      act: ({ pve }) => pve.delete("/pools?poolid=ecosolar-standard"),
    },
    {
      said: "the block before the pass",
      construct: "firewall replace rule lan/pass",
      fields: ["placement"],
      also: ["firewall replace rule lan/block"],
      act: async (devices) =>
        devices.firewall.patch("/firewall/rule", { id: await ruleId(devices, BLOCK), placement: 0, apply: true }),
    },
  ],
  [
    onPbs(pruned("critical"), ["schedule"], prune("critical"), { schedule: "monthly" }),
    job("critical", ["mode", "schedule"], { mode: "stop", schedule: "monthly" }),
    job("standard", ["pool", "vmid"], { pool: "ecosolar-critical", delete: "vmid" }),
    {
      said: "a verify job deleted",
      construct: "backup-server create verify job pbs/proxmox-data",
      act: ({ pbs }) => pbs.delete(VERIFY),
    },
    {
      said: "an empty namespace deleted",
      construct: "backup-server create namespace pbs/proxmox-data/standard",
      act: ({ pbs }) => pbs.delete("/admin/datastore/proxmox-data/namespace?ns=standard"),
    },
    {
      said: "the pass deleted, which moves the block",
      construct: "firewall create rule lan/pass",
      also: ["firewall replace rule lan/block"],
      act: ({ firewall }) => firewall.delete(`/firewall/rules?descr=${encodeURIComponent(PASS)}`),
    },
    {
      said: "an alias deleted while rules use it",
      construct: "firewall create alias destinations",
      act: ({ firewall }) => firewall.delete("/firewall/aliases?name=ecosolar_pbs_to"),
    },
  ],
  [
    job("critical", ["remove", "repeat-missed", "storage"], { remove: 1, "repeat-missed": 0, storage: "pbs-backup" }),
    {
      said: "a backup job deleted",
      construct: "hypervisor create backup job standard",
      act: ({ pve }) => pve.delete("/cluster/backup/ecosolar-standard"),
    },
    {
      said: "a prune job deleted",
      construct: "backup-server create prune job pbs/proxmox-data",
      act: ({ pbs }) => pbs.delete(prune("")),
    },
    {
      said: "both rules changed in place",
      construct: "firewall update rule lan/pass",
      fields: ["source"],
      act: async (devices) =>
        devices.firewall.patch("/firewall/rule", { id: await ruleId(devices, PASS), source: "any", apply: true }),
    },
    {
      said: "the block on another port",
      construct: "firewall update rule lan/block",
      fields: ["destination_port", "disabled"],
      act: async (devices) =>
        devices.firewall.patch("/firewall/rule", {
          id: await ruleId(devices, BLOCK),
          destination_port: "9",
          disabled: true,
          apply: true,
        }),
    },
  ],
];

describe("what somebody changes by hand on a device", () => {
  const folder = new SitesFolder("ecosolar");
  let devices: LabDevices;
  const plan = async () => (await folder.json<PlanAnswer>(["plan", ...LAB])).json;

  beforeAll(async () => {
    const { exitCode, stderr } = await folder.json(["apply", ...LAB]);
    if (exitCode !== 0) throw new Error(stderr);
    devices = await folder.devices("ecosolar");
  });
  afterAll(() => folder.remove());

  describe.each(ROUNDS.map((changes, index) => [index + 1, changes] as const))("round %i", (_number, changes) => {
    let seen: PlanAnswer;

    beforeAll(async () => {
      // A change that is refused alters nothing, and the tests below would say that it is not seen.
      for (const change of changes) await change.act(devices);
      seen = await plan();
    });

    it.each(changes.map((change) => [change.said, change.construct, change] as const))(
      "is seen: %s of %s",
      (_said, construct, change) => {
        const [layer = "", action = "", ...words] = construct.split(" ");
        const found = seen.layers.find((one) => one.layer === layer)?.changes.find((one) => one.construct === words.join(" "));
        expect(found?.action).toBe(action);
        if (change.fields) expect(found?.fields.map(({ name }) => name).sort()).toEqual([...change.fields].sort());
      },
    );

    it("and nothing else is", () => {
      const expected = changes.flatMap(({ construct, also = [] }) => [construct, ...also]);
      expect(changesOf(seen)).toEqual([...new Set(expected)].sort());
    });

    it("is repaired by one apply, and proven", async () => {
      const { exitCode, json, stderr } = await folder.json<ApplyAnswer>(["apply", ...LAB]);
      expect({ exitCode, wrong: wrongOf(json.report?.verification), stderr }).toEqual({ exitCode: 0, wrong: [], stderr: "" });
      expect(changesOf(await plan())).toEqual([]);
    });
  });
});
