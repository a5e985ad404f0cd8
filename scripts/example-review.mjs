/** A real review of the example site: a pull request in a real repository, read by the command line as it is built now. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const WHEN = "2026-11-01T08:00:00Z";
const IDENTITY = ["-c", "user.name=Ada", "-c", "user.email=ada@wildcorp.example", "-c", "commit.gpgsign=false"];

/** @returns what `./bastide review --base main` prints of the pull request of test/fixtures/review */
export function exampleReview() {
  const repository = mkdtempSync(join(tmpdir(), "bastide-example-"));
  try {
    const git = (...args) =>
      execFileSync("git", ["-C", repository, ...IDENTITY, ...args], {
        env: { ...process.env, GIT_AUTHOR_DATE: WHEN, GIT_COMMITTER_DATE: WHEN },
        stdio: "ignore",
      });
    const file = join(repository, "sites", "ecosolar", "site.ts");
    cpSync(join(root, "sites", "ecosolar", "site.ts"), file);
    git("init", "--initial-branch=main");
    git("add", "--all");
    git("commit", "--message", "The example");
    git("checkout", "-b", "change");
    const changes = JSON.parse(readFileSync(join(root, "test", "fixtures", "review", "pull-request.json"), "utf8"));
    writeFileSync(file, changes.reduce(replaced, readFileSync(file, "utf8")));
    git("commit", "--all", "--message", "A busy afternoon");
    const args = ["review", "--base", "main", "--head", "change", "--today", "2026-11-21"];
    const { stdout, stderr, status } = spawnSync(join(root, "bastide"), args, { cwd: repository, encoding: "utf8" });
    if (status !== 3) throw new Error(`the example's review ended with ${status}: ${stderr}`);
    return `$ ./bastide review --base main --head change\n${stdout}`;
  } finally {
    rmSync(repository, { recursive: true, force: true });
  }
}

function replaced(text, [from, to]) {
  if (!text.includes(from)) throw new Error(`the example has no ${from}`);
  return text.replace(from, () => to);
}
