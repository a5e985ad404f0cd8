import { join } from "node:path";
import { fingerprintOf } from "./authority";
import type { LabDescription, LabDevice } from "./description";
import type { Device } from "./device";
import { FaultPlan } from "./fault-plan";
import { LAB_FILES, readJson, removeFile, writeJson, writeText } from "./files";
import { type DeviceIdentity, LabIdentity } from "./identity";
import { labNetwork } from "./network";
import { PbsDevice } from "./pbs/device";
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
    backupServers[name] = await lab.start(`pbs:${name}`, name, [server.address], "root@pam!bastide:", ({ identity, clock }) => {
      return new PbsDevice({
        directory,
        name,
        seed,
        adminTokenSecret: identity.secret,
        certificate: identity.certPem,
        clock,
        timing,
      });
    });
    const { host } = new URL(backupServers[name].url);
    for (const address of [name, server.address]) table[`${address}:${server.port}`] = host;
  }
  const description = { caPem: lab.caPem, backupServers, hypervisor: { url: "", apiBase: "", fingerprint: "", credential: "" } };
  void labNetwork(table);
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
    key: string,
    name: string,
    addresses: readonly string[],
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
