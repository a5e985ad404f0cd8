import { readProperties } from "./property-string";
import { refuse } from "./refusal";
import { optional, type ParameterTable, required, text, type Value } from "./schema";
import type { PbsState } from "./state";

/** How headers and secrets of a web hook are written: `name=<name>,value=<Base64>`. */
export const KEY_AND_VALUE: ParameterTable = { name: required(text()), value: optional(text()) };

/** @throws Refusal where a header has no value, or none in Base64 */
export function checkHeaders(headers: Value | undefined): void {
  for (const header of (headers ?? []) as readonly string[]) {
    const { name, value } = readProperties(KEY_AND_VALUE, header);
    if (value === undefined) refuse(`header '${String(name)}' has empty value`);
    if (!isBase64(String(value))) refuse(`header '${String(name)}' does not have valid base64 encoded data`);
  }
}

/** A secret that is named without a value stays as it is. */
export function mergedSecrets(state: Readonly<PbsState>, webhook: string, given: readonly string[]): readonly string[] {
  const known = (state.notificationSecrets[webhook]?.secret ?? []) as readonly string[];
  const names = given.map(nameOf);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) refuse(`secret '${twice}' defined multiple times`);
  return given.map((secret) => {
    const { name, value } = readProperties(KEY_AND_VALUE, secret);
    if (value === undefined) return known.find((other) => nameOf(other) === name) ?? refuse(`secret '${String(name)}' not known`);
    if (!isBase64(String(value))) refuse(`secret '${String(name)}' does not have valid base64 encoded data`);
    return secret;
  });
}

/** Name of a header or secret. */
export function nameOf(secret: string): string {
  return String(readProperties(KEY_AND_VALUE, secret).name);
}

function isBase64(value: string): boolean {
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value);
}
