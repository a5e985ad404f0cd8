import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Fault } from "../model";
import type { ObjectChange } from "./changes";
import type { Deployment } from "./deployment";
import type { LayerPlan } from "./plan";
import { userName } from "./run-lock";

/** What a run did: enough to answer later who changed what, when and with which programs. Holds no secret. */
export interface RunReport {
  readonly site: string;
  readonly environment: string;
  readonly operation: string;
  readonly user: string;
  readonly host: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** `refused`: by a policy. */
  readonly outcome: "done" | "nothing to do" | "refused" | "declined" | "failed";
  readonly engine: { readonly kind: string; readonly version: string };
  /** Version by source address. */
  readonly providers: Readonly<Record<string, string>>;
  readonly layers: readonly LayerReport[];
  /** Tokens that got a new secret: `pbs pve-backup@pbs!pve-token`. */
  readonly newSecrets: readonly string[];
  /** How often a repeated secret had to be sent once more. */
  readonly settlingRounds: number;
  /** What the check of reality found, as it reports it. */
  readonly verification?: unknown;
  readonly faults?: readonly Fault[];
}

export interface LayerReport {
  readonly layer: string;
  readonly planSha256?: string;
  readonly counts: { readonly add: number; readonly change: number; readonly remove: number };
  readonly changes: readonly ObjectChange[];
  readonly planMs: number;
  /** Absent when it was not applied. */
  readonly applyMs?: number;
}

/** Collects what a run does, and writes it down at its end, however it ends. */
export class RunRecord {
  readonly #startedAt = new Date();
  #plans: readonly LayerPlan[] = [];
  readonly #applyMs = new Map<string, number>();
  readonly newSecrets: string[] = [];
  settlingRounds = 0;
  verification: unknown;

  constructor(private readonly deployment: Deployment) {}

  planned(plans: readonly LayerPlan[]): void {
    this.#plans = plans;
  }

  applied(layer: string, elapsedMs: number): void {
    this.#applyMs.set(layer, (this.#applyMs.get(layer) ?? 0) + elapsedMs);
  }

  /** @returns the report as it was written to `runs/<time>.json` */
  async close(outcome: RunReport["outcome"], faults?: readonly Fault[]): Promise<RunReport> {
    const { options, workspace, redact } = this.deployment;
    const report: RunReport = {
      site: options.site.name,
      environment: options.environment.name,
      operation: options.operation,
      user: userName(),
      host: hostname(),
      startedAt: this.#startedAt.toISOString(),
      durationMs: Date.now() - this.#startedAt.getTime(),
      outcome,
      engine: { kind: options.engine.kind, version: options.engine.version },
      providers: await this.#providers(),
      layers: this.#plans.map((plan) => this.#layer(plan)),
      newSecrets: this.newSecrets,
      settlingRounds: this.settlingRounds,
      ...(this.verification === undefined ? {} : { verification: this.verification }),
      ...(faults === undefined ? {} : { faults }),
    };
    const name = `${report.startedAt.replace(/[:.]/g, "-")}.json`;
    await workspace.write(join(workspace.runs, name), `${redact(JSON.stringify(report, null, 2))}\n`);
    return report;
  }

  #layer({ layer, sha256, counts, changes, elapsedMs }: LayerPlan): LayerReport {
    const applyMs = this.#applyMs.get(layer);
    return {
      layer,
      counts,
      changes,
      planMs: elapsedMs,
      ...(sha256 === undefined ? {} : { planSha256: sha256 }),
      ...(applyMs === undefined ? {} : { applyMs }),
    };
  }

  async #providers(): Promise<Record<string, string>> {
    const versions: Record<string, string> = {};
    for (const { layer } of this.deployment.stacks) {
      const file = this.deployment.workspace.lockFile(layer);
      const text = existsSync(file) ? await readFile(file, "utf8") : "";
      for (const [, source = "", version = ""] of text.matchAll(/provider "([^"]+)" \{\s*version\s*=\s*"([^"]+)"/g)) {
        versions[source] = version;
      }
    }
    return versions;
  }
}
