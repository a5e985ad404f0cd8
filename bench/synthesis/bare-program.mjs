/**
 * Writes the program that Bastide is compared with: the bare library and the generated classes, every resource with its
 * configuration as literals, no model. It is made from the stacks of the example, so that it always declares the same resources;
 * what differs between sites (name, network) is what a template literal fills in. A bench that compares the two outputs proves it.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { EXAMPLE } from "../sites.mjs";

/** Attributes whose value is data of the device, not configuration of the provider: their keys stay as they are. */
const VERBATIM = new Set(["body", "delete_body", "ephemeral_body", "read_query", "delete_query", "header"]);
const META = new Set(["provider", "depends_on"]);

/**
 * @param {{root: string, stacks: string}} options `root`: of the repository; `stacks`: the synthesized stacks of the example
 * @returns {string} a module; `node bare.mjs <outdir> <count>`
 */
export function bareProgram({ root, stacks }) {
  const names = readdirSync(stacks).sort((a, b) => order(a) - order(b));
  const files = names.map((name) => JSON.parse(readFileSync(join(stacks, name, "cdk.tf.json"), "utf8")));
  const types = new Set(files.flatMap(({ resource }) => Object.keys(resource)));
  const providers = new Set(files.flatMap(({ provider }) => Object.keys(provider)));
  return [
    `import { App, HttpBackend, TerraformStack, TerraformVariable } from "cdktf";`,
    `import { siteOf } from ${JSON.stringify(join(root, "bench", "sites.mjs"))};`,
    ...[...providers].map((name) => `import { ${providerClass(name)} } from "${root}/.gen/providers/${name}/provider";`),
    ...[...types].map((type) => `import { ${classOf(type)} } from "${root}/.gen/providers/${folderOf(type)}";`),
    "",
    "const [outdir, count] = process.argv.slice(2);",
    `const targetVersions = { terraform: ">=1.12.0", opentofu: ">=1.12.0" };`,
    "const app = new App({ outdir, stackTraces: false, context: { targetVersions } });",
    "for (let index = 0; index < Number(count); index++) site(siteOf(index));",
    "app.synth();",
    "console.log(process.resourceUsage().maxRSS);",
    "",
    "function site({ name, network }) {",
    ...names.map((name, index) => `  const stack${index} = ${functionOf(name)}(${literal(name)}, name, network);`),
    ...names.slice(1).map((_, index) => `  stack${index + 1}.addDependency(stack${index});`),
    "}",
    ...names.flatMap((name, index) => ["", ...stackFunction(name, files[index])]),
    "",
  ].join("\n");
}

/** Bastide applies in this order. @param {string} name */
const order = (name) => ["backup-server", "hypervisor", "firewall"].findIndex((layer) => name.endsWith(layer));

function stackFunction(name, { terraform, provider, variable, resource }) {
  const lines = [`function ${functionOf(name)}(id, name, network) {`, "  const stack = new TerraformStack(app, id);"];
  lines.push(`  new HttpBackend(stack, ${configuration(terraform.backend.http)});`);
  lines.push(`  stack.addOverride("terraform.required_version", ${literal(terraform.required_version)});`);
  for (const [key, { ephemeral, ...plain }] of Object.entries(variable)) {
    const made = `new TerraformVariable(stack, ${literal(key)}, ${configuration(plain)})`;
    lines.push(`  ${made}${ephemeral ? `.addOverride("ephemeral", true)` : ""};`);
  }
  const handles = new Map();
  for (const [type, blocks] of Object.entries(provider)) {
    for (const block of blocks) {
      const handle = `provider${handles.size}`;
      handles.set(block.alias === undefined ? type : `${type}.${block.alias}`, handle);
      const config = configuration(block);
      lines.push(`  const ${handle} = new ${providerClass(type)}(stack, ${literal(handle)}, ${config});`);
    }
  }
  for (const { address, type, key, block } of sortedByDependency(resource)) {
    const handle = `resource${handles.size}`;
    handles.set(address, handle);
    const plain = Object.fromEntries(Object.entries(block).filter(([attribute]) => !META.has(attribute)));
    const dependsOn = (block.depends_on ?? []).map((other) => handles.get(other)).join(", ");
    const config = [
      `provider: ${handles.get(block.provider)}`,
      ...(dependsOn === "" ? [] : [`dependsOn: [${dependsOn}]`]),
      ...settings(plain),
    ];
    lines.push(`  const ${handle} = new ${classOf(type)}(stack, ${literal(key)}, { ${config.join(", ")} });`);
  }
  return [...lines, "  return stack;", "}"];
}

/** Every resource after those that it depends on. */
function sortedByDependency(resource) {
  const waiting = new Map();
  for (const [type, blocks] of Object.entries(resource)) {
    for (const [key, block] of Object.entries(blocks)) waiting.set(`${type}.${key}`, { type, key, block });
  }
  const sorted = [];
  while (waiting.size > 0) {
    const ready = [...waiting].filter(([, { block }]) => (block.depends_on ?? []).every((other) => !waiting.has(other)));
    if (ready.length === 0) throw new Error("resources depend on each other in a circle");
    for (const [address, item] of ready) {
      waiting.delete(address);
      sorted.push({ address, ...item });
    }
  }
  return sorted;
}

/** A block as the generated classes take it: attributes in camel case, values as literals. */
function configuration(value) {
  if (Array.isArray(value)) return `[${value.map(configuration).join(", ")}]`;
  if (typeof value !== "object" || value === null) return literal(value);
  return `{ ${settings(value).join(", ")} }`;
}

const settings = (/** @type {object} */ block) =>
  Object.entries(block).map(([key, entry]) => `${camel(key)}: ${VERBATIM.has(key) ? verbatim(entry) : configuration(entry)}`);

function verbatim(value) {
  if (Array.isArray(value)) return `[${value.map(verbatim).join(", ")}]`;
  if (typeof value !== "object" || value === null) return literal(value);
  return `{ ${Object.entries(value)
    .map(([key, entry]) => `${JSON.stringify(key)}: ${verbatim(entry)}`)
    .join(", ")} }`;
}

/** A value in the source, with the example's name and network as holes. */
function literal(value) {
  if (typeof value !== "string") return JSON.stringify(value);
  if (!value.includes(EXAMPLE.name) && !value.includes(EXAMPLE.network)) return JSON.stringify(value);
  const escaped = value.replace(/[\\`]|\$(?=\{)/g, "\\$&");
  return `\`${escaped.replaceAll(EXAMPLE.name, `\${name}`).replaceAll(EXAMPLE.network, `\${network}`)}\``;
}

const camel = (/** @type {string} */ name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
const pascal = (/** @type {string} */ name) => camel(`_${name.replaceAll("-", "_")}`);
const providerClass = (/** @type {string} */ name) => `${pascal(name)}Provider`;
const classOf = (/** @type {string} */ type) => pascal(type.slice(type.indexOf("_") + 1));
const functionOf = (/** @type {string} */ stack) => camel(stack.slice(stack.indexOf("-") + 1).replaceAll("-", "_"));
const folderOf = (/** @type {string} */ type) => type.replace("_", "/").replaceAll("_", "-");
