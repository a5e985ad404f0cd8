import { type Fault, type ResolvedEnvironment, type Secret, UserError } from "../model";
import type { DeviceReference, VariableSource } from "../stacks/stack-variable";
import { authorityFile } from "./authorities";
import { type CredentialOf, pick } from "./credentials";
import type { Variables } from "./engine";
import type { RunnableStack } from "./stack";
import type { Workspace } from "./workspace";

/** Stands for a secret that a device has still to issue, in the plan only: a saved plan does not hold it. */
const PLACEHOLDER = "00000000-0000-0000-0000-000000000000";

export interface ValueSources {
  readonly secrets: { get(name: string): Secret | undefined };
  readonly credentialOf: CredentialOf;
  readonly environment: ResolvedEnvironment;
  /** Names of the secrets that a device issues during the run: they may be missing before. */
  readonly issued: readonly string[];
}

/** Gives the variables of the stacks their values. */
export class StackValues {
  /** Secrets in the store that their device refuses: a plan takes the placeholder for them and so shows that they change. */
  voidSecrets: ReadonlySet<string> = new Set();

  constructor(
    private readonly sources: ValueSources,
    private readonly workspace: Workspace,
  ) {}

  /** The values at the time of the call: a secret may be issued between the plan and the apply. */
  of(stack: RunnableStack): Variables {
    return () => Object.fromEntries(stack.variables.map(({ name, source }) => [name, this.#value(source)] as const));
  }

  /** The credentials, for the redaction of what the engine says. */
  credentials(stacks: readonly RunnableStack[]): Secret[] {
    const sources = stacks.flatMap(({ variables }) => variables.map(({ source }) => source));
    return sources.flatMap((source) => {
      const secret = source.kind === "credential" ? this.sources.credentialOf(source.device).secret : undefined;
      return secret === undefined ? [] : [secret];
    });
  }

  /** @throws UserError with every secret and credential that is missing */
  check(stacks: readonly RunnableStack[], site: string): void {
    const { environment } = this.sources;
    const faults = new Map<string, Fault>();
    for (const { layer, variables } of stacks) {
      for (const { source } of variables) {
        const name = this.#missingName(source);
        if (name === undefined) continue;
        faults.set(name, {
          where: `secrets of ${site}, ${environment.name}`,
          what: `no secret "${name}"`,
          why: `the layer ${layer} needs it`,
          repair: `store it: ./bastide secrets set ${site} --env ${environment.name} ${name}`,
        });
      }
    }
    if (faults.size > 0) throw new UserError([...faults.values()]);
  }

  #missingName(source: VariableSource): string | undefined {
    const { secrets, credentialOf, issued } = this.sources;
    if (source.kind === "credential") {
      const { name, secret } = credentialOf(source.device);
      return secret === undefined ? name : undefined;
    }
    if (source.kind === "authority" || issued.includes(source.secret)) return undefined;
    return secrets.get(source.secret) === undefined ? source.secret : undefined;
  }

  #value(source: VariableSource): string {
    switch (source.kind) {
      case "credential":
        return this.#credential(source.device);
      case "secret": {
        const value = this.voidSecrets.has(source.secret) ? undefined : this.sources.secrets.get(source.secret);
        return value?.reveal() ?? PLACEHOLDER;
      }
      case "authority":
        return this.#authority(source.device);
    }
  }

  #credential(device: DeviceReference): string {
    const { name, secret } = this.sources.credentialOf(device);
    if (secret !== undefined) return secret.reveal();
    this.#located(device);
    throw new UserError({
      where: `secrets of ${this.workspace.owner.site}, ${this.workspace.owner.environment}`,
      what: `no secret "${name}"`,
      repair: `store it: ./bastide secrets set ${this.workspace.owner.site} --env ${this.workspace.owner.environment} ${name}`,
    });
  }

  #authority(device: DeviceReference): string {
    this.#located(device);
    return authorityFile(this.workspace, device);
  }

  /** A layer that the site file has forgotten is taken off its device with what the environment still says of the device. */
  #located(device: DeviceReference): void {
    const { environment } = this.sources;
    if (pick(device, environment) !== undefined) return;
    const path = device.kind === "backup-server" ? `backupServers.${device.name}` : device.kind;
    throw new UserError({
      where: `environments.${environment.name}.devices.${path}`,
      what: "is not there, and objects of this site still stand on the device",
      why: "without its endpoint and its credential they cannot be taken off",
      repair: `write it back, with its endpoint, until nothing is left over: ./bastide plan ${this.workspace.owner.site} --env ${environment.name}`,
    });
  }
}
