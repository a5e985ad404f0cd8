import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { onFiles } from "./file-faults";
import { replaceFile } from "./secrets/files";

/** Whose workspace it is. */
export interface WorkspaceOwner {
  /** Folder of the sites, absolute. */
  readonly sitesDirectory: string;
  readonly site: string;
  readonly environment: string;
  readonly kind: "lab" | "live";
}

/** `<sites>/.bastide/<site>/<environment>` */
export const workspaceRoot = (owner: Pick<WorkspaceOwner, "sitesDirectory" | "site" | "environment">): string =>
  join(owner.sitesDirectory, ".bastide", owner.site, owner.environment);

/** `<sites>/.bastide/<site>/<environment>`: all that the runner writes for one site and environment, ignored by git. */
export class Workspace {
  readonly root: string;
  /** For the synthesis, which cleans it. */
  readonly synthesis: string;
  readonly plans: string;
  readonly runs: string;
  readonly authorities: string;

  private constructor(readonly owner: WorkspaceOwner) {
    this.root = workspaceRoot(owner);
    this.synthesis = join(this.root, "synth");
    this.plans = join(this.root, "plans");
    this.runs = join(this.root, "runs");
    this.authorities = join(this.root, "ca");
  }

  /** @throws UserError when the directories cannot be made */
  static async open(owner: WorkspaceOwner): Promise<Workspace> {
    const workspace = new Workspace(owner);
    await onFiles(workspace.root, () => workspace.#make());
    return workspace;
  }

  /** What the engine keeps for a layer between runs. */
  engineData(layer: string): string {
    return join(this.root, "engine", layer);
  }

  planFile(layer: string): string {
    return join(this.plans, `${layer}.plan`);
  }

  /** Events of the last call on a layer that may change something. */
  journal(layer: string): string {
    return join(this.root, "journal", `${layer}.jsonl`);
  }

  /** The last applied form of a layer: what destroys it once the model has forgotten it. */
  kept(layer: string): string {
    return join(this.root, "kept", layer);
  }

  get keptLayers(): string {
    return join(this.root, "kept");
  }

  /** Local state: with the lab it is thrown away; elsewhere it is encrypted and lies where nobody takes it for a cache. */
  get states(): string {
    return this.owner.kind === "lab" ? join(this.root, "state") : join(this.#siteFolder, "state", this.owner.environment);
  }

  stateFile(layer: string): string {
    return join(this.states, `${layer}.tfstate`);
  }

  /** Hashes of the providers; outside the lab it is committed beside the site. */
  lockFile(layer: string): string {
    const folder = this.owner.kind === "lab" ? join(this.root, "locks") : join(this.#siteFolder, "locks", this.owner.environment);
    return join(folder, `${layer}.lock.hcl`);
  }

  /** Plans of an earlier run: they fit no state any more, and nobody may apply them. */
  async discardPlans(): Promise<void> {
    await onFiles(this.plans, async () => {
      for (const name of await readdir(this.plans)) await rm(join(this.plans, name), { force: true });
    });
  }

  /** Puts the kept lock file into the stack. @returns whether there is one, so that the engine must not change it */
  async restoreLockFile(layer: string, directory: string): Promise<boolean> {
    return await onFiles(directory, async () => {
      const inStack = join(directory, ENGINE_LOCK_FILE);
      await rm(inStack, { force: true });
      if (!existsSync(this.lockFile(layer))) return false;
      await copyFile(this.lockFile(layer), inStack);
      return true;
    });
  }

  /** Keeps the lock file that the first `init` of a stack has made. */
  async keepLockFile(layer: string, directory: string): Promise<void> {
    const target = this.lockFile(layer);
    const inStack = join(directory, ENGINE_LOCK_FILE);
    if (existsSync(target) || !existsSync(inStack)) return;
    await this.write(target, await readFile(inStack, "utf8"));
  }

  /** Writes a file as a whole, with the directories above it. */
  async write(file: string, text: string): Promise<void> {
    await onFiles(file, async () => {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await replaceFile(file, text);
    });
  }

  async #make(): Promise<void> {
    for (const directory of [this.synthesis, this.plans, this.runs, this.authorities, join(this.root, "journal"), this.states]) {
      await mkdir(directory, { recursive: true, mode: 0o700 });
    }
    const ignore = join(this.owner.sitesDirectory, ".bastide", ".gitignore");
    if (!existsSync(ignore)) await writeFile(ignore, "*\n");
  }

  get #siteFolder(): string {
    return join(this.owner.sitesDirectory, this.owner.site);
  }
}

const ENGINE_LOCK_FILE = ".terraform.lock.hcl";

/** SHA-256 of a file, in hexadecimal. */
export const sha256Of = async (file: string): Promise<string> =>
  createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
