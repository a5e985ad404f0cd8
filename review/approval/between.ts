import { compareProtection } from "../compare";
import type { Configuration, GuestFacts } from "../configuration";
import type { ProtectionFinding } from "../finding";
import { type Known, whereKnown } from "../known";
import { protectionOf } from "../protect";
import { type Weakenings, weakeningKey, weakeningsOf } from "./weakening";

/** What a change does, and what of it has to be approved. */
export interface ToApprove {
  /** All of them, as a review shows them. */
  readonly findings: readonly ProtectionFinding[];
  readonly weakenings: Weakenings;
}

/**
 * What has to be approved of a change, in two parts. A plan knows only what is now told to the devices, and reads it in the light
 * of the site file that is applied. So the first part compares two revisions in that light, too: it is the same as that of the
 * plan, as long as the devices are as the first revision says.
 * @param more findings on what no device is told, such as the environment's own
 */
export function toApprove(before: Configuration, after: Configuration, more: readonly ProtectionFinding[] = []): ToApprove {
  const now = protectionOf(after);
  const findings = [...compareProtection(protectionOf(before), now), ...more];
  const devices = weakeningsOf(compareProtection(protectionOf(inTheLightOf(after, before)), now));
  const known = new Set(devices.map(weakeningKey));
  return { findings, weakenings: { devices, promises: weakeningsOf(findings).filter((one) => !known.has(weakeningKey(one))) } };
}

/** What the devices are told before, as a plan of the revision after reads it: guests that nobody made are those of its site file. */
function inTheLightOf(after: Configuration, { promises: _, ...before }: Configuration): Configuration {
  return {
    ...before,
    guests: whereKnown(before.guests, (all) => {
      const made = all.filter(({ owned }) => owned);
      const ids = new Set(made.map(({ id }) => id));
      return whereKnown(after.guests, (now): Known<readonly GuestFacts[]> => {
        const others = now.filter(({ id }) => !ids.has(id)).map((guest): GuestFacts => ({ ...guest, owned: false }));
        return [...made, ...others].sort((one, other) => one.id - other.id);
      });
    }),
    ...(after.promises === undefined ? {} : { promises: after.promises }),
  };
}
