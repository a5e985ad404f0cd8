import { recordOf } from "../policies/engine/synthesized-stack";
import { JsonByElement } from "./json-by-element";

type Values = Record<string, unknown>;

/**
 * Reads what the engine shows of a plan or a state. The same object stands in it up to four times: as it is, as it will be, and on
 * both sides of its change. What is equal in these is one and the same afterwards, so that a large plan takes little memory.
 */
export function shownDocument(): JsonByElement {
  const latest = new Map<string, unknown>();
  return new JsonByElement((element) => {
    const { address, change } = recordOf(element);
    if (typeof address !== "string") return element;
    for (const holder of [recordOf(element), recordOf(change)] as Values[]) {
      for (const side of SIDES.filter((name) => name in holder)) {
        holder[side] = shared(latest.get(address), holder[side]);
        latest.set(address, holder[side]);
      }
    }
    return element;
  });
}

const SIDES = ["values", "before", "after"];

/** `next`, or `known` if the two are equal to the order of their keys; else what is equal inside of them is taken from `known`. */
function shared(known: unknown, next: unknown): unknown {
  if (typeof known !== "object" || typeof next !== "object" || known === null || next === null) return next;
  const [old, now] = [known as Values, next as Values];
  const [oldNames, names] = [Object.keys(old), Object.keys(now)];
  let isEqual = Array.isArray(old) === Array.isArray(now) && oldNames.length === names.length;
  for (const [index, name] of names.entries()) {
    const one = oldNames[index] === name ? old[name] : undefined;
    const part = shared(one, now[name]);
    if (part !== one) isEqual = false;
    else now[name] = one;
  }
  return isEqual ? known : next;
}
