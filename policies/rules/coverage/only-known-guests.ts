import { judged, type Rule } from "../../engine/rule";
import { declaredJobs } from "./declared-job";

export const onlyKnownGuests: Rule = {
  sentence: "Every guest that a backup job names is a guest of the site, and none is exempt",
  synthesized: (context) => {
    const known = Object.values(context.site.guests);
    return (declaredJobs(context) ?? []).map(({ object, named }) => {
      const strange = named.filter((id) => !known.some((guest) => guest.id === id));
      const exempt = named.filter((id) => known.some((guest) => guest.id === id && guest.exempt !== undefined));
      const faults = [
        ...(strange.length > 0 ? [`takes ${strange.join(", ")}, which the site does not know`] : []),
        ...(exempt.length > 0 ? [`takes ${exempt.join(", ")}, which is exempt`] : []),
      ];
      return judged(object, faults.length > 0 ? `its backup job ${faults.join(" and ")}` : undefined);
    });
  },
};
