import { isReference } from "./variable-reference";

/** In place of a value that only a later gate knows: a reference in a synthesized file, a result of the apply in a plan. */
export const OPEN: unique symbol = Symbol("not known yet");

/** A text of a body, or of an attribute. Undefined: absent, no text, or not known yet. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && !isReference(value) ? value : undefined;

/** Texts of a body that stand in a list or, as Proxmox VE writes most of its lists, behind each other with commas. Undefined as above. */
export function textsOf(value: unknown): readonly string[] | undefined {
  if (Array.isArray(value)) {
    const texts = value.map(textOf);
    return texts.every((text) => text !== undefined) ? texts : undefined;
  }
  const text = typeof value === "number" ? String(value) : textOf(value);
  return text?.split(/[,;\s]+/).filter((part) => part !== "");
}

/** A switch of a body, as the devices read it. Undefined: it is not known yet. */
export function flagOf(value: unknown, fallback: boolean): boolean | undefined {
  if (value === undefined || value === null) return fallback;
  if (typeof value === "boolean") return value;
  if (typeof value === "number") return value !== 0;
  const text = textOf(value)?.toLowerCase();
  if (text === undefined) return undefined;
  return ["1", "true", "on", "yes"].includes(text);
}

/** A count of a body. Undefined: absent, no number, or not known yet. */
export function countOf(value: unknown): number | undefined {
  const number = typeof value === "number" ? value : Number(textOf(value) || Number.NaN);
  return Number.isFinite(number) ? number : undefined;
}
