import { homedir } from "node:os";
import { join } from "node:path";
import { UserError } from "../model";
import { git, saidByGit } from "./repository";

/** Approvals are no part of the change that they approve; state, locks and secrets are written by whoever applies. */
const NOT_THE_CHANGE = ["approvals/**", "state/**", "locks/**", "secrets.*.age"].map((path) => `:(top,exclude,glob)**/${path}`);

/**
 * Mail addresses of those who made a change, co-authors included, sorted: of the commits since a revision, else of the last one
 * that touched the site; with changes that are not committed also that of whoever works here.
 * @param folder folder of the sites
 * @throws UserError when git does not know the revision
 */
export async function changeAuthors(folder: string, site: string, base?: string): Promise<string[]> {
  const format = "--format=%ae%n%(trailers:key=Co-authored-by,valueonly)";
  const range = base === undefined ? ["-1", "HEAD"] : ["--end-of-options", `${base}..HEAD`];
  // What lies beside the folders of sites may be shared by all; the commits since a revision are the change, wherever they are.
  const own = [":(glob)*", site, ...NOT_THE_CHANGE];
  const [committed, open, mail] = await Promise.all([
    ask(folder, "log", format, ...range, "--", ...(base === undefined ? own : [":/", ...NOT_THE_CHANGE])).catch(
      (error: unknown) => {
        if (base === undefined) return "";
        throw unknownRevision(base, error);
      },
    ),
    ask(folder, "status", "--porcelain", "--", ...own).catch(() => "no repository"),
    ask(folder, "config", "user.email").catch(() => ""),
  ]);
  const text = open === "" ? committed : `${committed}\n${mail}`;
  return [...new Set(text.match(/[^\s<>,]+@[^\s<>,]+/g) ?? [])].sort();
}

const unknownRevision = (base: string, error: unknown): UserError =>
  new UserError({
    where: `--base ${base}`,
    what: `git cannot say who made the change: ${saidByGit(error)}`,
    repair: "name a branch, tag or commit of the repository that holds the sites; in CI fetch it first",
  });

/** The key with which a person signs: as given, else git's signing key where that is one of SSH, else the usual file. */
export async function signingKey(folder: string, given: string | undefined): Promise<string> {
  if (given !== undefined) return given;
  const [format, key] = await Promise.all([
    ask(folder, "config", "gpg.format").catch(() => ""),
    ask(folder, "config", "--type=path", "user.signingkey").catch(() => ""),
  ]);
  const isFile = format === "ssh" && key !== "" && !/^(key::|ssh-|ecdsa-|sk-)/.test(key);
  return isFile ? key : join(homedir(), ".ssh", "id_ed25519");
}

/** Git's answer without the final newline. */
const ask = async (folder: string, ...args: readonly string[]): Promise<string> => (await git(folder, ...args)).trim();
