import { join } from "node:path";
import { type Cancellation, NEVER_CANCELLED } from "./cancellation";
import { engineEnvironment } from "./engine-environment";
import { EngineFailure } from "./engine-failure";
import { type EngineCall, type EngineOutcome, type RunEngine, runEngine } from "./engine-process";
import { type EngineDiagnostic, type EngineEvent, parseEvent } from "./events";
import { NotJson } from "./json-by-element";
import type { ProcessIdentity } from "./process-identity";
import { shownDocument } from "./shown-document";
import { type Patience, StallWatch } from "./stall";

/** The program that plans and applies, as `providers/toolchain` finds it. */
export interface EngineProgram {
  readonly kind: "opentofu" | "terraform";
  readonly path: string;
  readonly version: string;
}

export interface EngineOptions {
  readonly program: EngineProgram;
  /** Where the engine finds the providers. */
  readonly cliConfigFile: string;
  /** Directory of the synthesized stack. */
  readonly directory: string;
  /** What the engine keeps between runs (`TF_DATA_DIR`); outside the stack, because synthesis cleans that. */
  readonly dataDirectory: string;
  /** PEM of everything that may sign a device's certificate, and of the system's authorities. */
  readonly caBundle?: string;
  /** HCL of `TF_ENCRYPTION`, which holds the passphrase; called for each start, so that it is kept nowhere. */
  readonly encryption?: () => string;
  readonly cancellation?: Cancellation;
  /** Takes every known secret out of a text. */
  readonly redact?: (text: string) => string;
  readonly onLogLine?: (line: string) => void;
  /** How long devices may keep the engine waiting. */
  readonly patience?: Patience;
  /** Seconds to wait for a locked state. Default 0. */
  readonly lockTimeoutSeconds?: number;
  /** More variables for the engine's environment; nothing secret. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What starts the engine. Default: a child process. */
  readonly run?: RunEngine;
  readonly onStarted?: (engine: ProcessIdentity) => Promise<void>;
}

/** Values of the stack's variables by name, revealed; called for each start, so that they are kept nowhere. */
export type Variables = () => Readonly<Record<string, string>>;

export type OnEvent = (event: EngineEvent) => void;

export interface PlanOptions {
  /** File that takes the plan. */
  readonly out: string;
  /** File that takes the events while the engine runs. */
  readonly journal: string;
  readonly variables: Variables;
  readonly destroy?: boolean;
  /** Addresses that a destruction leaves alone. */
  readonly spare?: readonly string[];
  /** Addresses that a destruction is limited to. */
  readonly only?: readonly string[];
  readonly onEvent?: OnEvent;
}

const NO_VARIABLES: Variables = () => ({});

/** The engine in the directory of one stack. Each method throws an `EngineFailure` when the engine refuses or fails. */
export class Engine {
  constructor(private readonly options: EngineOptions) {}

  get kind(): EngineProgram["kind"] {
    return this.options.program.kind;
  }

  /** @param backend settings that override the stack's backend block, such as the path of a local state */
  async init(options: {
    lockFileIsFixed: boolean;
    backend?: Readonly<Record<string, string>>;
    migrateState?: boolean;
  }): Promise<void> {
    const backend = Object.entries(options.backend ?? {}).map(([name, value]) => `-backend-config=${name}=${value}`);
    const migrate = options.migrateState === true ? ["-migrate-state", "-force-copy"] : [];
    const lock = options.lockFileIsFixed ? ["-lockfile=readonly"] : [];
    await this.#events("init", ["init", "-json", "-input=false", ...lock, ...backend, ...migrate], {});
  }

  /** Plans into a file. @returns whether anything is to be changed */
  async plan(options: PlanOptions): Promise<{ readonly changed: boolean }> {
    const spare = (options.spare ?? []).map((address) => `-exclude=${address}`);
    const only = (options.only ?? []).map((address) => `-target=${address}`);
    const args = [...(options.destroy ? ["-destroy"] : []), ...spare, ...only, `-out=${options.out}`];
    const exitCode = await this.#events(
      "plan",
      ["plan", "-json", "-input=false", "-detailed-exitcode", this.#lock, ...args],
      options,
    );
    return { changed: exitCode === 2 };
  }

  /** The whole plan as data. It may hold values that were sensitive to the engine: never print it as it is. */
  async show(planFile: string): Promise<unknown> {
    return await this.#document(["show", "-json", planFile]);
  }

  /** The whole state as data. It may hold values that are sensitive to the engine: never print it as it is. */
  async showState(): Promise<unknown> {
    return await this.#document(["show", "-json"]);
  }

  /** Does exactly what the plan file says. */
  async apply(planFile: string, options: { journal: string; variables: Variables; onEvent?: OnEvent }): Promise<void> {
    await this.#events("apply", ["apply", "-json", "-input=false", this.#lock, planFile], options);
  }

  /** Addresses of the objects in the state; empty when there is no state. */
  async stateList(): Promise<string[]> {
    const outcome = await this.#run("state list", ["state", "list"], {});
    if (outcome.exitCode === 0) return outcome.stdout.split("\n").filter((line) => line !== "");
    if (/No state file was found/.test(outcome.stderr)) return [];
    throw this.#failure("state list", outcome, []);
  }

  /** Takes an object that exists on its device into the state. @param id what the provider finds it by */
  async importObject(address: string, id: string, variables: Variables): Promise<void> {
    const outcome = await this.#run("import", ["import", "-input=false", "-no-color", this.#lock, address, id], { variables });
    if (outcome.exitCode !== 0) throw this.#failure("import", outcome, []);
  }

