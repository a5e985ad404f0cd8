import type { SiteDraft } from "../define/draft";
import type { Fault } from "../faults";
import { checkReferences } from "./references";

/** The faults that no field shows by itself. A fault never follows from another one: what could not be read is passed over. */
export function checkSite(site: SiteDraft): readonly Fault[] {
  return [...checkReferences(site)];
}
