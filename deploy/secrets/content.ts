import * as z from "zod";
import { Secret, UserError } from "../../model";

/**
 * How far an unfinished change of a token's secret has come.
 * `issuing`: the backup server was asked for a new secret and may have given one; the value here may be dead already.
 * `handing-over`: the value here is the new one, and not everybody who needs it has been seen to use it.
 */
export type Rotation = "issuing" | "handing-over";

/** What may be told about a secret. */
export interface SecretInfo {
  readonly name: string;
  /** When the value was set, ISO 8601 in UTC. */
  readonly created: string;
  /** Absent: no change is under way. */
  readonly rotation?: Rotation;
}

interface Entry {
  readonly value: Secret;
  readonly created: string;
  readonly rotation?: Rotation;
  /** The value before the change that is under way. */
  readonly rotatedFrom?: Secret;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._@!-]{0,63}$/;

const FORMAT = z.record(
  z.string().regex(NAME),
  z.strictObject({
    value: z.string().min(1),
    created: z.string(),
    rotation: z.enum(["issuing", "handing-over"]).optional(),
    rotatedFrom: z.string().optional(),
  }),
);

/** The secrets of one store, in memory. */
export class SecretContent {
  readonly #entries: Map<string, Entry>;

  private constructor(entries: Map<string, Entry>) {
    this.#entries = entries;
  }

  static empty(): SecretContent {
    return new SecretContent(new Map());
  }

  /** @throws UserError that shows nothing of the text */
  static parse(text: string, file: string): SecretContent {
    const parsed = FORMAT.safeParse(readJson(text));
    if (!parsed.success) {
      throw new UserError({
        where: file,
        what: "what it holds is no list of secrets",
        why: "it was encrypted by another program, or by a later version of Bastide",
        repair: `use the version of Bastide that wrote it, or put the previous file in its place: cp '${file}.bak' '${file}'`,
      });
    }
    const entries = new Map<string, Entry>();
    for (const [name, { value, created, rotation, rotatedFrom }] of Object.entries(parsed.data)) {
      entries.set(name, {
        value: Secret.of(value),
        created,
        ...(rotation === undefined ? {} : { rotation }),
        ...(rotatedFrom === undefined ? {} : { rotatedFrom: Secret.of(rotatedFrom) }),
      });
    }
    return new SecretContent(entries);
  }

  /** The only place where all values stand in one text: it goes to the encryption and nowhere else. */
  reveal(): string {
    const plain = [...this.#entries].sort(byName).map(([name, entry]) => [
      name,
      {
        value: entry.value.reveal(),
        created: entry.created,
        ...(entry.rotation === undefined ? {} : { rotation: entry.rotation }),
        ...(entry.rotatedFrom === undefined ? {} : { rotatedFrom: entry.rotatedFrom.reveal() }),
      },
    ]);
    return JSON.stringify(Object.fromEntries(plain));
  }

  /** In alphabetical order. */
  list(): readonly SecretInfo[] {
    return [...this.#entries]
      .sort(byName)
      .map(([name, { created, rotation }]) => ({ name, created, ...(rotation === undefined ? {} : { rotation }) }));
  }

  get(name: string): Secret | undefined {
    return this.#entries.get(name)?.value;
  }

  rotation(name: string): Rotation | undefined {
    return this.#entries.get(name)?.rotation;
  }

  /** Every value, also those that are about to be forgotten: what no output may show. */
  values(): readonly Secret[] {
    return [...this.#entries.values()].flatMap(({ value, rotatedFrom }) => (rotatedFrom ? [value, rotatedFrom] : [value]));
  }

  /** Sets a value; an unfinished change of the old one is over. */
  set(name: string, value: Secret): void {
    checkEntry(name, value);
    this.#entries.set(name, { value, created: now() });
  }

  remove(name: string): boolean {
    return this.#entries.delete(name);
  }

  /** Notes, before the backup server is asked, that the value may be dead from now on. */
  beginRotation(name: string): void {
    const entry = this.#entries.get(name);
    if (entry !== undefined) this.#entries.set(name, { ...entry, rotation: "issuing" });
  }

  /** Takes the new value and keeps the last one that was known to work, until `finishRotation`. */
  handOver(name: string, value: Secret): void {
    checkEntry(name, value);
    const entry = this.#entries.get(name);
    const rotatedFrom = entry?.rotatedFrom ?? entry?.value;
    this.#entries.set(name, { value, created: now(), rotation: "handing-over", ...(rotatedFrom ? { rotatedFrom } : {}) });
  }

  /** Forgets the old value. */
  finishRotation(name: string): void {
    const entry = this.#entries.get(name);
    if (entry !== undefined) this.#entries.set(name, { value: entry.value, created: entry.created });
  }
}

function checkEntry(name: string, value: Secret): void {
  if (!NAME.test(name)) {
    throw new UserError({
      where: `secret "${name}"`,
      what: "is no name for a secret",
      repair: "use 1 to 64 letters, digits and . _ @ ! -, beginning with a letter or digit",
    });
  }
  if (value.reveal() === "") {
    throw new UserError({ where: `secret "${name}"`, what: "its value is empty", repair: "give the value, without quotes" });
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text.
    return undefined;
  }
}

const byName = ([a]: [string, Entry], [b]: [string, Entry]): number => (a < b ? -1 : 1);
const now = (): string => new Date().toISOString();
