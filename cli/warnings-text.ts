import type { SiteWarning } from "../model";
import { faultsText, type Output } from "./output";

/**
 * Warnings of a site. What the site has acknowledged is shown with who did and why, without a repair: nothing is left to be
 * done until the acknowledgement ends. From then on it is an open warning again.
 * @param today `YYYY-MM-DD`
 */
export function warningsText(warnings: readonly SiteWarning[], color: Output["color"], today: string): string {
  return warnings
    .map((warning) => {
      const { acknowledged, where, what, why } = warning;
      if (acknowledged === undefined) return faultsText([warning], color, color.yellow("!"));
      const { owner, expires, reason, ticket } = acknowledged;
      if (expires < today) {
        const ended = `the acknowledgement of ${owner} ended on ${expires}: ${reason}`;
        return faultsText([{ ...warning, why: why === undefined ? ended : `${why}; ${ended}` }], color, color.yellow("!"));
      }
      const by = [owner, `until ${expires}`, ...(ticket === undefined ? [] : [ticket])].join(", ");
      return [`${color.dim("·")} ${color.bold(where)}: ${what}`, `    acknowledged (${by}): ${reason}`].join("\n");
    })
    .join("\n");
}
