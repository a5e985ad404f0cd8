import { Readable } from "node:stream";
import { text as collect } from "node:stream/consumers";
import fc from "fast-check";
import { generateEncryptionKey } from "../../deploy/secrets/encryption-key";
import { RedactStream, redactor } from "../../deploy/secrets/redact";
import { Secret } from "../../model";

const TOKEN = "7f3c2b1a-0000-4000-8000-d15ea5edbeef";
const PASSWORD = 'p&ss <w>ö"rd\\!/+ 1';

const redacted = (text: string, ...values: string[]) => redactor(values.map((value) => Secret.of(value)))(text);

/** As it arrives from a program: in pieces that end anywhere, also inside of a character. */
function streamed(pieces: readonly (string | Buffer)[], ...values: string[]): Promise<string> {
  const stream = new RedactStream(values.map((value) => Secret.of(value)));
  return collect(Readable.from(pieces.map((piece) => Buffer.from(piece))).pipe(stream));
}

describe("a known secret in a text", () => {
  test("is hidden wherever it stands, and nothing else changes", () => {
    expect(redacted(`a ${TOKEN} b ${TOKEN}${TOKEN} c`, TOKEN)).toBe("a [secret] b [secret][secret] c");
    expect(redacted("nothing here", TOKEN)).toBe("nothing here");
    expect(redacted(`${TOKEN.slice(1)} ${TOKEN.slice(0, -1)}`, TOKEN)).toBe(`${TOKEN.slice(1)} ${TOKEN.slice(0, -1)}`);
    expect(redacted("as it is")).toBe("as it is");
  });

  test.each([
    ["as it is", PASSWORD],
    ["in JSON", JSON.stringify({ password: PASSWORD })],
    ["in JSON in JSON", JSON.stringify({ body: JSON.stringify({ password: PASSWORD }) })],
    ["in JSON of a Go program", '{"password":"p\\u0026ss \\u003cw\\u003eö\\"rd\\\\!/+ 1"}'],
    ["in JSON in JSON of a Go program", '{"b":"p\\\\u0026ss \\\\u003cw\\\\u003eö\\\\\\"rd\\\\\\\\!/+ 1"}'],
    ["in a path", `/x/${encodeURIComponent(PASSWORD)}/y`],
    ["in a path, in lower case", `/x/${encodeURIComponent(PASSWORD).replace(/%../g, (code) => code.toLowerCase())}/y`],
    ["in a form", String(new URLSearchParams({ password: PASSWORD, a: "b" }))],
    ["in base64", Buffer.from(PASSWORD).toString("base64")],
    ["in base64 for URLs", Buffer.from(PASSWORD).toString("base64url")],
  ])("is hidden %s", (_form, text) => {
    const shown = redacted(text, PASSWORD);
    expect(shown).toContain("[secret]");
    for (const part of ["ss", "rd", Buffer.from(PASSWORD).toString("base64").slice(4, 10)]) {
      expect(shown.replaceAll("password", "")).not.toContain(part);
    }
  });

  test.each([0, 1, 2, 3, 4, 5, 6])(
    "is hidden in the base64 of a text that holds it after %i bytes and before others",
    (before) => {
      for (const after of ["", "x", "xy", "xyz"]) {
        const encoded = Buffer.from(`${"u".repeat(before)}${TOKEN}${after}`).toString("base64");
        const shown = redacted(`Basic ${encoded}`, TOKEN);
        expect(shown).toContain("[secret]");
        // At most the characters that a neighbour shares stay on each side.
        expect(shown.replace("[secret]", "").length).toBeLessThanOrEqual(
          "Basic ".length + Math.ceil(((before + after.length) * 8) / 6) + 4,
        );
        expect(Buffer.from(shown.replace(/^Basic |\[secret\].*/g, ""), "base64").toString()).not.toContain(TOKEN.slice(0, 3));
      }
    },
  );

  test("is hidden once where two of them overlap, whichever is longer", () => {
    expect(redacted("xxabcdefghxx", "abcdef", "defgh")).toBe("xx[secret]xx");
    expect(redacted("xxabcdefghxx", "cdef", "abcdefgh")).toBe("xx[secret]xx");
  });

  test("of 4 characters is hidden; a shorter one stands in any text by chance and is not", () => {
    expect(redacted("the door is open", "door")).toBe("the [secret] is open");
    expect(redacted("the door is open", "doo")).toBe("the door is open");
  });

  test("that is an encryption key is hidden however its file is laid out; its fingerprint is not secret", () => {
    const key = generateEncryptionKey();
    const hide = redactor([key.file]);
    const { data } = JSON.parse(key.file.reveal()) as { data: string };
    for (const text of [
      key.file.reveal(),
      JSON.stringify(JSON.parse(key.file.reveal()), null, 2),
      `key ${data}`,
      JSON.stringify([key.file.reveal()]),
    ]) {
      expect(hide(text)).toContain("[secret]");
      expect(hide(text)).not.toContain(data.slice(2, 20));
    }
    expect(hide(`fingerprint ${key.fingerprint}`)).toBe(`fingerprint ${key.fingerprint}`);
  });

  test("of several lines is hidden line by line too, and of a file with or without its last line end", () => {
    const pem = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG\nshort\n-----END KEY-----\n";
    expect(redacted("log: MIIEvQIBADANBgkqhkiG", pem)).toBe("log: [secret]");
    expect(redacted("-----BEGIN KEY----- short", pem)).toBe("-----BEGIN KEY----- short");
    expect(redacted(`(${TOKEN})`, `${TOKEN}\n`)).toBe("([secret])");
  });

  test("with half of a surrogate pair breaks nothing", () => {
    expect(redacted("a bad\ud800secret", "bad\ud800secret")).toBe("a [secret]");
  });
});

