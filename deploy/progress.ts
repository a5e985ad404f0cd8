import type { Action } from "./events";

export type Phase = "plan" | "apply" | "hand-off" | "plan again" | "settle" | "verify" | "destroy";

/** What is under way, for whoever shows it. */
export type ApplyProgress =
  | { readonly kind: "phase"; readonly phase: Phase }
  | {
      readonly kind: "layer";
      readonly phase: Phase;
      readonly layer: string;
      readonly state: "start" | "done" | "failed";
      readonly elapsedMs: number;
    }
  | {
      readonly kind: "object";
      readonly layer: string;
      /** Kind and names of the model. */
      readonly construct: string;
      readonly action: Action;
      readonly state: "start" | "running" | "done" | "failed";
      readonly elapsedMs: number;
      /** Objects of the layer that are finished, of how many. */
      readonly done: number;
      readonly total: number;
      /** An object that has not begun yet. */
      readonly next: string | undefined;
    }
  /** Something that happens between: a secret that is issued, a lock that is waited for. */
  | { readonly kind: "note"; readonly text: string };

export type OnProgress = (progress: ApplyProgress) => void;
