import { createHash } from "node:crypto";
import * as z from "zod";
import { daysAfter, isDay } from "./day";
import { hashOf, type Weakenings, weakeningText } from "./weakening";

/** Namespace of the signatures: a key that signs commits or packages has not approved anything by that. */
export const APPROVAL_NAMESPACE = "bastide-approval";
/** Days that an approval lasts, unless it says otherwise. */
export const USUAL_DAYS = 30;
/** Days that an approval may last: what was right last year is to be looked at again. */
export const MOST_DAYS = 90;
const LONGEST_REASON = 500;

const day = z.string().refine(isDay, "no day such as 2026-11-21");
const hash = z.string().regex(/^[0-9a-f]{64}$/, "no SHA-256 in hexadecimal");
const line = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    .regex(/^[^\u0000-\u001f\u007f]*$/, "must be one line without control characters");

const recordSchema = z.strictObject({
  version: z.literal(1),
  site: line(100),
  environment: line(100),
  who: line(200),
  reason: line(LONGEST_REASON),
  created: day,
  expires: day,
  authors: z.array(line(200)),
  devices: hash,
  promises: hash,
  weakenings: z.array(z.string()),
});
const fileSchema = z.strictObject({ approval: recordSchema, signature: z.string().min(1) });

/** That somebody knows a set of weakenings, and accepts it on one environment of one site until a day. It holds no secret. */
export interface ApprovalRecord {
  readonly version: 1;
  readonly site: string;
  readonly environment: string;
  /** Principal of the allowed-signers file to whom the signing key belongs. */
  readonly who: string;
  readonly reason: string;
  /** `YYYY-MM-DD` */
  readonly created: string;
  /** Last day on which it holds. */
  readonly expires: string;
  /** Mail addresses of those who made the change, as the repository of the person who signs says, sorted. */
  readonly authors: readonly string[];
  /** SHA-256 of the weakenings that the devices are told. */
  readonly devices: string;
  /** SHA-256 of those that only the site file promises. */
  readonly promises: string;
  /** Both, for the reader. */
  readonly weakenings: readonly string[];
}

/** A record with its signature: what an approval file holds. */
export interface SignedApproval {
  readonly approval: ApprovalRecord;
  /** SSH signature in armor. */
  readonly signature: string;
}

/** What a person who approves says of an approval beside its findings. */
export type Statement = Omit<ApprovalRecord, "version" | "devices" | "promises" | "weakenings">;

/** Makes a record of a statement about weakenings. */
export const recordOf = (statement: Statement, { devices, promises }: Weakenings): ApprovalRecord => ({
  ...statement,
  version: 1,
  authors: [...new Set(statement.authors)].sort(),
  devices: hashOf(devices),
  promises: hashOf(promises),
  weakenings: [...devices, ...promises].map(weakeningText),
});

/** What is wrong with what a person states, in words for the command line. */
export function statementFaults({ reason, created, expires }: Pick<Statement, "reason" | "created" | "expires">): string[] {
  const readable = recordSchema.shape.reason.safeParse(reason.trim());
  const last = daysAfter(created, MOST_DAYS);
  return [
    ...(readable.success ? [] : [`the reason must be one line of 1 to ${LONGEST_REASON} characters`]),
    ...(!isDay(expires)
      ? [`"${expires}" is no day such as ${daysAfter(created, USUAL_DAYS)}`]
      : expires < created || expires > last
        ? [`an approval of ${created} can end from that day to ${last}, not on ${expires}`]
        : []),
  ];
}

/** The text that is signed: every field, in one order, without white space. */
export const signedText = (record: ApprovalRecord): string =>
  JSON.stringify(Object.fromEntries(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1))));

/** `production-1f2e3d4c5b6a-alice@example.com.json` */
export function fileNameOf(record: ApprovalRecord): string {
  const plain = (text: string) => text.replace(/[^\w.@-]/g, "-");
  return `${plain(record.environment)}-${findingsHash(record).slice(0, 12)}-${plain(record.who)}.json`;
}

/** Of a record that covers only what the devices are told, as that of a plan does, it is their hash. */
const findingsHash = ({ devices, promises }: ApprovalRecord): string =>
  promises === hashOf([]) ? devices : createHash("sha256").update(`${devices} ${promises}`).digest("hex");

/** Content of an approval file. */
export const fileText = (signed: SignedApproval): string => `${JSON.stringify(signed, null, 2)}\n`;

/** Reads an approval file. @returns what is wrong with it, where it cannot be read; it is not believed yet */
export function parseApproval(text: string): SignedApproval | string {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return "is no JSON";
  }
  const { success, error, data: signed } = fileSchema.safeParse(data);
  if (success) return signed;
  const [issue] = error.issues;
  return `is no approval: ${issue === undefined ? "unreadable" : `${issue.path.join(".") || "the file"}: ${issue.message}`}`;
}
