/**
 * Ids of constructs, hence addresses in the engine's state: an external contract. An id is made of the kind of the object and
 * of the names that identify it in the model, and of nothing else, so that no other object's change can move it.
 */

/**
 * `constructId("prune_job", "store", "critical")` -> `prune_job__store__critical`. Characters that the engine does not allow in
 * a name are written as `_` and their code in hexadecimal, so that two names never share an id.
 */
export function constructId(kind: string, ...names: readonly string[]): string {
  return [kind, ...names.map(encode)].join("__");
}

/** The inverse, for people: `restful_resource.prune_job__store__critical` -> `prune job store/critical`. */
export function describeAddress(address: string): string {
  const [kind = "", ...names] = address.slice(address.lastIndexOf(".") + 1).split("__");
  return `${kind.replaceAll("_", " ")} ${names.map(decode).join("/")}`.trim();
}

function encode(name: string): string {
  return name.replace(/[^A-Za-z0-9-]/gu, (character) => Buffer.from(character).toString("hex").replace(/../g, "_$&"));
}

function decode(name: string): string {
  return decodeURIComponent(name.replace(/_([0-9a-f]{2})/g, "%$1"));
}
