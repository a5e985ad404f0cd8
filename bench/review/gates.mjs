/**
 * Synthesizes every site of a folder and judges it by all policies at the model gate and at the synthesized one:
 * `node gates.mjs <sites> <model.mjs> <outdir>`. Prints how long each took, loading of the sites apart.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { listSites, loadSite } from "../../deploy/site-loader";
import { evaluate } from "../../policies/engine/evaluate";
import { BASTIDE } from "../../policies/packs/bastide";
import { synthesize } from "../../stacks";
import { environmentOf } from "../synthesis/environment.mjs";

async function main() {
  const [sites, model, outdir] = process.argv.slice(2);
  const folder = { path: sites, modelUrl: pathToFileURL(model).href };
  const environment = environmentOf();
  let synthesisMs = 0;
  let gatesMs = 0;
  let policies = 0;
  for (const name of listSites(folder)) {
    const site = await loadSite(folder, name);
    const begin = performance.now();
    const stacks = synthesize({ site, environment, outdir: join(outdir, name) });
    const middle = performance.now();
    const report = evaluate(BASTIDE, { site, environment: environment.name, today: "2026-11-21", synthesized: stacks });
    policies = Object.keys(report.states).length;
    synthesisMs += middle - begin;
    gatesMs += performance.now() - middle;
  }
  console.log(JSON.stringify({ synthesisMs, gatesMs, policies }));
}

main();
