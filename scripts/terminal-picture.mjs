/** Draws what a command prints as an SVG, without any font or picture from elsewhere. */

const COLUMNS = 118;
const CHARACTER = { width: 7.8, height: 18 };
const MARGIN = 16;

/** What stands out, in the colours of a terminal; the first that matches a line counts. */
const COLOURS = [
  [/^LOSS OF PROTECTION/, "#ff6b6b", true],
  [/^\d+ {2}lost\b/, "#ff6b6b", false],
  [/^\d+ {2}(weakened|opened|broadened|unknown)\b/, "#f2c14e", false],
  [/^\$ /, "#8ab4f8", true],
  [/^(protection|who may do more|who reaches a backup server|can it be taken back\?|nothing to decide)$/, "#ffffff", true],
];

/** @returns the text of an SVG file; the same for the same lines */
export function terminalPicture(text) {
  const lines = text.trimEnd().split("\n").flatMap(wrapped);
  const width = Math.ceil(COLUMNS * CHARACTER.width + 2 * MARGIN);
  const height = lines.length * CHARACTER.height + 2 * MARGIN;
  const drawn = lines.map(({ text: line, like }, index) => {
    const [, colour = "#d0d4da", isBold = false] = COLOURS.find(([shape]) => shape.test(like)) ?? [];
    const y = MARGIN + (index + 0.75) * CHARACTER.height;
    return `<text x="${MARGIN}" y="${y}" fill="${colour}"${isBold ? ' font-weight="bold"' : ""} xml:space="preserve">${escaped(line)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    "<title>A review on a terminal</title>",
    `<rect width="${width}" height="${height}" rx="8" fill="#1b1f26"/>`,
    '<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="13">',
    ...drawn,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

/** A line in pieces that fit, cut between words; the later ones stand further in. `like` is the line that a piece is of. */
function wrapped(line) {
  const like = line.trimStart();
  const indent = line.length - like.length;
  const pieces = [];
  for (let rest = line; rest !== "" || pieces.length === 0; ) {
    if (rest.length <= COLUMNS) {
      pieces.push(rest);
      break;
    }
    const space = rest.lastIndexOf(" ", COLUMNS);
    const cut = space > indent + 4 ? space : COLUMNS;
    pieces.push(rest.slice(0, cut));
    rest = `${" ".repeat(indent + 4)}${rest.slice(cut).trimStart()}`;
  }
  return pieces.map((text) => ({ text, like }));
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
