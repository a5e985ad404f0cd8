import { randomUUID } from "node:crypto";
import { certificateNames, type KeyPair } from "./certificate";
import { LAB_FILES, readJson, writeJson } from "./files";

/** What makes a device of the lab the same one after a restart. */
export interface DeviceIdentity extends KeyPair {
  /** Names and addresses in its certificate. */
  readonly names: readonly string[];
  /** Secret of its administrator credential. */
  readonly secret: string;
  /** The port it had last; kept as long as nobody else takes it. */
  readonly port?: number;
}

interface Stored {
  readonly authority: KeyPair;
  readonly devices: Readonly<Record<string, DeviceIdentity>>;
}

/** The lab's authority and the identity of each device, created on first use and kept on disk. */
export class LabIdentity {
  private constructor(
    private readonly directory: string,
    private stored: Stored,
  ) {}

  static async open(directory: string): Promise<LabIdentity> {
    const stored = readJson<Stored>(directory, LAB_FILES.identity);
    if (stored !== undefined) return new LabIdentity(directory, stored);
    // Loaded only where something is to be issued: a start that finds its certificates is faster without.
    const { createAuthority } = await import("./authority");
    const identity = new LabIdentity(directory, { authority: await createAuthority(), devices: {} });
    identity.#save();
    return identity;
  }

  get caPem(): string {
    return this.stored.authority.certPem;
  }

  /** @param siteAddresses where the device stands at the client's; a new address makes a new certificate */
  async device(key: string, name: string, siteAddresses: readonly string[]): Promise<DeviceIdentity> {
    const names = certificateNames(name, siteAddresses);
    const known = this.stored.devices[key];
    if (known !== undefined && known.names.join() === names.join()) return known;
    const { issueCertificate } = await import("./authority");
    const pair = await issueCertificate(this.stored.authority, name, names);
    return this.#keep(key, { secret: randomUUID(), ...known, ...pair, names });
  }

  keepPort(key: string, port: number): void {
    const known = this.stored.devices[key];
    if (known !== undefined && known.port !== port) this.#keep(key, { ...known, port });
  }

  #keep(key: string, device: DeviceIdentity): DeviceIdentity {
    this.stored = { ...this.stored, devices: { ...this.stored.devices, [key]: device } };
    this.#save();
    return device;
  }

  #save(): void {
    writeJson(this.directory, LAB_FILES.identity, this.stored);
  }
}
