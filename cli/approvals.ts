import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { SitesFolder } from "../deploy/site-loader";
import { readAllowedSigners, verifySignature } from "../deploy/ssh-signature";
import { type Fault, UserError } from "../model";
import { type Candidate, type Demand, type Judgement, judgeApprovals } from "../review/approval/judge";
import { APPROVAL_NAMESPACE, parseApproval, signedText } from "../review/approval/record";
import { weakeningText } from "../review/approval/weakening";

/** Where the approvals of a site are, and who may give them. */
export interface ApprovalPlace {
  readonly folder: SitesFolder;
  readonly site: string;
  /** File of OpenSSH; default: `allowed-signers` in the folder of the sites. */
  readonly allowedSigners: string | undefined;
}

/** `<sites>/<site>/approvals` */
export const approvalsFolder = ({ folder, site }: Pick<ApprovalPlace, "folder" | "site">): string =>
  join(folder.path, site, "approvals");

/** File that says whose approval counts. */
export const allowedSignersFile = ({ folder, allowedSigners }: Pick<ApprovalPlace, "folder" | "allowedSigners">): string =>
  allowedSigners ?? join(folder.path, "allowed-signers");

/**
 * Reads every approval of a site, verifies the signatures, and judges whether they allow what is demanded.
 * @throws UserError when ssh-keygen or the allowed-signers file is missing and there is something to verify
 */
export async function judgeRecords(place: ApprovalPlace, demand: Demand): Promise<Judgement> {
  const folder = approvalsFolder(place);
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw new UserError({ where: folder, what: `cannot be read (${error.code})`, repair: "give this user the right to read it" });
  });
  const files = names.filter((name) => name.endsWith(".json")).sort();
  if (files.length === 0) return judgeApprovals(demand, []);
  const allowed = await readAllowedSigners(allowedSignersFile(place));
  const candidates = files.map(async (name): Promise<Candidate> => {
    const path = join(folder, name);
    const file = relative(process.cwd(), path);
    const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => error);
    if (typeof text !== "string") return { file, read: `cannot be read (${text.code})` };
    const read = parseApproval(text);
    if (typeof read === "string") return { file, read };
    const { approval, signature } = read;
    const signed = { text: signedText(approval), signature, namespace: APPROVAL_NAMESPACE, who: approval.who };
    return { file, read, signature: await verifySignature(signed, allowed, demand.today) };
  });
  return judgeApprovals(demand, await Promise.all(candidates));
}

/** Longest list of weakenings in a fault. */
const TOLD = 20;

/**
 * What stops a weakening that is not approved, with what is wrong with each approval that there is.
 * @param command that approves it
 */
export function notApproved({ site, environment, people, weakenings }: Demand, judgement: Judgement, command: string): UserError {
  const texts = [...weakenings.devices, ...(weakenings.promises ?? [])].map(weakeningText);
  const more = texts.length > TOLD ? `; and ${texts.length - TOLD} more` : "";
  const missing = people - judgement.counted.length;
  const by = judgement.counted.map(({ who }) => who).join(", ");
  const fault: Fault = {
    where: `${site} (${environment})`,
    what: `weakens the protection, and ${by === "" ? "nobody has approved that" : `only ${by} has approved that`}: ${texts.slice(0, TOLD).join("; ")}${more}`,
    why: `${environment} asks for ${people === 1 ? "the approval of a person" : "the approval of two people, none of whom made the change"}; nothing was changed`,
    repair: `${missing === 1 ? "have it approved" : "have it approved by two people"}: ${command}`,
  };
  return new UserError([fault, ...judgement.refusals], 3);
}
