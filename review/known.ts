/** A fact that a source cannot give. It is shown as unknown, and is never taken for good. */
export interface Unknown {
  /** Why, for the reader: `known only after the apply`, `the plan has no storage`. Never a value. */
  readonly unknown: string;
}

export type Known<Value> = Value | Unknown;

export const isUnknown = (value: unknown): value is Unknown =>
  typeof value === "object" && value !== null && "unknown" in value && Object.keys(value).length === 1;

/** The value made of a known one; what is unknown stays unknown. */
export const whereKnown = <Value, Result>(value: Known<Value>, make: (value: Value) => Known<Result>): Known<Result> =>
  isUnknown(value) ? value : make(value);
