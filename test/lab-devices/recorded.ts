import type { PveAnswer } from "./pve";

/** One recorded call of a real product. */
export interface Recorded {
  readonly method: string;
  readonly url: string;
  readonly contentType?: string;
  readonly request?: unknown;
  readonly status: number;
  readonly reason?: string;
  readonly response: unknown;
}

export const asText = ({ method, url }: Recorded) => `${method} ${url}`;

/** Ids, times and sizes: they have to be there, with the same type, but differ from run to run. */
const VARIABLE = new Set([
  "digest",
  "next-run",
  "value",
  "vmgenid",
  "smbios1",
  "meta",
  "upid",
  "pid",
  "pstart",
  "starttime",
  "ctime",
  "net0",
  "size",
  "used",
  "tokenid",
]);

/** In what an answer differs from the recorded one: status, reason, shape, values. */
export function differences(recorded: Recorded, answer: PveAnswer): string[] {
  const found: string[] = [];
  if (answer.status !== recorded.status)
    found.push(`status ${answer.status} instead of ${recorded.status}: ${JSON.stringify(answer.body)}`);
  if (recorded.reason !== undefined && answer.reason !== recorded.reason) found.push(`reason "${answer.reason}"`);
  compare(recorded.response, answer.body, "", found);
  return found;
}

function compare(theirs: unknown, ours: unknown, path: string, found: string[]): void {
  const key = path.split("/").at(-1) ?? "";
  if (typeOf(theirs) !== typeOf(ours)) {
    found.push(`${path} is ${JSON.stringify(ours)} instead of ${JSON.stringify(theirs)}`);
  } else if (Array.isArray(theirs) && Array.isArray(ours)) {
    if (theirs.length !== ours.length) {
      found.push(`${path} has ${ours.length} entries instead of ${theirs.length}: ${JSON.stringify(ours)}`);
      return;
    }
    const [sortedTheirs, sortedOurs] = [sorted(theirs), sorted(ours)];
    for (const [index, item] of sortedTheirs.entries()) compare(item, sortedOurs[index], `${path}/${index}`, found);
  } else if (typeof theirs === "object" && theirs !== null && typeof ours === "object" && ours !== null) {
    for (const name of new Set([...Object.keys(theirs), ...Object.keys(ours)])) {
      const [left, right] = [(theirs as Record<string, unknown>)[name], (ours as Record<string, unknown>)[name]];
      if (name in theirs && name in ours) compare(left, right, `${path}/${name}`, found);
      else found.push(name in ours ? `${path}/${name} is more (${JSON.stringify(right)})` : `${path}/${name} is missing`);
    }
  } else if (!VARIABLE.has(key) && plain(theirs) !== plain(ours)) {
    found.push(`${path} is ${JSON.stringify(ours)} instead of ${JSON.stringify(theirs)}`);
  }
}

function typeOf(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

/** Lists of objects have no order in the product; they are compared by what names an entry. */
function sorted(list: readonly unknown[]): readonly unknown[] {
  const name = (item: unknown) => {
    const entry = (item ?? {}) as Record<string, unknown>;
    return String(entry.storage ?? entry.userid ?? entry.ugid ?? entry.name ?? entry.vmid ?? entry.volid ?? "");
  };
  return [...list].sort((one, other) => name(one).localeCompare(name(other)));
}

/** The order of a comma list has no meaning. */
function plain(value: unknown): unknown {
  return typeof value === "string" && /^[a-z]+(,[a-z]+)+$/.test(value) ? value.split(",").sort().join(",") : value;
}
