import QRCode from "qrcode";
import { Secret, type Site } from "../../model";
import type { EncryptionKey } from "./encryption-key";

/** An encryption key on paper, for the safe. Both forms hold the key itself, so they are secrets. */
export interface PaperKey {
  /** UTF-8 text in two pages, the second one with the QR code. Only the key itself has a line of more than 78 columns. */
  readonly text: Secret;
  /** One self-contained page for the printer of a browser. */
  readonly html: Secret;
}

const COLUMNS = 78;
/** Level M, as Proxmox prints it: the code is read as long as no more than 15 % of it is soiled or torn. */
const QR = { errorCorrectionLevel: "M", margin: 4 } as const;

/**
 * Prints a key so that somebody who has nothing but this paper and the backup server can restore (ECO-05). The key stands
 * between the lines of Proxmox's own paper key, and its tools read it back from there; the QR code holds the same JSON.
 * The client reads it, so it is in French.
 */
export async function paperKey(
  site: Pick<Site, "name" | "client" | "timeZone">,
  environment: string,
  key: EncryptionKey,
  now: Date = new Date(),
): Promise<PaperKey> {
  const json = JSON.stringify(JSON.parse(key.file.reveal()), null, 2);
  const day = new Intl.DateTimeFormat("fr-FR", { dateStyle: "long", timeZone: site.timeZone });
  const heading = [
    ["Client", site.client],
    ["Site", `${site.name} (environnement ${environment})`],
    ["Clé créée le", day.format(new Date(key.created))],
    ["Imprimé le", day.format(now)],
  ] as const;
  const text = asText(heading, key, json, await QRCode.toString(json, { ...QR, type: "utf8" }));
  const html = asHtml(heading, key, json, await QRCode.toString(json, { ...QR, type: "svg" }));
  return { text: Secret.of(text), html: Secret.of(html) };
}

const TITLE = "Clé de chiffrement des sauvegardes";

interface Section {
  readonly title: string;
  readonly paragraphs: readonly string[];
  /** Commands, to be typed as they stand. */
  readonly commands?: readonly string[];
}

const SECTIONS: readonly Section[] = [
  {
    title: "Ce que c'est",
    paragraphs: [
      "Cette clé ouvre les sauvegardes chiffrées du site. Sans elle, personne ne peut les lire : ni le client, ni le prestataire, ni Proxmox. Il n'existe aucun autre moyen.",
      "Avec elle, quiconque atteint le serveur de sauvegarde ou une copie de ses données lit tout ce qui a été sauvegardé.",
    ],
  },
  {
    title: "Où la garder",
    paragraphs: [
      "Deux exemplaires sous pli fermé, dans deux lieux différents, dont un hors du site : par exemple le coffre du client et celui du prestataire.",
      "Ne pas la photographier, ne pas l'envoyer par courriel, ne pas la garder sur une machine sauvegardée avec elle. Si une clé la remplace, garder aussi celle-ci tant qu'il existe des sauvegardes faites avec elle.",
    ],
  },
  {
    title: "Comment restaurer avec elle",
    paragraphs: [
      "1. Lire le code QR (ou recopier le texte de l'accolade ouvrante à l'accolade fermante) dans un fichier cle.json, sur une machine sûre et hors réseau si possible.",
      "2. Vérifier : la commande suivante doit afficher l'empreinte imprimée ci-dessus, au moins ses huit premières paires.",
    ],
    commands: ["proxmox-backup-client key show cle.json"],
  },
  {
    title: "",
    paragraphs: ["3. Remettre la clé à Proxmox VE, puis restaurer la machine depuis ce stockage :"],
    commands: ["pvesm set <stockage> --encryption-key cle.json"],
  },
  {
    title: "",
    paragraphs: ["   Ou restaurer une archive sans Proxmox VE :"],
    commands: [
      "proxmox-backup-client restore <instantané> <archive> <dossier> \\",
      "  --repository <utilisateur>@pbs@<serveur>:<datastore> --keyfile cle.json",
    ],
  },
  { title: "", paragraphs: ["4. Détruire le fichier : shred -u cle.json"] },
];

