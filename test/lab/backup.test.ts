import type { ApplyAnswer, FaultAnswer } from "./support/answers";
import { eventually } from "./support/eventually";
import { type LabDevices, SitesFolder } from "./support/sites-folder";

jest.setTimeout(600_000);

interface BackupAnswer {
  readonly ok: boolean;
  readonly status: string;
  readonly node: string;
  readonly storage: string;
  readonly task: string;
}

interface Snapshot {
  readonly "backup-type": string;
  readonly "backup-id": string;
  readonly "backup-time": number;
  readonly owner: string;
  readonly size: number;
  readonly protected: boolean;
  readonly files: readonly { readonly filename: string; readonly "crypt-mode"?: string }[];
}

let folder: SitesFolder;
let devices: LabDevices;

beforeAll(async () => {
  folder = new SitesFolder("ecosolar");
  const { exitCode, json } = await folder.json<ApplyAnswer>(["apply", "ecosolar", "--env", "lab"]);
  if (exitCode !== 0) throw new Error(JSON.stringify(json, null, 2));
  devices = await folder.devices("ecosolar");
});
afterAll(() => folder.remove());

const backup = (guest: string, ...more: string[]) => folder.json<BackupAnswer>(["backup", guest, "--env", "lab", ...more]);
const snapshots = (namespace: string) => devices.pbs.get<Snapshot[]>(`/admin/datastore/proxmox-data/snapshots?ns=${namespace}`);

describe("the backup of one guest", () => {
  it("goes to the storage of its tier, and is there: on the backup server, of the token, encrypted", async () => {
    expect(await snapshots("critical")).toEqual([]);
    const begin = Math.floor(Date.now() / 1000);
    const { exitCode, json } = await backup("erp");
    expect({ exitCode, ...json }).toEqual({
      exitCode: 0,
      ok: true,
      status: "OK",
      node: "pve1",
      storage: "pbs-backup-critical",
      task: expect.stringMatching(/^UPID:pve1:.*:vzdump:103:/),
    });
    const [snapshot, ...others] = await snapshots("critical");
    expect(others).toEqual([]);
    expect(snapshot).toMatchObject({ "backup-type": "vm", "backup-id": "103", owner: "pve-backup@pbs!pve-token" });
    expect(snapshot?.["backup-time"]).toBeGreaterThanOrEqual(begin);
    expect(snapshot?.size).toBeGreaterThan(0);
    const images = snapshot?.files.filter(({ filename }) => filename.endsWith(".img.fidx")) ?? [];
    expect(images.map((file) => file["crypt-mode"])).toEqual(["encrypt"]);
    expect(await snapshots("standard")).toEqual([]);
  });

  it("is listed by the hypervisor, which can restore it", async () => {
    const content = await devices.pve.get<{ volid: string; vmid: number; notes?: string }[]>(
      "/nodes/pve1/storage/pbs-backup-critical/content",
    );
    expect(content).toEqual([
      expect.objectContaining({ vmid: 103, volid: expect.stringContaining("backup/vm/103/"), notes: "erp, by hand" }),
    ]);
  });

  it("shows the lines of its task to a person, and the end", async () => {
    const { exitCode, stdout, stderr } = await folder.run(["backup", "glpi", "--env", "lab"]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe("glpi is backed up to pbs-backup-standard: OK\n");
    expect(stderr).toMatch(/starting new backup job: vzdump 104 --storage pbs-backup-standard/);
    expect(stderr).toMatch(/Backup job finished successfully/);
  });

  it("goes to another storage of the site where that is asked for, and to none of somebody else", async () => {
    const other = await backup("erp", "--storage", "pbs-backup");
    expect({ exitCode: other.exitCode, storage: other.json.storage }).toEqual({ exitCode: 0, storage: "pbs-backup" });
    expect((await snapshots("")).map((one) => one["backup-id"])).toEqual(["103"]);
    const local = await folder.json<FaultAnswer>(["backup", "erp", "--env", "lab", "--storage", "local"]);
    expect({ exitCode: local.exitCode, what: local.json.faults[0]?.what }).toEqual({
      exitCode: 64,
      what: 'the site has no storage "local"',
    });
  });
});

describe("a backup that cannot be", () => {
  it("proposes the guest that was meant", async () => {
    const { exitCode, json } = await folder.json<FaultAnswer>(["backup", "glpy", "--env", "lab"]);
    expect({ exitCode, fault: json.faults[0] }).toMatchObject({
      exitCode: 64,
      fault: { what: 'no guest "glpy"; did you mean "glpi"?', repair: expect.stringContaining("erp") },
    });
  });

  it("tells a guest that the hypervisor does not have", async () => {
    const undo = folder.edit("ecosolar", ["id: 106,", "id: 199,"]);
    // The lab lets new guests in; this one is gone again before the backup.
    await folder.run(["lab", "up", "ecosolar"]);
    await devices.pve.post("/nodes/pve1/qemu/199/status/stop", {});
    const guests = () => devices.pve.get<{ vmid: number; status: string }[]>("/nodes/pve1/qemu");
    await eventually(async () => (await guests()).some(({ vmid, status }) => vmid === 199 && status === "stopped"));
    await devices.pve.delete("/nodes/pve1/qemu/199");
    await eventually(async () => (await guests()).every(({ vmid }) => vmid !== 199));
    const { exitCode, json } = await folder.json<FaultAnswer>(["backup", "mail", "--env", "lab"]).finally(undo);
    expect({ exitCode, fault: json.faults?.[0] }).toMatchObject({
      exitCode: 1,
      fault: { where: "guest mail", what: expect.stringContaining("199"), repair: expect.stringContaining("guests.mail.id") },
    });
  });

  it("ends with 1 and the task's own words when the task fails; nothing is left half done", async () => {
    const before = await snapshots("critical");
    await devices.pbs.put("/access/users/pve-backup@pbs", { enable: false });
    const { exitCode, json } = await backup("ad");
    expect({ exitCode, ok: json.ok }).toEqual({ exitCode: 1, ok: false });
    expect(json.status).not.toMatch(/^OK|^WARNINGS/);
    const text = await folder.run(["backup", "ad", "--env", "lab"]);
    expect(text.exitCode).toBe(1);
    expect(text.stdout).toMatch(/the backup of ad failed: .*\n +repair: .*UPID:pve1:/);
    expect(text.stderr).toMatch(/ERROR: .*(401|authentication)/);
    expect(await snapshots("critical")).toEqual(before);
  });
});
