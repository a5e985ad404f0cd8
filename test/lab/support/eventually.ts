import { setTimeout as delay } from "node:timers/promises";

/** Asks until the answer is the wished one: a device does much after it has answered. */
export async function eventually(look: () => Promise<boolean>, limitMs = 10_000): Promise<void> {
  for (const end = Date.now() + limitMs; !(await look()); ) {
    if (Date.now() > end) throw new Error(`still not so after ${limitMs} ms: ${look}`);
    await delay(100);
  }
}
