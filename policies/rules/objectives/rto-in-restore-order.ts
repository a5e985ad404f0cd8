import { durationMs, member } from "../../../model";
import { judged, type Rule, type Verdict } from "../../engine/rule";

export const rtoInRestoreOrder: Rule = {
  sentence: "No guest is due back before one that is restored earlier",
  model: ({ site }) => {
    const ordered = Object.entries(site.guests).flatMap(([name, { rto, restoreOrder }]) =>
      rto === undefined || restoreOrder === undefined ? [] : [{ name, rto, restoreOrder }],
    );
    if (ordered.length < 2) return [];
    return ordered.map((guest): Verdict => {
      const later = ordered.filter(
        ({ rto, restoreOrder }) => restoreOrder < guest.restoreOrder && durationMs(rto) > durationMs(guest.rto),
      );
      const names = later.map(({ name, rto }) => `${name} (${rto})`).join(", ");
      return judged(
        member("guests", guest.name),
        later.length > 0 ? `it is due within ${guest.rto} and restored after ${names}` : undefined,
      );
    });
  },
};
