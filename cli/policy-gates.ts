import { existsSync } from "node:fs";
import type { Deployment } from "../deploy/deployment";
import type { LayerPlan } from "../deploy/plan";
import type { SitesFolder } from "../deploy/site-loader";
import { type Evidence, evaluate } from "../policies/engine/evaluate";
import type { PolicyReport } from "../policies/engine/finding";
import { BASTIDE } from "../policies/packs/bastide";
import { baselineKeys, type KnownFinding, repairedFindings } from "../policies/report/baseline";
import { readBaseline } from "./baseline";
import type { Session } from "./session";
import { today } from "./today";

/** What the policies say of a site, and what its baseline says that is not so any more. */
export interface Judgement {
  readonly policies: PolicyReport;
  readonly repaired: readonly KnownFinding[];
}

/** Judges a site by every policy at every gate that there is evidence for. @throws UserError where its baseline is broken */
export async function judge(folder: SitesFolder, evidence: Omit<Evidence, "baseline">): Promise<Judgement> {
  return judgeWith(await readBaseline(folder, evidence.site.name), evidence);
}

function judgeWith(known: readonly KnownFinding[], evidence: Omit<Evidence, "baseline">): Judgement {
  const policies = evaluate(BASTIDE, { ...evidence, baseline: baselineKeys(known) });
  return { policies, repaired: repairedFindings(BASTIDE, policies, known) };
}

type JudgedSession = Pick<Session, "folder" | "site" | "environment">;

/** All three gates of one run. It holds the plans, which may be large, only until they are judged. */
export class PolicyGates {
  readonly #documents = new Map<string, unknown>();

  private constructor(
    private readonly session: JudgedSession,
    private readonly known: readonly KnownFinding[],
  ) {}

  /** To be called before anything is planned: a broken baseline is told at once. @throws UserError with its faults */
  static async open(session: JudgedSession): Promise<PolicyGates> {
    return new PolicyGates(session, await readBaseline(session.folder, session.site.name));
  }

  /** Takes the plan of a layer, as the engine shows it. */
  readonly onDocument = (layer: string, document: unknown): void => {
    this.#documents.set(layer, document);
  };

  async judge(deployment: Deployment, plans: readonly LayerPlan[]): Promise<Judgement> {
    const { site, environment } = this.session;
    const synthesized = deployment.stacks.map(({ id, layer, configuration }) => ({
      id,
      layer,
      configuration,
      locked: existsSync(deployment.workspace.lockFile(layer)),
    }));
    const planned = plans.map(({ layer }) => ({ layer, plan: this.#documents.get(layer) }));
    this.#documents.clear();
    return judgeWith(this.known, { site, environment: environment.name, today: today(), synthesized, planned });
  }
}
