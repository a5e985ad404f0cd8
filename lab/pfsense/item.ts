import type { Values } from "./field";

/** An object as it is read or about to be written. `id` is its index in the list; it moves when others come and go. */
export interface Item {
  id: unknown;
  values: Values;
}
