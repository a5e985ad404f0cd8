/** What was read, and what is left of the text; undefined where nothing fits. */
export type Parsed<Value> = [Value, string] | undefined;

/** Some values of one field: from `start` to `end` in steps; one value has `end` equal to `start`. */
interface Range {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** Values of one field; empty stands for every value. */
export type Field = readonly Range[];

/** Every value. */
export const ANY: Field = [];

/** The field that holds one value. */
export function single(value: number): Range {
  return { start: value, end: value, step: 1 };
}

/** Whether a field holds a value. */
export function fits(field: Field, value: number): boolean {
  return (
    field.length === 0 || field.some(({ start, end, step }) => value >= start && value <= end && (value - start) % step === 0)
  );
}

/** The smallest value of a field above this one. */
export function nextValue(field: Field, value: number): number | undefined {
  const values = field.flatMap(({ start, end, step }) => {
    const next = value < start ? start : start + (Math.floor((value - start) / step) + 1) * step;
    return next <= end ? [next] : [];
  });
  return values.length === 0 ? undefined : Math.min(...values);
}

/** A star, a star with a step, or a comma list of `a`, `a..b`, `a/n`, `a..b/n`; every number below `limit`. */
export function field(text: string, start: number, limit: number): Parsed<Field> {
  if (text.startsWith("*")) {
    if (!text.startsWith("*/")) return [ANY, text.slice(1)];
    const step = component(text.slice(2), limit);
    if (step === undefined) return undefined;
    return step[0] === 0 ? [ANY, text.slice(1)] : [[{ start, end: limit, step: step[0] }], step[1]];
  }
  const first = range(text, limit);
  if (first === undefined) return undefined;
  const ranges = [first[0]];
  let rest = first[1];
  while (rest.startsWith(",")) {
    const more = range(rest.slice(1), limit);
    if (more === undefined) break;
    ranges.push(more[0]);
    rest = more[1];
  }
  return [ranges, rest];
}

function range(text: string, limit: number): Parsed<Range> {
  const first = component(text, limit);
  if (first === undefined) return undefined;
  const [start, afterStart] = first;
  const last = afterStart.startsWith("..") ? component(afterStart.slice(2), limit) : undefined;
  if (last !== undefined && last[0] < start) return undefined;
  const rest = last?.[1] ?? afterStart;
  if (!rest.startsWith("/")) return [{ start, end: last?.[0] ?? start, step: 1 }, rest];
  const step = component(rest.slice(1), limit);
  if (step === undefined) return undefined;
  // A repetition of 0 is the start alone.
  return [{ start, end: step[0] === 0 ? start : (last?.[0] ?? limit), step: step[0] === 0 ? 1 : step[0] }, step[1]];
}

function component(text: string, limit: number): Parsed<number> {
  const digits = /^\d+/.exec(text)?.[0];
  if (digits === undefined || Number(digits) >= limit) return undefined;
  return [Number(digits), text.slice(digits.length)];
}
