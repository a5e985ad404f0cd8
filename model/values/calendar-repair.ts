/** What to write instead of a schedule that the devices refuse: cron first of all, then the near misses of the grammar. */
import { NAMED_EVENTS, readCalendarPlan } from "./calendar-grammar";
import type { Problem } from "./parsed";

const EXAMPLES = '"0/4:00" (every 4 hours), "21:00" (every day) or "mon..fri 22:00"';
const DAY_NAMES = ["sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MONTH_NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const FRENCH_DAYS = /\b(lun|mar|mer|jeu|ven|sam|dim)(?:di|credi|dredi|edi|anche)?\b/g;
const FRENCH: Readonly<Record<string, string>> = {
  lun: "mon",
  mar: "tue",
  mer: "wed",
  jeu: "thu",
  ven: "fri",
  sam: "sat",
  dim: "sun",
};

/** `@daily` and its kind; cron's week begins on Sunday. */
const CRON_WORDS: Readonly<Record<string, string>> = {
  "@hourly": "hourly",
  "@daily": "daily",
  "@midnight": "daily",
  "@weekly": "sun 00:00",
  "@monthly": "monthly",
  "@yearly": "yearly",
  "@annually": "yearly",
};

/** Cron's own words for months and days of the week. */
const CRON_FIELD = /^(?:[\d*/,-]|\b(?:sun|mon|tue|wed|thu|fri|sat|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\b)+$/i;

/** What is wrong with a text that is no calendar event, with the text to write where it can be guessed. */
export function repairCalendarText(text: string): Problem {
  const trimmed = text.trim().replace(/\s+/g, " ");
  const fields = trimmed.split(" ");
  const isCron = trimmed.startsWith("@") || (fields.length >= 5 && fields.every((field) => CRON_FIELD.test(field)));
  if (isCron) {
    const event = fromCron(trimmed.toLowerCase());
    return {
      what: `"${text}" is cron, which Proxmox refuses`,
      why: "Proxmox VE and Proxmox Backup Server read calendar events, not cron",
      repair: event === undefined ? `write a calendar event, like ${EXAMPLES}` : `write "${event}"`,
    };
  }
  const near = nearMisses(trimmed).find((candidate) => readCalendarPlan(candidate) !== undefined);
  return {
    what: `"${text}" is no calendar event`,
    ...(NAMED_EVENTS.some((name) => trimmed.startsWith(`${name} `)) ? { why: "a named event stands alone, without a time" } : {}),
    repair: near === undefined ? `write a calendar event, like ${EXAMPLES}` : `write "${near}"`,
  };
}

function nearMisses(text: string): readonly string[] {
  const lower = text.toLowerCase();
  const [first = "", ...others] = lower.split(" ");
  const tail = others.join(" ");
  const every = /^(?:every |toutes les )?(\d+) ?(h|hours?|heures?|min|minutes?)$/.exec(lower);
  const interval = every?.[2]?.startsWith("h") ? `0/${every[1]}:00` : `*:0/${every?.[1]}`;
  const english = lower.replace(FRENCH_DAYS, (_, day: string) => FRENCH[day] ?? day);
  return [
    text,
    lower.replace(/utc$/, "UTC"),
    ...(first === "daily" ? [tail] : []),
    ...(first === "weekly" ? [`mon ${tail}`] : []),
    ...(first === "monthly" ? [`*-*-1 ${tail}`] : []),
    ...(tail === "daily" ? [first] : []),
    ...(every === null ? [] : [interval]),
    `${tail} ${first}`,
    english,
    english.replace(/([a-z])-([a-z])/g, "$1..$2"),
    english.replace(/(\d)h(\d\d)\b/g, "$1:$2").replace(/(\d)h\b/g, "$1:00"),
    english
      .replace(/([a-z])-([a-z])/g, "$1..$2")
      .replace(/(\d)h(\d\d)\b/g, "$1:$2")
      .replace(/(\d)h\b/g, "$1:00"),
    english.replace(/(\d{4}-\d\d?-\d\d?)t(\d)/, "$1 $2"),
  ].map((candidate) => candidate.trim());
}

function fromCron(text: string): string | undefined {
  const [minute, hour, day, month, weekday, extra] = text.split(" ");
  if (weekday === undefined) return CRON_WORDS[text];
  // Cron runs when either the day of the month or the day of the week fits, a calendar event when both do.
  if (extra !== undefined || !minute || !hour || !day || !month || (day !== "*" && weekday !== "*")) return undefined;
  const days = weekdayList(weekday);
  const parts = [
    ...(days === "" ? [] : [days]),
    ...(day === "*" && month === "*" ? [] : [`*-${field(month, 1, MONTH_NAMES)}-${field(day, 1)}`]),
    `${pad(field(hour, 0))}:${pad(field(minute, 0))}`,
  ];
  const event = parts.join(" ");
  return readCalendarPlan(event) === undefined ? undefined : event;
}

/** One cron field in the words of a calendar event: ranges with `..`, steps from the first value. */
function field(text: string, first: number, names: readonly string[] = []): string {
  const numbers = text.replace(/[a-z]+/g, (name) => String(names.indexOf(name) + first));
  return numbers
    .split(",")
    .map((part) =>
      part
        .replace("-", "..")
        .replace(/^\*\/1$/, "*")
        .replace(/^\*\//, `${first}/`),
    )
    .join(",");
}

function weekdayList(text: string): string {
  if (text === "*") return "";
  const parts = text.split(",").map((part) => {
    const [range = "", step] = part.split("/");
    const [from, to = step === undefined ? from : "6"] = (range === "*" ? "0-6" : range).split("-").map(dayNumber);
    if (from === undefined || to === undefined) return "?";
    if (step === undefined) return from === to ? DAY_NAMES[from] : `${DAY_NAMES[from]}..${DAY_NAMES[to]}`;
    const listed = [];
    for (let day = Number(from); day <= Number(to); day += Math.max(1, Number(step))) listed.push(DAY_NAMES[day]);
    return listed.join(",");
  });
  return parts.join(",");
}

function dayNumber(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : DAY_NAMES.indexOf(text);
}

function pad(value: string): string {
  return /^\d$/.test(value) ? `0${value}` : value;
}
