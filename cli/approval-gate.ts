import { readFile } from "node:fs/promises";
import { changeAuthors } from "../deploy/change-authors";
import type { Deployment } from "../deploy/deployment";
import { hasChanges, type LayerPlan } from "../deploy/plan";
import { demandReviewed, parseReviewedPlan, planDigest, reviewedPlanOf } from "../deploy/reviewed-plan";
import { UserError } from "../model";
import { type PlannedStack, plannedChanges } from "../policies/engine/planned-stack";
import { type ToApprove, toApprove } from "../review/approval/between";
import { daysAfter } from "../review/approval/day";
import { type ApprovalRecord, USUAL_DAYS } from "../review/approval/record";
import { type Weakening, weakeningText } from "../review/approval/weakening";
import type { Configuration } from "../review/configuration";
import { isUnknown } from "../review/known";
import { planSides } from "../review/sources/plan";
import { judgeRecords, notApproved } from "./approvals";
import { BegunWeakening } from "./begun-weakening";
import type { Session } from "./session";
import { peopleNeeded, siteBefore } from "./site-before";
import { today } from "./today";

export interface ApprovalChoices {
  readonly allowedSigners?: string | undefined;
  /** Revision since which the change was made: its authors, and how many had to approve then. Absent: the last commit of the site. */
  readonly base?: string | undefined;
  /** File with the record of the reviewed plan, which alone may be applied. */
  readonly reviewed?: string | undefined;
}

/** Documents of the plans of one run, each as the engine shows it. */
export class PlanDocuments {
  readonly #documents = new Map<string, unknown>();

  /** Takes the plan of a layer that changes something. */
  readonly onDocument = (layer: string, document: unknown): void => {
    this.#documents.set(layer, document);
  };

  /** Of the layers that change something. */
  get digests(): ReadonlyMap<string, string> {
    return new Map([...this.#documents].map(([layer, document]) => [layer, planDigest(document)]));
  }

  /** Of every layer: those that nothing is changed in say how the rest of the site is. */
  async ofAll(deployment: Deployment, plans: readonly LayerPlan[]) {
    return await Promise.all(
      plans.map(async ({ layer, stack, file }) => ({
        layer,
        plan: this.#documents.get(layer) ?? (await deployment.onStack(stack, (engine) => engine.show(file))),
      })),
    );
  }

  /** They may be large. */
  clear(): void {
    this.#documents.clear();
  }
}

export interface PlanToApprove extends ToApprove {
  /** The site is not in operation on its devices: as in a review, nothing of it can get worse. */
  readonly isNew: boolean;
}

/** What the plans of a run do to the protection, and what of it has to be approved. */
export async function planToApprove(
  { site }: Pick<Session, "site">,
  deployment: Deployment,
  plans: readonly LayerPlan[],
  documents: PlanDocuments,
): Promise<PlanToApprove> {
  const all = await documents.ofAll(deployment, plans);
  const { before, after } = planSides(all, site);
  return { ...toApprove(before, after), isNew: isNew(all, before) };
}

/** Nothing is there yet; or what holds data has stayed after a destroy, no job runs, and nothing of it is taken away. */
function isNew(documents: readonly PlannedStack[], { backupJobs }: Configuration): boolean {
  const changes = plannedChanges(documents);
  if (changes.every(({ before }) => before === undefined)) return true;
  const takesAway = changes.some(({ action }) => action === "delete" || action === "replace" || action === "forget");
  return !takesAway && !isUnknown(backupJobs) && backupJobs.length === 0;
}

/** Lets a plan pass that weakens nothing, or whose weakenings are approved; where one was reviewed, only that one. */
export class ApprovalGate {
  readonly documents = new PlanDocuments();

  constructor(
    private readonly session: Session,
    private readonly choices: ApprovalChoices,
  ) {}

  /** In a lab a weakening is only told. @throws UserError with exit code 3 when the plan may not be applied */
  async demand(deployment: Deployment, plans: readonly LayerPlan[]): Promise<void> {
    await this.#demandReviewed();
    if (!hasChanges(plans)) return;
    const { session, documents } = this;
    const { output, progress } = session;
    const { weakenings, isNew } = await planToApprove(session, deployment, plans, documents);
    documents.clear();
    const { devices } = weakenings;
    if (devices.length === 0) return;
    progress.stop();
    const begun = new BegunWeakening(deployment.workspace.root);
    if (isNew) return await begun.keep(devices, daysAfter(today(), USUAL_DAYS));
    if (session.environment.kind === "lab") {
      const lines = devices.map((one) => `  ${weakeningText(one)}`);
      output.note([output.color.yellow("weakens the protection; a lab needs no approval:"), ...lines].join("\n"));
    } else if (await begun.covers(devices, today())) {
      output.note("goes on with what an earlier run was allowed and has not ended");
    } else {
      const counted = await this.#demandApproval(devices);
      await begun.keep(devices, counted.map(({ expires }) => expires).sort()[0] ?? today());
      output.note(
        counted.map(({ who, reason, expires }) => `weakening approved by ${who} until ${expires}: ${reason}`).join("\n"),
      );
    }
  }

  /** Call it when everything was applied: what was allowed to this run is not allowed to the next. */
  async end(deployment: Deployment): Promise<void> {
    await new BegunWeakening(deployment.workspace.root).end();
  }

  async #demandApproval(devices: readonly Weakening[]): Promise<readonly ApprovalRecord[]> {
    const { folder, site, environment } = this.session;
    const { allowedSigners, base } = this.choices;
    const before = base === undefined ? undefined : await siteBefore(folder, site.name, base);
    const demand = {
      site: site.name,
      environment: environment.name,
      today: today(),
      people: peopleNeeded(environment.name, site, before),
      authors: await changeAuthors(folder.path, site.name, base),
      weakenings: { devices },
    };
    const judgement = await judgeRecords({ folder, site: site.name, allowedSigners }, demand);
    const command = `./bastide approve ${site.name} --env ${environment.name} --plan --reason "…"`;
    if (judgement.approved) return judgement.counted;
    throw notApproved(demand, judgement, command);
  }

  async #demandReviewed(): Promise<void> {
    const { reviewed: file } = this.choices;
    if (file === undefined) return;
    const { site, environment } = this.session;
    const again = `./bastide plan ${site.name} --env ${environment.name} --out ${file}`;
    const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
      throw new UserError({
        where: file,
        what: error.code === "ENOENT" ? "there is no such file" : `cannot be read (${error.code})`,
        repair: `have the plan reviewed: ${again}`,
      });
    });
    const planned = reviewedPlanOf(site.name, environment.name, this.documents.digests);
    demandReviewed(parseReviewedPlan(file, text), planned, file, again);
  }
}
