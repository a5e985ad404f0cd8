import type { CalendarEvent, Retention } from "../../model";
import { isUnknown } from "../../review/known";
import { protectionOf } from "../../review/protect";
import type { GuestProtection } from "../../review/protection";
import { keptOf, runsIn28Days } from "../../review/recovery-points";
import { configurationOfModel } from "../../review/sources/model";
import { verifiedWithin } from "../../review/verification-time";
import { type Loose, protectionOfSite, SITES, siteAfter } from "./sites";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const PARIS = "Europe/Paris";
const event = (text: string) => text as CalendarEvent;

const guestOf = (guests: readonly GuestProtection[], id: number) => guests.find((guest) => guest.id === id);

test("the guests of EcoSolar are protected as the client's document asks", () => {
  const { guests, datastores, reachability } = protectionOfSite(SITES.ecosolar);
  expect(guests.map(({ id }) => id)).toEqual([101, 102, 103, 104, 105, 106]);
  expect(guestOf(guests, 101)).toMatchObject({
    name: "ad",
    covered: true,
    jobs: ["ecosolar-critical"],
    gapMs: 4 * HOUR,
    kept: { points: 31, rule: "hourly 24, daily 7" },
    encrypted: true,
    keyEscrowed: true,
    pinned: true,
    verifiedWithinDays: 35,
    verifiedWhenNew: true,
    prunedByClient: false,
    places: ["pbs:proxmox-data:critical"],
    promise: { rpoMs: 4 * HOUR, rtoMs: 2 * HOUR },
  });
  expect(guestOf(guests, 102)).toMatchObject({ gapMs: 25 * HOUR, kept: { points: 11, rule: "daily 7, weekly 4" } });
  expect(datastores).toEqual([
    {
      name: "pbs:proxmox-data",
      path: "/mnt/datastore/proxmox-data",
      inService: true,
      collectedWithinDays: 1,
      guests: [101, 102, 103, 104, 105, 106],
    },
  ]);
  const reaches = isUnknown(reachability) ? [] : reachability.reaches;
  const passing = reaches.filter(({ through }) => through === "firewall").map(({ source }) => source);
  expect(passing).toEqual(["pve1", "admin"]);
});

test("an exempt guest says why, and one that nothing takes says that", () => {
  const { guests } = protectionOfSite(SITES.atelier);
  expect(guestOf(guests, 2999)).toMatchObject({
    covered: false,
    exempt: "Recréé à chaque essai",
    jobs: [],
    gapMs: Infinity,
    copies: [],
  });
  expect(guestOf(guests, 2107)).toMatchObject({ covered: true, encrypted: false, keyEscrowed: false, repeatMissed: false });
});

test("a place for copies is only as safe as whoever can delete there", () => {
  const far = (removeVanished: boolean, location: string) =>
    siteAfter("ecosolar", (site: Loose) => {
      const remote = { host: "192.168.100.220", authId: "copy@pbs!x" };
      const syncs = { all: { remote: "home", remoteDatastore: "proxmox-data", schedule: "05:00", removeVanished } };
      const datastores = { mirror: { path: "/mnt/mirror", retention: { daily: 30 }, syncs } };
      const address = location === "off-site" ? "10.99.0.20" : "192.168.100.221";
      site.backupServers.lyon = { address, location, remotes: { home: remote }, datastores };
      site.environments.production.devices.backupServers.lyon = {
        endpoint: "https://10.99.0.20:8007",
        ca: "lyon.pem",
        credential: "lyon",
      };
    });
  const copyAt = (site: ReturnType<typeof far>) => {
    const copies = guestOf(protectionOfSite(site).guests, 101)?.copies;
    return isUnknown(copies) ? copies : copies?.find(({ name }) => name === "lyon:mirror");
  };
  expect(copyAt(far(false, "off-site"))).toMatchObject({ place: "off-site", safeFromDeletion: true, gapMs: 25 * HOUR });
  expect(copyAt(far(true, "off-site"))).toMatchObject({ place: "off-site", safeFromDeletion: false, followsRemovals: true });
  expect(copyAt(far(false, "on-site"))).toMatchObject({ place: "site", safeFromDeletion: false });
});

test("without a site file nothing is said that only it can say", () => {
  const { promises: _, ...devices } = configurationOfModel(SITES.ecosolar);
  const { guests, reachability, pulled, restoreTests, escalation } = protectionOf(devices);
  const [guest] = guests;
  expect([guest?.keyEscrowed, guest?.copies, reachability, pulled].map(isUnknown)).toEqual([true, true, true, true]);
  expect([guest?.covered, guest?.encrypted, guest?.promise, restoreTests, escalation]).toEqual([
    true,
    true,
    undefined,
    undefined,
    undefined,
  ]);
});

describe("recovery points", () => {
  const kept = (retention: Retention, schedule: string) => keptOf(retention, event(schedule), PARIS);

  test.each<readonly [Retention, string, number, number]>([
    [{ last: 7 }, "21:00", 7, 6],
    [{ daily: 7 }, "21:00", 7, 6],
    [{ daily: 7 }, "0/4:00", 7, 6],
    [{ hourly: 24 }, "0/4:00 UTC", 24, 92 / 24],
    [{ weekly: 2 }, "sat 21:00", 2, 7],
  ])("%j of %s are %d, the oldest %f days old", (retention, schedule, points, days) => {
    expect(kept(retention, schedule).points).toBe(points);
    expect(Math.abs(kept(retention, schedule).oldestMs - days * DAY)).toBeLessThanOrEqual(HOUR);
  });

  test("are counted near by and far off", () => {
    expect(kept({ daily: 7, weekly: 4 }, "21:00").recent).toEqual([expect.any(Number), 7, expect.any(Number), 11, 11]);
    expect(kept({}, "21:00")).toMatchObject({ points: Infinity, oldestMs: Infinity });
  });
});

test("runs are counted where they are frequent, rare, or both", () => {
  const counted = ["21:00", "0/4:00", "*:0/30", "mon..fri 21:00", "*:*", "sun 04:00"].map((text) =>
    runsIn28Days(event(text), PARIS),
  );
  expect(counted).toEqual([28, 168, 1344, 20, 40_320, 4]);
  expect(runsIn28Days(event("monthly"), PARIS)).toBeCloseTo(28 / 30.4, 1);
});

test("a backup is verified again at the first run after its time is up", () => {
  const within = (schedule: string, again: number | undefined) => verifiedWithin(event(schedule), again, PARIS);
  expect([within("sat 06:00", 27), within("sat 06:00", 28), within("sat 06:00", 30), within("sat 06:00", 34)]).toEqual([
    28, 35, 35, 35,
  ]);
  // To the day: the verification itself took some time, so its time is not up yet.
  expect(verifiedWithin(event("sat 06:00 UTC"), 28, "UTC")).toBe(35);
  expect(within("sat 06:00", 0)).toBe(7);
  expect(within("daily", 30)).toBe(31);
  expect(within("0/4:00", 30)).toBe(31);
  expect(within("sat 06:00", undefined)).toBe(Infinity);
});
