import { days } from "../words";
import { changeOf, lessIsBetter, type SiteAspect } from "./aspect";

/** How often a restore is tried; a promise that nobody has tried is none. */
export const restoreTests: SiteAspect = {
  aspect: "restore tests",
  compare: ({ restoreTests: before }, { restoreTests: after }) => [
    ...compared("one guest", before?.partialDays, after?.partialDays),
    ...compared("all guests", before?.fullDays, after?.fullDays),
  ],
};

function compared(subject: string, before = Number.POSITIVE_INFINITY, after = Number.POSITIVE_INFINITY) {
  const measure = lessIsBetter((count) => (count === Number.POSITIVE_INFINITY ? "never tried" : `tried every ${days(count)}`));
  return changeOf(before, after, measure).map((change) => ({ ...change, subject }));
}
