import { formatDuration } from "../model";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** What the clocks of a zone may add to a number of days or take from it. */
const CLOCKS = 2 * HOUR;

/** `4h`, `25h`, `never`. */
export const interval = (ms: number): string => (ms === Number.POSITIVE_INFINITY ? "never" : formatDuration(ms));

/** `35d`, `never`. */
export const days = (count: number): string => (count === Number.POSITIVE_INFINITY ? "never" : `${count}d`);

/** Days that a time takes up, at least one; an hour that the clocks add is none. */
export function wholeDays(ms: number): number {
  return ms === Number.POSITIVE_INFINITY ? ms : Math.max(1, Math.ceil((ms - CLOCKS) / DAY));
}

/** An age for display, in whole days from two days on: `10d`, `21h`, `without end`. */
export function age(ms: number): string {
  if (ms === Number.POSITIVE_INFINITY) return "without end";
  if (ms < 1_000) return "0h";
  return ms < 2 * DAY - CLOCKS ? formatDuration(ms) : `${Math.floor((ms + CLOCKS) / DAY)}d`;
}

/** `a, b`; the text for none of them. */
export const listed = (items: readonly string[], none: string): string => (items.length === 0 ? none : items.join(", "));
