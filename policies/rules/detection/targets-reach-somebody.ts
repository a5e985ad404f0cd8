import { compliant, type Rule, unknown, type Verdict, violation } from "../../engine/rule";
import type { DeviceObject } from "../../reading/device-object";
import { OPEN, textOf, textsOf } from "../../reading/device-value";
import { type DeclaredDevice, declaredDevices, inForce } from "./declared-alerts";

export const targetsReachSomebody: Rule = {
  sentence: "Every matcher in force names end points that exist, are in force and have a recipient",
  synthesized: (context) =>
    declaredDevices(context).flatMap((device) =>
      device.matchers.filter((matcher) => inForce(matcher) !== false).map((matcher) => verdictOf(device, matcher)),
    ),
};

/** An end point that both products have by themselves: it mails to `root@pam`, to whatever address somebody has given it. */
const BUILT_IN = "mail-to-root";

function verdictOf({ object, endpoints }: DeclaredDevice, { body }: DeviceObject): Verdict {
  const name = textOf(body.name) ?? "without a name";
  const targets = body.target === undefined ? [] : textsOf(body.target);
  if (targets === undefined) return unknown(object, `whom the matcher "${name}" tells is known only on the devices`);
  if (targets.length === 0) return violation(object, `the matcher "${name}" names no end point`);
  const faults = targets.map((target) => faultOf(target, endpoints.get(target)));
  const sure = faults.find((fault) => fault?.sure);
  if (sure !== undefined) return violation(object, `the matcher "${name}" names ${sure.what}`);
  const unsure = faults.find((fault) => fault !== undefined);
  return unsure === undefined ? compliant(object) : unknown(object, `the matcher "${name}" names ${unsure.what}`);
}

function faultOf(
  target: string,
  endpoint: DeviceObject | undefined,
): { readonly what: string; readonly sure: boolean } | undefined {
  if (endpoint === undefined)
    return target === BUILT_IN
      ? { what: `"${target}", which mails to an address that is known only on the devices`, sure: false }
      : { what: `"${target}", which nothing makes`, sure: true };
  const state = inForce(endpoint);
  if (state === false) return { what: `"${target}", which is disabled`, sure: true };
  const { mailto, "mailto-user": users } = endpoint.body;
  const mails = endpoint.collection.endsWith("/smtp") || endpoint.collection.endsWith("/sendmail");
  if (state === undefined || (mails && (mailto === OPEN || users === OPEN)))
    return { what: `"${target}", of which the state or the recipients are known only on the devices`, sure: false };
  const recipients = [mailto, users].flatMap((list) => textsOf(list) ?? []);
  return mails && recipients.length === 0 ? { what: `"${target}", which has no recipient`, sure: true } : undefined;
}