type Heading = readonly (readonly [label: string, value: string])[];

function asText(heading: Heading, key: EncryptionKey, json: string, qr: string): string {
  const rule = "=".repeat(COLUMNS);
  const lines = [rule, TITLE.toUpperCase(), "CONFIDENTIEL - À CONSERVER DANS UN COFFRE", rule, ""];
  for (const [label, value] of heading) lines.push(...wrapped(`${label} : ${value}`));
  lines.push("Empreinte :", ...halves(key.fingerprint).map((half) => `  ${half}`), "");
  for (const { title, paragraphs, commands } of SECTIONS) {
    if (title !== "") lines.push(title.toUpperCase(), "");
    for (const paragraph of paragraphs) lines.push(...wrapped(paragraph), "");
    if (commands !== undefined) lines.push(...commands.map((command) => `    ${command}`), "");
  }
  lines.push(...printedKey(json), "");
  const second = [`${TITLE} - ${heading.map(([, value]) => value)[1] ?? ""}`, ...halves(key.fingerprint), "", qr.trimEnd(), ""];
  return `${lines.join("\n")}\f${second.join("\n")}`;
}

function asHtml(heading: Heading, key: EncryptionKey, json: string, svg: string): string {
  const facts = [...heading, ["Empreinte", key.fingerprint] as const];
  const body = SECTIONS.map(({ title, paragraphs, commands }) =>
    [
      title === "" ? "" : `<h2>${escaped(title)}</h2>`,
      ...paragraphs.map((paragraph) => `<p>${escaped(paragraph.trim())}</p>`),
      commands === undefined ? "" : `<pre>${escaped(commands.join("\n"))}</pre>`,
    ].join("\n"),
  ).join("\n");
  return `<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="robots" content="noindex">
<title>${escaped(TITLE)}</title>
<style>
  body { font: 10.5pt/1.35 sans-serif; max-width: 180mm; margin: 10mm auto; color: #000; background: #fff; }
  h1 { font-size: 16pt; margin: 0; } h2 { font-size: 11.5pt; margin: 4mm 0 1mm; } p { margin: 0 0 1.5mm; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.5mm 4mm; } dt { font-weight: bold; } dd { margin: 0; overflow-wrap: anywhere; }
  pre { font: 9pt/1.3 monospace; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0 0 2mm; }
  .key { break-inside: avoid; border: 1pt solid #000; padding: 3mm; margin-top: 5mm; }
  .key svg { display: block; width: 80mm; height: 80mm; margin: 2mm auto 0; }
</style>
</head>
<body>
<h1>${escaped(TITLE)}</h1>
<p><strong>Confidentiel - à conserver dans un coffre</strong></p>
<dl>
${facts.map(([label, value]) => `<dt>${escaped(label)}</dt><dd>${escaped(value)}</dd>`).join("\n")}
</dl>
${body}
<div class="key">
<pre>${escaped(printedKey(json).join("\n"))}</pre>
${svg.trim()}
</div>
</body>
</html>
`;
}

const printedKey = (json: string): string[] => [
  "-----BEGIN PROXMOX BACKUP KEY-----",
  ...json.split("\n"),
  "-----END PROXMOX BACKUP KEY-----",
];

/** 95 characters do not fit on a line of the text. */
const halves = (fingerprint: string): string[] => [fingerprint.slice(0, 47), fingerprint.slice(48)];

/** Lines of at most `COLUMNS`; a word that is longer stays whole. */
function wrapped(paragraph: string): string[] {
  const lines: string[] = [];
  let line = /^ */.exec(paragraph)?.[0] ?? "";
  const indent = line;
  // French sets a space before these signs, at which a line never ends.
  for (const word of paragraph
    .trim()
    .replace(/ (?=[:;?!])/g, "\u00a0")
    .split(" ")) {
    const longer = line === indent ? indent + word : `${line} ${word}`;
    if (longer.length > COLUMNS && line !== indent) {
      lines.push(line);
      line = indent + word;
    } else line = longer;
  }
  return [...lines, line];
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (char) => ENTITIES[char] ?? char);
