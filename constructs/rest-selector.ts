/**
 * How one object is picked out of a list that a device answers, in the query language of the restful provider (gjson).
 *
 * `data.#(id=="x").[!{"disable":false},@this,{"comment":{ns,max-depth}.@keys.0}]|@join` reads: the object whose id is x; what
 * the device leaves out while it has its default; what the device says; and, over a key that we set, the name of the first key
 * that only somebody else can have set. The dot before the bracket keeps a missing object missing, so that it is planned as a
 * creation; a pipe would not.
 */

export type RestValue = string | number | boolean | readonly string[];
/** Keys with the value undefined are not sent. */
export type RestBody = Readonly<Record<string, RestValue | undefined>>;

/** The member of a list whose keys have these values; a later condition is applied to what the earlier ones left. */
export function memberOf(list: string, ...conditions: readonly (readonly [key: string, value: string])[]): string {
  return conditions
    .map(([key, value], index) => `#(${key}==${JSON.stringify(value)})${index < conditions.length - 1 ? "#" : ""}`)
    .reduce((path, condition, index) => `${path}${index === 0 ? "." : "|"}${condition}`, list);
}

export interface Reading {
  readonly select: string;
  /** What the device leaves out of its answer while it has this value. */
  readonly defaults: RestBody;
  /** Key -> expression over the object: a value that is compared under another name than the device gives it. */
  readonly derived: Readonly<Record<string, string>>;
  /** Keys that must be absent; the name of one that is present is read in place of the value of `witness`. */
  readonly unwanted: readonly string[];
  /** Keys that must be there, with whatever value; of one that is gone, so much is read in place of the value of `witness`. */
  readonly expected: readonly string[];
  readonly witness: string;
}

/** The selector for one object. */
export function readSelector({ select, defaults, derived, unwanted, expected, witness }: Reading): string {
  const parts: string[] = [];
  if (Object.keys(defaults).length > 0) parts.push(`!${JSON.stringify(defaults)}`);
  parts.push("@this");
  for (const [key, expression] of Object.entries(derived)) parts.push(`{${JSON.stringify(key)}:${expression}}`);
  for (const key of expected) parts.push(`{${JSON.stringify(witness)}:${unlessThere(key)}}`);
  if (unwanted.length > 0) parts.push(`{${JSON.stringify(witness)}:{${unwanted.join(",")}}.@keys.0}`);
  return parts.length === 1 ? select : `${select}.[${parts.join(",")}]|@join`;
}

/** `no <key>` where the object lacks the key, else nothing. */
const unlessThere = (key: string): string => `[@this].#(${key}==~null).!"${GONE}${key}"`;

const GONE = "no ";

/**
 * The key of ours that somebody else has removed, where a plan shows that in place of the value of a declared key.
 * @param selector that of the object
 * @param name of the declared key
 * @param value what the plan says of it before the change
 */
export function keyRemovedByHand(selector: string, name: string, value: unknown): string | undefined {
  if (typeof value !== "string" || !value.startsWith(GONE)) return undefined;
  const key = value.slice(GONE.length);
  return selector.includes(`{${JSON.stringify(name)}:${unlessThere(key)}}`) ? key : undefined;
}

/**
 * The key that somebody else has set, where a plan shows its name in place of the value of a declared key.
 * @param selector that of the object
 * @param name of the declared key
 * @param value what the plan says of it before the change
 */
export function keySetByHand(selector: string, name: string, value: unknown): string | undefined {
  const [, witness, unwanted = ""] = /\{"([^"]+)":\{([^{}]*)\}\.@keys\.0\}\]\|@join$/.exec(selector) ?? [];
  return witness === name && typeof value === "string" && unwanted.split(",").includes(value) ? value : undefined;
}
