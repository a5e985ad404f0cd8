/**
 * Writes the generated parts of the documents, between `<!-- generated: … -->` marks. `--check` writes nothing and fails
 * when one of them is not what the code says now.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Command } from "commander";
import { build } from "esbuild";
import { exampleReview } from "./example-review.mjs";
import { terminalPicture } from "./terminal-picture.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const check = process.argv.includes("--check");

/** Loads a module of the product as the bundle would. */
async function load(entry) {
  // Node keeps a module by its name, so that each has one of its own.
  const outfile = join(root, "dist", `docs-${process.pid}-${entry.replaceAll("/", "-")}.mjs`);
  await build({
    entryPoints: [join(root, entry)],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    logLevel: "warning",
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    const { rmSync } = await import("node:fs");
    rmSync(outfile, { force: true });
  }
}

/** A row for each command, with the words of its `--help`. */
async function commandTable() {
  const { registerCommands } = await load("cli/commands/index.ts");
  const program = new Command("bastide");
  registerCommands(program, () => undefined);
  const rows = (command, prefix) =>
    command.commands.flatMap((one) => {
      const name = `${prefix}${one.name()}`;
      const usage = one.registeredArguments
        .map((argument) => (argument.required ? `<${argument.name()}>` : `[${argument.name()}]`))
        .join(" ");
      return one.commands.length > 0
        ? rows(one, `${name} `)
        : [`| \`${`${name} ${usage}`.trim()}\` | ${one.description().replaceAll("|", "\\|")} |`];
    });
  return ["| command | what it does |", "|---|---|", ...rows(program, "")].join("\n");
}

/** The rule table and the tables of the standards, from the packs. */
async function policyTables() {
  const { policiesDocument, standardsDocument } = await load("policies/packs/document.ts");
  const [{ BASTIDE }, { STANDARDS }] = [await load("policies/packs/bastide/index.ts"), await load("policies/packs/index.ts")];
  return { policies: policiesDocument(BASTIDE, STANDARDS), standards: standardsDocument(BASTIDE, STANDARDS) };
}

const parts = { "README.md": { commands: await commandTable() }, "docs/policies.md": await policyTables() };
let stale = 0;

/** Writes a file that is not what the code says, or tells it. */
function refresh(file, text) {
  stale++;
  if (check) console.error(`${file} is not what the code says: run npm run docs`);
  else writeFileSync(join(root, file), text);
}

for (const [file, generated] of Object.entries(parts)) {
  const path = join(root, file);
  const before = readFileSync(path, "utf8");
  let after = before;
  for (const [name, text] of Object.entries(generated)) {
    const marks = new RegExp(`(<!-- generated: ${name} -->\n)[\\s\\S]*?(<!-- end -->)`);
    if (!marks.test(after)) throw new Error(`${file} has no part "generated: ${name}"`);
    after = after.replace(marks, (_, open, close) => `${open}${text}\n${close}`);
  }
  if (after !== before) refresh(file, after);
}
const picture = "docs/review.svg";
const drawn = terminalPicture(exampleReview());
if (!existsSync(join(root, picture)) || readFileSync(join(root, picture), "utf8") !== drawn) refresh(picture, drawn);
process.exitCode = check && stale > 0 ? 1 : 0;
