import type { SiteDraft } from "../define/draft";
import { member } from "../define/reader";
import type { Fault } from "../faults";

/** The two rules are found again by their descriptions, and admit one port. */
export function* checkFirewall(site: SiteDraft): Generator<Fault> {
  const { firewall } = site;
  if (firewall === undefined) return;
  if (firewall.passDescription !== undefined && firewall.passDescription === firewall.blockDescription) {
    yield {
      what: "the pass rule and the block rule have the same description",
      where: "firewall.blockDescription",
      why: "the description identifies a rule on the firewall",
      repair: "give each its own",
    };
  }
  const servers = Object.entries(site.backupServers);
  const first = servers.find(([, server]) => server.port !== undefined)?.[1].port;
  for (const [name, { port }] of servers) {
    if (port === undefined || port === first) continue;
    yield {
      what: `port ${port}, while another backup server of the site listens on ${first}`,
      where: `${member("backupServers", name)}.port`,
      why: "the firewall's rules admit one port for all of them",
      repair: `set it to ${first}`,
    };
  }
}
