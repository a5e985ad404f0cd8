import type { Site } from "../../model";
import { toApprove } from "../../review/approval/between";
import { hashOf, weakeningText } from "../../review/approval/weakening";
import { configurationOfModel } from "../../review/sources/model";
import { planSides } from "../../review/sources/plan";
import { type SiteChange, siteAfter } from "../review/sites";
import { LabSite } from "./support/lab-site";
import { SitesFolder } from "./support/sites-folder";

jest.setTimeout(600_000);

const SITE = "ecosolar";

/** Weakens much at once, and changes beside it what only the site file says, which a plan cannot know. */
const CHANGES: readonly { readonly what: string; readonly change: SiteChange }[] = [
  {
    what: "guests, schedules, retention and verification",
    change: (site) => {
      const { glpi: _, ad, ...guests } = site.guests;
      const others = Object.entries<{ dependsOn?: string[] }>(guests).map(([name, { dependsOn = [], ...guest }]) => [
        name,
        { ...guest, dependsOn: dependsOn.map((on) => (on === "ad" ? "annuaire" : on)) },
      ]);
      site.guests = { annuaire: ad, ...Object.fromEntries(others) };
      site.guests.xivo = { ...site.guests.xivo, tier: undefined, exempt: { reason: "sans données" } };
      site.guests.mail = { ...site.guests.mail, id: 206 };
      Object.assign(site.tiers.critical, {
        schedule: "0/8:00 UTC",
        rpo: "8h",
        retention: { hourly: 12, daily: 3 },
        repeatMissed: false,
      });
      const store = site.backupServers.pbs.datastores["proxmox-data"];
      Object.assign(store, { verifyNew: false, garbageCollection: "monthly" });
      store.verification = { schedule: "monthly", againAfterDays: 90 };
      site.restoreTests = undefined;
    },
  },
  {
    what: "rights, reachability and who is told",
    change: (site) => {
      site.access.operators["technicien@pve"].role = "PVEAdmin";
      site.access.operators["technicien@pve"].path = "/";
      site.hosts.second = { address: "192.168.100.11", role: "admin" };
      site.hosts.admin.address = "192.168.100.12";
      site.notifications.mailto = ["nobody@wildcorp.example"];
      site.notifications.escalation = [];
      site.backupServers.pbs.datastores["proxmox-data"].notificationMode = "legacy-sendmail";
    },
  },
];

describe("what has to be approved", () => {
  let folder: SitesFolder;
  let lab: LabSite;
  const before = siteAfter("ecosolar");

  beforeAll(async () => {
    folder = new SitesFolder(SITE);
    lab = new LabSite(folder, SITE);
    await lab.apply(before);
  });
  afterAll(() => folder.remove());

  const ofPlan = async (after: Site) => {
    const sides = planSides(await lab.plan(after), after);
    return toApprove(sides.before, sides.after).weakenings;
  };

  it.each(CHANGES)("is the same from two revisions and from the plan: $what", async ({ change }) => {
    const after = siteAfter("ecosolar", change);
    const revisions = toApprove(configurationOfModel(before), configurationOfModel(after)).weakenings;
    const plan = await ofPlan(after);
    expect(plan.devices.map(weakeningText)).toEqual(revisions.devices.map(weakeningText));
    expect(hashOf(plan.devices)).toBe(hashOf(revisions.devices));
    expect(plan.promises).toEqual([]);
    expect(revisions.promises.length).toBeGreaterThan(0);
    expect(new Set(plan.devices.map(({ aspect }) => aspect)).size).toBeGreaterThanOrEqual(3);
  });
});
