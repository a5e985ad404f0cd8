import { judged, type Rule } from "../../engine/rule";
import { createdAt, type DeviceObject, plannedObjects, synthesizedObjects } from "../../reading/device-object";
import { OPEN } from "../../reading/device-value";
import { isReference } from "../../reading/variable-reference";

/** The model gives every encrypted storage the key of the secret store; an escape hatch can have the hypervisor invent one. */
export const escrowed: Rule = {
  sentence: "Every encryption key comes from the site's secret store, so that it is not on the hypervisor alone",
  synthesized: ({ stacks }) => judgeKeys(synthesizedObjects(stacks)),
  plan: ({ stacks }) => judgeKeys(plannedObjects(stacks)),
};

function judgeKeys(objects: readonly DeviceObject[]) {
  return createdAt(objects, "/storage").flatMap(({ label, body, secrets }) => {
    const key = secrets["encryption-key"] ?? body["encryption-key"];
    if (key === undefined) return [];
    if (key === "autogen") return [judged(label, "the hypervisor makes its key (`autogen`), and nobody else has it")];
    const isStored = key === OPEN || (isReference(key) && /\bvar\./.test(String(key)));
    return [judged(label, isStored ? undefined : "its key does not come from a variable, so the secret store need not have it")];
  });
}