  /** Ends the lock of a holder that is known to be dead. */
  async releaseLock(id: string): Promise<void> {
    const outcome = await this.#run("force-unlock", ["force-unlock", "-force", id], {});
    if (outcome.exitCode !== 0) throw this.#failure("force-unlock", outcome, []);
  }

  /** Takes back the mark that makes the engine replace an object whose creation it did not see through. */
  async untaint(address: string): Promise<void> {
    const outcome = await this.#run("untaint", ["untaint", this.#lock, address], {});
    if (outcome.exitCode !== 0) throw this.#failure("untaint", outcome, []);
  }

  /** Brings a state that could not be written at the end of a run to its place. */
  async pushState(file: string): Promise<void> {
    const outcome = await this.#run("state push", ["state", "push", this.#lock, file], {});
    if (outcome.exitCode !== 0) throw this.#failure("state push", outcome, []);
  }

  /** The state as the engine stores it, decrypted. It may hold values that are sensitive: keep it nowhere. */
  async pullState(): Promise<string> {
    const outcome = await this.#run("state pull", ["state", "pull"], {});
    if (outcome.exitCode !== 0) throw this.#failure("state pull", outcome, []);
    return outcome.stdout;
  }

  /** Replaces the state; the engine refuses one that is older or of another lineage. */
  async pushStateText(state: string): Promise<void> {
    const outcome = await this.#run("state push", ["state", "push", this.#lock, "-"], { input: state });
    if (outcome.exitCode !== 0) throw this.#failure("state push", outcome, []);
  }

  /** Reads what the engine shows while it writes it. */
  async #document(args: readonly string[]): Promise<unknown> {
    const document = shownDocument();
    const outcome = await this.#run("show", args, { onOutput: (chunk) => document.push(chunk) });
    if (outcome.exitCode !== 0) throw this.#failure("show", outcome, []);
    try {
      return document.end();
    } catch (error) {
      if (!(error instanceof NotJson)) throw error;
      throw this.#failure("show", { ...outcome, stderr: `what it shows cannot be read: ${error.message}` }, []);
    }
  }

  /** Runs with `-json` and hands every event on. @returns the exit code: 0, or 2 for "there are changes" */
  async #events(
    operation: string,
    args: readonly string[],
    options: { journal?: string; variables?: Variables; onEvent?: OnEvent },
  ): Promise<number> {
    const { cancellation = NEVER_CANCELLED, patience = {}, lockTimeoutSeconds = 0 } = this.options;
    const diagnostics: EngineDiagnostic[] = [];
    const watch = new StallWatch(cancellation, patience, lockTimeoutSeconds);
    const onLine = (line: string) => {
      const event = withoutSecrets(parseEvent(line), (text) => this.#redact(text));
      if (event.type === "diagnostic") diagnostics.push(event.diagnostic);
      watch.see(event);
      options.onEvent?.(event);
    };
    try {
      const outcome = await this.#run(operation, args, { ...options, onLine, cancellation: watch.cancellation });
      if (outcome.exitCode === 0 || outcome.exitCode === 2) return outcome.exitCode;
      throw this.#failure(operation, outcome, watch.verdict === undefined ? diagnostics : [watch.verdict]);
    } finally {
      watch.end();
    }
  }

  async #run(
    operation: string,
    args: readonly string[],
    {
      variables = NO_VARIABLES,
      ...options
    }: Pick<Partial<EngineCall>, "journal" | "input" | "onLine" | "onOutput" | "cancellation"> & {
      readonly variables?: Variables;
    },
  ): Promise<EngineOutcome> {
    const { program, directory, cancellation = NEVER_CANCELLED, onLogLine, onStarted, run = runEngine } = this.options;
    if (cancellation.level > 0) throw new EngineFailure({ operation, interrupted: true, diagnostics: [], output: "" });
    return await run({
      program: program.path,
      args,
      cwd: directory,
      env: engineEnvironment(this.options, variables()),
      cancellation,
      ...options,
      ...(onLogLine === undefined ? {} : { onLogLine: (line: string) => onLogLine(this.#redact(line)) }),
      ...(options.journal === undefined || onStarted === undefined ? {} : { onStarted }),
    });
  }

  #failure(operation: string, outcome: EngineOutcome, diagnostics: readonly EngineDiagnostic[]): EngineFailure {
    const { cancellation = NEVER_CANCELLED } = this.options;
    return new EngineFailure({
      operation,
      interrupted: cancellation.level > 0,
      ...(outcome.signal === undefined ? {} : { signal: outcome.signal }),
      diagnostics: diagnostics.filter(({ severity }) => severity === "error"),
      output: this.#redact(outcome.stderr.trim()),
    });
  }

  get #lock(): string {
    return `-lock-timeout=${this.options.lockTimeoutSeconds ?? 0}s`;
  }

  #redact(text: string): string {
    return this.options.redact?.(text) ?? text;
  }
}

/** Redaction comes after parsing: in the line itself a secret may be written with escapes. */
function withoutSecrets(event: EngineEvent, redact: (text: string) => string): EngineEvent {
  if (event.type === "other") return { ...event, message: redact(event.message) };
  if (event.type !== "diagnostic") return event;
  const { diagnostic } = event;
  return { ...event, diagnostic: { ...diagnostic, summary: redact(diagnostic.summary), detail: redact(diagnostic.detail) } };
}

/** Where the engine leaves a state that it could not write to its place. */
export const unsavedState = (directory: string): string => join(directory, "errored.tfstate");
