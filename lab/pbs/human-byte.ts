import { type Schema, text } from "./schema";

const UNIT = /^(?<number>.*?)\s*(?<prefix>[kmgtp]?)(?<binary>i?)b?$/i;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** A size or rate with a unit, as the product takes it: `50MB`, `10 MiB`, `1.5G`. */
export const humanByte: Schema = text({ min: 1, max: 64 }, (value) => {
  const fault = parsed(value);
  return typeof fault === "string" ? `byte-size parse error for '${value}': ${fault}` : undefined;
});

/** The one form in which the product writes it back: `50MB` becomes `50 MB`. */
export function canonicalByte(value: string): string {
  const read = parsed(value);
  if (typeof read === "string") throw new Error(`"${value}" was not checked: ${read}`);
  return `${Math.round(read.size * 1000) / 1000} ${read.unit}`;
}

function parsed(value: string): { readonly size: number; readonly unit: string } | string {
  const { number = "", prefix = "", binary = "" } = UNIT.exec(value)?.groups ?? {};
  // The letter i belongs to a prefix; alone it is part of the number, which then is none.
  if (!NUMBER.test(number) || (binary !== "" && prefix === "")) return "invalid float literal";
  if (Number(number) < 0) return "byte size may not be negative";
  return { size: Number(number), unit: `${prefix.toUpperCase()}${binary === "" ? "" : "i"}B` };
}
