import { allKnown, everyKnown, isUnknown, someKnown } from "../../review/known";
import { underNamesOf } from "../../review/same-names";
import { age, days, interval, listed, wholeDays } from "../../review/words";
import { protectionOfSite, SITES } from "./sites";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

test("times are shown as a technician says them", () => {
  expect([interval(4 * HOUR), interval(Infinity)]).toEqual(["4h", "never"]);
  expect([days(35), days(Infinity)]).toEqual(["35d", "never"]);
  expect([0, DAY, DAY + 2 * HOUR, DAY + 2 * HOUR + 1, Infinity].map(wholeDays)).toEqual([1, 1, 1, 2, Infinity]);
  const ages = [0, 999, HOUR, 46 * HOUR - 1000, 46 * HOUR, 3 * DAY - 2 * HOUR - 1, 3 * DAY - 2 * HOUR, Infinity];
  expect(ages.map(age)).toEqual(["0h", "0h", "1h", expect.stringContaining("45h"), "2d", "2d", "3d", "without end"]);
  expect([listed([], "none"), listed(["a", "b"], "none")]).toEqual(["none", "a, b"]);
});

test("what is unknown is told from what only looks like it, and decides only where nothing else does", () => {
  const unknown = { unknown: "no plan" };
  expect([unknown, { unknown: "a", more: 1 }, null, "unknown", undefined, {}].map(isUnknown)).toEqual([
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
  expect([allKnown([1, 2]), allKnown([1, unknown, 2]), allKnown([])]).toEqual([[1, 2], unknown, []]);
  expect([everyKnown([true, unknown]), everyKnown([false, unknown]), everyKnown([true]), everyKnown([])]).toEqual([
    unknown,
    false,
    true,
    true,
  ]);
  expect([someKnown([true, unknown]), someKnown([false, unknown]), someKnown([false]), someKnown([])]).toEqual([
    true,
    unknown,
    false,
    false,
  ]);
});

describe("a backup server under another name", () => {
  const site = protectionOfSite(SITES.atelier);
  const servers = { coffre: ["10.0.0.1", "fd00::1"], two: ["10.0.0.2"] };
  const before = {
    ...site,
    servers,
    guests: site.guests.slice(0, 1).map((guest) => ({ ...guest, places: ["two:z", "coffre:a:b"] })),
    pulled: [
      {
        name: "south:data on coffre:data",
        place: "site" as const,
        safeFromDeletion: true,
        gapMs: 1,
        followsRemovals: false,
        restrictions: [],
      },
    ],
    privileges: [{ device: "coffre", subject: "a@pbs", path: "/", propagate: true, privileges: [] }],
    reachability: {
      reaches: [{ source: "a", destination: "coffre", family: "inet" as const, port: 8007, through: "firewall" as const }],
      cutOff: ["pve1 -> coffre"],
      onSite: ["coffre", "two"],
    },
    alerts: [{ device: "coffre:data", recipients: [] }],
  };
  const named = (after: Record<string, string[]>) => underNamesOf(before, { ...site, servers: after });

  test("is the same wherever its name stands", () => {
    const now = named({ safe: ["fd00::1"], two: ["10.0.0.2"] });
    expect(now.servers).toEqual({ safe: servers.coffre, two: servers.two });
    expect(now.guests[0]?.places).toEqual(["safe:a:b", "two:z"]);
    expect(now.pulled).toMatchObject([{ name: "south:data on safe:data" }]);
    expect(now.privileges).toMatchObject([{ device: "safe", subject: "a@pbs" }]);
    expect(now.reachability).toMatchObject({
      reaches: [{ destination: "safe" }],
      cutOff: ["pve1 -> safe"],
      onSite: ["safe", "two"],
    });
    expect(now.alerts).toMatchObject([{ device: "safe:data" }]);
    expect(now.datastores).toMatchObject([{ name: "safe:archive" }, { name: "safe:quick" }]);
  });

  test.each<[string, Record<string, string[]>]>([
    ["keeps its name", servers],
    ["keeps its name and another takes its address", { coffre: ["10.0.0.9"], two: ["10.0.0.2"], safe: ["10.0.0.1"] }],
    ["is gone", { two: ["10.0.0.2"] }],
    ["leaves its address to one that was there before", { two: ["10.0.0.1"] }],
    ["is replaced by one elsewhere", { safe: ["10.0.0.9"], two: ["10.0.0.2"] }],
  ])("is another one where it %s", (_, after) => {
    expect(named(after)).toBe(before);
  });
});
