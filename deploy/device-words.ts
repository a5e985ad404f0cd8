/** Longest part of an answer that a message repeats. */
const LONGEST = 500;

/** What a device says in an answer that refuses a call: its message and its complaints by parameter, without the JSON around. */
export function deviceWords(text: string): string {
  const start = text.indexOf("{");
  const words = start < 0 ? undefined : wordsIn(text.slice(start));
  return (words ?? text).replace(/\s+/g, " ").trim().slice(0, LONGEST);
}

function wordsIn(text: string): string | undefined {
  try {
    const body = JSON.parse(text) as { message?: unknown; errors?: Readonly<Record<string, unknown>> };
    const complaints = Object.entries(body.errors ?? {}).map(([name, complaint]) => `${name}: ${String(complaint).trim()}`);
    const message = typeof body.message === "string" ? body.message.trim() : "";
    const words = [message, ...complaints].filter((word) => word !== "");
    return words.length > 0 ? words.join("; ") : undefined;
  } catch {
    return undefined;
  }
}
