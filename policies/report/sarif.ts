import type { Severity } from "../engine/policy";
import { fingerprints } from "./fingerprint";
import type { Notice, NoticedRule, NoticedSite } from "./notice";
import { sentencesOf } from "./notice";

/** SARIF's name of a severity is our own. */
const level = (severity: Severity): "error" | "warning" | "note" => severity;

/**
 * SARIF 2.1.0 (OASIS), as code scanning of GitHub and others read it. Accepted findings stay in it, with a suppression.
 * @param rules all that were judged, with or without a notice
 */
export function sarif(sites: readonly NoticedSite[], rules: readonly NoticedRule[], version: string): string {
  const notices = sites.flatMap((site) => site.notices);
  const prints = fingerprints(notices);
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Bastide", semanticVersion: version, rules: rules.map(descriptor) } },
        columnKind: "utf16CodeUnits",
        results: notices.map((notice, index) => result(notice, rules, prints[index] ?? notice.key)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function descriptor({ id, sentence, why, repair, severity, tags }: NoticedRule): object {
  return {
    id,
    shortDescription: { text: sentence },
    fullDescription: { text: `${sentence}. Otherwise: ${why}` },
    help: { text: repair },
    defaultConfiguration: { level: level(severity) },
    properties: { tags: ["backup", ...tags] },
  };
}

function result(notice: Notice, rules: readonly NoticedRule[], fingerprint: string): object {
  const { rule, severity, object, file, line, accepted } = notice;
  const ruleIndex = rules.findIndex(({ id }) => id === rule);
  return {
    ruleId: rule,
    ...(ruleIndex < 0 ? {} : { ruleIndex }),
    level: level(severity),
    message: { text: `${object === "" ? "" : `${object}: `}${sentencesOf(notice).join("\n")}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: relativeUri(file), uriBaseId: "%SRCROOT%" },
          region: { startLine: line },
        },
        ...(object === "" ? {} : { logicalLocations: [{ fullyQualifiedName: object }] }),
      },
    ],
    // The second is what GitHub tells alerts apart by. Of its own it takes the words of the line, which several objects may share.
    partialFingerprints: { "bastideFinding/v1": fingerprint, primaryLocationLineHash: fingerprint },
    // Either all results of a run say whether they are suppressed, or none (SARIF 2.1.0, 3.27.23).
    suppressions:
      accepted === undefined ? [] : [{ kind: SUPPRESSED_IN[accepted.by], status: "accepted", justification: accepted.text }],
  };
}

const SUPPRESSED_IN = { acknowledgement: "inSource", baseline: "external" } as const;

/** A relative reference (RFC 3986): a colon before the first slash would end the name of a scheme. */
const relativeUri = (path: string): string => path.split("/").map(encodeURIComponent).join("/");
