/** A call that the device refuses: the status, and the text that the product answers with. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** What most refusals of the product are: status 400 with a text. */
export function refuse(message: string): never {
  throw new Refusal(400, message);
}

/** One parameter and what is wrong with it. */
export type ParameterFault = readonly [name: string, message: string];

/** Status 400 for parameters, in the product's two forms: one fault on the line, several as a list. */
export class ParameterRefusal extends Refusal {
  constructor(readonly faults: readonly ParameterFault[]) {
    super(400, parameterText(faults));
  }
}

export function refuseParameter(name: string, message: string): never {
  throw new ParameterRefusal([[name, message]]);
}

/** The text of a refusal for these faults. */
export function parameterText(faults: readonly ParameterFault[]): string {
  const [first] = faults;
  if (first !== undefined && faults.length === 1) return `parameter verification failed - '${first[0]}': ${first[1]}`;
  return ["parameter verification failed:", ...faults.map(([name, message]) => `- '${name}': ${message}`)].join("\n");
}
