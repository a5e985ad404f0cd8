import type { Branded } from "./brand";
import { type Parsed, throwing } from "./parsed";

/** A length of time in whole units, `4h`, `30min`, `1d`, `1h30min`; a day has 24 hours. */
export type Duration = Branded<string, "Duration">;

const MILLISECONDS = { w: 604_800_000, d: 86_400_000, h: 3_600_000, min: 60_000, s: 1_000 } as const;
/** In the order in which they are written. */
const UNITS = Object.values(MILLISECONDS);

const SHAPE = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)min)?(?:(\d+)s)?$/;

/** Reads a duration greater than zero; the units in falling order, each once. */
export function parseDuration(text: string): Parsed<Duration> {
  const compact = text.replaceAll(" ", "");
  if (milliseconds(compact) > 0) return { value: compact as Duration };
  return {
    problem: {
      what: `"${text}" is no duration`,
      repair: 'write whole units from w, d, h, min, s, like "4h", "30min" or "1d12h"',
    },
  };
}

/** Reads a duration or throws a `UserError`. */
export const duration = throwing(parseDuration, "duration");

/** The same few stand all over a site. */
const lengths = new Map<Duration, number>();
const MOST_LENGTHS = 1_000;

/** Length in milliseconds. */
export function durationMs(value: Duration): number {
  let length = lengths.get(value);
  if (length === undefined) {
    length = milliseconds(value);
    if (lengths.size >= MOST_LENGTHS) lengths.clear();
    lengths.set(value, length);
  }
  return length;
}

/** The shortest exact text of a number of milliseconds, in days at most: 90000000 -> `25h`, 86400000 -> `1d`. */
export function formatDuration(ms: number): Duration {
  if (!Number.isFinite(ms) || ms < 1_000) throw new RangeError(`no duration: ${ms} ms`);
  const whole = (["d", "h", "min"] as const).find((unit) => ms % MILLISECONDS[unit] === 0);
  if (whole === "d" || whole === "h" || (whole === "min" && ms < 2 * MILLISECONDS.h)) {
    return `${ms / MILLISECONDS[whole]}${whole}` as Duration;
  }
  const hours = Math.floor(ms / MILLISECONDS.h);
  const minutes = Math.floor((ms % MILLISECONDS.h) / MILLISECONDS.min);
  const seconds = Math.round((ms % MILLISECONDS.min) / MILLISECONDS.s);
  const parts = [hours && `${hours}h`, minutes && `${minutes}min`, seconds && `${seconds}s`];
  return parts.filter(Boolean).join("") as Duration;
}

function milliseconds(text: string): number {
  const [, ...counts] = SHAPE.exec(text) ?? [];
  return counts.reduce((sum, count, unit) => sum + Number(count ?? 0) * (UNITS[unit] ?? 0), 0);
}
