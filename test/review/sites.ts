import { defineSite, type Site } from "../../model";
import { compareProtection } from "../../review/compare";
import type { ProtectionFinding } from "../../review/finding";
import { protectionOf } from "../../review/protect";
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
export function siteAfter(base: Base, ...changes: readonly SiteChange[]): Site {
  const input: Loose = structuredClone(SITES[base]);
  for (const change of changes) change(input);
  return defineSite(input);
}

export const reviewOf = (before: Site, after: Site): readonly ProtectionFinding[] =>
  compareProtection(protectionOf(configurationOfModel(before)), protectionOf(configurationOfModel(after)));

/** `weakened retention 101,103`: guests by id, everything else by its name. */
export const inShort = ({ class: kind, aspect, subjects }: ProtectionFinding): string =>
  `${kind} ${aspect} ${subjects.map((subject) => /^\d+ /.exec(subject)?.[0].trim() ?? subject).join(",")}`;
