import { tierUsed } from "../../policies/rules/coverage/tier-used";
import { siteWith } from "../model/base-site";
import { faultsOf } from "./judge";

describe(tierUsed.sentence, () => {
  test("each has one", () => {
    expect(
      faultsOf(
        tierUsed,
        siteWith(() => undefined),
      ),
    ).toEqual([]);
  });

  test("one that has lost its last guest is named", () => {
    const site = siteWith((input) => (input.guests.glpi.tier = "critical"));
    expect(faultsOf(tierUsed, site)).toEqual(['tiers.standard: no guest is in the tier "standard"']);
  });
});
