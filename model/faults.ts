/** One thing that the user can repair: what is wrong, where, why it matters, and what to do about it. */
export interface Fault {
  /** Lower case, without a final stop: `no guest "adx"; did you mean "ad"?` */
  readonly what: string;
  /** A path in the site file (`guests.erp.dependsOn[0]`), a device (`pbs https://…`) or a file. */
  readonly where: string;
  /** Why this is a fault, where the first sentence does not say it. */
  readonly why?: string;
  /** An instruction that can be followed as it stands. */
  readonly repair: string;
}

/** The only error class that the user sees: all faults of one input at once. Anything else that is thrown is a bug. */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly faults: readonly Fault[];

  /** @param exitCode 1 fault, 3 refused by a policy or waiting for approval, 64 wrong usage */
  constructor(
    faults: Fault | readonly Fault[],
    readonly exitCode: 1 | 3 | 64 = 1,
  ) {
    const list: readonly Fault[] = Array.isArray(faults) ? faults : [faults as Fault];
    super(list.map((fault) => `${fault.where}: ${fault.what}`).join("\n"));
    this.faults = list;
  }
}