describe("a known secret in a stream", () => {
  test("is hidden when it is cut in two, at every place", async () => {
    const text = `before ${TOKEN} after`;
    for (let cut = 0; cut <= text.length; cut++) {
      expect(await streamed([text.slice(0, cut), text.slice(cut)], TOKEN)).toBe("before [secret] after");
    }
  });

  test("is hidden when it comes byte by byte, with a character of several bytes", async () => {
    const bytes = [...Buffer.from(`à ${PASSWORD} é`)].map((byte) => Buffer.from([byte]));
    expect(await streamed(bytes, PASSWORD)).toBe("à [secret] é");
  });

  test("that begins and never ends is shown in the end, because it is none", async () => {
    expect(await streamed(["a ", TOKEN.slice(0, 30)], TOKEN)).toBe(`a ${TOKEN.slice(0, 30)}`);
  });

  test("does not hold up lines that begin no secret, so that progress is seen when it happens", () => {
    const stream = new RedactStream([Secret.of(TOKEN)]);
    stream.write("a line\n");
    expect(String(stream.read())).toBe("a line\n");
    stream.write("next 7f3c");
    expect(String(stream.read())).toBe("next ");
    stream.write("x\n");
    expect(String(stream.read())).toBe("7f3cx\n");
  });

  test("is treated as in a whole text, for any secrets, text and cuts", async () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "é"), minLength: 4, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(letters, { minLength: 1, maxLength: 3 }),
        fc.array(fc.string({ unit: fc.constantFrom("a", "b", "é", "\n"), maxLength: 9 }), { maxLength: 12 }),
        async (secrets, pieces) => {
          const shown = await streamed(pieces, ...secrets);
          expect(shown).toBe(redacted(pieces.join(""), ...secrets));
          for (const secret of secrets) expect(shown).not.toContain(secret);
        },
      ),
      { numRuns: 300, seed: 20261121 },
    );
  });

  test("costs little: 10 MB of log with 10 secrets in less than 5 s", async () => {
    const secrets = [...Array.from({ length: 9 }, (_, index) => `${index}${TOKEN}`), generateEncryptionKey().file.reveal()];
    const line = `${JSON.stringify({ "@level": "trace", "@message": `GET /api2/json/config/prune ${"x".repeat(900)}` })}\n`;
    const pieces = Array.from({ length: 160 }, () => Buffer.from(line.repeat(65)));
    const before = performance.now();
    const shown = await streamed(pieces, ...secrets);
    expect(shown).toHaveLength(line.length * 65 * 160);
    expect(performance.now() - before).toBeLessThan(5_000);
  }, 20_000);
});
