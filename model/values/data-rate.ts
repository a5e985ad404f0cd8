import type { Branded } from "./brand";
import { type Parsed, throwing } from "./parsed";

/** Bytes per second in the form in which PBS reads it back: `50 MB`, `1.5 GiB`. Any other form would never settle in a plan. */
export type DataRate = Branded<string, "DataRate">;

const SHAPE = /^(\d+(?:\.\d+)?)\s*(?:([kmgtp])(i?))?b?$/i;

/** Reads a number with an optional unit (B, KB … PB in powers of 1000, KiB … PiB of 1024), as PBS does: three decimals at most. */
export function parseDataRate(text: string): Parsed<DataRate> {
  const [, number, letter, binary] = SHAPE.exec(text) ?? [];
  const rounded = Math.round(Number(number) * 1000) / 1000;
  if (number === undefined || rounded === 0) {
    return {
      problem: { what: `"${text}" is no data rate`, repair: 'write bytes per second with a unit, like "50 MB" or "10 MiB"' },
    };
  }
  const unit = letter === undefined ? "B" : `${letter.toUpperCase()}${binary ? "i" : ""}B`;
  return { value: `${rounded} ${unit}` as DataRate };
}

/** Reads a data rate or throws a `UserError`. */
export const dataRate = throwing(parseDataRate, "data rate");
