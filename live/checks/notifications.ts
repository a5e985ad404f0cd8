import { notificationNames, type Site } from "../../model";
import { APPLY, bad, type Check, good, judge, type Question, type Verification } from "../check";
import type { Matcher, NotificationEndpoint, Reading } from "../state";

/** A failure of a backup, prune, verification or garbage collection reaches a person, from every device (SYN-01). */
export function notifications({ site, live }: Verification): Check[] {
  if (site.notifications === undefined) return [];
  return [
    ...routed(site, "hypervisor", live.hypervisor),
    ...Object.entries(live.backupServers).flatMap(([name, server]) => routed(site, name, server)),
  ];
}

function routed(
  site: Site,
  device: string,
  state: { matchers: Reading<readonly Matcher[]>; endpoints: Reading<readonly NotificationEndpoint[]> },
): Check[] {
  const names = notificationNames(site);
  const endpoint: Question = {
    id: "notification.endpoint",
    subject: device,
    expected: `end point ${names.endpoint} to ${site.notifications?.mailto.join(", ")}`,
  };
  const matcher: Question = {
    id: "notification.matcher",
    subject: device,
    expected: `matcher ${names.matcher} to ${names.endpoint}`,
  };
  return [
    judge(endpoint, state.endpoints, (all) => {
      const found = all.find((one) => one.name === names.endpoint);
      if (found === undefined) return bad(endpoint, "no such end point", APPLY);
      return found.disabled ? bad(endpoint, "disabled", APPLY) : good(endpoint, "enabled");
    }),
    judge(matcher, state.matchers, (all) => {
      const found = all.find((one) => one.name === names.matcher);
      if (found === undefined) return bad(matcher, "no such matcher", APPLY);
      if (found.disabled) return bad(matcher, "disabled", APPLY);
      return found.targets.includes(names.endpoint)
        ? good(matcher, "enabled")
        : bad(matcher, `goes to ${found.targets.join(", ") || "nobody"}`, APPLY);
    }),
  ];
}
