import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NEVER_CANCELLED } from "../../../deploy/cancellation";
import { type DeploymentOptions, type Secrets, withDeployment } from "../../../deploy/deployment";
import type { EngineCall, RunEngine } from "../../../deploy/engine-process";
import { LineSplitter } from "../../../deploy/events";
import type { FreshStack, RunnableStack } from "../../../deploy/stack";
import { type ResolvedEnvironment, Secret, type Site } from "../../../model";
import { fakeEngine } from "./fake-engine-core.mjs";

const FAKE_ENGINE = join(__dirname, "fake-engine.mjs");

/** The fake engine inside this process: a hundred starts of Node would take longer than all that is tested. */
const runFakeEngine: RunEngine = async (call: EngineCall) => {
  if (call.journal !== undefined) appendFileSync(call.journal, "\n");
  let [stdout, stderr] = ["", ""];
  const lines = new LineSplitter((line) => call.onLine?.(line));
  const code = await fakeEngine({
    argv: [...call.args],
    env: call.env,
    cwd: call.cwd,
    cmdline: [call.program, ...call.args],
    pid: process.pid,
    ...(call.input === undefined ? {} : { input: call.input }),
    out(line: string) {
      if (call.journal !== undefined) appendFileSync(call.journal, `${line}\n`);
      call.onOutput?.(Buffer.from(`${line}\n`));
      if (call.onLine === undefined && call.onOutput === undefined) stdout += `${line}\n`;
      lines.push(`${line}\n`);
    },
    err(line: string) {
      stderr += `${line}\n`;
    },
    onInterrupt: (listener: () => void) => void call.cancellation.subscribe(listener),
  });
  return code === "killed"
    ? { exitCode: undefined, signal: "SIGKILL", stdout, stderr }
    : { exitCode: code, signal: undefined, stdout, stderr };
};

/** Secrets in memory. */
export class MemorySecrets implements Secrets {
  readonly #values = new Map<string, Secret>();

  constructor(initial: Readonly<Record<string, string>> = {}) {
    for (const [name, value] of Object.entries(initial)) this.#values.set(name, Secret.of(value));
  }
  get(name: string): Secret | undefined {
    return this.#values.get(name);
  }
  async set(name: string, value: Secret): Promise<void> {
    this.#values.set(name, value);
  }
  async setIfMissing(name: string, make: () => Secret): Promise<Secret> {
    const present = this.#values.get(name) ?? make();
    this.#values.set(name, present);
    return present;
  }
  values(): readonly Secret[] {
    return [...this.#values.values()];
  }
}

/** What the fake engine shall do in a layer; see fake-engine.mjs. */
export type Script = Readonly<Record<string, unknown>>;

export interface Layer {
  readonly layer: string;
  readonly dependsOn?: readonly string[];
  /** Body by name of the object. */
  readonly objects: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly protected?: readonly string[];
  readonly variables?: RunnableStack["variables"];
  readonly script?: Script;
}

export interface Call {
  readonly command: string;
  readonly args: readonly string[];
  readonly cmdline: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly pid: number;
  readonly signal?: string;
}

/** A folder of sites with one site, driven by the fake engine. */
export class FakeSite {
  readonly sites = mkdtempSync(join(tmpdir(), "bastide-deploy-"));
  readonly secrets = new MemorySecrets({ "pbs-credential": "credential-of-pbs" });
  readonly #record = `${this.sites}.calls`;
  layers: readonly Layer[] = [];
  kind: "lab" | "live" = "lab";
  encryptState = false;

  constructor() {
    process.env.FAKE_ENGINE_RECORD = this.#record;
    mkdirSync(join(this.sites, "ecosolar"));
  }

  get environment(): ResolvedEnvironment {
    const endpoint = {
      url: "https://127.0.0.1:1",
      caPem: "device authority",
      fingerprint: "00",
    } as unknown as ResolvedEnvironment["hypervisor"];
    return {
      name: "test",
      kind: this.kind,
      state: { kind: "local" },
      protectData: this.kind === "live",
      encryptState: this.encryptState,
      hypervisor: endpoint,
      backupServers: { pbs: endpoint },
    };
  }

  get root(): string {
    return join(this.sites, ".bastide", "ecosolar", "test");
  }

  options(more: Partial<DeploymentOptions> = {}): DeploymentOptions {
    return {
      site: { name: "ecosolar" } as Site,
      environment: this.environment,
      sitesDirectory: this.sites,
      operation: "apply",
      engine: { kind: "opentofu", path: FAKE_ENGINE, version: "1.12.6" },
      cliConfigFile: "/dev/null",
      secrets: this.secrets,
      credentialOf: () => ({ name: "pbs-credential", secret: this.secrets.get("pbs-credential") }),
      issued: ["pve-token"],
      synthesize: (directory) => this.layers.map((layer) => synthesizeLayer(directory, layer)),
      cancellation: NEVER_CANCELLED,
      runEngine: runFakeEngine,
      ...more,
    };
  }

  run<T>(work: Parameters<typeof withDeployment<T>>[1], more: Partial<DeploymentOptions> = {}): Promise<T> {
    return withDeployment(this.options(more), work);
  }

  /** Calls of the engine since the last `forgetCalls`. */
  calls(command?: string): Call[] {
    const text = existsSync(this.#record) ? readFileSync(this.#record, "utf8") : "";
    const all = text
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Call);
    return command === undefined ? all : all.filter((call) => call.command === command);
  }

  forgetCalls(): void {
    rmSync(this.#record, { force: true });
  }

  /** Names of the objects in the state of a layer. */
  state(layer: string): string[] {
    return Object.keys(this.rawState(layer).objects).map((address) => address.split(".")[1] ?? "");
  }

  rawState(layer: string): {
    objects: Record<string, { body: unknown; tainted?: boolean; importedBy?: string; attributes?: unknown }>;
  } {
    const file = this.stateFile(layer);
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { objects: {} };
  }

  stateFile(layer: string): string {
    const folder = this.kind === "lab" ? join(this.root, "state") : join(this.sites, "ecosolar", "state", "test");
    return join(folder, `${layer}.tfstate`);
  }

  remove(): void {
    rmSync(this.sites, { recursive: true, force: true });
    this.forgetCalls();
  }
}

function synthesizeLayer(
  directory: string,
  { layer, dependsOn = [], objects, variables = [], script = {}, ...rest }: Layer,
): FreshStack {
  const id = `ecosolar-test-${layer}`;
  const folder = join(directory, "stacks", id);
  mkdirSync(folder, { recursive: true });
  const resources = Object.entries(objects).map(([name, body]) => [
    name,
    {
      path: `/config/${name}`,
      read_path: "/config",
      body,
      ...(rest.protected?.includes(name) ? { lifecycle: { prevent_destroy: true } } : {}),
    },
  ]);
  const configuration = {
    provider: { restful: [{ base_url: `https://${layer}.example:8007/api2/json` }] },
    ...(resources.length > 0 ? { resource: { restful_resource: Object.fromEntries(resources) } } : {}),
  };
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(configuration));
  writeFileSync(join(folder, "fake.json"), JSON.stringify(script));
  return { id, layer, directory: folder, dependsOn: dependsOn.map((name) => `ecosolar-test-${name}`), variables, configuration };
}
