import type { Severity } from "../engine/policy";
import type { NoticedSite } from "./notice";
import { sentencesOf } from "./notice";

const COMMANDS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", note: "notice" };

/** Commands of GitHub Actions, which show each finding beside its line. What is acknowledged is a notice; what the baseline knows is left out. */
export function github(sites: readonly NoticedSite[]): string {
  return sites
    .flatMap(({ notices }) => notices)
    .filter(({ accepted }) => accepted?.by !== "baseline")
    .map((notice) => {
      const { rule, severity, object, file, line, accepted } = notice;
      const command = accepted === undefined ? COMMANDS[severity] : "notice";
      const title = [rule, object].filter((part) => part !== "").join(" ");
      const properties = `file=${property(file)},line=${line},title=${property(title)}`;
      return `::${command} ${properties}::${data(sentencesOf(notice).join("\n"))}\n`;
    })
    .join("");
}

/** As `@actions/core` escapes what stands after the second pair of colons. */
const data = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

/** And the value of a property, in which a colon and a comma would end it. */
const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
