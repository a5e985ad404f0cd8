import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import { type Fault, UserError } from "../model";

/** Bytes that git may answer: a list of a million paths. */
const LONGEST_ANSWER = 128 * 1024 * 1024;

/** The git repository that holds a folder of sites. It is only read. */
export interface Repository {
  /** Absolute path of its working tree. */
  readonly root: string;
  /** Path of the folder below it, with a final slash; empty for the root itself. */
  readonly prefix: string;
  /** History ends somewhere: a revision that is not there may exist elsewhere. */
  readonly shallow: boolean;
}

/** A revision as it was named, and the commit that it means. */
export interface Revision {
  readonly name: string;
  readonly commit: string;
}

/** Finds the repository. @throws UserError where there is none, or where git does not trust it */
export async function openRepository(folder: string): Promise<Repository> {
  let answer: string;
  try {
    answer = await git(folder, "rev-parse", "--show-toplevel", "--show-prefix", "--is-shallow-repository");
  } catch (error) {
    throw new UserError(noRepository(folder, error));
  }
  const [root = "", prefix = "", shallow] = answer.split("\n");
  return { root, prefix, shallow: shallow === "true" };
}

function noRepository(where: string, error: unknown): Fault {
  const said = saidByGit(error);
  if ((error as NodeJS.ErrnoException).code === "ENOENT") {
    return { where, what: "git cannot be started there", repair: "install git, and check that the folder exists" };
  }
  if (/not a git repository/.test(said)) {
    return {
      where,
      what: "the folder of the sites lies in no git repository, so there is nothing to compare with",
      repair: "run this where the sites are under git, or name their folder with --sites DIR",
    };
  }
  return {
    where,
    what: `git does not open the repository: ${said}`,
    repair: /dubious ownership/.test(said)
      ? `tell git that you trust it: git config --global --add safe.directory ${where}`
      : "repair what git says",
  };
}

/**
 * The repository that holds a folder, and the commits that revisions mean there.
 * @throws UserError without a repository, else with every revision that git does not know; in a shallow clone with the way to
 * fetch it
 */
export async function openRevisions(folder: string, names: readonly string[]): Promise<[Repository, Revision[]]> {
  // Both at once; without a repository git can answer neither, and the first says why.
  const asking = gitWithInput(
    folder,
    ["cat-file", "--batch-check=%(objectname) %(objecttype)"],
    names.map((name) => `${name.replaceAll("\n", " ")}^{commit}\n`).join(""),
  );
  asking.catch(() => undefined);
  const repository = await openRepository(folder);
  const lines = (await asking).toString("utf8").split("\n");
  const unknown = names.filter((_, index) => !/^[0-9a-f]{40,64} commit$/.test(lines[index] ?? ""));
  if (unknown.length > 0) throw new UserError(unknown.map((name) => noRevision(repository, name)));
  return [repository, names.map((name, index) => ({ name, commit: (lines[index] ?? "").split(" ")[0] ?? "" }))];
}

const noRevision = ({ shallow }: Repository, name: string): Fault => ({
  where: `revision ${name}`,
  what: shallow ? "is not in this clone, which is shallow: it holds only the end of the history" : "git knows no such revision",
  repair: shallow
    ? "fetch the rest: git fetch --unshallow (in GitHub Actions `fetch-depth: 0` of the checkout, in GitLab CI `GIT_DEPTH: 0`)"
    : "name a branch, tag or commit of this repository; a branch of the server is origin/<branch>, after git fetch",
});

/** Runs git in a folder. Its words are English, and it takes no lock of its own accord. */
export async function git(folder: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("git", ["-C", folder, ...args], {
    maxBuffer: LONGEST_ANSWER,
    env: environment(),
  });
  return stdout;
}

/** The same for a question that is written to its standard input. */
export function gitWithInput(folder: string, args: readonly string[], input: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", ["-C", folder, ...args], { env: environment(), stdio: ["pipe", "pipe", "pipe"] });
    const out: Buffer[] = [];
    const said: Buffer[] = [];
    child.stdout.on("data", (part: Buffer) => out.push(part));
    child.stderr.on("data", (part: Buffer) => said.push(part));
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(Buffer.concat(out));
      else
        reject(Object.assign(new Error(`git ${args[0]} ended with ${code}`), { stderr: Buffer.concat(said).toString("utf8") }));
    });
    // A git that has ended already says why on its own.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

/** Paths that git ended with a NUL. */
export const paths = (answer: string): string[] => answer.split("\0").filter((path) => path !== "");

/** First line of what git wrote to standard error. */
export function saidByGit(error: unknown): string {
  const said = (error as { stderr?: string }).stderr?.trim().split("\n")[0];
  return said === undefined || said === "" ? String(error) : said;
}

const environment = (): NodeJS.ProcessEnv => ({ ...process.env, LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0" });
