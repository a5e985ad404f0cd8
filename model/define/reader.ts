import type * as z from "zod";
import { didYouMean, quotedList } from "../did-you-mean";
import type { Fault } from "../faults";
import type { Problem } from "../values";

/** The fields of a noun. Each is read by itself, so that a fault in one hides nothing that is wrong elsewhere. */
export type Fields = Readonly<Record<string, z.ZodType>>;

/** What could be read of the fields; a field with a fault is absent. */
export type ReadFields<F extends Fields> = { readonly [Name in keyof F]?: Exclude<z.output<F[Name]>, undefined> };

/** Reads untyped input field by field and keeps every fault with its path in the site file. */
export class Reader {
  readonly faults: Fault[] = [];

  fault(where: string, problem: Problem): void {
    this.faults.push({ ...problem, where });
  }

  /** @param others keys that exist and are read elsewhere */
  object<F extends Fields>(where: string, input: unknown, fields: F, others: readonly string[] = []): ReadFields<F> {
    const read: Record<string, unknown> = {};
    if (!isRecord(input)) {
      this.fault(where, input === undefined ? missing(where) : wrongType("an object", input));
      return read as ReadFields<F>;
    }
    const known = [...Object.keys(fields), ...others];
    for (const key of Object.keys(input)) {
      if (!known.includes(key)) this.fault(member(where, key), unknownKey(key, known));
    }
    for (const [key, schema] of Object.entries(fields)) {
      const value = this.#value(member(where, key), input[key], schema);
      if (value !== undefined) read[key] = value;
    }
    return read as ReadFields<F>;
  }

  /**
   * The entries of a record of nouns.
   * @param name what is wrong with a name, if anything; the entry is read all the same
   */
  entries<Entry>(
    where: string,
    input: unknown,
    name: (key: string) => Problem | undefined,
    read: (where: string, value: unknown, key: string) => Entry,
  ): Readonly<Record<string, Entry>> {
    const entries: Record<string, Entry> = {};
    if (!isRecord(input)) {
      if (input !== undefined) this.fault(where, wrongType("an object", input));
      return entries;
    }
    for (const [key, value] of Object.entries(input)) {
      const path = member(where, key);
      const problem = name(key);
      if (problem !== undefined) this.fault(path, problem);
      entries[key] = read(path, value, key);
    }
    return entries;
  }

  #value(where: string, input: unknown, schema: z.ZodType): unknown {
    const result = schema.safeParse(input, { reportInput: true });
    if (result.success) return result.data;
    for (const issue of result.error.issues) {
      const path = issue.path.reduce<string>((before, key) => member(before, key as string | number), where);
      for (const fault of faultsOfIssue(path, issue)) this.faults.push(fault);
    }
    return undefined;
  }
}

export function isRecord(input: unknown): input is Readonly<Record<string, unknown>> {
  return typeof input === "object" && input !== null && !Array.isArray(input);
}

/** `guests.erp`, `dependsOn[0]`, `datastores["a b"]`. */
export function member(where: string, key: string | number): string {
  if (typeof key === "number") return `${where}[${key}]`;
  if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `${where}[${JSON.stringify(key)}]`;
  return where === "" ? key : `${where}.${key}`;
}

function faultsOfIssue(where: string, issue: z.core.$ZodIssue): readonly Fault[] {
  switch (issue.code) {
    case "custom":
      return [{ ...(issue.params as Problem), where }];
    case "unrecognized_keys":
      return issue.keys.map((key) => ({ ...unknownKey(key, issue.message.split(" ")), where: member(where, key) }));
    case "invalid_type":
      return [{ ...(issue.input === undefined ? missing(where) : wrongType(withArticle(issue.expected), issue.input)), where }];
    case "invalid_value": {
      const allowed = issue.values.map(String);
      const what = issue.input === undefined ? `${lastPart(where)} is missing` : `${shown(issue.input)} is not allowed here`;
      return [
        {
          what: `${what}${typeof issue.input === "string" ? didYouMean(issue.input, allowed) : ""}`,
          where,
          repair: `write one of ${quotedList(allowed)}`,
        },
      ];
    }
    case "too_small":
      return [{ what: `${lastPart(where)} is empty`, where, repair: "give at least one" }];
    case "too_big":
      return [{ what: `${lastPart(where)} has too many entries`, where, repair: `give at most ${issue.maximum}` }];
    default:
      return [{ what: lowerFirst(issue.message), where, repair: "correct the value" }];
  }
}

function missing(where: string): Problem {
  return { what: `${lastPart(where)} is missing`, repair: `add \`${lastPart(where)}\`` };
}

function wrongType(expected: string, got: unknown): Problem {
  return { what: `expected ${expected}, got ${shown(got)}`, repair: `write ${expected}` };
}

function unknownKey(key: string, known: readonly string[]): Problem {
  const guess = didYouMean(key, known);
  return {
    what: `unknown key "${key}"${guess}`,
    repair: guess === "" ? `remove it; the keys here are ${quotedList(known)}` : "correct or remove it",
  };
}

function lastPart(where: string): string {
  return /(?:^|\.)([^.]+)$/.exec(where)?.[1] ?? where;
}

function withArticle(type: string): string {
  const noun = { int: "integer", record: "object", bool: "boolean" }[type] ?? type;
  return `${/^[aeio]/.test(noun) ? "an" : "a"} ${noun}`;
}

function shown(value: unknown): string {
  if (typeof value === "string") return value.length > 60 ? "a long text" : JSON.stringify(value);
  if (typeof value === "number" || typeof value === "boolean" || value === null) return String(value);
  return Array.isArray(value) ? "an array" : withArticle(typeof value);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
