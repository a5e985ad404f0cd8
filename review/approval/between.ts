import { compareProtection } from "../compare";
import type { Configuration } from "../configuration";
import type { ProtectionFinding } from "../finding";
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
  const findings = [...compareProtection(protectionOf(before), protectionOf(after)), ...more];
  const devices = weakeningsOf(compareProtection(protectionOf(inTheLightOf(after, before)), protectionOf(after)));
  const known = new Set(devices.map(weakeningKey));
  return { findings, weakenings: { devices, promises: weakeningsOf(findings).filter((one) => !known.has(weakeningKey(one))) } };
}

function inTheLightOf({ promises }: Configuration, { promises: _, ...told }: Configuration): Configuration {
  return { ...told, ...(promises === undefined ? {} : { promises }) };
}
