import type { Base, SiteChange } from "../sites";

/** One change to an example site, and everything that a review must say of it. */
export interface Row {
  readonly name: string;
  readonly base: Base;
  readonly change: SiteChange;
  /** As `inShort` writes them, in the order of the review. Empty: no alarm. */
  readonly finds: readonly string[];
  /** What both sides have beyond the example site. */
  readonly given: readonly SiteChange[];
}

type Writer = (name: string, change: SiteChange, finds?: string | readonly string[], given?: SiteChange) => Row;

const writer =
  (base: Base): Writer =>
  (name, change, finds = [], given) => ({
    name,
    base,
    change,
    finds: typeof finds === "string" ? [finds] : finds,
    given: given === undefined ? [] : [given],
  });

export const eco = writer("ecosolar");
export const nord = writer("atelier");
