/** Loads every site of a folder, checks it and writes its stacks: `node product.mjs <sites> <model.mjs> <outdir>`. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { listSites, loadSite } from "../../deploy/site-loader";
import { synthesize } from "../../stacks";
import { environmentOf } from "./environment.mjs";

async function main() {
  const [sites, model, outdir] = process.argv.slice(2);
  const folder = { path: sites, modelUrl: pathToFileURL(model).href };
  for (const name of listSites(folder)) {
    const site = await loadSite(folder, name);
    synthesize({ site, environment: environmentOf(), outdir: join(outdir, name) });
  }
  console.log(process.resourceUsage().maxRSS);
}

main();
