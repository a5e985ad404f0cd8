import type { SiteDraft } from "../define/draft";
import type { Fault } from "../faults";
import { checkAddresses } from "./addresses";
import { checkFirewall } from "./firewall";
import { checkGuests } from "./guests";
import { checkLimits } from "./limits";
import { checkReferences } from "./references";
import { checkSchedules } from "./schedules";
import { checkTiers } from "./tiers";

const CHECKS = [checkReferences, checkAddresses, checkGuests, checkSchedules, checkTiers, checkLimits, checkFirewall];

/** The faults that no field shows by itself. None follows from another one: what could not be read is passed over. */
export function checkSite(site: SiteDraft): readonly Fault[] {
  return CHECKS.flatMap((check) => [...check(site)]);
}
