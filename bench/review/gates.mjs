/**
 * Synthesizes every site of a folder and judges it by all policies at the model gate and at the synthesized one:
 * `node gates.mjs <sites> <model.mjs> <outdir> [in-turn]`, all sites after all syntheses or, `in-turn`, each after its own. Prints
 * how long each took, loading of the sites apart.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { listSites, loadSite } from "../../deploy/site-loader";
import { evaluate } from "../../policies/engine/evaluate";
import { BASTIDE } from "../../policies/packs/bastide";
import { synthesize } from "../../stacks";
import { environmentOf } from "../synthesis/environment.mjs";

async function main() {
  const [sites, model, outdir, order] = process.argv.slice(2);
  const folder = { path: sites, modelUrl: pathToFileURL(model).href };
  const environment = environmentOf();
  const waiting = [];
  let synthesisMs = 0;
  let gatesMs = 0;
  let policies = 0;
  const judgeAll = () => {
    const begin = performance.now();
    for (const { site, stacks } of waiting.splice(0)) {
      const evidence = { site, environment: environment.name, today: "2026-11-21", synthesized: stacks };
      policies = Object.keys(evaluate(BASTIDE, evidence).states).length;
    }
    gatesMs += performance.now() - begin;
  };
  for (const name of listSites(folder)) {
    const site = await loadSite(folder, name);
    const begin = performance.now();
    const stacks = synthesize({ site, environment, outdir: join(outdir, name) });
    synthesisMs += performance.now() - begin;
    waiting.push({ site, stacks });
    if (order === "in-turn") judgeAll();
  }
  judgeAll();
  console.log(JSON.stringify({ synthesisMs, gatesMs, policies }));
}

main();
