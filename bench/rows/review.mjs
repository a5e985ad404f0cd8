/** What policies and reviews cost: the first gates against the synthesis, a review against loading, the plan gate against parsing. */
import { appendFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "../../build.mjs";
import { median, memory, time } from "../figures.mjs";
import { inTurn, run } from "../processes.mjs";
import { siteOf, writeSites } from "../sites.mjs";
import { commitAll } from "./checks.mjs";

const SITES = 500;
const CHANGED = [7, 250, 499];
const GATES_BAR = 0.1;
const REVIEW_BAR = 2;
const PLAN_BYTES = 50_000_000;
const PLAN_BAR = 2;
/** Allowed on top of twice the parsing. */
const PLAN_GRACE_MS = 500;
const PLAN_MEMORY_BAR = 4;

/** @param {import("../run.mjs").Bench} bench @returns {Promise<import("../figures.mjs").Figure[]>} */
export async function gates(bench) {
  const programs = await buildPrograms(bench);
  const sites = bench.folder("sites");
  writeSites({ root: bench.root, folder: sites, count: SITES });
  const env = { BASTIDE_CACHE: bench.folder("cache"), CDKTN_DISABLE_CREATION_STACK: "1" };
  const command = [process.execPath, programs.gates, sites, programs.model, bench.folder("out")];
  const measure = async () => JSON.parse((await run(command, { env })).stdout);
  bench.report("the first run compiles the sites");
  const { policies } = await measure();
  const { product } = await inTurn(Math.min(bench.repetitions, 3), { product: measure }, bench.report);
  const ms = (key) => median(product.map((result) => result[key]));
  return [
    {
      what: `gates 1 and 2 (${policies} policies) of ${SITES} sites, against their synthesis`,
      product: time(ms("gatesMs")),
      reference: time(ms("synthesisMs")),
      ratio: ms("gatesMs") / ms("synthesisMs"),
      bar: GATES_BAR,
      share: true,
    },
  ];
}

/** @param {import("../run.mjs").Bench} bench @returns {Promise<import("../figures.mjs").Figure[]>} */
export async function review(bench) {
  const programs = await buildPrograms(bench);
  const sites = bench.folder("sites");
  writeSites({ root: bench.root, folder: sites, count: SITES });
  await commitAll(sites);
  const changed = CHANGED.map((index) => siteOf(index).name);
  for (const name of changed) appendFileSync(join(sites, name, "site.ts"), "// One more line.\n");
  const env = { BASTIDE_CACHE: bench.folder("cache") };
  const subjects = {
    review: () =>
      run([join(bench.root, "bastide"), "review", "--base", "HEAD", "--sites", sites, "--format", "markdown"], { env }),
    load: () => run([process.execPath, programs.load, sites, programs.model, ...changed], { env }),
  };
  await subjects.review();
  await subjects.load();
  const runs = await inTurn(Math.max(bench.repetitions, 7), subjects, bench.report);
  const ms = (name) => median(runs[name].map((result) => result.ms));
  return [
    {
      what: `review of ${SITES} sites of which ${changed.length} changed, against git and loading ${changed.length} sites`,
      product: time(ms("review")),
      reference: time(ms("load")),
      ratio: ms("review") / ms("load"),
      bar: REVIEW_BAR,
    },
  ];
}

/** @param {import("../run.mjs").Bench} bench @returns {Promise<import("../figures.mjs").Figure[]>} */
export async function planGate(bench) {
  const programs = await buildPrograms(bench);
  const file = join(bench.folder("plan"), "plan.json");
  writeFileSync(file, largePlan());
  const { size } = statSync(file);
  const env = { BASTIDE_CACHE: bench.folder("cache") };
  const measure = (work) => async () =>
    JSON.parse(
      (await run([process.execPath, programs["plan-gate"], file, join(bench.root, "sites"), programs.model, work], { env }))
        .stdout,
    );
  const runs = await inTurn(bench.repetitions, { judge: measure("judge"), parse: measure("parse") }, bench.report);
  const of = (name, key) => median(runs[name].map((result) => result[key]));
  const [judge, parse] = [of("judge", "ms"), of("parse", "ms")];
  return [
    {
      what: `plan gate on a plan of ${memory(size)}, against JSON.parse of it; 0.5 s of it are free`,
      product: time(judge),
      reference: time(parse),
      ratio: Math.max(0, judge - PLAN_GRACE_MS) / parse,
      bar: PLAN_BAR,
    },
    {
      what: "– peak memory of the process, against the size of the file",
      product: memory(of("judge", "kib") * 1024),
      reference: memory(size),
      ratio: (of("judge", "kib") * 1024) / size,
      bar: PLAN_MEMORY_BAR,
    },
  ];
}

/** A plan that updates as many backup jobs as the size needs, each with a long list of guests. */
function largePlan() {
  const guests = Array.from({ length: 400 }, (_, index) => 1000 + index).join(",");
  const job = (index, enabled) => ({
    body: { id: `job-${index}`, enabled, schedule: "21:00", storage: "pbs-backup", vmid: guests, mode: "snapshot", remove: 0 },
    path: "/cluster/backup",
    read_path: "/cluster/backup",
  });
  const entry = (index) => ({
    address: `restful_resource.backup_job__job-${index}`,
    mode: "managed",
    type: "restful_resource",
    name: `backup_job__job-${index}`,
    provider_name: "registry.terraform.io/magodo/restful",
    change: {
      actions: index % 2 === 0 ? ["update"] : ["no-op"],
      before: job(index, 1),
      after: job(index, index % 2 === 0 ? 0 : 1),
      after_unknown: {},
      before_sensitive: {},
      after_sensitive: {},
    },
  });
  const one = JSON.stringify(entry(0)).length;
  const entries = Array.from({ length: Math.ceil(PLAN_BYTES / one) }, (_, index) => JSON.stringify(entry(index)));
  return `{"format_version":"1.2","terraform_version":"1.12.6","complete":true,"errored":false,"resource_changes":[${entries.join(",")}]}`;
}

/** Bundles the programs in the way the product is bundled, so that none pays for TypeScript. */
async function buildPrograms(bench) {
  const dist = bench.folderInRepository("dist");
  const program = (name) => join(bench.root, "bench", "review", `${name}.mjs`);
  const entries = Object.fromEntries(["gates", "load", "plan-gate"].map((name) => [name, program(name)]));
  await build({ entries: { ...entries, model: "model/index.ts" }, dist });
  return Object.fromEntries([...Object.keys(entries), "model"].map((name) => [name, join(dist, `${name}.mjs`)]));
}
