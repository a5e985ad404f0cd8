import { Transform, type TransformCallback } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import type { Secret } from "../../model";

const HIDDEN = "[secret]";
/** A shorter text stands in any output by chance; to hide it would tear the output and tell nothing less. */
const SHORTEST = 4;
/** A line of a secret of several lines, and a piece of base64, is only told apart from other text when it is longer. */
const SHORTEST_PART = 12;

/**
 * Hides known secrets in text that is about to be shown or logged: as they are, and as base64, URL and JSON write them.
 * The last line of defence for the output of programs that we do not write; our own output never holds a secret.
 */
export function redactor(secrets: readonly Secret[]): (text: string) => string {
  const forms = formsOf(secrets);
  return (text) => hide(text, findAll(text, forms)).join("");
}

/** The same for a stream of UTF-8 text, also where a secret is cut in two. Text that begins no secret passes at once. */
export class RedactStream extends Transform {
  readonly #forms: readonly string[];
  readonly #decoder = new StringDecoder("utf8");
  #held = "";

  constructor(secrets: readonly Secret[]) {
    super();
    this.#forms = formsOf(secrets);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const text = this.#held + this.#decoder.write(chunk);
    const found = findAll(text, this.#forms);
    const open = beginOfOpenEnd(text, this.#forms);
    // A match that reaches into the open end may be part of a longer one.
    const cut = found.find(([start, end]) => start < open && open < end)?.[0] ?? open;
    this.#held = text.slice(cut);
    this.#push(
      hide(
        text.slice(0, cut),
        found.filter(([, end]) => end <= cut),
      ),
    );
    done();
  }

  override _flush(done: TransformCallback): void {
    const text = this.#held + this.#decoder.end();
    this.#held = "";
    this.#push(hide(text, findAll(text, this.#forms)));
    done();
  }

  #push(pieces: readonly string[]): void {
    const text = pieces.join("");
    if (text !== "") this.push(text);
  }
}

type Span = readonly [start: number, end: number];

/** Where any form stands, overlapping ones joined, in order. */
function findAll(text: string, forms: readonly string[]): readonly Span[] {
  const spans: Span[] = [];
  for (const form of forms) {
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) spans.push([at, at + form.length]);
  }
  spans.sort((a, b) => a[0] - b[0]);
  const joined: Span[] = [];
  for (const [start, end] of spans) {
    const last = joined.at(-1);
    if (last !== undefined && start < last[1]) joined[joined.length - 1] = [last[0], Math.max(last[1], end)];
    else joined.push([start, end]);
  }
  return joined;
}

function hide(text: string, spans: readonly Span[]): string[] {
  const pieces: string[] = [];
  let from = 0;
  for (const [start, end] of spans) {
    pieces.push(text.slice(from, start), HIDDEN);
    from = end;
  }
  pieces.push(text.slice(from));
  return pieces;
}

/** Where the first form begins that the text cuts off; the length of the text where there is none. */
function beginOfOpenEnd(text: string, forms: readonly string[]): number {
  const longest = Math.max(0, ...forms.map((form) => form.length));
  for (let at = Math.max(0, text.length - longest + 1); at < text.length; at++) {
    const rest = text.slice(at);
    if (forms.some((form) => form.length > rest.length && form.startsWith(rest))) return at;
  }
  return text.length;
}

function formsOf(secrets: readonly Secret[]): readonly string[] {
  const forms = new Set<string>();
  for (const secret of secrets) {
    for (const part of partsOf(secret.reveal())) {
      for (const form of [part, ...jsonForms(part), ...urlForms(part), ...base64Forms(part)]) {
        if (form.length >= SHORTEST) forms.add(form);
      }
    }
  }
  return [...forms];
}

/** The value, what is secret in a key file however it is laid out, and each line of a value of several lines (PEM). */
function partsOf(value: string): string[] {
  const lines = value.split(/\r?\n/);
  const long = lines.length > 1 ? lines.filter((line) => line.length >= SHORTEST_PART && !line.startsWith("-----")) : [];
  return [value, value.trim(), ...long, ...keyData(value)];
}

function keyData(value: string): string[] {
  try {
    const { data } = JSON.parse(value) as { data?: unknown };
    return typeof data === "string" && data.length >= SHORTEST_PART ? [data] : [];
  } catch {
    return [];
  }
}

/** Once and twice escaped (a body quoted in a log line), as JavaScript and as Go write it; the engine is a Go program. */
function jsonForms(value: string): string[] {
  const escaped = (text: string) => JSON.stringify(text).slice(1, -1);
  const escapedByGo = (text: string) =>
    escaped(text).replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16).padStart(2, "0")}`);
  return [escaped(value), escapedByGo(value), escaped(escaped(value)), escapedByGo(escapedByGo(value))];
}

function urlForms(value: string): string[] {
  // Half of a surrogate pair has no form in a URL.
  if (/\p{Surrogate}/u.test(value)) return [];
  const component = encodeURIComponent(value);
  const form = new URLSearchParams([["", value]]).toString().slice(1);
  const strict = component.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const lower = (text: string) => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  return [component, form, strict, lower(component), lower(form), lower(strict)];
}

/**
 * Base64 of any text that holds the value: it stands there at one of three offsets, and but for the characters at both ends,
 * which it shares with its neighbours, its form is fixed (`Authorization: Basic …` is `user:secret`).
 */
function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value);
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const shared = (offset + bytes.length) % 3 === 0 ? 0 : 1;
    const fixed = encoded.slice(Math.ceil((offset * 8) / 6), encoded.length - shared);
    const url = fixed.replaceAll("+", "-").replaceAll("/", "_");
    return fixed.length >= SHORTEST_PART ? [fixed, url] : [];
  });
}
