import { concernedPaths, differingPaths, sitesOfPaths } from "../deploy/changed-sites";
import { git, openRevisions, paths, type Repository, type Revision, saidByGit } from "../deploy/repository";
import { type LoadedSite, RevisionSites } from "../deploy/revision-sites";
import { sharedImports } from "../deploy/shared-imports";
import { listSites, loadSite, type SitesFolder } from "../deploy/site-loader";
import { UserError } from "../model";
import { installationRoot } from "./paths";

/** One of the two states of the sites that a review compares. */
export interface Side {
  /** `main (1a2b3c4d5e6f)`, `working tree`. */
  readonly label: string;
  /** Where its files are; those of a revision only once they were brought. */
  readonly folder: SitesFolder;
  /** Names of its sites. */
  readonly names: readonly string[];
  /** Brings the files of sites at once. */
  prepare(names: readonly string[]): Promise<void>;
  /** @throws UserError with every fault of the site file */
  load(name: string): Promise<LoadedSite>;
  close(): void;
}

/** What a review compares. */
export interface Sides {
  readonly repository: Repository;
  readonly before: Side;
  readonly after: Side;
  /** Sites with a file that differs, and those that may be concerned by one that lies beside them; gone and new ones included. */
  readonly changed: readonly string[];
  /** Those of them with a file of their own that differs. */
  readonly touched: ReadonlySet<string>;
  /** What the reader has to know about the comparison. */
  readonly notes: readonly string[];
}

/**
 * Opens both sides; nothing of a site is run yet. Git is asked for all of it at once.
 * @param head undefined: the working tree, with what is not committed
 * @throws UserError without a repository, and for revisions that git does not know
 */
export async function openSides(folder: SitesFolder, base: string, head: string | undefined): Promise<Sides> {
  const [repository, [from, to]] = await openRevisions(folder.path, [base, head ?? "HEAD"]);
  if (from === undefined || to === undefined) throw new Error("git has answered less than it was asked");
  const opening = [
    revisionSide(from, folder, repository, true),
    ...(head === undefined ? [] : [revisionSide(to, folder, repository, false)]),
  ];
  try {
    const [differing, open, imports, parted, [before, other]] = await Promise.all([
      differingFrom(from, folder.path, head === undefined ? undefined : to),
      head === undefined ? uncommitted(repository) : [],
      sharedImports(folder.path, head === undefined ? undefined : to.commit),
      partedNote(repository, from, to),
      Promise.all(opening),
    ]);
    if (before === undefined) throw new Error("there is no side to compare with");
    const isDirty = open.some((entry) => isChange(entry, repository));
    const after = other ?? workingTree(folder, to, isDirty);
    const changed = concernedPaths(
      repository.prefix,
      [...differing, ...open.flatMap((entry) => untracked(entry) ?? [])],
      imports,
    );
    const names = new Set([...before.names, ...after.names]);
    return {
      repository,
      before,
      after,
      changed: sitesOfPaths(
        changed,
        (name) => names.has(name),
        () => [...names],
      ),
      touched: new Set(changed.map((path) => path.split("/")[0] ?? "")),
      notes: [
        ...(isDirty ? ["The working tree holds changes that are not committed; they are part of this review."] : []),
        ...parted,
      ],
    };
  } catch (error) {
    for (const side of await Promise.allSettled(opening)) if (side.status === "fulfilled") side.value.close();
    throw error;
  }
}

async function differingFrom(base: Revision, folder: string, head: Revision | undefined): Promise<string[]> {
  try {
    return await differingPaths(folder, base.commit, ...(head === undefined ? [] : [head.commit]));
  } catch (error) {
    throw new UserError({
      where: `revision ${base.name}`,
      what: `git cannot compare with it: ${saidByGit(error)}`,
      repair: "repair what git says; in a partial clone fetch the revision first",
    });
  }
}

/** What is not committed, as `git status` lists it: two letters, a space, a path from the root. */
const uncommitted = async ({ root }: Repository): Promise<string[]> =>
  paths(await git(root, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all"));

const untracked = (entry: string): string | undefined => (entry.startsWith("?? ") ? entry.slice("?? ".length) : undefined);

/** Whether a site may be made from it. What lies about elsewhere and was never committed, such as the page itself, is not. */
function isChange(entry: string, { prefix }: Repository): boolean {
  const path = untracked(entry);
  return path === undefined || (path.startsWith(prefix) && !path.startsWith(`${prefix}.`));
}

/** Where both have gone their own way since, what was done on the side of the base looks as if it were taken back. */
async function partedNote({ root, shallow }: Repository, base: Revision, head: Revision): Promise<string[]> {
  if (shallow || base.commit === head.commit) return [];
  const common = await git(root, "merge-base", base.commit, head.commit).then(
    (answer) => answer.trim(),
    () => "",
  );
  if (common === base.commit || common === head.commit) return [];
  const instead = common === "" ? "" : ` To leave it out, compare with where they parted: --base ${common.slice(0, 12)}.`;
  return [
    `${base.name} has gone on since this change began: what was done there meanwhile is shown as if it were taken back.${instead}`,
  ];
}

async function revisionSide(revision: Revision, folder: SitesFolder, repository: Repository, trusted: boolean): Promise<Side> {
  const sites = await RevisionSites.open(revision, repository, {
    installation: installationRoot(),
    modelUrl: folder.modelUrl,
  });
  const short = revision.commit.slice(0, 12);
  return {
    label: revision.commit.startsWith(revision.name) ? short : `${revision.name} (${short})`,
    folder: sites.folder,
    names: sites.names,
    prepare: (names) => sites.prepare(names),
    load: (name) => sites.load(name, trusted),
    close: () => sites.close(),
  };
}

const workingTree = (folder: SitesFolder, head: Revision, isDirty: boolean): Side => ({
  label: isDirty ? `working tree on ${head.commit.slice(0, 12)}` : `HEAD (${head.commit.slice(0, 12)})`,
  folder,
  names: listSites(folder),
  prepare: async () => undefined,
  load: async (name) => ({ site: await loadSite(folder, name), withOwnModel: false }),
  close: () => undefined,
});
