import { availableParallelism } from "node:os";
import { type ResolvedEnvironment, Secret, type Site, UserError } from "../model";
import { writeAuthorities } from "./authorities";
import type { Cancellation } from "./cancellation";
import type { CredentialOf } from "./credentials";
import { explained, type FailureContext } from "./diagnostics";
import { Engine, type EngineProgram, type Variables } from "./engine";
import { EngineFailure } from "./engine-failure";
import type { RunEngine } from "./engine-process";
import { onFiles } from "./file-faults";
import { stopLeftoverEngine, watchEngine } from "./leftover-engine";
import type { Holder } from "./run-lock";
import { userName, withRunLock } from "./run-lock";
import { redactor } from "./secrets/redact";
import { type FreshStack, inOrder, type RunnableStack } from "./stack";
import { readStackObjects, type StackObjects } from "./stack-objects";
import { StackValues } from "./stack-values";
import { checkBackendCredentials, encryptionSettings, postgresApplicationName } from "./state";
import { Workspace } from "./workspace";

/** The part of the secret store that the runner uses. */
export interface Secrets {
  get(name: string): Secret | undefined;
  set(name: string, value: Secret): Promise<void>;
  setIfMissing(name: string, make: () => Secret): Promise<Secret>;
  values(): readonly Secret[];
}

export type Operation = "plan" | "apply" | "destroy" | "drift";

export interface DeploymentOptions {
  readonly site: Site;
  readonly environment: ResolvedEnvironment;
  /** Folder of the sites, absolute. */
  readonly sitesDirectory: string;
  readonly operation: Operation;
  readonly engine: EngineProgram;
  readonly cliConfigFile: string;
  readonly secrets: Secrets;
  readonly credentialOf: CredentialOf;
  /** Names of the secrets that a device issues during the run: they may be missing before. */
  readonly issued: readonly string[];
  /** Writes the stacks into a directory. Default: those of the site. */
  readonly synthesize?: (directory: string) => readonly FreshStack[];
  readonly cancellation: Cancellation;
  /** What starts the engine. Default: a child process. */
  readonly runEngine?: RunEngine;
  /** Seconds to wait for another run, and for a locked state. Default 0 and 5. */
  readonly waitSeconds?: number;
  readonly onWait?: (holder: Holder | string) => void;
  /** Lines of the engine's log, where TF_LOG asks for it; without secrets. */
  readonly onLogLine?: (line: string) => void;
  /** Move the states from where they were to where the environment says now. */
  readonly migrateState?: boolean;
  /** Ids of locks by layer, whose holders the user knows to be dead. */
  readonly releaseLocks?: Readonly<Record<string, string>>;
}

/** One run on one site and environment, which nobody else works on meanwhile. */
export class Deployment {
  readonly #prepared = new Map<string, Promise<void>>();
  readonly #objects = new Map<string, Promise<StackObjects>>();
  #redactor: (text: string) => string;

  constructor(
    readonly options: DeploymentOptions,
    readonly workspace: Workspace,
    /** In the order of their dependencies. */
    readonly stacks: readonly FreshStack[],
    /** PEM file with the system's and the devices' authorities. */
    private readonly caBundle: string,
    private readonly passphrase: Secret | undefined,
    private readonly values: StackValues,
  ) {
    this.#redactor = this.#makeRedactor();
  }

  /** Takes every known secret out of a text. */
  readonly redact = (text: string): string => this.#redactor(text);

  /**
   * Call it after a secret was added to the store.
   * @param voidSecrets names whose value the device refuses: a plan takes the placeholder for them and so shows that they change
   */
  secretsChanged(voidSecrets: readonly string[] = []): void {
    this.values.voidSecrets = new Set(voidSecrets);
    this.#redactor = this.#makeRedactor();
  }

  objectsOf(stack: RunnableStack): Promise<StackObjects> {
    const known = this.#objects.get(stack.directory) ?? readStackObjects(stack.directory);
    this.#objects.set(stack.directory, known);
    return known;
  }

  engineFor(stack: RunnableStack): Engine {
    const { engine, cliConfigFile, cancellation, onLogLine, site, environment, operation, waitSeconds, runEngine } = this.options;
    const { passphrase, caBundle } = this;
    return new Engine({
      program: engine,
      cliConfigFile,
      directory: stack.directory,
      dataDirectory: this.workspace.engineData(stack.layer),
      cancellation,
      caBundle,
      redact: this.redact,
      lockTimeoutSeconds: Math.max(SHORTEST_LOCK_WAIT_S, waitSeconds ?? 0),
      variables: { PGAPPNAME: postgresApplicationName(`bastide ${operation} ${site.name}/${environment.name} by ${userName()}`) },
      onStarted: (identity) => watchEngine(this.workspace, stack.layer, identity),
      ...(passphrase === undefined ? {} : { encryption: () => encryptionSettings(passphrase) }),
      ...(onLogLine === undefined ? {} : { onLogLine }),
      ...(runEngine === undefined ? {} : { run: runEngine }),
    });
  }

  /** Values of a stack's variables at the time of the call; for a secret that is still to be issued, a placeholder. */
  variablesFor(stack: RunnableStack): Variables {
    return this.values.of(stack);
  }

