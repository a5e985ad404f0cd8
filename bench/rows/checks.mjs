/** Start-up and selection: what a check of one site costs, and a check of what has changed. */
import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { median, time } from "../figures.mjs";
import { inTurn, run } from "../processes.mjs";
import { EXAMPLE, siteOf, writeSites } from "../sites.mjs";

const ONE_BAR = 2;
const CHANGED_BAR = 0.05;
const SITES = 500;
/** Of processes of a fraction of a second, the first few say little. */
const FEWEST_STARTS = 11;

/** @param {import("../run.mjs").Bench} bench @returns {Promise<import("../figures.mjs").Figure[]>} */
export async function checkOne(bench) {
  const env = { BASTIDE_CACHE: bench.folder("cache") };
  const check = [join(bench.root, "bastide"), "check", EXAMPLE.name, "--sites", join(bench.root, "sites")];
  const libraries = [process.execPath, join(bench.root, "bench", "libraries.mjs")];
  await run(check, { env });
  const runs = await inTurn(
    Math.max(bench.repetitions, FEWEST_STARTS),
    { bastide: () => run(check, { env }), libraries: () => run(libraries), node: () => run([process.execPath, "-e", "0"]) },
    bench.report,
  );
  const ms = (name) => median(runs[name].map((result) => result.ms));
  bench.detail(`node -e 0: ${time(ms("node"))}`);
  const [bastide, reference] = [ms("bastide"), ms("libraries")];
  const what = "check of one site, second run, against Node that loads the same libraries";
  return [{ what, product: time(bastide), reference: time(reference), ratio: bastide / reference, bar: ONE_BAR, strict: true }];
}

/** @param {import("../run.mjs").Bench} bench @returns {Promise<import("../figures.mjs").Figure[]>} */
export async function checkChanged(bench) {
  const sites = bench.folder("sites");
  writeSites({ root: bench.root, folder: sites, count: SITES });
  await commitAll(sites);
  appendFileSync(join(sites, siteOf(SITES / 2).name, "site.ts"), "// One more line.\n");

  const cache = join(bench.folder("cache"), "compiled");
  const check = (...args) =>
    run([join(bench.root, "bastide"), "check", "--sites", sites, ...args], { env: { BASTIDE_CACHE: cache } });
  const withoutCache = async (work) => {
    rmSync(cache, { recursive: true, force: true });
    return await work();
  };
  const { stdout } = await check("--changed", "HEAD", "--json");
  const checked = JSON.parse(stdout).sites.map(({ site }) => site);
  if (checked.length !== 1) throw new Error(`one site has changed, and ${checked.join(", ") || "none"} was checked`);

  const figures = [];
  for (const [state, prepared, bar] of [
    ["nothing compiled before, as in CI", withoutCache, CHANGED_BAR],
    ["everything compiled before", (work) => work(), undefined],
  ]) {
    await prepared(() => check());
    const subjects = { changed: () => prepared(() => check("--changed", "HEAD")), all: () => prepared(() => check()) };
    const runs = await inTurn(bench.repetitions, subjects, (line) => bench.report(`${state}: ${line}`));
    const ms = (name) => median(runs[name].map((result) => result.ms));
    figures.push({
      what: `check --changed with 1 of ${SITES} sites changed, against check of all; ${state}`,
      product: time(ms("changed")),
      reference: time(ms("all")),
      ratio: ms("changed") / ms("all"),
      share: true,
      ...(bar === undefined ? {} : { bar }),
    });
  }
  return figures;
}

/** Makes a folder a repository in which everything is committed. */
export async function commitAll(folder) {
  const git = (...args) => run(["git", "-C", folder, "-c", "user.name=bench", "-c", "user.email=bench@example.org", ...args]);
  await git("init", "--quiet");
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "All sites");
}
