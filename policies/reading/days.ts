import { remembered } from "../engine/remembered";

/** All sites of a fleet are judged on the same day. */
const days = new Map<string, string>();

/** The day so many days after another one, both `YYYY-MM-DD`. */
export const daysAfter = (day: string, count: number): string =>
  remembered(days, `${day} +${count}d`, () => {
    const ms = Date.parse(`${day}T00:00:00Z`) + count * 86_400_000;
    return new Date(ms).toISOString().slice(0, 10);
  });

/** The same day of a later month, or the last day of that month where it is shorter. */
export const monthsAfter = (day: string, count: number): string =>
  remembered(days, `${day} +${count}m`, () => {
    const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
    const last = new Date(Date.UTC(year, month + count, 0)).getUTCDate();
    return new Date(Date.UTC(year, month - 1 + count, Math.min(date, last))).toISOString().slice(0, 10);
  });
