import { join } from "node:path";
import { fingerprintOf } from "./certificate";
import type { LabDescription, LabDevice } from "./description";
import type { Device } from "./device";
import { FaultPlan } from "./fault-plan";
import { LAB_FILES, readJson, removeFile, writeJson, writeText } from "./files";
import { type DeviceIdentity, LabIdentity } from "./identity";
import { labNetwork } from "./network";
import { PbsDevice } from "./pbs/device";
import { PfsenseDevice } from "./pfsense/device";
import { PveDevice } from "./pve/device";
import type { LabSeed } from "./seed";
import { type RunningDevice, startDevice } from "./server";
import { timingAtSpeed } from "./timing";

/** What a device's class is given beside what is its own. */
interface DevicePlace {
  readonly identity: DeviceIdentity;
  readonly fingerprint: string;
  readonly clock: () => number;
}

/**
 * Starts every device of a lab's seed in this process and writes the description when all listen.
 * @returns how to stop them
 */
export async function startLab(directory: string): Promise<() => Promise<void>> {
  const seed = readJson<LabSeed>(directory, LAB_FILES.seed);
  if (seed === undefined) throw new Error(`${directory} holds no ${LAB_FILES.seed}: start the lab with "lab up"`);
  const lab = new Lab(directory, await LabIdentity.open(directory));
  const timing = timingAtSpeed(process.env.BASTIDE_LAB_SPEED);

  const backupServers: Record<string, LabDevice> = {};
  const table: Record<string, string> = {};
  for (const [name, server] of Object.entries(seed.backupServers)) {
    const running = await lab.start({ key: `pbs:${name}`, name, addresses: [server.address] }, "root@pam!bastide:", (place) => {
      const { secret: adminTokenSecret, certPem: certificate } = place.identity;
      const disks = server.chunkStores === undefined ? {} : { chunkStores: server.chunkStores };
      return new PbsDevice({ directory, name, adminTokenSecret, certificate, timing, clock: place.clock, ...disks });
    });
    backupServers[name] = running;
    for (const host of [name, server.address]) table[`${host}:${server.port}`] = new URL(running.url).host;
  }

  const nodes = seed.hypervisor.nodes;
  const addresses = nodes.flatMap((node) => [node.name, node.address]);
  const hypervisor = await lab.start(
    { key: "pve", name: "pve", addresses },
    "root@pam!bastide=",
    ({ identity, fingerprint, clock }) => {
      const network = labNetwork(table);
      return new PveDevice({ directory, seed, adminTokenSecret: identity.secret, network, timing, fingerprint, clock });
    },
  );

  const firewall =
    seed.firewall === undefined
      ? undefined
      : await lab.start({ key: "pfsense", name: "pfsense", addresses: [seed.firewall.address] }, "", ({ identity }) => {
          return new PfsenseDevice({ directory, seed, adminKey: identity.secret, timing });
        });

  const description = { caPem: lab.caPem, hypervisor, backupServers, ...(firewall === undefined ? {} : { firewall }) };
  writeText(directory, LAB_FILES.ca, lab.caPem);
  writeJson(directory, LAB_FILES.description, description satisfies LabDescription);
  return async () => {
    removeFile(directory, LAB_FILES.description);
    await lab.stop();
  };
}

/** The devices that run, with what they share. */
class Lab {
  readonly #running: RunningDevice[] = [];

  constructor(
    private readonly directory: string,
    private readonly identity: LabIdentity,
  ) {}

  get caPem(): string {
    return this.identity.caPem;
  }

  /** @param credentialPrefix what stands before the secret in the administrator's credential */
  async start(
    { key, name, addresses }: { readonly key: string; readonly name: string; readonly addresses: readonly string[] },
    credentialPrefix: string,
    create: (place: DevicePlace) => Device,
  ): Promise<LabDevice> {
    const identity = await this.identity.device(key, name, addresses);
    const faults = new FaultPlan(join(this.directory, LAB_FILES.faults), name);
    const fingerprint = fingerprintOf(identity.certPem);
    const device = create({ identity, fingerprint, clock: () => Date.now() + faults.clockShiftMs() });
    const running = await listen(device, identity, faults);
    this.#running.push(running);
    this.identity.keepPort(key, running.port);
    return { url: running.url, apiBase: device.apiBase, fingerprint, credential: `${credentialPrefix}${identity.secret}` };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#running.map((device) => device.close()));
  }
}

/** On the port that the device had last, or on any other where somebody took it meanwhile. */
async function listen(device: Device, identity: DeviceIdentity, faults: FaultPlan): Promise<RunningDevice> {
  const options = { key: identity.keyPem, cert: identity.certPem, faults };
  try {
    return await startDevice(device, identity.port === undefined ? options : { ...options, port: identity.port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    return startDevice(device, options);
  }
}
