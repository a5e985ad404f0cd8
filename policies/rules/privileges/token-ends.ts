import { hypervisorAuthIds } from "../../../model";
import { judged, type Rule } from "../../engine/rule";
import { daysAfter } from "../../reading/days";
import { atLaterGates, createdAt, judgedBy } from "../../reading/device-object";

/** Days of a year. */
const LONGEST = 365;

export const tokenEnds: Rule = {
  sentence: "The hypervisor's token ends within a year",
  model: ({ site, today }) => {
    const { expires } = site.access.hypervisorToken;
    const latest = daysAfter(today, LONGEST);
    return [
      judged(
        "access.hypervisorToken.expires",
        expires === undefined ? "it never ends" : expires > latest ? `it lasts until ${expires}` : undefined,
        `set \`access.hypervisorToken.expires\` to ${latest} or earlier`,
      ),
    ];
  },
  ...atLaterGates((objects, { site }) => {
    const { user, token } = hypervisorAuthIds(site);
    const path = `/access/users/${user}/token/${token.slice(user.length + 1)}`;
    return createdAt(objects, path)
      .filter(({ layer }) => layer === "backup-server")
      .flatMap((object) =>
        judgedBy(object, ["expire"], ({ expire }) =>
          site.access.hypervisorToken.expires !== undefined && (expire === undefined || expire === 0)
            ? "it never ends, although the site file gives it an end"
            : undefined,
        ),
      );
  }),
};
