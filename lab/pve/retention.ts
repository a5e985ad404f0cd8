import { FormatFault, registerFormat } from "./formats";
import { type Properties, parsePropertyString } from "./property";
import { flag, integer, table } from "./table";

const COUNT = integer({ minimum: 0 });

const RETENTION: Properties = table({
  "keep-all?": flag(),
  "keep-last?": COUNT,
  "keep-hourly?": COUNT,
  "keep-daily?": COUNT,
  "keep-weekly?": COUNT,
  "keep-monthly?": COUNT,
  "keep-yearly?": COUNT,
});

registerFormat("prune-backups", (value) => {
  parseRetention(value);
});

/**
 * A retention as the product returns it: counts stay text, "keep all" is the number 1.
 * @throws FormatFault
 */
export function parseRetention(text: string): Record<string, string | number> {
  const { "keep-all": keepAll, ...counts } = parsePropertyString(RETENTION, text);
  if (!Object.values(counts).some((count) => Number(count) > 0)) return { "keep-all": 1 };
  if (keepAll === "1") throw new FormatFault("keep-all cannot be set together with other options.");
  return counts;
}
