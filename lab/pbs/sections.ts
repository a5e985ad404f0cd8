import { createHash } from "node:crypto";
import { refuse } from "./refusal";
import type { Value, Values } from "./schema";

/** A configuration file of the product: sections by id, each of one type. */
export type Sections = Readonly<Record<string, Section>>;

export interface Section {
  /** What stands before the id in the file: `prune`, `verification`, `user` … */
  readonly type: string;
  /** Every option, with the id under its own name. */
  readonly values: Values;
}

/**
 * The digest of a configuration file: SHA-256 of the text that the product would write.
 * @param idNames the options that stand in a section's header and not below it
 */
export function digestOf(sections: Sections, ...idNames: readonly string[]): string {
  const text = Object.entries(sections).map(([id, { type, values }]) => {
    const names = Object.keys(values).filter((name) => !idNames.includes(name));
    return `${type}: ${id}\n${names
      .sort()
      .map((name) => lines(name, values[name]))
      .join("")}`;
  });
  return createHash("sha256").update(text.join("\n")).digest("hex");
}

function lines(name: string, value: Value | undefined): string {
  const items = Array.isArray(value) ? value : [value];
  return items.map((item) => `\t${name} ${item}\n`).join("");
}

/** The sections of one type, in the file's order. */
export function valuesOf(sections: Sections, type: string): Values[] {
  return Object.values(sections)
    .filter((section) => section.type === type)
    .map((section) => section.values);
}

/** @throws Refusal 400 as the product words it */
export function lookUp(sections: Sections, type: string, id: string): Values {
  const section = Object.hasOwn(sections, id) ? sections[id] : undefined;
  if (section === undefined) return refuse(`no such ${type} '${id}'`);
  if (section.type !== type) return refuse(`got unexpected type '${section.type}' for ${type} '${id}'`);
  return section.values;
}

/** @throws Refusal 400 where the caller saw an older file than the present one */
export function checkDigest(given: Value | undefined, present: string): void {
  if (given !== undefined && given !== present)
    refuse("detected modified configuration - file changed by other user? Try again.");
}

/** Changes in the order of the product: first what `delete` names, then what is given. `undefined` unsets. */
export function changed(values: Values, deleted: Value | undefined, given: Readonly<Record<string, Value | undefined>>): Values {
  const gone = new Set((deleted as readonly string[] | undefined) ?? []);
  const next = { ...values, ...given };
  return Object.fromEntries(
    Object.entries(next).filter(
      (entry): entry is [string, Value] => entry[1] !== undefined && !(gone.has(entry[0]) && !Object.hasOwn(given, entry[0])),
    ),
  );
}

/** A comment as most updates store it: trimmed, and unset where nothing is left. */
export function trimmed(comment: Value | undefined): { readonly comment?: Value | undefined } {
  if (typeof comment !== "string") return {};
  const text = comment.trim();
  return { comment: text === "" ? undefined : text };
}
