/** Pure functions on provider schemas, apart from what asks the binaries, so that they can be tested. */

/**
 * Keeps the provider block and the listed resources.
 * @throws when a listed resource does not exist: a renamed resource must not silently vanish from the bindings
 */
export function reduceSchema(whole, address, { version, resources }, sanitize) {
  const { provider, resource_schemas } = whole.provider_schemas[address];
  const missing = resources.filter((name) => !(name in resource_schemas));
  if (missing.length > 0) throw new Error(`${address} ${version} has no resource ${missing.join(", ")}`);
  const kept = Object.fromEntries(resources.map((name) => [name, resource_schemas[name]]));
  const reduced = sanitize({
    format_version: whole.format_version,
    provider_schemas: { [address]: { provider, resource_schemas: kept } },
  });
  return { ...reduced, provider_versions: { [address]: version } };
}

/** JSON with sorted keys, so that a new dump of the same schema is the same text. */
export function stableText(value) {
  return `${JSON.stringify(value, (_, part) => (isObject(part) ? Object.fromEntries(Object.entries(part).sort(byKey)) : part), 1)}\n`;
}

/** One line for each leaf that was added, removed or changed. */
export function compareSchemas(before, after, path = "") {
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => compareSchemas(before[key], after[key], path === "" ? key : `${path}.${key}`));
  }
  const [old, fresh] = [before, after].map((value) => JSON.stringify(value));
  if (old === fresh) return [];
  if (old === undefined) return [`+ ${path}`];
  if (fresh === undefined) return [`- ${path}`];
  return [`~ ${path}: ${old} -> ${fresh}`];
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function byKey([a], [b]) {
  return a < b ? -1 : 1;
}
