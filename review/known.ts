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

/** All values, or the first that is unknown. */
export function allKnown<Value>(values: readonly Known<Value>[]): Known<readonly Value[]> {
  const known: Value[] = [];
  for (const value of values) {
    if (isUnknown(value)) return value;
    known.push(value);
  }
  return known;
}

/** Whether all hold: one that does not decides, also beside an unknown one. */
export const everyKnown = (values: readonly Known<boolean>[]): Known<boolean> =>
  values.includes(false) ? false : whereKnown(allKnown(values), () => true);

/** Whether one holds: it decides, also beside an unknown one. */
export const someKnown = (values: readonly Known<boolean>[]): Known<boolean> =>
  values.includes(true) ? true : whereKnown(allKnown(values), () => false);
