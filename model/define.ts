import { checkSite } from "./checks";
import { readSite } from "./define/read-site";
import { Reader } from "./define/reader";
import { UserError } from "./faults";
import type { SiteInput } from "./input";
import type { Site } from "./site";

/**
 * Checks a site file and fills its defaults. The result is plain, deeply frozen data that a JSON round trip leaves equal.
 * @throws UserError with every fault of the file at once; `where` is the path in the file, `guests.erp.dependsOn[0]`
 */
export function defineSite(input: SiteInput): Site {
  const reader = new Reader();
  const draft = readSite(reader, plainCopy(input));
  const faults = [...reader.faults, ...checkSite(draft)];
  if (faults.length > 0) throw new UserError(faults);
  // A draft without a fault is complete: every required field was read, every default filled.
  return deepFreeze(plainCopy(draft)) as Site;
}

/** A copy of plain data without the keys that are undefined: absent and undefined mean the same in a site file. */
function plainCopy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainCopy);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return Object.fromEntries(kept.map(([key, entry]) => [key, plainCopy(entry)]));
}

function deepFreeze(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  for (const entry of Object.values(value)) deepFreeze(entry);
  return Object.freeze(value);
}
