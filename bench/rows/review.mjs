/** What policies and reviews cost: the first gates against the synthesis, a review against loading, the plan gate against parsing. */
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "../../build.mjs";
import { median, memory, time } from "../figures.mjs";
import { inTurn, run } from "../processes.mjs";
import { EXAMPLE, siteOf, writeSites } from "../sites.mjs";
import { commitAll } from "./checks.mjs";

const SITES = 500;
const CHANGED = [7, 250, 499];
const GATES_BAR = 0.1;
const REVIEW_BAR = 2;
/** The exit code of a review that shows a weakening. */
const WEAKENED = 3;
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
  const measure =
    (...order) =>
    async () =>
      JSON.parse((await run([...command, ...order], { env })).stdout);
  bench.report("the first run compiles the sites");
  const { policies } = await measure()();
  const runs = await inTurn(
    Math.min(bench.repetitions, 3),
    { "all after all": measure(), "each after its own": measure("in-turn") },
    bench.report,
  );
  const figure = (what, order, bar) => {
    const ms = (key) => median(runs[order].map((result) => result[key]));
    return {
      what,
      product: time(ms("gatesMs")),
      reference: time(ms("synthesisMs")),
      ratio: ms("gatesMs") / ms("synthesisMs"),
      ...bar,
      share: true,
    };
  };
  return [
    figure(`gates 1 and 2 (${policies} policies) of ${SITES} sites, against their synthesis`, "all after all", {
      bar: GATES_BAR,
    }),
    figure("– each site judged between its synthesis and that of the next", "each after its own"),
  ];
}

/** @param {import("../run.mjs").Bench} bench @returns {Promise<import("../figures.mjs").Figure[]>} */
export async function review(bench) {
  const programs = await buildPrograms(bench);
  const sites = bench.folder("sites");
  writeSites({ root: bench.root, folder: sites, count: SITES });
  await commitAll(sites);
  const changed = CHANGED.map((index) => siteOf(index).name);
  for (const name of changed) keepLess(join(sites, name, "site.ts"));
  const env = { BASTIDE_CACHE: bench.folder("cache") };
  const subjects = {
    review: () =>
      run([join(bench.root, "bastide"), "review", "--base", "HEAD", "--sites", sites, "--format", "markdown"], {
        env,
        codes: [WEAKENED],
      }),
    load: () => run([process.execPath, programs.load, sites, programs.model, ...changed], { env }),
  };
  await subjects.review();
  await subjects.load();
  const runs = await inTurn(Math.max(bench.repetitions, 7), subjects, bench.report);
  const ms = (name) => median(runs[name].map((result) => result.ms));
  return [
    {
      what: `review of ${SITES} sites of which ${changed.length} keep less, against git and loading ${changed.length} sites`,
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
  const env = { BASTIDE_CACHE: bench.folder("cache"), CDKTN_DISABLE_CREATION_STACK: "1" };
  const out = bench.folder("out");
  await run([process.execPath, programs.gates, join(bench.root, "sites"), programs.model, out], { env });
  writeFileSync(file, largePlan(join(out, EXAMPLE.name, "stacks")));
  const { size } = statSync(file);
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
      what: `plan gate on a file of ${memory(size)}, against JSON.parse of the file; 0.5 s of it are free`,
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

/** Lowers the retention of one tier. */
function keepLess(file) {
  const text = readFileSync(file, "utf8");
  const less = text.replace("{ daily: 7, weekly: 4 }", "{ daily: 6, weekly: 4 }");
  if (less === text) throw new Error(`${file} has no such retention any more`);
  writeFileSync(file, less);
}

/** A plan with the resources of the example so many times that it has the size; every tenth is updated. */
function largePlan(stacks) {
  const resources = readdirSync(stacks).flatMap((stack) => {
    const { resource } = JSON.parse(readFileSync(join(stacks, stack, "cdk.tf.json"), "utf8"));
    return Object.entries(resource).flatMap(([type, named]) =>
      Object.entries(named).map(([name, values]) => ({ type, name, values })),
    );
  });
  const entries = [];
  for (let size = 0, index = 0; size < PLAN_BYTES; index++) {
    const { type, name, values } = resources[index % resources.length];
    const round = Math.floor(index / resources.length);
    const body = { ...values.body, ...(values.body?.id === undefined ? {} : { id: `${values.body.id}-${round}` }) };
    const entry = JSON.stringify({
      address: `${type}.${name}_${round}`,
      mode: "managed",
      type,
      name: `${name}_${round}`,
      provider_name: `registry.terraform.io/${type.startsWith("restful") ? "magodo/restful" : "bpg/proxmox"}`,
      change: {
        actions: [index % 10 === 0 ? "update" : "no-op"],
        before: { ...values, body },
        after: { ...values, body: index % 10 === 0 ? { ...body, comment: `round ${round}` } : body },
        after_unknown: {},
        before_sensitive: {},
        after_sensitive: {},
      },
    });
    entries.push(entry);
    size += entry.length;
  }
  return `{"format_version":"1.2","terraform_version":"1.12.6","complete":true,"errored":false,"resource_changes":[${entries.join(",")}]}`;
}

/** Bundles the programs in the way the product is bundled, so that none pays for TypeScript. */
async function buildPrograms(bench) {
  const dist = bench.folderInRepository("dist");
  const program = (name) => join(bench.root, "bench", "review", `${name}.mjs`);
  const programs = Object.fromEntries(["gates", "load", "plan-gate"].map((name) => [name, program(name)]));
  await build({ programs, libraries: { model: "model/index.ts" }, dist });
  return Object.fromEntries([...Object.keys(programs), "model"].map((name) => [name, join(dist, `${name}.mjs`)]));
}
