import { planAll } from "../deploy/plan";
import type { PolicyReport } from "../policies/engine/finding";
import { compareProtection } from "../review/compare";
import { crossActions } from "../review/cross-actions";
import { policyChanges } from "../review/policy-changes";
import { protectionOf } from "../review/protect";
import { assembleReview, type Review } from "../review/review";
import { planSides } from "../review/sources/plan";
import { describeAddress } from "../stacks/describe-address";
import { PlanDocuments } from "./approval-gate";
import { showing } from "./deployment-progress";
import type { CommonOptions } from "./options";
import { PolicyGates } from "./policy-gates";
import { referencesOf } from "./review-references";
import { openSession } from "./session";

/**
 * Reviews what apply would do to one site in one environment: what is on the devices now against what would be. Everything is
 * planned and nothing is changed.
 * @param waitSeconds how long to wait for another run on the same site and environment
 */
export async function reviewPlan(argument: string | undefined, options: CommonOptions, waitSeconds: number): Promise<Review> {
  const session = await openSession(argument, options);
  const { site, environment, progress } = session;
  try {
    return await session.withDeployment(
      "plan",
      async (deployment) => {
        const gates = await PolicyGates.open(session);
        const documents = new PlanDocuments();
        const plans = await planAll(deployment, {
          onProgress: showing(progress),
          onDocument: (layer, document) => {
            gates.onDocument(layer, document);
            documents.onDocument(layer, document);
          },
        });
        const sides = planSides(await documents.ofAll(deployment, plans), site);
        documents.clear();
        const { policies: report } = await gates.judge(deployment, plans);
        progress.stop();
        const findings = compareProtection(protectionOf(sides.before), protectionOf(sides.after));
        const policies = policyChanges(withoutPlan(report), report);
        return assembleReview({
          site: site.name,
          environment: environment.name,
          before: "what is on the devices",
          after: "what apply would make of it",
          change: { kind: "changed" },
          findings,
          crossActions: crossActions(sides.before, sides.after, findings),
          replaced: sides.replaced.map(({ address, because }) => ({ object: describeAddress(address), because })),
          drift: sides.drift.map(({ address, kind, keys }) =>
            [describeAddress(address), kind === "deleted" ? "deleted" : keys.join(", ")].join(": "),
          ),
          policies,
          references: referencesOf(policies.appeared),
          approvals: [],
          notes: [],
          asides: [],
          faults: [],
        });
      },
      { waitSeconds },
    );
  } finally {
    progress.stop();
  }
}

/** What the policies say of the site as it stands, without what only the plan of this change breaks. */
const withoutPlan = (report: PolicyReport): PolicyReport => ({
  ...report,
  findings: report.findings.filter(({ gate }) => gate !== "plan"),
});
