/** A document that cannot be read. The message holds nothing of it, because it may hold secrets. */
export class NotJson extends Error {
  override readonly name = "NotJson";
  override readonly message = "it is cut off, or no JSON";
}

/** What the next byte stands in: the document, or an object or a list that is not closed yet. */
interface Container {
  readonly kind: "document" | "object" | "list";
  readonly keys: string[];
  readonly values: unknown[];
  awaits: "key" | "value" | "separator";
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Reads JSON from chunks of bytes as they come: objects member by member, a list in them element by element, and each element with
 * `JSON.parse`. Nothing but the element at hand is there as text.
 *
 * Not a library, because a plan must be judged within twice the time of `JSON.parse`: for 50 MB this takes 1.2 times as long,
 * @streamparser/json 2.6 times and stream-json 4.6 times.
 */
export class JsonByElement {
  readonly #around: Container[] = [];
  #container: Container = { kind: "document", keys: [], values: [], awaits: "value" };
  /** What earlier chunks hold of the piece at hand: a key, a plain value or an element. */
  #held: Buffer[] = [];
  /** Objects and lists that are open inside of the element at hand. */
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  #fault: unknown;

  /** @param keep makes what stands for an element in the result */
  constructor(private readonly keep: (element: unknown) => unknown = (element) => element) {}

  /** What is wrong with it is told at the end: who writes it may have failed, and then that is the reason. */
  push(chunk: Buffer): void {
    if (this.#fault !== undefined) return;
    try {
      this.#scan(chunk);
    } catch (error) {
      this.#fault = error;
    }
  }

  /** @returns what `JSON.parse` makes of the whole, each element as it is kept. @throws NotJson where that would throw */
  end(): unknown {
    if (this.#fault !== undefined) throw this.#fault;
    this.#finish(this.#piece(Buffer.alloc(0)));
    const { kind, values } = this.#container;
    if (kind !== "document") throw new NotJson();
    return values[0];
  }

  #scan(chunk: Buffer): void {
    let [start, depth, inString, isEscaped] = [0, this.#depth, this.#inString, this.#isEscaped];
    for (let at = 0; at < chunk.length; at++) {
      let byte = chunk[at];
      if (isEscaped) {
        isEscaped = false;
      } else if (inString) {
        while (byte !== QUOTE && byte !== BACKSLASH && ++at < chunk.length) byte = chunk[at];
        if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) inString = false;
      } else if (byte === QUOTE) {
        inString = true;
      } else {
        const opens = byte === OPEN_OBJECT || byte === OPEN_LIST;
        const closes = byte === CLOSE_OBJECT || byte === CLOSE_LIST;
        if (opens && (depth > 0 || this.#container.kind === "list")) depth++;
        else if (closes && depth > 0) depth--;
        else if (opens || closes || (depth === 0 && (byte === COMMA || byte === COLON))) {
          this.#turn(byte, this.#piece(chunk.subarray(start, at)));
          start = at + 1;
        }
      }
    }
    [this.#depth, this.#inString, this.#isEscaped] = [depth, inString, isEscaped];
    if (start < chunk.length) this.#held.push(chunk.subarray(start));
  }

  /** The piece at hand, which ends with these bytes. */
  #piece(end: Buffer): string {
    const bytes = this.#held.length === 0 ? end : Buffer.concat([...this.#held, end]);
    this.#held = [];
    return bytes.toString("utf8");
  }

  /** @param piece what stands before this byte, which is one of the container's own */
  #turn(byte: number | undefined, piece: string): void {
    if (byte === COLON) this.#name(piece);
    else if (byte === COMMA) this.#separate(piece);
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) this.#enter(byte === OPEN_LIST ? "list" : "object", piece);
    else this.#leave(byte === CLOSE_LIST ? "list" : "object", piece);
  }

  #name(piece: string): void {
    const key = parsed(piece);
    if (this.#container.awaits !== "key" || typeof key !== "string") throw new NotJson();
    this.#container.keys.push(key);
    this.#container.awaits = "value";
  }

  #separate(piece: string): void {
    if (this.#container.kind === "document") throw new NotJson();
    this.#finish(piece);
    this.#container.awaits = this.#container.kind === "object" ? "key" : "value";
  }

  #enter(kind: "object" | "list", piece: string): void {
    if (this.#container.awaits !== "value" || !isBlank(piece)) throw new NotJson();
    this.#around.push(this.#container);
    this.#container = { kind, keys: [], values: [], awaits: kind === "object" ? "key" : "value" };
  }

  #leave(kind: "object" | "list", piece: string): void {
    const { keys, values } = this.#container;
    if (keys.length + values.length > 0 || !isBlank(piece)) this.#finish(piece);
    const around = this.#around.pop();
    if (around === undefined || this.#container.kind !== kind) throw new NotJson();
    around.values.push(kind === "list" ? values : Object.fromEntries(keys.map((key, index) => [key, values[index]])));
    around.awaits = "separator";
    this.#container = around;
  }

  /** The value at hand is at its end: the piece, or else what was left last. */
  #finish(piece: string): void {
    const { kind, values, awaits } = this.#container;
    if (awaits === "separator" && isBlank(piece)) return;
    if (awaits !== "value") throw new NotJson();
    const value = parsed(piece);
    values.push(kind === "list" ? this.keep(value) : value);
    this.#container.awaits = "separator";
  }
}

const isBlank = (text: string): boolean => /^[ \t\n\r]*$/.test(text);

/** The message of `JSON.parse` itself would show a part of the text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NotJson();
  }
}
