import { labNetwork } from "../../lab/network";
import { EMPTY_SEED, type LabSeed } from "../../lab/seed";
import { BackupServerStub } from "./backup-server-stub";
import { PveLab } from "./pve";

const SEED: LabSeed = {
  ...EMPTY_SEED,
  hypervisor: {
    nodes: EMPTY_SEED.hypervisor.nodes,
    guests: [
      { id: 101, name: "ad", node: "pve", kind: "vm" },
      { id: 102, name: "web", node: "pve", kind: "container" },
    ],
  },
};
const TOKEN = "pve-backup@pbs!pve-token";

let backupServer: BackupServerStub;
let pve: PveLab;

beforeAll(async () => {
  backupServer = await BackupServerStub.start();
  backupServer.tokens[`PBSAPIToken=${TOKEN}:right`] = "may";
});
afterAll(() => backupServer.close());
beforeEach(() => {
  backupServer.snapshots = [];
  const network = labNetwork({ "10.0.0.2:8007": `127.0.0.1:${backupServer.port}` });
  pve = new PveLab({ seed: SEED, network, timing: { taskMs: 1000 } });
});
afterEach(() => pve.remove());

interface TaskStatus {
  readonly status: string;
  readonly exitstatus?: string;
}
const task = (upid: string) => pve.data<TaskStatus>("GET", `/nodes/pve/tasks/${encodeURIComponent(upid)}/status`);

