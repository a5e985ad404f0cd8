import { createHash } from "node:crypto";
import type { Notice } from "./notice";

/** SHA-256 of each notice's key, in hexadecimal. Of two with the same key each gets its own, in their order. */
export function fingerprints(notices: readonly Notice[]): string[] {
  const seen = new Map<string, number>();
  return notices.map(({ key }) => {
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    return createHash("sha256")
      .update(before === 0 ? key : `${key}\0${before}`)
      .digest("hex");
  });
}
