import { likelySchedule } from "../../policies/rules/objectives/likely-schedule";
import { siteWith } from "../model/base-site";
import { faultsOf } from "./judge";

describe(likelySchedule.sentence, () => {
  test("schedules of hours are what they look like", () => {
    expect(
      faultsOf(
        likelySchedule,
        siteWith(() => undefined),
      ),
    ).toEqual([]);
  });

  test("one of minutes that looks like one of hours is named where it stands", () => {
    const site = siteWith((input) => {
      input.tiers.critical.schedule = "*/4 UTC";
      input.backupServers.pbs.datastores.data.prune = "22";
      input.restoreTests = { partial: "sun 10", full: "quarterly" };
    });
    expect(faultsOf(likelySchedule, site).map((fault) => fault.split(":")[0])).toEqual([
      "backupServers.pbs.datastores.data.prune",
      "tiers.critical.schedule",
      "restoreTests.partial",
    ]);
  });
});
