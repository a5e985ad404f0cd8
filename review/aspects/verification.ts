import { days } from "../words";
import { changeOf, flag, type GuestAspect, lessIsBetter } from "./aspect";

/** How long a backup that cannot be read may go unnoticed. */
export const verification: GuestAspect = {
  aspect: "verification",
  compare: (before, after) => [
    ...changeOf(before.verifiedWithinDays, after.verifiedWithinDays, lessIsBetter(shown)),
    ...changeOf(before.verifiedWhenNew, after.verifiedWhenNew, flag("verified when new", "not verified when new")),
  ],
};

const shown = (count: number): string =>
  count === Number.POSITIVE_INFINITY ? "never verified again" : `verified within ${days(count)}`;
