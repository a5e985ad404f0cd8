import { X509Certificate } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, type Server } from "node:tls";
import { authorityFile, writeAuthorities } from "../../deploy/authorities";
import { certificateFaults } from "../../deploy/certificate";
import { type LabDevices, resolveEnvironment } from "../../deploy/environment";
import { Workspace } from "../../deploy/workspace";
import { createAuthority, issueCertificate } from "../../lab/authority";
import { type DeviceAccess, type Fault, fingerprint, type Site, UserError } from "../../model";

type KeyPair = Awaited<ReturnType<typeof createAuthority>>;

/** A device that takes connections, and whatever is sent over one. */
class Device {
  readonly received: Buffer[] = [];
  private constructor(
    private readonly server: Server,
    readonly pair: KeyPair,
  ) {}

  static async start(pair: KeyPair): Promise<Device> {
    const server = createServer({ cert: pair.certPem, key: pair.keyPem });
    const device = new Device(server, pair);
    server.on("secureConnection", (socket) => {
      socket.on("data", (data) => device.received.push(data));
      socket.on("error", () => undefined);
    });
    server.on("tlsClientError", () => undefined);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return device;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  get fingerprint(): string {
    return new X509Certificate(this.pair.certPem).fingerprint256.toLowerCase();
  }
  stop(): void {
    this.server.close();
  }
}

let folder: string;
let authority: KeyPair;
let device: Device;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bastide-environment-"));
  authority = await createAuthority();
  device = await Device.start(await issueCertificate(authority, "pve", ["127.0.0.1"]));
  writeFileSync(join(folder, "ca.pem"), authority.certPem);
  writeFileSync(join(folder, "other-ca.pem"), (await createAuthority()).certPem);
  writeFileSync(join(folder, "no-ca.pem"), "hello");
});
afterAll(() => {
  device.stop();
  rmSync(folder, { recursive: true, force: true });
});

const OTHER = fingerprint("11".repeat(32));
const access = (more: Partial<DeviceAccess>): DeviceAccess => ({ endpoint: device.url, credential: "root", ...more });
function siteWith(hypervisor: DeviceAccess, server: DeviceAccess = hypervisor): Site {
  const devices = { hypervisor, backupServers: { pbs: server } };
  const live = { kind: "live", state: { kind: "local" }, protectData: true, encryptState: true, devices };
  const lab = { kind: "lab", state: { kind: "local" }, protectData: false, encryptState: false };
  return { name: "ecosolar", environments: { production: live, lab } } as unknown as Site;
}
const resolve = (site: Site, name = "production", lab?: LabDevices) =>
  resolveEnvironment(site, name, { siteDirectory: folder, ...(lab === undefined ? {} : { lab }) });
async function faultsOf(work: Promise<unknown>): Promise<readonly Fault[]> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UserError)) throw error ?? new Error("nothing was thrown");
  return error.faults;
}

describe("a device of an environment", () => {
  it("whose fingerprint is pinned is asked for its certificate, which is trusted from then on", async () => {
    const { hypervisor } = await resolve(siteWith(access({ fingerprint: fingerprint(device.fingerprint) })));
    expect(new X509Certificate(hypervisor.caPem).fingerprint256.toLowerCase()).toBe(device.fingerprint);
    expect(hypervisor.fingerprint).toBe(device.fingerprint);
  });

  it("with another certificate than the pinned one is refused, with both fingerprints, and gets nothing", async () => {
    device.received.length = 0;
    const [fault] = await faultsOf(resolve(siteWith(access({ fingerprint: OTHER }))));
    expect(fault?.where).toContain("environments.production.devices.hypervisor");
    expect(fault?.what).toContain(device.fingerprint);
    expect(fault?.what).toContain(OTHER);
    expect(device.received).toEqual([]);
  });

  it("with an authority is asked for its fingerprint", async () => {
    const { hypervisor } = await resolve(siteWith(access({ ca: "ca.pem" })));
    expect(hypervisor).toEqual({ url: device.url, caPem: authority.certPem, fingerprint: device.fingerprint });
  });

  it("that another authority has signed is refused", async () => {
    const [fault] = await faultsOf(resolve(siteWith(access({ ca: "other-ca.pem" }))));
    expect(fault?.what).toContain("not signed by the given authority");
    expect(fault?.what).toContain(device.fingerprint);
  });

  it("with authority and fingerprint needs no connection", async () => {
    const nowhere = access({ endpoint: "https://127.0.0.1:1", ca: "ca.pem", fingerprint: OTHER });
    expect((await resolve(siteWith(nowhere))).hypervisor.fingerprint).toBe(OTHER);
  });

  it("with neither is refused: a credential would go to anybody", async () => {
    const [fault] = await faultsOf(resolve(siteWith(access({}))));
    expect(fault?.what).toBe("neither ca nor fingerprint is given");
  });

  it.each([
    ["is not there", "none.pem", /none\.pem cannot be read \(ENOENT\)/],
    ["holds no certificate", "no-ca.pem", /no certificate in PEM/],
  ])("whose authority file %s is refused", async (_name, ca, what) => {
    expect((await faultsOf(resolve(siteWith(access({ ca })))))[0]?.what).toMatch(what);
  });

  it("that is down is told together with the faults of the others", async () => {
    const down = access({ endpoint: "https://127.0.0.1:1", ca: "ca.pem" });
    const faults = await faultsOf(resolve(siteWith(down, access({}))));
    expect(faults.map(({ where }) => where)).toEqual([
      "environments.production.devices.backupServers.pbs",
      "environments.production.devices.hypervisor https://127.0.0.1:1",
    ]);
    expect(faults[1]?.what).toContain("ECONNREFUSED");
  });
});

