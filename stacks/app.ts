import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { App } from "../constructs/core";
import { type ResolvedEnvironment, type Site, UserError } from "../model";
import { BackupServerStack } from "./backup-server-stack";
import { FirewallStack } from "./firewall-stack";
import { HypervisorStack } from "./hypervisor-stack";
import type { Layer, SiteStack } from "./site-stack";
import type { StackVariable } from "./stack-variable";

export interface SynthesisProps {
  readonly site: Site;
  readonly environment: ResolvedEnvironment;
  /** Directory of this site and environment alone; what an earlier synthesis left in it is removed. */
  readonly outdir: string;
  /** Default: all that the site has. */
  readonly layers?: readonly Layer[];
}

/** A stack as the runner applies it. */
export interface SynthesizedStack {
  readonly id: string;
  readonly layer: Layer;
  /** Where the engine runs; holds `cdk.tf.json` alone. */
  readonly directory: string;
  /** Ids of the stacks that must be applied before. */
  readonly dependsOn: readonly string[];
  readonly variables: readonly StackVariable[];
  /** What `cdk.tf.json` holds: who judges it need not read it again. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** The engines that the synthesized files are for; ephemeral and write-only values need at least 1.11 of either. */
const TARGET_VERSIONS = { terraform: ">=1.12.0", opentofu: ">=1.12.0" };

/**
 * Writes the stacks of a site in an environment, in the order in which they are applied. The same input gives the same bytes:
 * no path of this machine, no time, no secret.
 * @throws UserError when the environment cannot hold the state of a stack
 */
export function synthesize({ site, environment, outdir, layers }: SynthesisProps): SynthesizedStack[] {
  // The library notes where in the code every value was made: half of its time and memory, and of no use here.
  process.env.CDKTN_DISABLE_CREATION_STACK = "1";
  makeFolder(outdir);
  const app = new App({ outdir, stackTraces: false, context: { targetVersions: TARGET_VERSIONS } });
  const props = { site, environment };
  const wanted = (layer: Layer) => layers === undefined || layers.includes(layer);
  const stacks: SiteStack[] = [];
  if (wanted("backup-server")) stacks.push(new BackupServerStack(app, props));
  if (wanted("hypervisor")) stacks.push(new HypervisorStack(app, props));
  if (wanted("firewall") && site.firewall && environment.firewall)
    stacks.push(new FirewallStack(app, props, environment.firewall));
  for (const [index, stack] of stacks.entries()) {
    const previous = stacks[index - 1];
    if (previous) stack.addDependency(previous);
  }
  removeStale(outdir, new Set(stacks.map((stack) => stack.node.id)));
  app.synth();
  return stacks.map((stack, index) => ({
    id: stack.node.id,
    layer: stack.layer,
    directory: join(outdir, "stacks", stack.node.id),
    dependsOn: stacks.slice(Math.max(0, index - 1), index).map((previous) => previous.node.id),
    variables: stack.variables,
    configuration: stack.configuration,
  }));
}

/**
 * Like a recursive `mkdir`, which in Node 20 never ends where the file system takes no directories (`/proc`).
 * @throws UserError there; elsewhere the error of the file system
 */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new UserError({ where: path, what: "no directory can be made there", repair: "give a directory on a disk" });
  }
}

/** The library leaves the directories of stacks that are no more. */
function removeStale(outdir: string, ids: ReadonlySet<string>): void {
  const directory = join(outdir, "stacks");
  for (const name of readdirSync(directory)) {
    if (!ids.has(name)) rmSync(join(directory, name), { recursive: true, force: true });
  }
}
