import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { type Site, UserError } from "../../model";
import { FINDING_CLASSES, type FindingClass, type ProtectionFinding } from "../../review/finding";
import { CHANGES } from "./random-change";
import { type Base, changed, type Loose, reviewOf, type SiteChange, siteAfter } from "./sites";

const RUNS = { numRuns: 16, seed: 20_261_121 };

/** The site after the changes; undefined where the model refuses them. */
function attempt(base: Base, ...changes: readonly SiteChange[]): Site | undefined {
  try {
    return siteAfter(base, ...changes);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** What a finding may be the other way round. A trade, better here and worse there, is worse both ways. */
const MIRRORED: Readonly<Record<FindingClass, readonly FindingClass[]>> = {
  lost: ["gained", "lost"],
  weakened: ["gained", "weakened"],
  gained: ["lost", "weakened"],
  unknown: ["unknown"],
};

type Told = Pick<ProtectionFinding, "aspect" | "subjects" | "before" | "after">;
const told = ({ aspect, subjects, before, after }: Told): Told => ({ aspect, subjects, before, after });
const turned = ({ aspect, subjects, before, after }: Told): Told => ({ aspect, subjects, before: after, after: before });

const worst = (findings: readonly ProtectionFinding[]): number =>
  Math.min(FINDING_CLASSES.length, ...findings.map((finding) => FINDING_CLASSES.indexOf(finding.class)));

/** Every name that means nothing to the devices' data. */
const renameAll: SiteChange = (site: Loose) => {
  const renamed = (record: object) => Object.fromEntries(Object.entries(record).map(([name, value]) => [`x-${name}`, value]));
  for (const guest of Object.values<Loose>(site.guests)) {
    guest.node = `x-${guest.node}`;
    guest.dependsOn = guest.dependsOn.map((name: string) => `x-${name}`);
    if (guest.tier !== undefined) guest.tier = `x-${guest.tier}`;
  }
  for (const tier of Object.values<Loose>(site.tiers)) tier.backupServer = `x-${tier.backupServer}`;
  for (const server of Object.values<Loose>(site.backupServers))
    if (server.runsOn !== undefined) server.runsOn = `x-${server.runsOn}`;
  for (const { devices } of Object.values<Loose>(site.environments))
    if (devices !== undefined) devices.backupServers = renamed(devices.backupServers);
  for (const part of ["guests", "tiers", "backupServers", "hypervisors", "hosts", "networks"]) site[part] = renamed(site[part]);
  Object.assign(site, { name: "other", client: "Other" });
};

test("of random changes: back is the opposite of forth, two are at least as bad as each, and names mean nothing", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(CHANGES, ({ base, one, other }) => {
      const start = siteAfter(base);
      const first = attempt(base, one.change);
      fc.pre(first !== undefined);
      const forth = reviewOf(start, first);
      const back = reviewOf(first, start);
      for (const { class: kind, aspect } of forth) seen.add(`${kind} ${aspect}`);

      expect(reviewOf(first, structuredClone(first))).toEqual([]);
      expect(
        reviewOf(
          start,
          siteAfter(base, one.change, (site) => Object.assign(site, structuredClone(start))),
        ),
      ).toEqual([]);
      expect(back).toHaveLength(forth.length);
      for (const { class: kind, ...finding } of forth) {
        const opposite = back.find((one) => isDeepStrictEqual(turned(one), told(finding)));
        expect(MIRRORED[kind]).toContain(opposite?.class);
      }

      const renamed = changed(first, renameAll);
      expect(reviewOf(first, renamed)).toEqual([]);
      const plain = forth.map(({ class: kind, aspect }) => `${kind} ${aspect}`);
      expect(reviewOf(start, renamed).map(({ class: kind, aspect }) => `${kind} ${aspect}`)).toEqual(plain);

      if (one.aspects.some((aspect) => other.aspects.includes(aspect))) return;
      const second = attempt(base, other.change);
      const both = attempt(base, one.change, other.change);
      if (second === undefined || both === undefined) return;
      expect(worst(reviewOf(start, both))).toBeLessThanOrEqual(Math.min(worst(forth), worst(reviewOf(start, second))));
    }),
    RUNS,
  );
  // The changes are worth the name: most of what a review can say was said.
  expect(seen.size).toBeGreaterThanOrEqual(12);
});