describe("a certificate", () => {
  const at = (text: string) => new Date(text);
  const certificate = () => new X509Certificate(device.pair.certPem);
  const check = (url: string, now: Date) => certificateFaults("pve", url, certificate(), now).map(({ what }) => what);

  it("is right under a name that it holds, while it is valid", () => {
    expect(check("https://127.0.0.1:8006", new Date())).toEqual([]);
    expect(check("https://127.0.0.1", new Date(certificate().validTo))).toEqual([]);
  });

  it("is wrong under another name, or outside its time", () => {
    expect(check("https://192.168.100.210:8006", new Date())).toEqual([expect.stringContaining("does not name 192.168.100.210")]);
    expect(check("https://pve.lan:8006", new Date())).toEqual([expect.stringContaining("does not name pve.lan")]);
    const late = new Date(new Date(certificate().validTo).getTime() + 1000);
    expect(check("https://127.0.0.1", late)).toEqual([expect.stringContaining("valid from")]);
    expect(check("https://127.0.0.1", at("2000-01-01"))).toEqual([expect.stringContaining("valid from")]);
  });
});

describe("an environment", () => {
  it("of the lab takes its devices from the lab that is up", async () => {
    const lab: LabDevices = {
      caPem: "CA",
      hypervisor: { url: "https://127.0.0.1:1", fingerprint: OTHER },
      backupServers: { pbs: { url: "https://127.0.0.1:2", fingerprint: OTHER } },
    };
    const resolved = await resolve(siteWith(access({})), "lab", lab);
    expect(resolved).toMatchObject({ kind: "lab", backupServers: { pbs: { url: "https://127.0.0.1:2", caPem: "CA" } } });
    expect(resolved.firewall).toBeUndefined();
  });

  it("of the lab says how to start it when it is not up", async () => {
    expect((await faultsOf(resolve(siteWith(access({})), "lab")))[0]?.repair).toContain("lab up");
  });

  it("with a misspelt name is guessed", async () => {
    expect((await faultsOf(resolve(siteWith(access({})), "prodution")))[0]?.what).toContain('did you mean "production"?');
  });
});

describe("the file of all authorities", () => {
  it("holds those of the devices and of the system, and one file each for the providers", async () => {
    const workspace = await Workspace.open({ sitesDirectory: folder, site: "ecosolar", environment: "production", kind: "live" });
    mkdirSync(join(folder, "etc"));
    writeFileSync(join(folder, "etc", "system.pem"), "-----SYSTEM-----");
    const before = process.env.SSL_CERT_FILE;
    process.env.SSL_CERT_FILE = join(folder, "etc", "system.pem");
    try {
      const resolved = await resolve(siteWith(access({ ca: "ca.pem" })));
      const bundle = readFileSync(await writeAuthorities(workspace, resolved), "utf8");
      expect(bundle).toContain(authority.certPem.trim());
      expect(bundle).toContain("-----SYSTEM-----");
      expect(bundle.split(authority.certPem.trim())).toHaveLength(2);
      expect(readFileSync(authorityFile(workspace, { kind: "backup-server", name: "pbs" }), "utf8").trim()).toBe(
        authority.certPem.trim(),
      );
    } finally {
      if (before === undefined) delete process.env.SSL_CERT_FILE;
      else process.env.SSL_CERT_FILE = before;
    }
  });
});
