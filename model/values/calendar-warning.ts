import { type CalendarEvent, calendarPlan } from "./calendar-event";
import type { Problem } from "./parsed";

/**
 * What the devices accept but its author hardly meant: `*` + `/4` is every 4 minutes, `22` is minute 22 of every hour,
 * `24:00` is minute 24 and second 0 of every hour.
 */
export function calendarWarnings(event: CalendarEvent): readonly Problem[] {
  const plan = calendarPlan(event);
  const time =
    event
      .replace(/ *UTC$/, "")
      .split(/[ \t]/)
      .at(-1) ?? "";
  const step = /^(?:\*|0)\/(\d+)$/.exec(time);
  if (step) {
    const count = Number(step[1]);
    return [
      {
        what: `"${event}" runs every ${count} minutes`,
        why: "a number without a colon is the minute",
        repair: `for every ${count} hours write "${event.replace(time, `0/${count}:00`)}"; if minutes are meant, write "${event.replace(time, `*:0/${count}`)}"`,
      },
    ];
  }
  if (/^\d+$/.test(time)) {
    const hour = Number(time);
    return [
      {
        what: `"${event}" runs at minute ${hour} of every hour`,
        why: "a number without a colon is the minute",
        repair: `${hour < 24 ? `for ${hour} o'clock write "${event.replace(time, `${time.padStart(2, "0")}:00`)}"; ` : ""}if the minute is meant, write "${event.replace(time, `*:${time.padStart(2, "0")}`)}"`,
      },
    ];
  }
  if (plan.hours === undefined && /^(?!\*:)[^:]+:[^:]+$/.test(time)) {
    return [
      {
        what: `"${event}" runs every hour, at minute ${time.split(":")[0]}`,
        why: "an hour above 23 is read as a minute, and what follows as a second",
        repair: 'write hours from 0 to 23; midnight is "00:00"',
      },
    ];
  }
  return [];
}
