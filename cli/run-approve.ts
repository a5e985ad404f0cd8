import { mkdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { principalsOf } from "../deploy/allowed-signers";
import { changeAuthors, signingKey } from "../deploy/change-authors";
import { onFiles } from "../deploy/file-faults";
import { planAll } from "../deploy/plan";
import { replaceFile } from "../deploy/secrets/files";
import { redactor } from "../deploy/secrets/redact";
import { fingerprintOf, publicKeyOf, readAllowedSigners, signText, verifySignature } from "../deploy/ssh-signature";
import { type Environment, type Secret, type Site, UserError } from "../model";
import { type ToApprove, toApprove } from "../review/approval/between";
import { daysAfter } from "../review/approval/day";
import type { Demand } from "../review/approval/judge";
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
import { environmentFindings } from "../review/site-findings";
import { configurationOfModel } from "../review/sources/model";
import { PlanDocuments, planToApprove } from "./approval-gate";
import { allowedSignersFile, approvalsFolder, judgeRecords } from "./approvals";
import { showing } from "./deployment-progress";
import type { CommonOptions } from "./options";
import { type Output, openOutput } from "./output";
import { chooseSite, openSession } from "./session";
import { peopleNeeded, siteBefore } from "./site-before";
import { toApproveText } from "./to-approve-text";

export interface ApproveChoices {
  readonly reason: string;
  /** `YYYY-MM-DD` */
  readonly today: string;
  readonly expires: string | undefined;
  readonly key: string | undefined;
  readonly allowedSigners: string | undefined;
  /** Revision to compare the working tree with; undefined: the plan is what is approved. */
  readonly base: string | undefined;
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

interface Chosen {
  readonly folder: { readonly path: string; readonly modelUrl: string };
  readonly site: Site;
  readonly environmentName: string;
  readonly environment: Environment;
}

/** Who signs, with what. */
interface Signer {
  readonly keyFile: string;
  readonly principals: readonly string[];
  readonly who: string;
}

/** Shows what a change weakens, asks, and writes a signed record that somebody accepts it. @throws UserError */
export async function approve(argument: string | undefined, options: CommonOptions, choices: ApproveChoices): Promise<Approved> {
  const output = openOutput(options);
  const { today, expires = daysAfter(today, USUAL_DAYS), base } = choices;
  const said = { reason: choices.reason.trim(), created: today, expires };
  const wrong = statementFaults(said);
  if (wrong.length > 0) {
    const repair = "correct it and run the command again";
    throw new UserError(
      wrong.map((what) => ({ where: "command line", what, repair })),
      64,
    );
  }
  const chosen = await chooseSite(argument, options);
  const { folder, site, environmentName, environment } = chosen;
  if (environment.kind === "lab") throw noApprovalInLab(environmentName);
  const place = { folder, site: site.name, allowedSigners: choices.allowedSigners };
  const signer = await signerOf(chosen, choices);
  const authors = await changeAuthors(folder.path, site.name, base);
  const before = base === undefined ? undefined : await siteBefore(folder, site.name, base);
  const people = peopleNeeded(environmentName, before, site);
  if (people === 2) refuseOwn(signer, authors, environmentName);
  refuseSecrets(said.reason, []);
  const found = base === undefined ? await ofPlan(argument, options, said.reason) : ofRevisions(chosen, before);
  output.note(toApproveText(found, output.color));
  const { weakenings } = found;
  if (weakenings.devices.length + weakenings.promises.length === 0) return { outcome: "nothing to approve" };
  if (!(await confirmed(chosen, signer.who, choices.yes, output))) return { outcome: "declined" };
  const statement = { ...said, site: site.name, environment: environmentName, who: signer.who, authors };
  const approval = recordOf(statement, weakenings);
  const file = await written(place, approval, signer, today);
  const demand: Demand = { site: site.name, environment: environmentName, today, people, authors, weakenings };
  const { counted } = await judgeRecords(place, demand);
  return { outcome: "approved", file, approval, missing: Math.max(0, people - counted.length) };
}

const noApprovalInLab = (environment: string): UserError =>
  new UserError(
    {
      where: `environment ${environment}`,
      what: "is a lab, which needs no approval",
      repair: "name the environment that is to be approved with --env",
    },
    64,
  );

async function signerOf({ folder }: Chosen, { key, allowedSigners }: ApproveChoices): Promise<Signer> {
  const keyFile = await signingKey(folder.path, key);
  const publicKey = await publicKeyOf(keyFile);
  const allowed = await readAllowedSigners(allowedSignersFile({ folder, allowedSigners }));
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

function ofRevisions({ site, environmentName, environment }: Chosen, before: Site | undefined): ToApprove {
  if (before === undefined) return NOTHING;
  const own = environmentFindings(environmentName, before.environments[environmentName], environment);
  return toApprove(configurationOfModel(before), configurationOfModel(site), own);
}

async function ofPlan(argument: string | undefined, options: CommonOptions, reason: string): Promise<ToApprove> {
  const session = await openSession(argument, options);
  refuseSecrets(reason, session.secrets.values());
  try {
    return await session.withDeployment("plan", async (deployment) => {
      const documents = new PlanDocuments();
      const plans = await planAll(deployment, { onProgress: showing(session.progress), onDocument: documents.onDocument });
      const { isNew, ...found } = await planToApprove(session, deployment, plans, documents);
      return isNew ? NOTHING : found;
    });
  } finally {
    session.progress.stop();
  }
}

/** Of a site that was not there nothing can get worse. */
const NOTHING: ToApprove = { findings: [], weakenings: { devices: [], promises: [] } };

/** What is written into the repository stays there. */
function refuseSecrets(reason: string, secrets: readonly Secret[]): void {
  const looksSecret = /-----BEGIN [A-Z ]*PRIVATE KEY|AGE-SECRET-KEY-/.test(reason);
  if (!looksSecret && redactor(secrets)(reason) === reason) return;
  throw new UserError(
    { where: "--reason", what: "holds a secret, which would be written into the repository", repair: "give a reason without it" },
    64,
  );
}

async function confirmed({ site, environmentName }: Chosen, who: string, yes: boolean, output: Output): Promise<boolean> {
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
    { message: `Approve this as ${who} for ${site.client} (${environmentName})?`, default: false },
    { output: process.stderr },
  );
}

/** Signs a record, makes sure that the signature will be accepted, and writes both. */
async function written(
  place: Parameters<typeof judgeRecords>[0],
  approval: ApprovalRecord,
  { keyFile, who }: Signer,
  today: string,
): Promise<string> {
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
