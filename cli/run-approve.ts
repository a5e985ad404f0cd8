import { mkdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { principalsOf } from "../deploy/allowed-signers";
import { signingKey } from "../deploy/change-authors";
import { onFiles } from "../deploy/file-faults";
import { replaceFile } from "../deploy/secrets/files";
import { redactor } from "../deploy/secrets/redact";
import { fingerprintOf, publicKeyOf, readAllowedSigners, signText, verifySignature } from "../deploy/ssh-signature";
import { type Secret, UserError } from "../model";
import { daysAfter } from "../review/approval/day";
import {
  APPROVAL_NAMESPACE,
  type ApprovalRecord,
  fileNameOf,
  fileText,
  recordOf,
  signedText,
  statementFaults,
  USUAL_DAYS,
} from "../review/approval/record";
import { type ApprovalPlace, allowedSignersFile, approvalsFolder, judgeRecords, notApproved } from "./approvals";
import type { CommonOptions } from "./options";
import { type Output, openOutput } from "./output";
import { toApproveText } from "./to-approve-text";
import { type Asked, type AskedFor, demandOf, findToApprove, isNothing, openApproval } from "./what-to-approve";

export interface ApproveChoices extends AskedFor {
  readonly reason: string;
  readonly expires: string | undefined;
  readonly key: string | undefined;
  readonly yes: boolean;
}

export type Approved =
  | { readonly outcome: "nothing to approve" | "declined" }
  | {
      readonly outcome: "approved";
      readonly file: string;
      readonly approval: ApprovalRecord;
      /** How many more people have to approve. */
      readonly missing: number;
    };

/** Who signs, with what. */
interface Signer {
  readonly keyFile: string;
  readonly principals: readonly string[];
  readonly who: string;
}

/** Shows what a change weakens, asks, and writes a signed record that somebody accepts it. @throws UserError */
export async function approve(argument: string | undefined, options: CommonOptions, choices: ApproveChoices): Promise<Approved> {
  const output = openOutput(options);
  const { today, expires = daysAfter(today, USUAL_DAYS) } = choices;
  const said = { reason: choices.reason.trim(), created: today, expires };
  const wrong = statementFaults(said);
  if (wrong.length > 0) {
    const repair = "correct it and run the command again";
    throw new UserError(
      wrong.map((what) => ({ where: "command line", what, repair })),
      64,
    );
  }
  const asked = await openApproval(argument, options, choices);
  const { place, site, environment, authors, people } = asked;
  const signer = await signerOf(place, choices.key);
  if (people === 2) refuseOwn(signer, authors, environment);
  refuseSecrets(said.reason, []);
  const found = await findToApprove(asked, (secrets) => refuseSecrets(said.reason, secrets));
  output.note(toApproveText(found, output.color));
  const { weakenings } = found;
  if (isNothing(found)) return { outcome: "nothing to approve" };
  if (!(await confirmed(asked, signer.who, choices.yes, output))) return { outcome: "declined" };
  const statement = { ...said, site: site.name, environment, who: signer.who, authors };
  const approval = recordOf(statement, weakenings);
  const file = await written(place, approval, signer, today);
  const { counted } = await judgeRecords(place, demandOf(asked, found));
  return { outcome: "approved", file, approval, missing: Math.max(0, people - counted.length) };
}

/**
 * Whether nothing needs an approval, or it has been given; nothing is signed.
 * @throws UserError with exit code 3 and what is wrong with each approval, where it has not
 */
export async function checkApprovals(
  argument: string | undefined,
  options: CommonOptions,
  choices: AskedFor,
): Promise<readonly ApprovalRecord[]> {
  const asked = await openApproval(argument, options, choices);
  const found = await findToApprove(asked, () => undefined);
  const output = openOutput(options);
  output.note(toApproveText(found, output.color));
  if (isNothing(found)) return [];
  const demand = demandOf(asked, found);
  const judgement = await judgeRecords(asked.place, demand);
  if (judgement.approved) return judgement.counted;
  const what = choices.base === undefined ? "--plan" : `--base ${choices.base}`;
  throw notApproved(demand, judgement, `./bastide approve ${asked.site.name} --env ${asked.environment} ${what} --reason "…"`);
}

async function signerOf(place: ApprovalPlace, key: string | undefined): Promise<Signer> {
  const keyFile = await signingKey(place.folder.path, key);
  const publicKey = await publicKeyOf(keyFile);
  const allowed = await readAllowedSigners(allowedSignersFile(place));
  const principals = principalsOf(allowed.signers, publicKey);
  const [who] = principals;
  if (who !== undefined) return { keyFile, principals, who };
  throw new UserError(
    {
      where: allowed.file,
      what: `does not name the key ${fingerprintOf(publicKey)} (${keyFile})`,
      why: "an approval counts only from somebody whom the repository lets approve",
      repair: `have a line for it merged: <your mail address> ssh-ed25519 AAAA… (the content of ${keyFile.replace(/\.pub$/, "")}.pub); or name another key with --key`,
    },
    3,
  );
}

function refuseOwn({ principals }: Signer, authors: readonly string[], environment: string): void {
  const own = principals.find((name) => authors.some((author) => author.toLowerCase() === name.toLowerCase()));
  if (own === undefined) return;
  throw new UserError(
    {
      where: `environment ${environment}`,
      what: `${own} made the change, and ${environment} asks for two other people`,
      repair: "have two other people run this command",
    },
    3,
  );
}

/** What is written into the repository stays there. */
function refuseSecrets(reason: string, secrets: readonly Secret[]): void {
  const looksSecret = /-----BEGIN [A-Z ]*PRIVATE KEY|AGE-SECRET-KEY-/.test(reason);
  if (!looksSecret && redactor(secrets)(reason) === reason) return;
  throw new UserError(
    { where: "--reason", what: "holds a secret, which would be written into the repository", repair: "give a reason without it" },
    64,
  );
}

async function confirmed({ site, environment }: Asked, who: string, yes: boolean, output: Output): Promise<boolean> {
  if (yes) return true;
  if (process.stdin.isTTY !== true || output.json) {
    throw new UserError(
      {
        where: "command line",
        what: "there is no terminal to confirm the approval on",
        repair: "read what is shown, then add --yes",
      },
      3,
    );
  }
  const { confirm } = await import("@inquirer/prompts");
  return await confirm(
    { message: `Approve this as ${who} for ${site.client} (${environment})?`, default: false },
    { output: process.stderr },
  );
}

/** Signs a record, makes sure that the signature will be accepted, and writes both. */
async function written(place: ApprovalPlace, approval: ApprovalRecord, { keyFile, who }: Signer, today: string): Promise<string> {
  const text = signedText(approval);
  const signature = await signText(text, { keyFile, namespace: APPROVAL_NAMESPACE });
  const allowed = await readAllowedSigners(allowedSignersFile(place));
  const verdict = await verifySignature({ text, signature, namespace: APPROVAL_NAMESPACE, who }, allowed, today);
  if ("refused" in verdict) throw new UserError({ where: keyFile, ...verdict.refused });
  const folder = approvalsFolder(place);
  const file = join(folder, fileNameOf(approval));
  await onFiles(file, async () => {
    await mkdir(folder, { recursive: true });
    await replaceFile(file, fileText({ approval, signature }));
  });
  return relative(process.cwd(), file);
}
