import type { Fingerprint, ResolvedEnvironment, Site } from "../model";
import type { LiveState, Reading } from "./state";

/** `unknown` means that the device did not say: it counts as a fault, never as good. */
export type Verdict = "ok" | "warning" | "fault" | "unknown";

/** One line of the verification: what the model says, what is, and what to do about a difference. */
export interface Check {
  /** Stable name of the check: `guest.covered`, `clock.zone`. */
  readonly id: string;
  /** Device or object that it is about: `pve1`, `pbs/proxmox-data`, `guest erp`. */
  readonly subject: string;
  readonly expected: string;
  readonly actual: string;
  readonly verdict: Verdict;
  /** Present unless the verdict is `ok`. */
  readonly repair?: string;
}

/** What the checks judge: the model, the environment it was applied to, and what the devices say. */
export interface Verification {
  readonly site: Site;
  readonly environment: ResolvedEnvironment;
  readonly live: LiveState;
  /** Fingerprint of the escrowed encryption key; absent while none was made. */
  readonly keyFingerprint?: Fingerprint;
}

/** The repair of everything that the model declares: the engine puts it back. `verify` adds which site and environment. */
export const APPLY = "run: ./bastide apply";

/** What identifies a check before its outcome is known. */
export interface Question {
  readonly id: string;
  readonly subject: string;
  readonly expected: string;
}

/** The device says what the model says. */
export function good(question: Question, actual: string): Check {
  return { ...question, actual, verdict: "ok" };
}

export function bad(question: Question, actual: string, repair: string): Check {
  return { ...question, actual, verdict: "fault", repair };
}

export function warn(question: Question, actual: string, repair: string): Check {
  return { ...question, actual, verdict: "warning", repair };
}

/** Judges a reading; one that failed is unknown, with the device's own words. */
export function judge<Value>(question: Question, reading: Reading<Value> | undefined, verdict: (value: Value) => Check): Check {
  if (reading === undefined)
    return { ...question, actual: "not read", verdict: "unknown", repair: "see the other lines about this device" };
  if (!reading.ok) return { ...question, actual: reading.fault.what, verdict: "unknown", repair: reading.fault.repair };
  return verdict(reading.value);
}

/** As `judge`, for a reading that several checks are made of. */
export function judgeAll<Value>(
  question: Question,
  reading: Reading<Value> | undefined,
  verdicts: (value: Value) => readonly Check[],
): readonly Check[] {
  return reading?.ok ? verdicts(reading.value) : [judge(question, reading, () => good(question, ""))];
}
