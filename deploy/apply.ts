import { closest } from "fastest-levenshtein";
import { UserError } from "../model";
import { applyLayer } from "./apply-layer";
import { unlessCancelled } from "./cancellation";
import { type Deployment, onEach } from "./deployment";
import { type HandOffOptions, handOver, type IssuedToken, refusedSecrets, type TokenIssuer } from "./handoff";
import { refuseLoss } from "./loss-guard";
import { hasChanges, type LayerPlan, type PlanSettings, planAll } from "./plan";
import type { OnProgress } from "./progress";
import { RunRecord, type RunReport } from "./run-report";

export interface ApplySettings extends Pick<PlanSettings, "onDocument"> {
  /** Asked with all that is planned, also when that is nothing, and before anybody confirms. @returns whether to go on */
  readonly judge?: (plans: readonly LayerPlan[]) => boolean | Promise<boolean>;
  /** Asked after `judge` and the guard against loss, which no approval lifts. It throws when somebody has still to approve. */
  readonly demandApproval?: (plans: readonly LayerPlan[]) => Promise<void>;
  /** Asked when there is something to do, with all that will be done. @returns whether to do it */
  readonly confirm: (plans: readonly LayerPlan[]) => Promise<boolean>;
  /** Tokens whose secret the backup server issues, after its stack is applied. */
  readonly tokens: readonly IssuedToken[];
  readonly issuerOf: (token: IssuedToken) => TokenIssuer;
  /** Checks reality at the end; what it returns goes into the report. It throws when reality is not as it must be. */
  readonly verify?: () => Promise<unknown>;
  readonly onProgress?: OnProgress;
  /** Constructs whose objects exist on their devices and are to be taken over. */
  readonly adopt?: readonly string[];
}

/** Layer after which the tokens' secrets are handed over. */
const ISSUING_LAYER = "backup-server";
/** After an update of an object with a secret, the provider wants to send the secret once more, and is then quiet. */
const SETTLING_ROUNDS = 1;

/**
 * Plans every stack, has the whole confirmed, applies exactly those plans in order (the firewall while the backup server honours
 * the tokens' new rights), hands the tokens' secrets over in between, plans again until nothing is left, and checks reality.
 * Interrupted anywhere, the same call continues.
 * @returns the report, also written to the workspace
 * @throws UserError; the report is written all the same
 */
export async function apply(deployment: Deployment, settings: ApplySettings): Promise<RunReport> {
  const record = new RunRecord(deployment);
  try {
    return await record.close(await applyAll(deployment, settings, record));
  } catch (error) {
    const faults =
      error instanceof UserError ? error.faults : [{ where: "bastide", what: String(error), repair: "report this fault" }];
    // The first fault is what the user must see; a full disk may be its very reason.
    await record.close("failed", faults).catch(() => undefined);
    throw error;
  }
}

async function applyAll(deployment: Deployment, settings: ApplySettings, record: RunRecord): Promise<RunReport["outcome"]> {
  const { onProgress, confirm, tokens } = settings;
  const handOff = handOffOptions(deployment, settings);
  const { cancellation } = deployment.options;
  await refuseUnknown(deployment, settings.adopt ?? []);
  deployment.secretsChanged(await unlessCancelled(cancellation, () => refusedSecrets(tokens, handOff)));
  const plans = await planAll(deployment, settings);
  record.planned(plans);
  // First, because it tells everything that speaks against the change; what is refused here, no policy can let pass.
  if ((await settings.judge?.(plans)) === false) return "refused";
  refuseLoss(deployment, plans);
  await settings.demandApproval?.(plans);
  if (hasChanges(plans)) {
    if (!(await confirm(plans))) return "declined";
    onProgress?.({ kind: "phase", phase: "apply" });
  }
  let handedOver = false;
  const applyPlan = async (plan: LayerPlan) => {
    if (plan.changes.length > 0) record.applied(plan.layer, await applyLayer(deployment, plan, "apply", onProgress));
  };
  const done = new Set<LayerPlan>();
  for (const plan of plans) {
    if (done.has(plan)) continue;
    await applyPlan(plan);
    if (plan.layer !== ISSUING_LAYER) continue;
    // The backup server takes seconds to honour new rights. What needs no token is applied meanwhile: above all the firewall,
    // through which the hypervisor will reach the backup server.
    const meanwhile = plans.slice(plans.indexOf(plan) + 1).filter(({ stack }) => !needsToken(stack, tokens));
    const handing = async () => {
      handedOver = await handOverSecrets(deployment, settings, handOff, record);
    };
    const applying = async () => {
      for (const other of meanwhile) await applyPlan(other);
    };
    await onEach([handing, applying], (work) => work());
    for (const other of meanwhile) done.add(other);
  }
  if (hasChanges(plans) || handedOver) await settle(deployment, settings, record);
  const { verify } = settings;
  if (verify) {
    onProgress?.({ kind: "phase", phase: "verify" });
    record.verification = await unlessCancelled(cancellation, verify);
  }
  return hasChanges(plans) || handedOver ? "done" : "nothing to do";
}

