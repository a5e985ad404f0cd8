import { durationMs, formatDuration, member, type Site } from "../../../model";
import { compliant, type Rule, unknown, type Verdict, violation } from "../../engine/rule";

export const rtoAfterDependencies: Rule = {
  sentence: "The RTO of a guest is at least the sum of the RTOs of what must run before it",
  model: ({ site }) =>
    Object.entries(site.guests).flatMap(([name, { rto }]): Verdict[] => {
      const before = dependenciesOf(site, name);
      if (rto === undefined || before.length === 0) return [];
      const where = member("guests", name);
      const open = before.filter((other) => site.guests[other]?.rto === undefined);
      if (open.length > 0)
        return [
          unknown(
            where,
            `it must be back within ${rto}, and nothing says how long ${open.join(", ")} may take before it`,
            `give ${open.join(", ")} an \`rto\``,
          ),
        ];
      const sum = before.reduce((total, other) => total + rtoOf(site, other), 0);
      if (sum <= durationMs(rto)) return [compliant(where)];
      return [
        violation(
          where,
          `it must be back within ${rto}, and ${before.join(" and ")} may take ${formatDuration(sum)} before it`,
          `set its \`rto\` to ${formatDuration(sum)} or more, or shorten the \`rto\` of ${before.join(" or ")}`,
        ),
      ];
    }),
};

const rtoOf = (site: Site, name: string): number => {
  const rto = site.guests[name]?.rto;
  return rto === undefined ? 0 : durationMs(rto);
};

/** Everything that a guest needs, directly or through others, each once, the nearest first. */
function dependenciesOf(site: Site, name: string): string[] {
  const found = new Set(site.guests[name]?.dependsOn);
  for (const other of found) for (const further of site.guests[other]?.dependsOn ?? []) found.add(further);
  return [...found];
}
