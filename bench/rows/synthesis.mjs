/** Load, check and synthesize many sites, against the bare library that makes the same resources. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { build } from "../../build.mjs";
import { marginal, median, memory, time } from "../figures.mjs";
import { inTurn, run } from "../processes.mjs";
import { EXAMPLE, writeSites } from "../sites.mjs";
import { bareProgram } from "../synthesis/bare-program.mjs";

const SIZES = [1, 50, 500];
const TIME_BAR = 1.3;
const MEMORY_BAR = 1.5;
/** A further site may not cost more when there are many than when there are few; a little is noise. */
const LINEAR_BAR = 1.2;

/** @param {import("../run.mjs").Bench} bench @returns {Promise<import("../figures.mjs").Figure[]>} */
export async function synthesis(bench) {
  const programs = await buildPrograms(bench);
  const figures = [];
  const times = { bastide: [], bare: [] };
  for (const count of SIZES) {
    const sites = bench.folder(`sites-${count}`);
    writeSites({ root: bench.root, folder: sites, count });
    const outputs = { bastide: bench.folder(`out-bastide-${count}`), bare: bench.folder(`out-bare-${count}`) };
    const commands = {
      bastide: [process.execPath, programs.product, sites, programs.model, outputs.bastide],
      bare: [process.execPath, programs.bare, outputs.bare, String(count)],
    };
    const env = { BASTIDE_CACHE: bench.folder("cache-synthesis"), CDKTN_DISABLE_CREATION_STACK: "1" };
    const measure = (command) => async () => {
      const { ms, cpuMs, stdout } = await run(command, { env });
      return { ms, cpuMs, bytes: Number(stdout) * 1024 };
    };
    bench.report(`${count} sites: the first run compiles them`);
    const first = await measure(commands.bastide)();
    const runs = await inTurn(bench.repetitions, { bastide: measure(commands.bastide), bare: measure(commands.bare) }, (line) =>
      bench.report(`${count} sites: ${line}`),
    );
    const resources = compare(outputs.bastide, outputs.bare, count);
    const of = (name, key) => median(runs[name].map((result) => result[key]));
    const ms = { bastide: of("bastide", "ms"), bare: of("bare", "ms") };
    const bytes = { bastide: of("bastide", "bytes"), bare: of("bare", "bytes") };
    times.bastide.push({ n: count, value: ms.bastide });
    times.bare.push({ n: count, value: ms.bare });
    bench.detail(`processor time: ${time(of("bastide", "cpuMs"))} against ${time(of("bare", "cpuMs"))}`);
    const what = `load, check and synthesize ${count} site${count > 1 ? "s" : ""} (${resources} resources)`;
    figures.push(
      { what: `${what}: time`, product: time(ms.bastide), reference: time(ms.bare), ratio: ms.bastide / ms.bare, bar: TIME_BAR },
      {
        what: "– peak memory",
        product: memory(bytes.bastide),
        reference: memory(bytes.bare),
        ratio: bytes.bastide / bytes.bare,
        bar: MEMORY_BAR,
      },
      {
        what: "– time of the very first run, which compiles the site files",
        product: time(first.ms),
        reference: time(ms.bare),
        ratio: first.ms / ms.bare,
      },
    );
  }
  const [small, middle, large] = times.bastide;
  const [few, many] = [marginal(small, middle), marginal(middle, large)];
  figures.push({
    what: `linear: a further site from ${middle.n} to ${large.n} (Bastide) against one from ${small.n} to ${middle.n} (reference)`,
    product: time(many),
    reference: time(few),
    ratio: many / few,
    bar: LINEAR_BAR,
  });
  return figures;
}

/** Bundles both programs in the way the product is bundled, so that neither pays for TypeScript. */
async function buildPrograms(bench) {
  const dist = bench.folderInRepository("dist");
  const programs = { product: join(bench.root, "bench", "synthesis", "product.mjs") };
  await build({ programs, libraries: { model: "model/index.ts" }, dist });
  const program = (name) => join(dist, `${name}.mjs`);

  // The example itself shows what the bare program has to declare.
  const out = bench.folder("out-example");
  const env = { BASTIDE_CACHE: bench.folder("cache-synthesis") };
  await run([process.execPath, program("product"), join(bench.root, "sites"), program("model"), out], { env });
  const source = join(dist, "bare-source.mjs");
  writeFileSync(source, bareProgram({ root: bench.root, stacks: join(out, EXAMPLE.name, "stacks") }));
  const bareDist = bench.folderInRepository("dist-bare");
  await build({ programs: { bare: source }, dist: bareDist });
  return { product: program("product"), model: program("model"), bare: join(bareDist, "bare.mjs") };
}

/** Both must have written the same configuration, the library's own notes apart, else nothing was compared. @returns the number of resources */
function compare(product, bare, count) {
  let resources = 0;
  let stacks = 0;
  for (const site of readdirSync(product)) {
    for (const stack of readdirSync(join(product, site, "stacks"))) {
      const read = (folder) => JSON.parse(readFileSync(join(folder, "stacks", stack, "cdk.tf.json"), "utf8"));
      const [ours, theirs] = [read(join(product, site)), withoutNotes(read(bare))];
      if (!isDeepStrictEqual(ours, theirs)) throw new Error(`the bare program declares something else for ${stack}`);
      resources += Object.values(ours.resource).reduce((sum, blocks) => sum + Object.keys(blocks).length, 0);
      stacks++;
    }
  }
  const written = readdirSync(join(bare, "stacks")).length;
  if (written !== stacks) throw new Error(`${stacks} stacks against ${written} for ${count} sites`);
  return resources;
}

/** Without where the library made each block, which Bastide leaves out. */
function withoutNotes({ "//": _, resource, ...rest }) {
  const blocks = (named) => Object.entries(named).map(([name, { "//": _, ...block }]) => [name, block]);
  const types = Object.entries(resource).map(([type, named]) => [type, Object.fromEntries(blocks(named))]);
  return { ...rest, resource: Object.fromEntries(types) };
}
