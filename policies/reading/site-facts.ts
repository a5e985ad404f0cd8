import { backupJobs, backupTargets, firewallFlow, firewallRules, type Site } from "../../model";
import { onceFor } from "../engine/once-for";

/** Who connects to the backup servers and where; what many policies ask of the same site is worked out once for it. */
export const flowOf = onceFor((site: Site) => firewallFlow(site));

/** The rules that the firewall must have for them. */
export const firewallRulesOf = onceFor((site: Site) => firewallRules(site));

/** Every place that backups are written to. */
export const targetsOf = onceFor((site: Site) => backupTargets(site));

/** The backup jobs that the site has. */
export const jobsOf = onceFor((site: Site) => backupJobs(site));