const needsToken = ({ variables }: LayerPlan["stack"], tokens: readonly IssuedToken[]): boolean =>
  variables.some(({ source }) => source.kind === "secret" && tokens.some(({ secret }) => secret === source.secret));

/** A misspelt name would be created on the device instead of taken over. */
async function refuseUnknown(deployment: Deployment, adopt: readonly string[]): Promise<void> {
  if (adopt.length === 0) return;
  const declared = await Promise.all(deployment.stacks.map((stack) => deployment.objectsOf(stack)));
  const names = declared.flatMap((objects) => [...objects.values()].map(({ construct }) => construct));
  const unknown = adopt.filter((name) => !names.includes(name));
  if (unknown.length === 0) return;
  throw new UserError(
    unknown.map((name) => ({
      where: "--adopt",
      what: `the site has no object "${name}"${names.length > 0 ? `; did you mean "${closest(name, names)}"?` : ""}`,
      repair: "write the name as ./bastide plan shows it",
    })),
  );
}

/** @returns whether a device has issued a new secret */
async function handOverSecrets(
  deployment: Deployment,
  { tokens, onProgress }: ApplySettings,
  handOff: HandOffOptions,
  record: RunRecord,
): Promise<boolean> {
  if (tokens.length === 0) return false;
  onProgress?.({ kind: "phase", phase: "hand-off" });
  const renewed = await handOver(tokens, handOff);
  deployment.secretsChanged();
  record.newSecrets.push(...renewed.map(({ backupServer, user, name }) => `${backupServer} ${user}!${name}`));
  return renewed.length > 0;
}

/** Plans again; applies what only repeats a secret; anything else that is left does not settle, and is named. */
async function settle(deployment: Deployment, settings: ApplySettings, record: RunRecord): Promise<void> {
  const { onProgress, adopt = [] } = settings;
  const again = { phase: "plan again", adopt, ...(onProgress === undefined ? {} : { onProgress }) } as const;
  for (let round = 0; ; round++) {
    const plans = await planAll(deployment, again);
    if (!hasChanges(plans)) return;
    const onlyRepeats = plans.every(({ changes }) => changes.every((change) => change.onlyRepeats));
    if (!onlyRepeats || round === SETTLING_ROUNDS) throw unsettled(deployment, plans);
    onProgress?.({ kind: "phase", phase: "settle" });
    record.settlingRounds++;
    for (const plan of plans) {
      if (plan.changes.length > 0) record.applied(plan.layer, await applyLayer(deployment, plan, "settle", onProgress));
    }
  }
}

function unsettled({ options }: Deployment, plans: readonly LayerPlan[]): UserError {
  return new UserError(
    plans.flatMap(({ layer, changes }) =>
      changes.map(({ construct, action, fields }) => ({
        where: `${layer} ${construct}`,
        what: `does not settle: right after the apply the plan wants to ${action} it again${fields.length > 0 ? ` (${fields.map(fieldText).join(", ")})` : ""}`,
        why: "either somebody changes it at the same time, or the device stores something else than it was told",
        repair: `run ./bastide plan ${options.site.name} --env ${options.environment.name}; if the change stays, write the value as the device stores it`,
      })),
    ),
  );
}

const fieldText = ({ name, before, after }: { name: string; before: unknown; after: unknown }): string =>
  `${name}: ${JSON.stringify(before) ?? "unset"} -> ${JSON.stringify(after) ?? "unset"}`;

function handOffOptions(deployment: Deployment, { issuerOf, onProgress }: ApplySettings): HandOffOptions {
  return {
    secrets: deployment.options.secrets,
    cancellation: deployment.options.cancellation,
    issuerOf,
    onNote: (text) => onProgress?.({ kind: "note", text }),
  };
}
