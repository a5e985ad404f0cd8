/**
 * Reads a plan and, with `judge`, judges it: `node plan-gate.mjs <plan.json> <sites> <model.mjs> parse|judge`. Reads it as the product
 * reads what the engine shows, in chunks of the size that a pipe has; with `parse` by `JSON.parse`.
 * Prints the milliseconds from the file on the disk to the end, and the peak memory in KiB.
 */
import { createReadStream, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { shownDocument } from "../../deploy/shown-document";
import { loadSite } from "../../deploy/site-loader";
import { evaluate } from "../../policies/engine/evaluate";
import { BASTIDE } from "../../policies/packs/bastide";

async function main() {
  const [file, sites, model, work] = process.argv.slice(2);
  const site = await loadSite({ path: sites, modelUrl: pathToFileURL(model).href }, "ecosolar");
  const begin = performance.now();
  if (work === "judge") {
    const planned = [{ layer: "hypervisor", plan: await shown(file) }];
    evaluate(BASTIDE, { site, environment: "production", today: "2026-11-21", planned });
  } else {
    JSON.parse(readFileSync(file, "utf8"));
  }
  console.log(JSON.stringify({ ms: performance.now() - begin, kib: process.resourceUsage().maxRSS }));
}

async function shown(file) {
  const document = shownDocument();
  for await (const chunk of createReadStream(file)) document.push(chunk);
  return document.end();
}

main();
