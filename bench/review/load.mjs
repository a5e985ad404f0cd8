/** What no review can do without: `node load.mjs <sites> <model.mjs> <site> …` asks git what has changed and loads these sites. */
import { execFileSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { loadSite } from "../../deploy/site-loader";

async function main() {
  const [sites, model, ...names] = process.argv.slice(2);
  execFileSync("git", ["-C", sites, "diff", "--name-only", "HEAD"]);
  for (const name of names) await loadSite({ path: sites, modelUrl: pathToFileURL(model).href }, name);
}

main();
