import { inspect } from "node:util";
import decodeQr from "jsqr";
import { parseEncryptionKey } from "../../deploy/secrets/encryption-key";
import { paperKey } from "../../deploy/secrets/paper";
import { Secret } from "../../model";

const DATA = "OhQLhDs50UogDpDOUwsY8X77wcuN9T8x2MVA/oU/Dsw=";
const SITE = { name: "ecosolar", client: "EcoSolar <Solutions> & fils", timeZone: "Europe/Paris" };
const key = parseEncryptionKey(
  Secret.of(JSON.stringify({ kdf: null, created: "2026-11-20T23:30:00Z", modified: "2026-11-20T23:30:00Z", data: DATA })),
  "key",
);
const print = () => paperKey(SITE, "production", key, new Date("2026-12-31T23:30:00Z"));
const pretty = JSON.stringify(JSON.parse(key.file.reveal()), null, 2);

type Matrix = readonly (readonly boolean[])[];

/** What a camera would see, read by a decoder that knows nothing of the encoder. */
function read(matrix: Matrix): string | undefined {
  const scale = 4;
  const [width, height] = [(matrix[0]?.length ?? 0) * scale, matrix.length * scale];
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (matrix[Math.floor(y / scale)]?.[Math.floor(x / scale)]) pixels.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return decodeQr(pixels, width, height)?.data;
}

/** Half blocks hold two rows a line; ink is dark. */
function fromText(text: string): Matrix {
  const lines = (text.split("\f")[1] ?? "").split("\n").filter((line) => /^[ █▀▄]+$/.test(line));
  const width = Math.max(...lines.map((line) => line.length)) + 4;
  const rows = lines.flatMap((line) => {
    const cells = [...line.padEnd(width)];
    return [cells.map((cell) => cell === "█" || cell === "▀"), cells.map((cell) => cell === "█" || cell === "▄")];
  });
  return [...rows, ...Array.from({ length: 4 }, () => Array.from({ length: width }, () => false))];
}

/** The library draws each row as strokes of the height 1: `M x y`, `h length`, `m dx dy`. */
function fromSvg(html: string): Matrix {
  const size = Number(/viewBox="0 0 (\d+) \1"/.exec(html)?.[1]);
  const rows = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  let [x, y] = [0, 0];
  for (const [, command, numbers = ""] of (/ d="(M4[^"]*)"/.exec(html)?.[1] ?? "").matchAll(/([Mmh])([-\d. ]+)/g)) {
    const [a = 0, b = 0] = numbers.trim().split(" ").map(Number);
    if (command === "M") [x, y] = [a, b];
    else if (command === "m") [x, y] = [x + a, y + b];
    else for (const end = x + a; x < end; x++) (rows[Math.floor(y)] ?? [])[x] = true;
  }
  return rows;
}

describe("a key printed for the safe", () => {
  test("as text, is scanned back to the very key", async () => {
    const text = (await print()).text.reveal();
    const scanned = read(fromText(text));
    expect(scanned).toBe(pretty);
    expect(parseEncryptionKey(Secret.of(scanned ?? ""), "scan").fingerprint).toBe(key.fingerprint);
  });

  test("as a page, is scanned back to the very key", async () => {
    expect(read(fromSvg((await print()).html.reveal()))).toBe(pretty);
  });

  test("is not scanned back when the code is torn through, so the reader of this test reads the code itself", async () => {
    const matrix = fromText((await print()).text.reveal());
    const torn = matrix.map((row, y) => (y > matrix.length / 2 ? row.map(() => false) : row));
    expect(read(torn)).toBeUndefined();
  });

  test("is typed back from between the lines of Proxmox, from both forms", async () => {
    const { text, html } = await print();
    const shown = html.reveal().replaceAll("&quot;", '"');
    for (const page of [text.reveal(), shown]) {
      expect(page).toContain(`-----BEGIN PROXMOX BACKUP KEY-----\n${pretty}\n-----END PROXMOX BACKUP KEY-----`);
      expect(parseEncryptionKey(Secret.of(page), "page").file.reveal()).toBe(key.file.reveal());
    }
  });

  test("tells the client, in French, whose it is, when it was made and printed at the client's place, and how to use it", async () => {
    const text = (await print()).text.reveal();
    for (const line of [
      "CLÉ DE CHIFFREMENT DES SAUVEGARDES",
      "Client : EcoSolar <Solutions> & fils",
      "Site : ecosolar (environnement production)",
      "Clé créée le : 21 novembre 2026",
      "Imprimé le : 1 janvier 2027",
      "  5f:69:db:09:d7:2a:25:bf:24:36:10:ec:12:96:f1:cb",
      "  c1:1a:65:9b:d2:f0:c4:81:f6:3a:fd:1f:ba:39:d0:a0",
      "OÙ LA GARDER",
      "COMMENT RESTAURER AVEC ELLE",
      "    proxmox-backup-client key show cle.json",
      "    pvesm set <stockage> --encryption-key cle.json",
    ]) {
      expect(text.replaceAll("\u00a0", " ").replace("1er janvier", "1 janvier").split("\n")).toContain(line);
    }
  });

  test("fits on the paper: 78 columns but for the line of the fingerprint in the key, and no line begins with a lone sign", async () => {
    const lines = (await print()).text.reveal().split(/[\n\f]/);
    expect(lines.filter((line) => line.length > 78)).toEqual([expect.stringContaining('"fingerprint":')]);
    expect(lines.filter((line) => /^\s*[:;?!]/.test(line))).toEqual([]);
  });

  test("as a page, is one file without scripts and other addresses, and quotes the client's name", async () => {
    const html = (await print()).html.reveal();
    expect(html).toContain("<dd>EcoSolar &lt;Solutions&gt; &amp; fils</dd>");
    expect(html).toContain(`<dd>${key.fingerprint}</dd>`);
    expect(html).not.toMatch(/<script|<link|src=|href=|@import|url\(/);
  });

  test("is a secret wherever it is printed by mistake", async () => {
    const paper = await print();
    expect(inspect(paper, { depth: 9, showHidden: true }) + JSON.stringify(paper)).not.toContain(DATA);
  });
});
