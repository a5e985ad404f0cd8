import { isReference } from "./variable-reference";

/** A secret that stands in plain text where everybody may read it. Its value is nowhere in here. */
export interface LiteralSecret {
  /** Address of the resource it was found in; absent: outside of any. */
  readonly address?: string;
  /** Keys that lead to it, from the resource or from the top. */
  readonly path: string;
  /** `a private key`, `a value of "password"`. */
  readonly what: string;
}

/** What gives a secret away by its form alone, whatever it is called; a form in any case of letters with what holds all of them. */
const FORMS: readonly (readonly [what: string, form: RegExp, within?: RegExp])[] = [
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ["an API token with its secret", /@[\w.-]+![\w.-]+[=:]\s?[\da-fA-F]{8}-[\da-fA-F]{4}-/],
  ["an API token with its secret", /P(?:VE|BS)APIToken=[^$\s]/],
  ["an encryption key of backups", /"kdf\\*"\s*:/],
  ["an age identity", /AGE-SECRET-KEY-1/],
  ["a password in an address", /:\/\/[^\s/:@]*:[^\s/@$]+@/],
  ["a password in an address", /[?&](?:password|passwd|secret|token|api_?key)=[^$&\s]/i, /[?&]\w+=/],
];
/** No secret that is worth one is shorter. */
const SHORTEST = 12;
/** All in one, so that most texts are looked at once. */
const ANY_FORM = new RegExp(FORMS.map(([, form, within = form]) => within.source).join("|"));

/** What a text is by its form, if it is a secret. */
export const secretForm = (text: string): string | undefined =>
  text.length < SHORTEST || !ANY_FORM.test(text) ? undefined : FORMS.find(([, form]) => form.test(text))?.[0];

const NAME =
  /(?:^|[-_. ])(?:password|passwd|passphrase|secrets?|token|credentials?|authorization|api-?key|(?:api|private|encryption|access|pfsense|x-api)[-_]key)$/;
const names = new Map<string, boolean>();

/** Whether a key or a variable of this name holds a secret. */
export function isSecretName(name: string): boolean {
  let known = names.get(name);
  if (known === undefined) {
    known = NAME.test(name.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase());
    if (names.size >= 10_000) names.clear();
    names.set(name, known);
  }
  return known;
}

/** Keys below which a value is called by the name above: `variables.smtp_password.value`, `{ name: "X-API-Key", value }`. */
const isAnonymous = (key: string): boolean => key === "value" || key === "default" || key === "constant_value";
/** Makes the hypervisor invent a key: no secret, and a fault of its own. */
const NO_SECRET: ReadonlySet<unknown> = new Set(["", "autogen"]);

/**
 * Every literal secret of parsed JSON, by the name of its key or by its form.
 * @param isSecret whether a name that does not say so itself holds a secret
 */
export function literalSecrets(json: unknown, isSecret?: (name: string) => boolean): LiteralSecret[] {
  const found: { address?: string; readonly path: string[]; readonly what: string }[] = [];
  const isNamed = (name: string) => isSecretName(name) || isSecret?.(name) === true;
  const visit = (value: unknown, name: string): void => {
    if (typeof value === "string") {
      const what = isNamed(name) && isLiteral(value) ? `a literal value of "${name}"` : secretForm(value);
      if (what !== undefined) found.push({ path: [], what });
    } else if (typeof value === "object" && value !== null) {
      if (Array.isArray(value)) for (const entry of value) visit(entry, name);
      else visitRecord(value as Readonly<Record<string, unknown>>, name);
    } else if (typeof value === "number" && isNamed(name)) found.push({ path: [], what: `a literal value of "${name}"` });
  };
  const visitRecord = (record: Readonly<Record<string, unknown>>, name: string): void => {
    const first = found.length;
    for (const key in record) {
      const before = found.length;
      visit(record[key], isAnonymous(key) ? titleOf(record, name) : key);
      if (found.length > before) for (const one of found.slice(before)) if (one.address === undefined) one.path.unshift(key);
    }
    // Where it stands is put together on the way back, and only for what was found.
    if (found.length > first && typeof record.address === "string" && typeof record.type === "string")
      for (const one of found.slice(first)) one.address ??= record.address;
  };
  visit(json, "");
  return found.map(({ path, ...one }) => ({ ...one, path: path.join(".") }));
}

/** What a value of such a key is called: by the name beside it, else by what holds it. */
const titleOf = (record: Readonly<Record<string, unknown>>, name: string): string =>
  typeof record.name === "string" && "value" in record ? record.name : name;

const isLiteral = (value: string): boolean => !NO_SECRET.has(value) && !isReference(value);
