import { siteWarnings } from "../../model";
import ecosolar from "../../sites/ecosolar/site";
import atelier from "../fixtures/sites/atelier/site";
import { siteWith } from "./base-site";

const acknowledgement = {
  rule: "network.same-subnet",
  object: "backupServers.pbs",
  reason: "r",
  owner: "o",
  expires: "2027-01-31",
};

test("a site without anything unusual has no warning", () => {
  expect(siteWarnings(siteWith(() => undefined))).toEqual([]);
  expect(siteWarnings(atelier)).toEqual([]);
});

describe("same subnet", () => {
  const together = (input: { backupServers: { pbs: { address: string } } }) => {
    input.backupServers.pbs.address = "10.1.0.20";
  };

  test("hypervisor and backup server in one subnet of the firewall are warned of, with the reason", () => {
    const [warning, ...others] = siteWarnings(siteWith(together));
    expect(others).toEqual([]);
    expect(warning).toMatchObject({
      rule: "network.same-subnet",
      where: "backupServers.pbs",
      what: 'pbs is in the network "lan" like pve1, pve2, admin',
    });
    expect(warning?.why).toContain("never passes the firewall");
    expect(warning).not.toHaveProperty("acknowledged");
  });

  test("the acknowledgement of the site goes with it", () => {
    const site = siteWith((input) => {
      together(input);
      input.acknowledgements = [acknowledgement];
    });
    expect(siteWarnings(site)).toEqual([expect.objectContaining({ acknowledged: acknowledgement })]);
    expect(siteWarnings(ecosolar)).toEqual([
      expect.objectContaining({ rule: "network.same-subnet", acknowledged: expect.objectContaining({ owner: "WildCorp" }) }),
    ]);
  });

  test.each([
    ["of another rule", { ...acknowledgement, rule: "schedule.unlikely" }],
    ["of another object", { ...acknowledgement, object: "backupServers.pbs2" }],
  ])("an acknowledgement %s does not", (_, other) => {
    const site = siteWith((input) => {
      together(input);
      input.acknowledgements = [other];
    });
    expect(siteWarnings(site)[0]).not.toHaveProperty("acknowledged");
  });

  test("without a firewall there is no rule that could be mistaken for protection", () => {
    const site = siteWith((input) => {
      together(input);
      delete input.firewall;
      delete input.environments.live.devices.firewall;
    });
    expect(siteWarnings(site)).toEqual([]);
  });
});

test("a schedule of minutes that looks like one of hours is warned of where it stands", () => {
  const site = siteWith((input) => {
    input.tiers.critical.schedule = "*/4 UTC";
    input.backupServers.pbs.datastores.data.prune = "22";
    input.restoreTests = { partial: "sun 10", full: "quarterly" };
  });
  expect(siteWarnings(site).map(({ where, rule }) => [where, rule])).toEqual([
    ["backupServers.pbs.datastores.data.prune", "schedule.unlikely"],
    ["tiers.critical.schedule", "schedule.unlikely"],
    ["restoreTests.partial", "schedule.unlikely"],
  ]);
});

test("a tier without guests is warned of", () => {
  const site = siteWith((input) => (input.guests.glpi.tier = "critical"));
  expect(siteWarnings(site)).toEqual([expect.objectContaining({ rule: "tier.empty", where: "tiers.standard" })]);
});
