import { existsSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { type Site, UserError } from "../model";
import type { Repository, Revision } from "./repository";
import { RevisionTree } from "./revision-tree";
import { loadSite, type SitesFolder } from "./site-loader";

/** A site as a revision has it. */
export interface LoadedSite {
  readonly site: Site;
  /** It could be read only with the model of its own revision. */
  readonly withOwnModel: boolean;
}

/** The sites of a revision. Of what it holds only site files and what they import are run, and a model that was merged. */
export class RevisionSites {
  #ownModel: Promise<string | undefined> | undefined;

  private constructor(
    readonly tree: RevisionTree,
    /** URL of the built model of today. */
    readonly modelUrl: string,
  ) {}

  /** @param installation root of this installation, whose libraries sites may use that have none of their own */
  static async open(
    revision: Revision,
    repository: Repository,
    { installation, modelUrl }: { readonly installation: string; readonly modelUrl: string },
  ): Promise<RevisionSites> {
    const tree = await RevisionTree.open(revision, repository);
    const own = join(repository.root, "node_modules");
    tree.linkLibraries(existsSync(own) ? own : join(installation, "node_modules"));
    return new RevisionSites(tree, modelUrl);
  }

  /** Where the sites lie, as far as they were brought. */
  get folder(): SitesFolder {
    const { path, repository } = this.tree;
    return { path: join(path, repository.prefix), modelUrl: this.modelUrl };
  }

  /** Names of the sites, in alphabetical order. */
  get names(): string[] {
    const { prefix } = this.tree.repository;
    const end = "/site.ts";
    return this.tree.blobs
      .map(({ path }) => path)
      .filter((path) => path.startsWith(prefix) && path.endsWith(end))
      .map((path) => path.slice(prefix.length, -end.length))
      .filter((name) => !name.includes("/"))
      .sort();
  }

  /** Brings the files of sites at once: their folders, and what lies beside the folders of sites. */
  async prepare(sites: readonly string[]): Promise<void> {
    const { prefix } = this.tree.repository;
    const others = new Set(this.names.filter((name) => !sites.includes(name)));
    await this.tree.write((path) => path.startsWith(prefix) && !others.has(path.slice(prefix.length).split("/")[0] ?? ""));
  }

  /**
   * Loads one site with the model of today; where that does not read it, with the model of its own revision.
   * @param trusted the revision has been merged, so that its own model may be run
   * @throws UserError with the faults that the model of today sees
   */
  async load(name: string, trusted: boolean): Promise<LoadedSite> {
    await this.prepare([name]);
    const narrow = await this.#attempt(name, this.modelUrl);
    if (!(narrow instanceof UserError)) return { site: narrow, withOwnModel: false };
    // It may import what lies elsewhere in the repository.
    await this.tree.write(() => true);
    const whole = await this.#attempt(name, this.modelUrl);
    if (!(whole instanceof UserError)) return { site: whole, withOwnModel: false };
    const modelUrl = trusted ? await this.#buildOwnModel() : undefined;
    const own = modelUrl === undefined ? whole : await this.#attempt(name, modelUrl);
    if (own instanceof UserError) throw whole;
    return { site: own, withOwnModel: true };
  }

  /** Deletes what was brought. */
  close(): void {
    this.tree.close();
  }

  async #attempt(name: string, modelUrl: string): Promise<Site | UserError> {
    try {
      // What imports a model that is deleted with the tree is of no use to others.
      const cache = modelUrl === this.modelUrl ? {} : { cache: this.tree.folder("compiled") };
      return await loadSite({ ...this.folder, ...cache, modelUrl }, name);
    } catch (error) {
      if (error instanceof UserError) return this.#located(error);
      throw error;
    }
  }

  /** Names files as git does, `main:sites/ecosolar/site.ts`: the temporary folder means nothing to the reader. */
  #located({ faults, exitCode }: UserError): UserError {
    const { path, revision } = this.tree;
    const named = (text: string) =>
      [`${path}${sep}`, `${relative(process.cwd(), path)}${sep}`].reduce(
        (all, folder) => all.replaceAll(folder, `${revision.name}:`),
        text,
      );
    return new UserError(
      faults.map((fault) => ({ ...fault, where: named(fault.where), what: named(fault.what), repair: named(fault.repair) })),
      exitCode,
    );
  }

  /** Bundles the model of the revision with today's compiler: nothing of the revision is run for it. Undefined: there is none. */
  #buildOwnModel(): Promise<string | undefined> {
    this.#ownModel ??= (async () => {
      const entry = join(this.tree.path, "model", "index.ts");
      if (!existsSync(entry)) return undefined;
      const { build } = await import("esbuild");
      const outfile = join(this.tree.folder("model"), "model.mjs");
      const built = await build({
        entryPoints: [entry],
        outfile,
        bundle: true,
        format: "esm",
        platform: "node",
        target: "node20",
        logLevel: "silent",
        banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
      }).catch(() => undefined);
      return built === undefined ? undefined : pathToFileURL(outfile).href;
    })();
    return this.#ownModel;
  }
}
