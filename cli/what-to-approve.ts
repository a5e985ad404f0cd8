import { changeAuthors } from "../deploy/change-authors";
import { planAll } from "../deploy/plan";
import { type Secret, type Site, UserError } from "../model";
import { type ToApprove, toApprove } from "../review/approval/between";
import type { Demand } from "../review/approval/judge";
import { environmentFindings } from "../review/site-findings";
import { configurationOfModel } from "../review/sources/model";
import { PlanDocuments, planToApprove } from "./approval-gate";
import type { ApprovalPlace } from "./approvals";
import { showing } from "./deployment-progress";
import type { CommonOptions } from "./options";
import { chooseSite, openSession } from "./session";
import { peopleNeeded, siteBefore } from "./site-before";

/** What a command on approvals is told of the change. */
export interface AskedFor {
  /** `YYYY-MM-DD` */
  readonly today: string;
  /** Revision to compare the working tree with; undefined: the plan is what is approved. */
  readonly base: string | undefined;
  readonly allowedSigners: string | undefined;
}

/** Whose approval is asked for what, before it is known what that weakens. */
export interface Asked {
  readonly place: ApprovalPlace;
  readonly site: Site;
  readonly environment: string;
  readonly today: string;
  readonly authors: readonly string[];
  readonly people: 1 | 2;
  /** The site before the change; undefined: it was not there, or the plan is asked. */
  readonly before: Site | undefined;
  /** Plans in a session of its own. Undefined: two revisions are compared. */
  readonly plan: ((onSecrets: (secrets: readonly Secret[]) => void) => Promise<ToApprove>) | undefined;
}

/** No device is asked yet. @throws UserError also for a lab, which needs no approval */
export async function openApproval(argument: string | undefined, options: CommonOptions, asked: AskedFor): Promise<Asked> {
  const { today, base, allowedSigners } = asked;
  const { folder, site, environmentName, environment } = await chooseSite(argument, options);
  if (environment.kind === "lab") throw noApprovalInLab(environmentName);
  const before = base === undefined ? undefined : await siteBefore(folder, site.name, base);
  return {
    place: { folder, site: site.name, allowedSigners },
    site,
    environment: environmentName,
    today,
    authors: await changeAuthors(folder.path, site.name, base),
    people: peopleNeeded(environmentName, before, site),
    before,
    plan: base === undefined ? (onSecrets) => ofPlan(argument, options, onSecrets) : undefined,
  };
}

/** @param onSecrets gets the secrets of the site, where they are opened, before anything is planned */
export async function findToApprove(asked: Asked, onSecrets: (secrets: readonly Secret[]) => void): Promise<ToApprove> {
  const { plan, before, site, environment } = asked;
  if (plan !== undefined) return await plan(onSecrets);
  if (before === undefined) return NOTHING;
  const own = environmentFindings(environment, before.environments[environment], site.environments[environment]);
  return toApprove(configurationOfModel(before), configurationOfModel(site), own);
}

/** A plan holds no promise, so none is asked for with it. */
export function demandOf({ site, environment, today, people, authors, plan }: Asked, { weakenings }: ToApprove): Demand {
  const { devices, promises } = weakenings;
  return {
    site: site.name,
    environment,
    today,
    people,
    authors,
    weakenings: plan === undefined ? { devices, promises } : { devices },
  };
}

export const isNothing = ({ weakenings }: ToApprove): boolean => weakenings.devices.length + weakenings.promises.length === 0;

/** Of a site that was not there nothing can get worse. */
const NOTHING: ToApprove = { findings: [], weakenings: { devices: [], promises: [] } };

const noApprovalInLab = (environment: string): UserError =>
  new UserError(
    {
      where: `environment ${environment}`,
      what: "is a lab, which needs no approval",
      repair: "name the environment that is to be approved with --env",
    },
    64,
  );

async function ofPlan(
  argument: string | undefined,
  options: CommonOptions,
  onSecrets: (secrets: readonly Secret[]) => void,
): Promise<ToApprove> {
  const session = await openSession(argument, options);
  onSecrets(session.secrets.values());
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
