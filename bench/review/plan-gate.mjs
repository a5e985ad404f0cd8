/**
 * Reads a plan and, with `judge`, judges it: `node plan-gate.mjs <plan.json> <sites> <model.mjs> parse|judge`.
 * Prints the milliseconds after the file was read, and the peak memory in KiB.
 */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { loadSite } from "../../deploy/site-loader";
import { evaluate } from "../../policies/engine/evaluate";
import { BASTIDE } from "../../policies/packs/bastide";

async function main() {
  const [file, sites, model, work] = process.argv.slice(2);
  const site = await loadSite({ path: sites, modelUrl: pathToFileURL(model).href }, "ecosolar");
  const text = readFileSync(file, "utf8");
  const begin = performance.now();
  const plan = JSON.parse(text);
  if (work === "judge") {
    evaluate(BASTIDE, { site, environment: "production", today: "2026-11-21", planned: [{ layer: "hypervisor", plan }] });
  }
  console.log(JSON.stringify({ ms: performance.now() - begin, kib: process.resourceUsage().maxRSS }));
}

main();
