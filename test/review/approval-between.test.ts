import { toApprove } from "../../review/approval/between";
import { hashOf, weakeningText } from "../../review/approval/weakening";
import { configurationOfModel } from "../../review/sources/model";
import { type SiteChange, siteAfter } from "./sites";

const cut: SiteChange = (site) => {
  site.tiers.critical.retention = { hourly: 12, daily: 7 };
};
const untested: SiteChange = (site) => {
  site.restoreTests = undefined;
};
const renamed: SiteChange = (site) => {
  const { glpi, ...guests } = site.guests;
  site.guests = { ...guests, tickets: glpi };
};
const oftener: SiteChange = (site) => {
  site.tiers.standard.schedule = "12:00,21:00";
};
const cutMore: SiteChange = (site) => {
  site.tiers.standard.retention = { daily: 7 };
};
const between = (...changes: SiteChange[]) => {
  const { weakenings } = toApprove(
    configurationOfModel(siteAfter("ecosolar")),
    configurationOfModel(siteAfter("ecosolar", ...changes)),
  );
  return { ...weakenings, shown: weakenings.devices.map(weakeningText) };
};

describe("what has to be approved of a change", () => {
  it("is what the devices are told", () => {
    const { shown, promises } = between(cut);
    expect({ shown, promises }).toEqual({
      shown: [expect.stringMatching(/^weakened retention of 101: /), expect.stringMatching(/^weakened retention of 103: /)],
      promises: [],
    });
  });

  it("is also what only the site file promises, apart from it", () => {
    const { devices, promises } = between(untested);
    expect(devices).toEqual([]);
    expect(promises).toMatchObject([{ aspect: "restore tests" }, { aspect: "restore tests" }]);
  });

  it("keeps its hash beside a promise, a new name and whatever weakens nothing, and not beside another weakening", () => {
    const hash = (...changes: SiteChange[]) => hashOf(between(...changes).devices);
    const usual = hash(cut);
    expect(hash(cut, untested)).toBe(usual);
    expect(hash(cut, renamed)).toBe(usual);
    expect(hash(cut, oftener)).toBe(usual);
    expect(hash(cut, cutMore)).not.toBe(usual);
  });

  it("is a guest that the site file does not name any more, by its id", () => {
    const { shown } = between((site) => void delete site.guests.glpi);
    expect(shown).toEqual([expect.stringMatching(/^lost coverage of 104: /)]);
  });
});