/** Waits for a worker that asks another machine. */
async function ended(upid: string): Promise<string | undefined> {
  for (let tries = 0; tries < 200; tries++) {
    pve.now += 1000;
    const { status, exitstatus } = await task(upid);
    if (status === "stopped") return exitstatus;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("the worker does not end");
}
const start = (method: string, url: string, body?: unknown) => pve.data<string>(method, url, body);
const vm = (path: string) => `/nodes/pve/qemu/101${path}`;

describe("guests of the seed", () => {
  test("are there and run", async () => {
    expect(await pve.data("GET", "/cluster/resources?type=vm")).toMatchObject([
      { id: "qemu/101", name: "ad", status: "running", type: "qemu" },
      { id: "lxc/102", name: "web", status: "running", type: "lxc" },
    ]);
    expect(await pve.data("GET", "/nodes/pve/lxc/102/config")).toMatchObject({ hostname: "web" });
    expect(await pve.data("GET", "/cluster/nextid")).toBe("100");
    expect((await pve.call("GET", "/cluster/nextid?vmid=101")).body.errors).toEqual({ vmid: "VM 101 already exists" });
  });

  test("are found only under their own kind and node", async () => {
    expect((await pve.call("GET", "/nodes/pve/qemu/102/config")).reason).toBe(
      "Configuration file 'nodes/pve/qemu-server/102.conf' does not exist",
    );
    expect((await pve.call("GET", "/nodes/pve/lxc/101/config")).reason).toBe(
      "Configuration file 'nodes/pve/lxc/101.conf' does not exist",
    );
  });
});

describe("workers", () => {
  test("bring their effect when they end, not before, and also after a crash", async () => {
    const upid = await start("POST", vm("/status/stop"));
    const power = async () => (await pve.data<{ status: string }>("GET", vm("/status/current"))).status;
    pve.now += 999;
    expect([await task(upid), await power()]).toMatchObject([{ status: "running" }, "running"]);
    expect(await pve.data("GET", "/nodes/pve/tasks")).toEqual([]);
    expect(await pve.data("GET", "/nodes/pve/tasks?source=active")).toMatchObject([{ upid, status: "RUNNING" }]);
    pve.restart();
    pve.now += 1;
    expect([await task(upid), await power()]).toMatchObject([{ status: "stopped", exitstatus: "OK" }, "stopped"]);
    expect(await pve.data("GET", "/nodes/pve/tasks?typefilter=qmstop")).toMatchObject([
      { upid, status: "OK", user: "root@pam", tokenid: "bastide" },
    ]);
  });

  test("that die with the device end with an unexpected status", async () => {
    await storage();
    const upid = await start("POST", "/nodes/pve/vzdump", { vmid: 101, storage: "store" });
    const image = pve.crashed();
    expect(await image.data("GET", `/nodes/pve/tasks/${encodeURIComponent(upid)}/status`)).toMatchObject({
      status: "stopped",
      exitstatus: "unexpected status",
    });
    image.remove();
    expect(await ended(upid)).toBe("OK");
  });

  test("of others are hidden from who may not audit the node", async () => {
    const upid = await start("POST", vm("/status/stop"));
    const token = await pve.token("op@pve", 0);
    expect(await pve.data("GET", "/nodes/pve/tasks?source=all", undefined, token)).toEqual([]);
    const answer = await pve.call("GET", `/nodes/pve/tasks/${upid}/log`, undefined, { authorization: `PVEAPIToken=${token}` });
    expect(answer.reason).toBe("Permission check failed (/nodes/pve, Sys.Audit)");
  });

  test.each([
    ["UPID:nonsense", "unable to parse worker upid"],
    ["UPID:pve:00000001:00000001:00000001:qmstop:101:root@pam:", "no such task"],
  ])("%s: %s", async (upid, fault) => {
    expect((await pve.call("GET", `/nodes/pve/tasks/${upid}/status`)).body.errors).toEqual({ upid: fault });
  });
});

describe("a virtual machine", () => {
  const config = () => pve.data<Record<string, unknown>>("GET", "/nodes/pve/qemu/200/config");
  const create = async (settings: Record<string, unknown> = {}) => {
    await start("POST", "/nodes/pve/qemu", { vmid: 200, name: "new", ...settings });
    pve.now += 1000;
  };

  test("is created with allocated disks, an address for each card, and an identity", async () => {
    await create({
      scsi0: "vmdata:2,ssd=1",
      scsi1: "file=vmdata:1,format=qcow2",
      ide2: "vmdata:cloudinit",
      net0: "e1000,bridge=vmbr0,tag=5",
    });
    expect(await config()).toMatchObject({
      scsi0: "vmdata:200/vm-200-disk-0.raw,size=2G,ssd=1",
      scsi1: "vmdata:200/vm-200-disk-1.qcow2,size=1G",
      ide2: "vmdata:200/vm-200-cloudinit.qcow2,media=cdrom",
      net0: expect.stringMatching(/^e1000=BC:24:11(:[0-9A-F]{2}){3},bridge=vmbr0,tag=5$/),
      boot: expect.stringContaining("order="),
      smbios1: expect.stringContaining("uuid="),
    });
    expect(await pve.data("GET", "/nodes/pve/storage/vmdata/content?vmid=200")).toHaveLength(2);
  });

  test("is refused where the id is taken or the storage holds no disks", async () => {
    expect((await pve.call("POST", "/nodes/pve/qemu", { vmid: 101 })).reason).toBe(
      "unable to create VM 101 - VM 101 already exists on node 'pve'",
    );
    expect((await pve.call("POST", "/nodes/pve/qemu", { vmid: 200, scsi0: "local:1" })).reason).toContain(
      "does not support content-type 'images'",
    );
    expect((await pve.call("POST", "/nodes/pve/qemu", { vmid: 200, scsi0: "vmdata:1,nonsense=1" })).body.errors).toHaveProperty(
      "scsi0",
    );
    expect((await pve.call("POST", "/nodes/pve/qemu", { vmid: 99 })).body.errors).toEqual({
      vmid: "invalid format - value does not look like a valid VM ID\n",
    });
  });

  test("keeps the size of a disk whose options change, and grows but never shrinks", async () => {
    await create({ scsi0: "vmdata:2" });
    await pve.data("PUT", "/nodes/pve/qemu/200/config", { scsi0: "vmdata:200/vm-200-disk-0.raw,ssd=1" });
    expect(await config()).toMatchObject({ scsi0: "vmdata:200/vm-200-disk-0.raw,size=2G,ssd=1" });
    const resize = (size: string) => start("PUT", "/nodes/pve/qemu/200/resize", { disk: "scsi0", size });
    expect(await ended(await resize("+1G"))).toBe("OK");
    expect(await ended(await resize("2G"))).toBe("shrinking disks is not supported");
    expect(await config()).toMatchObject({ scsi0: "vmdata:200/vm-200-disk-0.raw,size=3G,ssd=1" });
  });

  test("keeps of a description no trailing line feed", async () => {
    await create({ description: "first\nsecond\n" });
    expect(await config()).toMatchObject({ description: "first\nsecond" });
  });

  test("hides a password, loses what is deleted, and is changed only at the digest that is told", async () => {
    await create({ cipassword: "s3cret", description: "x" });
    expect(await config()).toMatchObject({ cipassword: "**********" });
    expect((await pve.call("PUT", "/nodes/pve/qemu/200/config", { delete: "description", digest: "0" })).status).toBe(500);
    const { digest } = await config();
    await pve.data("PUT", "/nodes/pve/qemu/200/config", { delete: "description", digest });
    expect(await config()).not.toHaveProperty("description");
  });

  test("is not removed while it runs or is protected", async () => {
    expect((await pve.call("DELETE", vm(""))).reason).toBe("VM 101 is running - destroy failed");
    await pve.data("PUT", vm("/config"), { protection: 1 });
    expect((await pve.call("DELETE", vm(""))).reason).toBe("can't remove VM 101 - protection mode enabled");
    expect((await pve.call("DELETE", "/nodes/pve/lxc/102")).reason).toBe("unable to destroy CT 102 - container is running");
  });

  test("takes its access entries and its pool membership along", async () => {
    await pve.data("POST", "/pools", { poolid: "critical" });
    await create({ pool: "critical" });
    await pve.data("PUT", "/access/acl", { path: "/vms/200", roles: "PVEAuditor", users: "root@pam" });
    expect(await pve.data("GET", "/pools?poolid=critical")).toMatchObject([{ members: [{ vmid: 200 }] }]);
    expect((await pve.call("DELETE", "/pools?poolid=critical")).reason).toBe(
      "delete pool failed: pool 'critical' is not empty (contains VM 200)",
    );
    await start("DELETE", "/nodes/pve/qemu/200");
    pve.now += 1000;
    expect(await pve.data("GET", "/pools?poolid=critical")).toMatchObject([{ members: [] }]);
  });
});

describe("a container", () => {
  const one = "/nodes/pve/lxc/300";
  const config = () => pve.data<Record<string, unknown>>("GET", `${one}/config`);
  beforeEach(async () => {
    const net0 = "name=eth0,bridge=vmbr0,ip=dhcp";
    await start("POST", "/nodes/pve/lxc", {
      vmid: 300,
      ostemplate: "local:vztmpl/debian.tar.zst",
      rootfs: "vmdata:4",
      hostname: "web",
      net0,
      start: 1,
    });
    pve.now += 1000;
  });

  test("is created with an allocated disk and an address, unprivileged unless it says otherwise", async () => {
    expect(await config()).toMatchObject({
      rootfs: "vmdata:300/vm-300-disk-0.raw,size=4G",
      net0: expect.stringMatching(/^name=eth0,bridge=vmbr0,hwaddr=BC:24:11(:[0-9A-F]{2}){3},ip=dhcp,type=veth$/),
      unprivileged: 1,
    });
    expect(await pve.data("GET", `${one}/status/current`)).toMatchObject({ status: "running", type: "lxc", vmid: 300 });
  });

  test("changes its settings, but not what makes it what it is", async () => {
    await pve.data("PUT", `${one}/config`, { memory: 2048, mp0: "vmdata:1,mp=/srv", delete: "hostname" });
    expect(await config()).toMatchObject({ memory: 2048, mp0: "vmdata:300/vm-300-disk-1.raw,mp=/srv,size=1G" });
    expect((await pve.call("PUT", `${one}/config`, { unprivileged: 0 })).reason).toBe(
      "unable to modify read-only option: 'unprivileged'",
    );
    expect((await pve.call("PUT", `${one}/config`, { delete: "rootfs" })).reason).toBe(
      "unable to delete required option 'rootfs'",
    );
    expect((await pve.call("PUT", `${one}/resize`, { disk: "rootfs", size: "3G" })).reason).toBe("unable to shrink disk size");
    await start("PUT", `${one}/resize`, { disk: "rootfs", size: "+2G" });
    expect(await config()).toMatchObject({ rootfs: "vmdata:300/vm-300-disk-0.raw,size=6G" });
  });

  test("ends its description with exactly one line feed, as it comes or not", async () => {
    for (const description of ["web", "web\n"]) {
      await pve.data("PUT", `${one}/config`, { description });
      expect(await config()).toMatchObject({ description: "web\n" });
    }
  });

  test("starts and stops only from the other state, and goes by force while it runs", async () => {
    expect((await pve.call("POST", `${one}/status/start`)).reason).toBe("CT 300 already running");
    expect(await ended(await start("POST", `${one}/status/stop`))).toBe("OK");
    expect((await pve.call("POST", `${one}/status/stop`)).reason).toBe("CT 300 not running");
    expect(await ended(await start("POST", `${one}/status/start`))).toBe("OK");
    expect(await ended(await start("DELETE", `${one}?force=1`))).toBe("OK");
    expect((await pve.call("GET", `${one}/config`)).reason).toBe("Configuration file 'nodes/pve/lxc/300.conf' does not exist");
  });
});

const storage = (changes: Record<string, unknown> = {}) =>
  pve.data("POST", "/storage", {
    storage: "store",
    type: "pbs",
    server: "10.0.0.2",
    datastore: "proxmox-data",
    username: TOKEN,
    password: "right",
    fingerprint: backupServer.fingerprint,
    ...changes,
  });

describe("a backup at once", () => {
  const backUp = (settings: Record<string, unknown>) => start("POST", "/nodes/pve/vzdump", { storage: "store", ...settings });

  test("puts a snapshot of each guest onto the backup server, encrypted where the storage has a key", async () => {
    await storage({ "encryption-key": JSON.stringify({ data: "a2V5", fingerprint: "aa:bb" }) });
    expect(await ended(await backUp({ all: 1, "notes-template": "{{guestname}}, {{vmid}}" }))).toBe("OK");
    expect(await pve.data("GET", "/nodes/pve/storage/store/content")).toMatchObject([
      { vmid: 101, subtype: "qemu", notes: "ad, 101", encrypted: "aa:bb" },
      { vmid: 102, subtype: "lxc", notes: "web, 102", encrypted: "aa:bb" },
    ]);
  });

  test("fails with the words of who refused, and names the guests that failed", async () => {
    await storage();
    await pve.data("PUT", "/storage/store", { password: "wrong" });
    const upid = await backUp({ vmid: "101,999" });
    expect(await ended(upid)).toBe("job errors");
    const log = await pve.data<{ t: string }[]>("GET", `/nodes/pve/tasks/${encodeURIComponent(upid)}/log`);
    expect(log.map(({ t }) => t)).toEqual(
      expect.arrayContaining([
        "ERROR: Backup of VM 101 failed - store: error fetching datastores - 401 Unauthorized",
        "ERROR: Backup of VM 999 failed - unable to find VM '999'",
        "TASK ERROR: job errors",
      ]),
    );
  });

  test("needs a storage for backups and the right to use it", async () => {
    expect(await ended(await backUp({ vmid: 101, storage: "vmdata" }))).toContain("does not support backups");
    const token = await pve.token("op@pve", 0);
    const answer = await pve.call(
      "POST",
      "/nodes/pve/vzdump",
      { vmid: 101, storage: "local" },
      { authorization: `PVEAPIToken=${token}` },
    );
    expect(answer.reason).toBe("Permission check failed (/storage/local, Datastore.AllocateSpace)");
  });
});

describe("a restore", () => {
  const volume = "store:backup/vm/101/2026-11-21T11:00:00Z";
  beforeEach(async () => {
    await storage();
    backupServer.snapshots = [
      { "backup-type": "vm", "backup-id": "101", "backup-time": Date.parse("2026-11-21T11:00:00Z") / 1000 },
    ];
  });
  const restore = (settings: Record<string, unknown>) =>
    pve.call("POST", "/nodes/pve/qemu", { archive: volume, storage: "vmdata", ...settings });

  test("to a new id is like the guest that was backed up, with other addresses where they must be unique", async () => {
    expect(await ended((await restore({ vmid: 999, unique: 1 })).body.data as string)).toBe("OK");
    const [origin, copy] = [
      await pve.data<Record<string, string>>("GET", vm("/config")),
      await pve.data<Record<string, string>>("GET", "/nodes/pve/qemu/999/config"),
    ];
    expect(copy.name).toBe("ad");
    expect(copy.net0).not.toBe(origin.net0);
    expect(copy.scsi0).toContain("vmdata:999/");
  });

  test("over the original needs force and a stopped guest without protection", async () => {
    expect((await restore({ vmid: 101 })).reason).toBe("unable to restore VM 101 - VM 101 already exists on node 'pve'");
    expect((await restore({ vmid: 101, force: 1 })).reason).toBe("unable to restore VM 101 - vm is running");
    await ended(await start("POST", vm("/status/stop")));
    expect(await ended((await restore({ vmid: 101, force: 1 })).body.data as string)).toBe("OK");
    await pve.data("PUT", vm("/config"), { protection: 1 });
    expect((await restore({ vmid: 101, force: 1 })).reason).toBe("unable to restore VM 101 - protection mode enabled");
  });

  test("of a backup that is not there fails, and leaves the empty place behind", async () => {
    backupServer.snapshots = [];
    expect(await ended((await restore({ vmid: 999 })).body.data as string)).toContain("snapshot does not exist");
    expect(Object.keys(await pve.data<object>("GET", "/nodes/pve/qemu/999/config"))).toEqual(["digest"]);
  });

  test("takes no drives of its own", async () => {
    expect((await restore({ vmid: 999, scsi0: "vmdata:1" })).body.errors).toEqual({
      scsi0: "option conflicts with option 'archive'",
    });
  });
});
