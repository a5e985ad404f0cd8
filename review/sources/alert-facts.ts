import type { AlertFacts } from "../configuration";
import { type Known, whereKnown } from "../known";
import { type ApiObject, certain, ObjectReader } from "./api-object";

/** Keys by which a matcher passes over some failures. */
const NARROWING = ["match-field", "match-calendar", "invert-match"];

/**
 * Who is told by each matcher. The products' own matchers, as long as nobody has changed them, are left out: they mail to
 * `root@pam`, which is nobody until somebody gives it an address.
 */
export function alertsOf(matchers: readonly ApiObject[], endpoints: readonly ApiObject[]): AlertFacts[] {
  const mails = new Map(endpoints.map((source) => [`${source.device} ${new ObjectReader(source).name("name")}`, source]));
  return matchers
    .filter(({ object }) => object.origin !== "builtin")
    .map((source) => {
      const matcher = new ObjectReader(source);
      return {
        device: source.device,
        matcher: matcher.name("name"),
        enabled: !certain(matcher.flag("disable", false)) && takesErrors(matcher),
        recipients: recipientsOf(matcher, (target) => mails.get(`${source.device} ${target}`)),
      };
    });
}

/** Without a severity every message is taken. */
function takesErrors(matcher: ObjectReader): boolean {
  const severities = certain(matcher.list("match-severity"));
  return severities.length === 0 || severities.some((words) => words.split(",").includes("error"));
}

function recipientsOf(matcher: ObjectReader, endpoint: (target: string) => ApiObject | undefined): Known<readonly string[]> {
  const narrowed = NARROWING.find((key) => matcher.has(key) && matcher.source.object[key] !== false);
  const unknown = matcher.unknown(...NARROWING, "target");
  if (unknown) return unknown;
  if (narrowed !== undefined) return { unknown: `it tells of some failures only: ${narrowed}` };
  return whereKnown(matcher.list("target"), (targets) => {
    const all = new Set<string>();
    for (const target of targets) {
      const source = endpoint(target);
      if (source === undefined) return { unknown: "one of its targets is not a mail end point" };
      const mail = new ObjectReader(source);
      const missing = mail.unknown("disable", "mailto", "mailto-user");
      if (missing) return missing;
      if (certain(mail.flag("disable", false))) continue;
      if (mail.has("mailto-user")) return { unknown: "it also mails to users, whose addresses are elsewhere" };
      for (const address of certain(mail.list("mailto"))) all.add(address);
    }
    return [...all].sort();
  });
}
