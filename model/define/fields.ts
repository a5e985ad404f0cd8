/** Building blocks of the nouns' fields: value objects and small closed objects as zod schemas. */
import * as z from "zod";
import {
  type Parsed,
  type Problem,
  parseAddress,
  parseAuthId,
  parseCalendarEvent,
  parseCidr,
  parseDataRate,
  parseDuration,
  parseFingerprint,
  parseGuestId,
  parsePbsId,
  parsePort,
  parseSecretName,
} from "../values";

/** A zod schema that reads with a value object's own parser and keeps its words. */
export function parsed<Input, Value>(schema: z.ZodType<Input>, parse: (input: Input) => Parsed<Value>) {
  return schema.transform((input, context): Value => {
    const result = parse(input);
    if ("value" in result) return result.value;
    context.issues.push({ code: "custom", message: result.problem.what, params: { ...result.problem }, input });
    return z.NEVER;
  });
}

/** An object in which an unknown key is a fault; the message carries the known keys for the did-you-mean. */
export function closed<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape).join(" ");
  return z.strictObject(shape, { error: (issue) => (issue.code === "unrecognized_keys" ? known : undefined) });
}

/** A text with a rule of its own. */
export function ruled(accepts: (text: string) => boolean, problem: (text: string) => Problem) {
  return parsed(z.string(), (text) => (accepts(text) ? { value: text } : { problem: problem(text) }));
}

/** An integer of at least 1. */
export const count = parsed(z.number(), (value) =>
  Number.isInteger(value) && value >= 1 && value <= 1_000_000
    ? { value }
    : { problem: { what: `${value} is no count`, repair: "write an integer of at least 1, or leave the key out" } },
);

/** A text for people: not empty, one line, at most 128 characters, the length that PBS takes for a comment. */
export const line = ruled(
  (text) => text.trim() !== "" && text.length <= 128 && !/\p{Cc}/u.test(text),
  (text) => ({
    what:
      text.trim() === ""
        ? "the text is empty"
        : text.length > 128
          ? `the text has ${text.length} characters`
          : "the text has control characters",
    repair: "write one line of 1 to 128 characters",
  }),
);

/** A path on a device. */
export const absolutePath = ruled(
  (text) => /^\/[^\s/]/.test(text) && !/\/\.{0,2}(\/|$)/.test(text) && text.length <= 4096 && !/\p{Cc}/u.test(text),
  (text) => ({
    what: `"${text}" is no absolute path`,
    repair: 'write a path from the root without "..", empty parts or a final slash, like "/mnt/datastore/data"',
  }),
);

/** A host name or domain. */
export function parseHostName(text: string): Parsed<string> {
  const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
  if (text.length <= 253 && new RegExp(`^${label}(\\.${label})*$`, "i").test(text)) return { value: text };
  return { problem: { what: `"${text}" is no host name`, repair: 'write it like "pbs.example.org"' } };
}

export const hostName = parsed(z.string(), parseHostName);

/** An address for mail. */
export const mailAddress = ruled(
  (text) => /^[^\s@]+@[^\s@]+$/.test(text) && text.length <= 64,
  (text) => ({ what: `"${text}" is no mail address`, repair: 'write it like "sauvegardes@example.org", at most 64 characters' }),
);

export const address = parsed(z.string(), parseAddress);
/** An address of IPv6. */
export const address6 = parsed(z.string(), (text) => {
  const result = parseAddress(text);
  if ("problem" in result || text.includes(":")) return result;
  return { problem: { what: `"${text}" is an IPv4 address`, repair: "write the IPv6 address here, or remove the key" } };
});
export const cidr = parsed(z.string(), parseCidr);
export const authId = parsed(z.string(), parseAuthId);
export const calendarEvent = parsed(z.string(), parseCalendarEvent);
export const dataRate = parsed(z.string(), parseDataRate);
export const duration = parsed(z.string(), parseDuration);
export const fingerprint = parsed(z.string(), parseFingerprint);
export const guestId = parsed(z.number(), parseGuestId);
export const port = parsed(z.number(), parsePort);
export const secretName = parsed(z.string(), parseSecretName);
export const pbsId = (noun: string) => parsed(z.string(), (text) => parsePbsId(text, noun));

/** keep-* counts. Without any, Proxmox keeps everything and the datastore fills, so one at least is asked for. */
export const retention = closed({
  last: count.exactOptional(),
  hourly: count.exactOptional(),
  daily: count.exactOptional(),
  weekly: count.exactOptional(),
  monthly: count.exactOptional(),
  yearly: count.exactOptional(),
}).superRefine((keep, context) => {
  if (Object.values(keep).some((value) => value !== undefined)) return;
  const problem = {
    what: "the retention keeps everything",
    why: "without a count Proxmox removes nothing, and the datastore fills up",
    repair: "give at least one of last, hourly, daily, weekly, monthly, yearly",
  };
  context.addIssue({ code: "custom", message: problem.what, params: problem });
});
