import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NEVER_CANCELLED } from "../../../deploy/cancellation";
import type { DeploymentOptions } from "../../../deploy/deployment";
import type { FreshStack } from "../../../deploy/stack";
import type { ResolvedEnvironment, Site, StateBackend } from "../../../model";
import { type Engine, ensureEngine } from "../../../providers/toolchain";
import { MemorySecrets } from "../../deploy/support/fake-deployment";

/** An object of the engine's own provider: it needs no device. Its creation may take seconds, and may be seen from outside. */
export interface PlainObject {
  readonly input: string;
  /** Shell command that its creation runs. */
  readonly command?: string;
}

/** A folder of sites as one person has it, with the real engine and without devices. */
export class RealEngineSite {
  readonly sites = mkdtempSync(join(tmpdir(), "bastide-state-"));
  readonly secrets = new MemorySecrets();
  objects: Readonly<Record<string, PlainObject>> = {};

  constructor(
    private readonly engine: Engine,
    private readonly state: StateBackend,
    private readonly encryptState = false,
  ) {}

  static engine(): Promise<Engine> {
    return ensureEngine(() => undefined);
  }

  get root(): string {
    return join(this.sites, ".bastide", "ecosolar", "test");
  }

  options(more: Partial<DeploymentOptions> = {}): DeploymentOptions {
    const endpoint = { url: "https://127.0.0.1:1", caPem: "", fingerprint: "" } as unknown as ResolvedEnvironment["hypervisor"];
    const environment: ResolvedEnvironment = {
      name: "test",
      kind: "lab",
      state: this.state,
      protectData: false,
      encryptState: this.encryptState,
      hypervisor: endpoint,
      backupServers: {},
    };
    return {
      site: { name: "ecosolar" } as Site,
      environment,
      sitesDirectory: this.sites,
      operation: "apply",
      engine: this.engine,
      cliConfigFile: "/dev/null",
      secrets: this.secrets,
      credentialOf: () => ({ name: "none", secret: undefined }),
      issued: [],
      synthesize: (directory) => [this.#synthesize(directory)],
      cancellation: NEVER_CANCELLED,
      ...more,
    };
  }

  remove(): void {
    rmSync(this.sites, { recursive: true, force: true });
  }

  #synthesize(directory: string): FreshStack {
    const folder = join(directory, "stacks", "ecosolar-test-hypervisor");
    mkdirSync(folder, { recursive: true });
    const { state } = this;
    const backend = state.kind === "pg" ? { pg: { conn_str: state.connection, schema_name: state.schema } } : { local: {} };
    const objects = Object.entries(this.objects).map(([name, { input, command }]) => [
      name,
      { input, ...(command === undefined ? {} : { provisioner: [{ "local-exec": { command } }] }) },
    ]);
    const resource = objects.length > 0 ? { resource: { terraform_data: Object.fromEntries(objects) } } : {};
    const configuration = { terraform: { backend }, ...resource };
    writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(configuration));
    return {
      id: "ecosolar-test-hypervisor",
      layer: "hypervisor",
      directory: folder,
      dependsOn: [],
      variables: [],
      configuration,
    };
  }
}
