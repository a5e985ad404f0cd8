import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildCli, type CliResult, ROOT, runCli } from "./cli";

const IDENTITY = ["-c", "user.name=Ada", "-c", "user.email=ada@wildcorp.example", "-c", "commit.gpgsign=false"];
/** Commits made at the same time from the same content have the same id. */
const WHEN = "2026-11-01T08:00:00Z";

/** A git repository with sites, as a team keeps it. The example is its first commit, on the branch `main`. */
export class SitesRepository {
  readonly path = mkdtempSync(join(tmpdir(), "bastide-repository-"));

  constructor() {
    buildCli();
    this.git("init", "--quiet", "--initial-branch=main");
    this.write("ecosolar", readFileSync(join(ROOT, "sites", "ecosolar", "site.ts"), "utf8"));
    this.commit("The example");
  }

  git(...args: readonly string[]): string {
    return execFileSync("git", ["-C", this.path, ...IDENTITY, ...args], {
      encoding: "utf8",
      env: { ...process.env, GIT_AUTHOR_DATE: WHEN, GIT_COMMITTER_DATE: WHEN },
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  }

  /** Commits everything. @returns the commit */
  commit(message: string): string {
    this.git("add", "--all");
    this.git("commit", "--quiet", "--allow-empty", "--message", message);
    return this.git("rev-parse", "HEAD");
  }

  /** Text of a site's file in the working tree. */
  read = (site: string): string => readFileSync(join(this.path, "sites", site, "site.ts"), "utf8");

  write(site: string, text: string): void {
    this.writeFile(`sites/${site}/site.ts`, text);
  }

  writeFile(path: string, text: string): void {
    mkdirSync(dirname(join(this.path, path)), { recursive: true });
    writeFileSync(join(this.path, path), text);
  }

  edit(site: string, ...replacements: readonly (readonly [from: string, to: string])[]): void {
    let text = this.read(site);
    for (const [from, to] of replacements) {
      if (!text.includes(from)) throw new Error(`the file of ${site} has no ${from}`);
      text = text.replace(from, () => to);
    }
    this.write(site, text);
  }

  /** Back to a revision, with nothing else there. */
  reset(revision = "main"): void {
    this.git("checkout", "--quiet", "--force", "--detach", revision);
    // A lab that is up lives in there.
    this.git("clean", "--quiet", "--force", "-d", "--exclude=.bastide");
  }

  /** Runs `review` there, on a fixed day. */
  review(...args: readonly string[]): Promise<CliResult> {
    return runCli(["review", "--today", "2026-11-21", ...args], { cwd: this.path });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
