import type { EngineDiagnostic } from "./events";

interface EngineFailureDetails {
  /** Subcommand that failed: `plan`, `apply`. */
  readonly operation: string;
  /** The user asked to stop. */
  readonly interrupted: boolean;
  /** Signal that ended the engine from outside. */
  readonly signal?: string;
  /** Errors only, without secrets. */
  readonly diagnostics: readonly EngineDiagnostic[];
  /** Standard error of the engine, without secrets. */
  readonly output: string;
}

/** The engine ended without having done what it was asked; `diagnostics.ts` makes a UserError of it. */
export class EngineFailure extends Error {
  override readonly name = "EngineFailure";

  constructor(readonly details: EngineFailureDetails) {
    super(`engine: ${details.operation} failed`);
  }

  /** Whether the engine said such a thing. */
  mentions(pattern: RegExp): boolean {
    const { diagnostics, output } = this.details;
    return pattern.test(output) || diagnostics.some(({ summary, detail }) => pattern.test(`${summary}\n${detail}`));
  }
}
