/** Shapes of what commands print with `--json`, as far as the tests look at them. */
import type { PolicyReport } from "../../../policies/engine/finding";

export interface Change {
  readonly construct: string;
  readonly action: string;
  readonly onlyRepeats: boolean;
  readonly fields: readonly { readonly name: string; readonly before: unknown; readonly after: unknown }[];
}

export interface LayerChanges {
  readonly layer: string;
  readonly changes: readonly Change[];
}

export interface Check {
  readonly id: string;
  readonly subject: string;
  readonly expected: string;
  readonly actual: string;
  readonly verdict: "ok" | "warning" | "fault" | "unknown";
  readonly repair?: string;
}

export interface StaleLayer {
  readonly layer: string;
  readonly objects: readonly string[];
}

export interface PlanAnswer {
  readonly ok: boolean;
  readonly changes: boolean;
  readonly layers: readonly LayerChanges[];
  readonly stale: readonly StaleLayer[];
}

export interface DriftAnswer {
  readonly drift: boolean;
  readonly layers: readonly LayerChanges[];
  readonly checks: readonly Check[];
}

export interface ApplyAnswer {
  readonly ok: boolean;
  readonly report: {
    readonly outcome: string;
    readonly layers: readonly LayerChanges[];
    readonly newSecrets: readonly string[];
    readonly settlingRounds: number;
    readonly verification?: readonly Check[];
  };
  readonly stale: readonly StaleLayer[];
  /** Absent where faults kept the policies from being asked. */
  readonly policies?: PolicyReport;
}

export interface DestroyAnswer {
  readonly ok: boolean;
  readonly report: ApplyAnswer["report"];
  readonly staying: readonly { readonly layer: string; readonly construct: string; readonly removal: string }[];
}

export interface FaultAnswer {
  readonly ok: false;
  readonly faults: readonly { readonly what: string; readonly where: string; readonly why?: string; readonly repair: string }[];
}

/** Every change of a plan as `layer action construct`, sorted. */
export const changesOf = ({ layers }: { readonly layers: readonly LayerChanges[] }): string[] =>
  layers.flatMap(({ layer, changes }) => changes.map(({ action, construct }) => `${layer} ${action} ${construct}`)).sort();

/** What is wrong, for a message of a failed test. */
export const wrongOf = (checks: readonly Check[] | undefined): string[] =>
  (checks ?? []).filter(({ verdict }) => verdict !== "ok").map(({ id, subject, actual }) => `${id} ${subject}: ${actual}`);