  /** Runs work of the engine on a stack; what fails is told in the words of the site. */
  async onStack<T>(stack: RunnableStack, work: (engine: Engine) => Promise<T>): Promise<T> {
    return await explained(await this.#failureContext(stack), () => work(this.engineFor(stack)));
  }

  /** Initializes a stack, once in a run. */
  prepare(stack: RunnableStack): Promise<void> {
    const known = this.#prepared.get(stack.layer) ?? this.#initialize(stack);
    this.#prepared.set(stack.layer, known);
    return known;
  }

  #makeRedactor(): (text: string) => string {
    return redactor([...this.options.secrets.values(), ...this.values.credentials(this.stacks)]);
  }

  async #initialize(stack: RunnableStack): Promise<void> {
    const { environment, migrateState = false, releaseLocks = {} } = this.options;
    const lockFileIsFixed = await this.workspace.restoreLockFile(stack.layer, stack.directory);
    const backend = environment.state.kind === "local" ? { path: this.workspace.stateFile(stack.layer) } : {};
    await this.onStack(stack, async (engine) => {
      const init = () => engine.init({ lockFileIsFixed, backend, migrateState });
      await init().catch((error: unknown) => {
        // Two first inits at once both make the tables in PostgreSQL; the one that comes second finds them when it tries again.
        if (error instanceof EngineFailure && error.mentions(/pq: duplicate key value|pq: tuple concurrently/)) return init();
        throw error;
      });
    });
    await this.workspace.keepLockFile(stack.layer, stack.directory);
    const lockId = releaseLocks[stack.layer];
    if (lockId !== undefined) await this.onStack(stack, (engine) => engine.releaseLock(lockId));
  }

  async #failureContext(stack: RunnableStack): Promise<FailureContext> {
    const { site, environment } = this.options;
    return {
      site: site.name,
      environment: environment.name,
      layer: stack.layer,
      objects: await this.objectsOf(stack),
      lockFile: this.workspace.lockFile(stack.layer),
      state: environment.state,
    };
  }
}

/** The plan of somebody else holds the lock for moments, which is no reason to refuse. */
const SHORTEST_LOCK_WAIT_S = 5;
/** Name of the passphrase of state and plan files in the secret store. */
export const STATE_PASSPHRASE = "state-passphrase";

/**
 * Takes the run lock, waits for the engine that a killed run left behind, synthesizes the stacks and hands them over.
 * @throws UserError when another run is under way, when secrets or credentials are missing, or the workspace cannot be written
 */
export async function withDeployment<T>(options: DeploymentOptions, work: (deployment: Deployment) => Promise<T>): Promise<T> {
  const { site, environment, sitesDirectory, operation, cancellation, waitSeconds = 0, onWait } = options;
  checkBackendCredentials(environment.state, process.env);
  const owner = { sitesDirectory, site: site.name, environment: environment.name, kind: environment.kind };
  const workspace = await Workspace.open(owner);
  const lock = { directory: workspace.root, operation, waitSeconds, cancellation, ...(onWait === undefined ? {} : { onWait }) };
  return await withRunLock(lock, async () => {
    await stopLeftoverEngine(workspace, (text) => onWait?.(text));
    await workspace.discardPlans();
    const stacks = inOrder(await synthesized(options, workspace.synthesis));
    const values = new StackValues(options, workspace);
    values.check(stacks, site.name);
    const passphrase = environment.encryptState ? await statePassphrase(options) : undefined;
    const caBundle = await writeAuthorities(workspace, environment);
    try {
      return await work(new Deployment(options, workspace, stacks, caBundle, passphrase, values));
    } finally {
      // What was not applied will never be: the next run plans anew.
      await workspace.discardPlans().catch(() => undefined);
    }
  });
}

async function synthesized(
  { site, environment, synthesize }: DeploymentOptions,
  directory: string,
): Promise<readonly FreshStack[]> {
  if (synthesize !== undefined) return await onFiles(directory, async () => synthesize(directory));
  // Loaded here, because the library is large and many commands need none of it.
  const stacks = await import("../stacks");
  return await onFiles(directory, async () => stacks.synthesize({ site, environment, outdir: directory }));
}

async function statePassphrase({ engine, environment, secrets, site }: DeploymentOptions): Promise<Secret> {
  if (engine.kind !== "opentofu") {
    throw new UserError({
      where: `environment ${environment.name} of ${site.name}`,
      what: `state and plan files are to be encrypted, and ${engine.path} is Terraform, which cannot do that`,
      repair: "unset BASTIDE_ENGINE, or set it to OpenTofu >= 1.12; or set encryptState: false and protect the state otherwise",
    });
  }
  const { randomBytes } = await import("node:crypto");
  return await secrets.setIfMissing(STATE_PASSPHRASE, () => Secret.of(randomBytes(32).toString("base64url")));
}

/** Runs work on each item, a few at a time; every fault of all of them is thrown at once. */
export async function onEach<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const waiting = [...items.entries()];
  const results = new Map<number, Result>();
  const errors: unknown[] = [];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, item] = next;
      await work(item).then(
        (result) => results.set(index, result),
        (error) => errors.push(error),
      );
    }
  };
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, worker));
  const bug = errors.find((error) => !(error instanceof UserError));
  if (bug !== undefined) throw bug;
  if (errors.length > 0) throw new UserError((errors as UserError[]).flatMap(({ faults }) => faults));
  return items.map((_, index) => results.get(index) as Result);
}
