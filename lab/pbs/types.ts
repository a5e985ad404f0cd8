/** The product's parameter types that several calls share. */
import { isIP } from "node:net";
import { CalendarEventFault, parseCalendarEvent } from "../calendar-event";
import { ROLE_NAMES } from "./privileges";
import { arrayOf, integer, oneOf, optional, type ParameterTable, pattern, required, type Schema, text } from "./schema";

const SAFE_ID = "[A-Za-z0-9_][A-Za-z0-9._-]*";
// biome-ignore lint/suspicious/noControlCharactersInRegex: the product forbids exactly these
const NO_CONTROL = /^[^\x00-\x1f\x7f]*$/;
const USER_NAME = String.raw`[^\s:/\x00-\x1f\x7f]+`;

const SAFE_ID_PATTERN = new RegExp(`^${SAFE_ID}$`);
const USER_ID_PATTERN = new RegExp(`^${USER_NAME}@${SAFE_ID}$`);
export const TOKEN_ID_PATTERN = new RegExp(`^${USER_NAME}@${SAFE_ID}!${SAFE_ID}$`);

/** Ids of datastores, jobs, remotes, traffic rules and encryption keys. */
export const objectId = pattern(SAFE_ID_PATTERN, { min: 3, max: 32 });
/** Names of notification end points and matchers. */
export const notificationName = pattern(SAFE_ID_PATTERN, { min: 2, max: 32 });
export const namespacePart = pattern(SAFE_ID_PATTERN, { min: 1, max: 32 });
export const namespace = pattern(new RegExp(`^(?:(?:${SAFE_ID}/){0,7}${SAFE_ID})?$`), { max: 256 });
export const namespaceDepth = integer(0, 7);
export const userId = pattern(USER_ID_PATTERN, { min: 3, max: 64 });
export const authId = pattern(new RegExp(`^${USER_NAME}@${SAFE_ID}(?:!${SAFE_ID})?$`), { min: 3, max: 64 });
export const tokenName = pattern(SAFE_ID_PATTERN);
export const groupId = pattern(new RegExp(`^${USER_NAME}$`), { min: 3, max: 64 });
export const aclPath = pattern(new RegExp(`^(?:/|(?:/${SAFE_ID})+)$`), { min: 1, max: 128 });
export const role = oneOf(...ROLE_NAMES);
export const comment = pattern(NO_CONTROL, { max: 128 });
/** One line without control characters. */
export function line(min?: number, max?: number): Schema {
  return pattern(NO_CONTROL, { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) });
}
export const configDigest = pattern(/^[a-f0-9]{64}$/);
export const fingerprint = pattern(/^[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){31}$/);
export const node = pattern(/^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/);
export const upid = pattern(
  /^UPID:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?:[0-9A-Fa-f]{8}:[0-9A-Fa-f]{8,9}:[0-9A-Fa-f]{8,16}:[0-9A-Fa-f]{8}:[^:\s]+:[^:\s]*:[^:\s]+:$/,
  { min: 36 },
);
export const schedule = text({}, (value) => {
  try {
    parseCalendarEvent(value);
    return undefined;
  } catch (error) {
    if (error instanceof CalendarEventFault) return error.message;
    throw error;
  }
});
export const address = text({}, (value) => (isIP(value) === 0 ? "value does not match the regex pattern" : undefined));
export const hostOrAddress = text({}, (value) => {
  const isName = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?\.)*[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/.test(value);
  return isName || isIP(value) !== 0 ? undefined : "value does not match the regex pattern";
});

/** The `keep-*` counts. */
export const KEEP: ParameterTable = Object.fromEntries(
  ["keep-last", "keep-hourly", "keep-daily", "keep-weekly", "keep-monthly", "keep-yearly"].map((name) => [
    name,
    optional(integer(1)),
  ]),
);

/** What every change of a section takes beside its options. @param names what may be unset */
export function changeParameters(...names: readonly string[]): ParameterTable {
  return { digest: optional(configDigest), delete: optional(arrayOf(oneOf(...names))) };
}

/** What every removal of a section takes. */
export function removal(idName: string, id: Schema): ParameterTable {
  return { [idName]: required(id), digest: optional(configDigest) };
}
