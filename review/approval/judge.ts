import type { Fault } from "../../model";
import { daysAfter } from "./day";
import { type ApprovalRecord, MOST_DAYS, type SignedApproval } from "./record";
import { hashOf, type Weakenings, weakeningText } from "./weakening";

/** What is to be approved, and by how many. */
export interface Demand {
  readonly site: string;
  readonly environment: string;
  /** `YYYY-MM-DD` */
  readonly today: string;
  /** With 2, two people sign and none of them made the change. */
  readonly people: 1 | 2;
  /** Mail addresses of those who made the change. */
  readonly authors: readonly string[];
  /** Without promises: what a plan does, which holds none; an approval of the promises as well is accepted for it. */
  readonly weakenings: Pick<Weakenings, "devices"> & Partial<Weakenings>;
}

/** An approval file as it was found. */
export interface Candidate {
  /** As the reader is to know it. */
  readonly file: string;
  /** A text says why it cannot be read. */
  readonly read: SignedApproval | string;
  /** Whether the signature is that of who the record names. Needed where the record could be read. */
  readonly signature?: SignatureVerdict;
}

export type SignatureVerdict = GoodSignature | { readonly refused: Pick<Fault, "what" | "why" | "repair"> };

export interface GoodSignature {
  /** Fingerprint of the key that signed. */
  readonly key: string;
  /** Every name that the allowed-signers file gives to that key. */
  readonly principals: readonly string[];
}

export interface Judgement {
  readonly approved: boolean;
  /** Approvals that count. */
  readonly counted: readonly ApprovalRecord[];
  /** Why each of the others does not. */
  readonly refusals: readonly Fault[];
}

interface Valid extends GoodSignature {
  readonly file: string;
  readonly record: ApprovalRecord;
}

const AGAIN = "have the findings approved again: ./bastide approve";

/** Judges whether approvals allow weakenings. Nothing is believed of a record before its signature is known to be good. */
export function judgeApprovals(demand: Demand, candidates: readonly Candidate[]): Judgement {
  const refusals: Fault[] = [];
  const valid: Valid[] = [];
  for (const candidate of candidates) {
    const { file, read, signature } = candidate;
    if (isOfThePast(demand, candidate)) continue;
    const refusal = typeof read === "string" ? unreadable(read) : refusalOf(demand, read.approval, signature);
    if (refusal !== undefined) refusals.push({ where: file, ...refusal });
    else if (typeof read !== "string" && signature !== undefined && "key" in signature) {
      valid.push({ ...signature, file, record: read.approval });
    }
  }
  const counted: Valid[] = [];
  // Whoever signs says who made the change: an author who leaves himself out is still named by the other person.
  const authors = [...demand.authors, ...valid.flatMap(({ record }) => record.authors)].map((one) => one.toLowerCase());
  for (const one of valid) {
    const refusal = demand.people === 1 ? undefined : (ownApproval(one, authors) ?? sameHand(one, counted));
    if (refusal === undefined) counted.push(one);
    else refusals.push({ where: one.file, ...refusal });
  }
  return { approved: counted.length >= demand.people, counted: counted.map(({ record }) => record), refusals };
}

type Refusal = Omit<Fault, "where">;

const unreadable = (what: string): Refusal => ({
  what,
  repair: "restore the file from the repository, or delete it and have the findings approved again",
});

function refusalOf(demand: Demand, record: ApprovalRecord, signature: SignatureVerdict | undefined): Refusal | undefined {
  if (signature === undefined) return { what: "its signature was not looked at", repair: "report this fault of Bastide" };
  if ("refused" in signature) return signature.refused;
  const { site, environment, today } = demand;
  if (record.site !== site) {
    return { what: `it is for the site ${record.site}, not for ${site}`, repair: `move it to the folder of ${record.site}` };
  }
  if (record.environment !== environment) {
    return {
      what: `it is for the environment ${record.environment}, not for ${environment}`,
      why: "what is acceptable in one environment need not be in another",
      repair: `have the findings approved for ${environment}: ./bastide approve ${site} --env ${environment}`,
    };
  }
  if (!coversFindings(demand, record)) return otherFindings(demand, record);
  return outOfTime(record, today);
}

function outOfTime({ created, expires }: ApprovalRecord, today: string): Refusal | undefined {
  if (expires < today) return { what: `it expired: ${expires} was its last day`, repair: AGAIN };
  if (created > today) {
    return { what: `it is dated ${created}, which is still to come`, repair: "set the clock of the machine that made it" };
  }
  if (expires <= daysAfter(created, MOST_DAYS)) return undefined;
  return { what: `it lasts from ${created} to ${expires}; an approval lasts at most ${MOST_DAYS} days`, repair: AGAIN };
}

function coversFindings({ weakenings }: Demand, record: ApprovalRecord): boolean {
  const { devices, promises } = weakenings;
  return record.devices === hashOf(devices) && (promises === undefined || record.promises === hashOf(promises));
}

/** Longest list of differences that is told. */
const TOLD = 5;

function otherFindings({ weakenings }: Demand, { weakenings: approved }: ApprovalRecord): Refusal {
  const present = [...weakenings.devices, ...(weakenings.promises ?? [])].map(weakeningText);
  const further = present.filter((text) => !approved.includes(text));
  const gone = weakenings.promises === undefined ? [] : approved.filter((text) => !present.includes(text));
  const list = (texts: readonly string[]) =>
    `${texts.slice(0, TOLD).join("; ")}${texts.length > TOLD ? `; and ${texts.length - TOLD} more` : ""}`;
  return {
    what:
      further.length > 0
        ? `it does not cover: ${list(further)}`
        : `it covers more than there is now${gone.length > 0 ? `: ${list(gone)}` : ""}`,
    why: "an approval is for exactly the findings that were shown; the site file was changed since, or the devices differ from it",
    repair: AGAIN,
  };
}

/** Approvals of earlier changes stay in the repository; they are no news. So are those of other environments. */
function isOfThePast(demand: Demand, { file, read }: Candidate): boolean {
  if (typeof read === "string" || coversFindings(demand, read.approval)) return false;
  const { environment, expires } = read.approval;
  const belongsElsewhere = environment !== demand.environment && !baseName(file).startsWith(`${demand.environment}-`);
  return expires < demand.today || belongsElsewhere;
}

const baseName = (file: string): string => file.slice(file.lastIndexOf("/") + 1);

function ownApproval({ record, principals }: Valid, authors: readonly string[]): Refusal | undefined {
  const own = [record.who, ...principals].find((name) => authors.includes(name.toLowerCase()));
  if (own === undefined) return undefined;
  return {
    what: `${own} made the change, and nobody approves his own where two people have to`,
    repair: "have two other people approve it: ./bastide approve",
  };
}

function sameHand({ record, key }: Valid, counted: readonly Valid[]): Refusal | undefined {
  const same = counted.some((one) => one.key === key || one.record.who === record.who);
  if (!same) return undefined;
  return { what: `${record.who} has signed already`, repair: "have another person approve it as well: ./bastide approve" };
}
