import { type Notice, type NoticedRule, type NoticedSite, sentencesOf } from "./notice";

/**
 * JUnit XML: a suite for each site, a case for each finding and for each rule without one. Only what stops a change fails. A
 * warning, an accepted finding and a rule that says nothing here are told as skipped, because the format has no other word.
 */
export function junit(sites: readonly NoticedSite[], rules: readonly NoticedRule[]): string {
  const suites = sites.map((site) => suite(site, rules));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(
    "testsuites",
    { name: "bastide", ...countsOf(suites.flatMap(({ cases }) => cases)) },
    suites.map(({ xml }) => xml),
  )}\n`;
}

interface Case {
  readonly outcome: "passed" | "failed" | "skipped";
  readonly xml: string;
}

function suite({ site, environment, notices, states }: NoticedSite, rules: readonly NoticedRule[]) {
  const classname = environment === undefined ? site : `${site}.${environment}`;
  const silent = rules.filter(({ id }) => id in states && !notices.some(({ rule }) => rule === id));
  const cases: Case[] = [
    ...notices.map((notice) => noticed(notice, classname)),
    ...silent.map(({ id, sentence }): Case => {
      const attributes = { name: `${id} ${sentence}`, classname };
      return states[id] === "compliant"
        ? { outcome: "passed", xml: element("testcase", attributes, []) }
        : skipped(attributes, states[id] === "not-judged" ? "is judged by plan and apply" : "does not apply");
    }),
  ];
  return {
    cases,
    xml: element(
      "testsuite",
      { name: classname, ...countsOf(cases) },
      cases.map(({ xml }) => xml),
    ),
  };
}

function noticed(notice: Notice, classname: string): Case {
  const { rule, object, severity, what, file, line, accepted } = notice;
  const attributes = { name: [rule, object].filter((part) => part !== "").join(" "), classname, file, line };
  if (accepted !== undefined) return skipped(attributes, `${what}; ${accepted.text}`);
  if (severity !== "error") return skipped(attributes, `${severity}: ${sentencesOf(notice).join(". ")}`);
  const place = `${file}:${line}${object === "" ? "" : ` ${object}`}`;
  const failure = `<failure${attributesText({ message: what, type: rule })}>${escaped([place, ...sentencesOf(notice)].join("\n"))}</failure>`;
  return { outcome: "failed", xml: element("testcase", attributes, [failure]) };
}

const skipped = (attributes: Attributes, message: string): Case => ({
  outcome: "skipped",
  xml: element("testcase", attributes, [element("skipped", { message }, [])]),
});

const countsOf = (cases: readonly Case[]) => ({
  tests: cases.length,
  failures: cases.filter(({ outcome }) => outcome === "failed").length,
  errors: 0,
  skipped: cases.filter(({ outcome }) => outcome === "skipped").length,
});

type Attributes = Readonly<Record<string, string | number>>;

/** Children are XML already; they stand on lines of their own, indented. */
function element(name: string, attributes: Attributes, children: readonly string[]): string {
  const start = `<${name}${attributesText(attributes)}`;
  return children.length === 0 ? `${start}/>` : `${start}>\n${children.join("\n")}\n</${name}>`;
}

const attributesText = (attributes: Attributes): string =>
  Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escaped(String(value)).replaceAll("\n", "&#10;").replaceAll("\t", "&#9;")}"`)
    .join("");

/** XML 1.0 knows no control characters, not even escaped, nor halves of a surrogate pair; a carriage return only escaped. */
const escaped = (text: string): string =>
  text
    .replace(/[\p{Surrogate}\p{Cc}\ufffe\uffff]/gu, (character) => ("\t\n\r".includes(character) ? character : "\ufffd"))
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\r", "&#13;");
