import type { Construct } from "../constructs/core";
import { Alias } from "../constructs/firewall/alias";
import { FirewallApply } from "../constructs/firewall/firewall-apply";
import { firewallDevice } from "../constructs/firewall/firewall-device";
import { Rule } from "../constructs/firewall/rule";
import { type Endpoint, firewallAliases, firewallFlow, firewallRules } from "../model";
import { baseUrl, SiteStack, type SiteStackProps } from "./site-stack";

/** The firewall of a site: hypervisors and administrators reach the backup servers, nobody else does. */
export class FirewallStack extends SiteStack {
  constructor(scope: Construct, props: SiteStackProps, endpoint: Endpoint) {
    super(scope, "firewall", props);
    const { site } = props;
    const { comment: description } = this;
    const reference = { kind: "firewall" } as const;
    const device = firewallDevice(this, {
      url: baseUrl(endpoint),
      key: this.secret("pfsense_key", { kind: "credential", device: reference }),
      caFile: this.authority("pfsense_ca_file", reference),
    });
    const apply = new FirewallApply(this, device);
    const flow = firewallFlow(site);
    const names = firewallAliases(site);
    const from = new Alias(this, { device, key: "sources", name: names.sources, members: flow.sources, description, apply });
    const to = new Alias(this, {
      device,
      key: "destinations",
      name: names.destinations,
      members: flow.destinations,
      description,
      apply,
    });

    // The backup servers listen on both families: a block of one would leave the other open.
    const isMixed = [...flow.sources, ...flow.destinations].some(({ address }) => address.includes(":"));
    let after: Rule | undefined;
    for (const [place, rule] of firewallRules(site).entries()) {
      const before = after ? { after } : {};
      const passes = rule.action === "pass";
      after = new Rule(this, {
        device,
        rule,
        place,
        family: passes && !isMixed ? "inet" : "inet46",
        source: passes ? names.sources : "any",
        destination: names.destinations,
        port: flow.port,
        dependsOn: [from, to],
        ...before,
      });
    }
  }
}
