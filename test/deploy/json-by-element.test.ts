import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { JsonByElement, NotJson } from "../../deploy/json-by-element";

const SECRET = "Zk9-hunter2-secret";

/** Reads a text whose bytes come in chunks of these sizes, again and again. */
function read(text: string | Buffer, sizes: readonly number[] = [text.length + 1]): unknown {
  const bytes = Buffer.from(text);
  const reader = new JsonByElement();
  for (let [at, turn] = [0, 0]; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    reader.push(bytes.subarray(at, at + size));
    at += size;
  }
  return reader.end();
}

/** What `JSON.parse` makes of a text, or that it makes nothing of it. */
function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function readOrNot(text: string, sizes?: readonly number[]): { value: unknown } | undefined {
  try {
    return { value: read(text, sizes) };
  } catch (error) {
    if (error instanceof NotJson) return undefined;
    throw error;
  }
}

/** Texts that look like the structure around them, that are escaped, or whose characters have several bytes. */
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom('"', "\\", "{", "}", "[", "]", ",", ":", " ", "\n", "é", "€", "𝄞", "\u2028", "\0") }),
);
const key = fc.oneof(text, fc.constantFrom("__proto__", "constructor", "0", ""));
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 5 },
    fc.oneof(text, fc.boolean(), fc.constant(null), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
    fc.array(tie("json"), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie("json")), { maxLength: 4 }).map((members) => Object.fromEntries(members)),
  ),
}));
const indent = fc.constantFrom("", " ", "\t", "\n\r ");
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });

describe("JSON that is read by element", () => {
  it("is what JSON.parse makes of it, wherever a chunk ends", () => {
    fc.assert(
      fc.property(json, indent, sizes, (value, space, chunks) => {
        const written = JSON.stringify(value, undefined, space);
        expect(JSON.stringify(read(written, chunks))).toBe(JSON.stringify(JSON.parse(written)));
        // Jest itself stumbles over a key "constructor".
        expect(isDeepStrictEqual(read(written, chunks), JSON.parse(written))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it("is refused where JSON.parse refuses it: with a byte left out, put in or in the place of another, or cut off", () => {
    const place = fc.nat();
    const mark = fc.constantFrom("", '"', "\\", "{", "}", "[", "]", ",", ":", " ", "1", "\0", "\ufeff", "\u00a0");
    fc.assert(
      fc.property(json, place, fc.nat(2), mark, sizes, fc.boolean(), (value, at, length, put, chunks, isCut) => {
        const written = JSON.stringify(value);
        const from = at % (written.length + 1);
        // As it is after its way in bytes: half of a character of two surrogates is another one.
        const edited = Buffer.from(written.slice(0, from) + (isCut ? "" : put + written.slice(from + length))).toString();
        expect(isDeepStrictEqual(readOrNot(edited, chunks), parse(edited))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ...[
      "",
      " ",
      "{",
      "[",
      "}",
      "]",
      ",",
      ":",
      '"',
      '"\\"',
      "{]",
      "[}",
      "{}{}",
      "[][]",
      "{} 1",
      "1 2",
      "1,2",
      "1:2",
      "[1,]",
      "[,1]",
    ],
    ...["[1 2]", "[1:2]", "[,]", "[{]}]", "[[1}]", "[{}{}]", '{"a"}', '{"a":}', '{"a":1,}', '{,"a":1}', '{"a":1 2}', '{"a" "b"}'],
    ...[
      '{"a":{}1}',
      '{"a":1{}}',
      '{"a":[]"b":1}',
      '{"a":{}:1}',
      '{"a":1:2}',
      "{1:2}",
      '{"a":1,"b"}',
      "{:1}",
      "{null:1}",
      '{"a"{}}',
    ],
    ...['{"a":tru}', "{'a':1}", '{"a":1}\u00a0', "\ufeff{}", '{"a":"\n"}', '{"a":"\\x"}', '{"a":01}', '{"a":NaN}', '{"a":1}/**/'],
  ])("refuses %j, as JSON.parse does", (wrong) => {
    expect(parse(wrong)).toBeUndefined();
    expect(() => read(wrong)).toThrow(NotJson);
    expect(() => read(wrong, [1])).toThrow(NotJson);
  });

  it("is refused at whichever byte it is cut off", () => {
    const whole = Buffer.from('{"a": [{"b": "é]}"}, [1]], "c": {"d": [], "e": {}}, "f": "\\\\" }');
    for (let end = 0; end < whole.length; end++) expect(() => read(whole.subarray(0, end), [3])).toThrow(NotJson);
    expect(read(whole, [3])).toEqual({ a: [{ b: "é]}" }, [1]], c: { d: [], e: {} }, f: "\\" });
  });

  it("takes the last of two members of one name, as JSON.parse does", () => {
    expect(read('{"a":1,"b":2,"a":{"c":[3]}}')).toStrictEqual({ a: { c: [3] }, b: 2 });
  });

  it("tells what is wrong at the end, and nothing of what stands in it", () => {
    const reader = new JsonByElement();
    expect(() => reader.push(Buffer.from(`{"a":["${SECRET}" ${SECRET}]`))).not.toThrow();
    expect(() => reader.push(Buffer.from(SECRET))).not.toThrow();
    expect.assertions(4);
    try {
      reader.end();
    } catch (error) {
      expect(error).toBeInstanceOf(NotJson);
      expect(`${error}${(error as Error).stack}${JSON.stringify(error)}`).not.toContain(SECRET);
    }
  });

  it("keeps of each element what it is told to, also of an element that is a list", () => {
    const seen: unknown[] = [];
    const reader = new JsonByElement((element) => seen.push(element));
    reader.push(Buffer.from('{"a":[{"b":[1]},[2,3],4],"c":{"d":[5]},"e":6}'));
    expect(reader.end()).toEqual({ a: [1, 2, 3], c: { d: [4] }, e: 6 });
    expect(seen).toEqual([{ b: [1] }, [2, 3], 4, 5]);
  });

  it("tells a fault in what is kept at the end, as it is", () => {
    const reader = new JsonByElement(() => {
      throw new RangeError("too deep");
    });
    reader.push(Buffer.from("[1]"));
    expect(() => reader.end()).toThrow(RangeError);
  });
});
