import { type Fault, UserError } from "../faults";

/** What is wrong with a text, before it is known where in the site file it stands. */
export type Problem = Omit<Fault, "where">;

/** The result of reading a value object: the value in its canonical form, or what is wrong with the text. */
export type Parsed<Value> = { readonly value: Value } | { readonly problem: Problem };

/**
 * The one pattern of all value objects: `parseX` returns a result, `x` is the same and throws.
 * @param where names the value in the fault, since a single value has no place in a site file
 */
export function throwing<Input, Value>(parse: (input: Input) => Parsed<Value>, where: string): (input: Input) => Value {
  return (input) => {
    const parsed = parse(input);
    if ("problem" in parsed) throw new UserError({ ...parsed.problem, where });
    return parsed.value;
  };
}
