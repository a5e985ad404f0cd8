/** Text of the model as the engine must be given it to stay text: it evaluates `${…}` and `%{…}` everywhere else. */
export function literal(text: string): string {
  return text.replace(/[$%](?=\{)/g, "$&$&");
}
