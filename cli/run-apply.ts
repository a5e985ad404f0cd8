import { apply } from "../deploy/apply";
import type { LayerPlan } from "../deploy/plan";
import { staleStacks } from "../deploy/stale-stacks";
import { tokenIssuer } from "../deploy/token-issuer";
import type { Check } from "../live/check";
import { storages } from "../live/checks/storages";
import { verify } from "../live/verify";
import { backupTargets, UserError } from "../model";
import { mustStop } from "../policies/engine/finding";
import { type ApprovalChoices, ApprovalGate } from "./approval-gate";
import { changesText } from "./changes-text";
import { checksSummary, proofText, proven } from "./checks-table";
import { showing } from "./deployment-progress";
import { judgementText } from "./findings-text";
import { type Judgement, PolicyGates } from "./policy-gates";
import type { Session } from "./session";
import { staleText } from "./stale-text";

export interface ApplyChoices {
  readonly yes: boolean;
  readonly waitSeconds: number;
  readonly adopt: readonly string[];
  readonly migrateState: boolean;
  readonly releaseLocks: Readonly<Record<string, string>>;
  readonly approval: ApprovalChoices;
}

/** Applies a site and proves it. @returns the exit code: 0 proven, 1 the devices do not hold what the model says, 3 declined or refused */
export async function runApply(session: Session, choices: ApplyChoices): Promise<number> {
  const { site, environment, output, progress } = session;
  let checks: readonly Check[] = [];
  const gates = await PolicyGates.open(session);
  const approvals = new ApprovalGate(session, choices.approval);
  let judgement: Judgement | undefined;
  try {
    return await session.withDeployment(
      "apply",
      async (deployment) => {
        const report = await apply(deployment, {
          onDocument: (layer, document) => {
            gates.onDocument(layer, document);
            approvals.documents.onDocument(layer, document);
          },
          judge: async (plans) => {
            judgement = await gates.judge(deployment, plans);
            progress.stop();
            const refused = mustStop(judgement.policies);
            // What refuses stands last, where it is read.
            if (refused) output.note(changesText(plans, output.color));
            output.note(judgementText(judgement, output.color));
            return !refused;
          },
          demandApproval: (plans) => approvals.demand(deployment, plans),
          confirm: async (plans) => {
            await keepForeignKeys(session, plans);
            return await confirmed(session, plans, choices.yes);
          },
          tokens: session.tokens,
          issuerOf: (token) => {
            const endpoint = environment.backupServers[token.backupServer];
            const { name, secret } = session.credentialOf({ kind: "backup-server", name: token.backupServer });
            if (endpoint === undefined || secret === undefined)
              throw new UserError({
                where: token.backupServer,
                what: `no secret "${name}"`,
                repair: `store it: ${session.secrets.command("set", name)}`,
              });
            return tokenIssuer(endpoint, secret, token);
          },
          verify: async () => {
            checks = verify(await session.readReality());
            return checks;
          },
          onProgress: showing(progress),
          adopt: choices.adopt,
        });
        if (!NOT_DONE.includes(report.outcome)) await approvals.end(deployment);
        const stale = await staleStacks(deployment);
        progress.stop();
        const ok = proven(checks);
        output.result(
          { ok: ok && !NOT_DONE.includes(report.outcome), report, stale, ...judgement },
          [
            ...(checks.length === 0 ? [] : [proofText(checks, output.color), ""]),
            ...staleText(stale, site.name, environment.name),
            outcomeText(session, report.outcome, checks),
            output.color.dim(`report: ${deployment.workspace.runs}`),
          ].join("\n"),
        );
        if (NOT_DONE.includes(report.outcome)) return 3;
        return ok ? 0 : 1;
      },
      { waitSeconds: choices.waitSeconds, migrateState: choices.migrateState, releaseLocks: choices.releaseLocks },
    );
  } finally {
    progress.stop();
  }
}

/** Outcomes of a run that nobody let begin. */
const NOT_DONE: readonly string[] = ["declined", "refused"];

function outcomeText({ site, environment, output }: Session, outcome: string, checks: readonly Check[]): string {
  const { color } = output;
  if (NOT_DONE.includes(outcome)) return "nothing was changed";
  if (!proven(checks)) return color.red(`applied, but not proven: ${checksSummary(checks)}`);
  const done = outcome === "nothing to do" ? "nothing to be done" : "applied";
  return color.green(`${site.client} (${environment.name}): ${done}, and proven on the devices. ${checksSummary(checks)}`);
}

/** An update of a storage sends the escrowed key with it, and would so replace one that only the hypervisor has. */
async function keepForeignKeys(session: Session, plans: readonly LayerPlan[]): Promise<void> {
  const updated = plans
    .flatMap(({ changes }) => changes)
    .filter(({ action }) => action === "update")
    .map(({ construct }) => construct);
  const mayHold = backupTargets(session.site).filter(({ storage }) => updated.includes(`storage ${storage}`));
  if (mayHold.length === 0) return;
  const wrong = storages(await session.readReality()).filter(
    ({ id, verdict, subject }) =>
      id === "storage.encryption" && verdict === "fault" && mayHold.some(({ storage }) => subject === `storage ${storage}`),
  );
  const foreign = wrong.filter(({ actual }) => actual.startsWith("key "));
  if (foreign.length === 0) return;
  throw new UserError(
    foreign.map(({ subject, actual, repair = "" }) => ({
      where: `hypervisor ${subject}`,
      what: `encrypts with another key than the escrowed one (${actual}), which this apply would replace`,
      why: "the backups made with it could never be read again; nothing was changed",
      repair,
    })),
  );
}

/** In the lab nobody is asked. Elsewhere a person at a terminal is; without a terminal only `--yes` goes on. */
async function confirmed(session: Session, plans: readonly LayerPlan[], yes: boolean): Promise<boolean> {
  const { output, progress, environment, site } = session;
  progress.stop();
  output.note(changesText(plans, output.color));
  if (yes || environment.kind === "lab") return true;
  if (process.stdin.isTTY !== true || output.json) {
    throw new UserError(
      {
        where: "command line",
        what: "there is no terminal to confirm the changes on",
        repair: `look at them with ./bastide plan ${site.name} --env ${environment.name}, then add --yes`,
      },
      3,
    );
  }
  const { confirm } = await import("@inquirer/prompts");
  return await confirm(
    { message: `Apply these changes to ${site.client} (${environment.name})?`, default: false },
    { output: process.stderr },
  );
}
