import { defineSite, type Site } from "../../model";
import { compareProtection } from "../../review/compare";
import type { ProtectionFinding } from "../../review/finding";
import { protectionOf } from "../../review/protect";
import type { Protection } from "../../review/protection";
import { configurationOfModel } from "../../review/sources/model";
import ecosolar from "../../sites/ecosolar/site";
import atelier from "../fixtures/sites/atelier/site";

export const SITES = { ecosolar, atelier };
export type Base = keyof typeof SITES;

/** A site file as plain JSON that a test may change at will. */
// biome-ignore lint/suspicious/noExplicitAny: a change writes what the types would have it check first
export type Loose = any;
export type SiteChange = (site: Loose) => void;

/** One of the example sites after some changes. */
export const siteAfter = (base: Base, ...changes: readonly SiteChange[]): Site => changed(SITES[base], ...changes);

/** A site after some changes. @throws UserError where the model refuses them */
export function changed(site: Site, ...changes: readonly SiteChange[]): Site {
  if (changes.length === 0) return site;
  const input: Loose = structuredClone(site);
  for (const change of changes) change(input);
  return defineSite(input);
}

const protections = new WeakMap<Site, Protection>();

/** Calculated once for each site: many tests begin at the same. */
export function protectionOfSite(site: Site): Protection {
  const known = protections.get(site) ?? protectionOf(configurationOfModel(site));
  protections.set(site, known);
  return known;
}

export const reviewOf = (before: Site, after: Site): readonly ProtectionFinding[] =>
  compareProtection(protectionOfSite(before), protectionOfSite(after));

/** `weakened retention 101,103`: guests by id, everything else by its name. */
export const inShort = ({ class: kind, aspect, subjects }: ProtectionFinding): string =>
  `${kind} ${aspect} ${subjects.map((subject) => /^\d+ /.exec(subject)?.[0].trim() ?? subject).join(",")}`;

/** `weakened rpo of 103 erp: 4h -> 6h (reversible: the old schedule can be put back)`: all that a review says. */
export const inWords = ({ class: kind, aspect, subjects, before, after, reversibility, evidence }: ProtectionFinding): string =>
  `${kind} ${aspect} of ${subjects.join(", ")}: ${before} -> ${after} (${reversibility}: ${evidence})`;
