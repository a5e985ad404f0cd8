import { filteredInPath } from "../../policies/rules/network/filtered-in-path";
import { siteWith } from "../model/base-site";
import { applies, faultsOf } from "./judge";

describe(filteredInPath.sentence, () => {
  const together = (input: { backupServers: { pbs: { address: string } } }) => {
    input.backupServers.pbs.address = "10.1.0.20";
  };

  test("a backup server in a network of its own is behind the firewall", () => {
    expect(
      faultsOf(
        filteredInPath,
        siteWith(() => undefined),
      ),
    ).toEqual([]);
  });

  test("one in the subnet of the hypervisors is not", () => {
    expect(faultsOf(filteredInPath, siteWith(together))).toEqual([
      'backupServers.pbs: pbs is in the network "lan" like pve1, pve2, admin',
    ]);
  });

  test("unless it filters by itself", () => {
    const site = siteWith((input) => {
      together(input);
      input.backupServers.pbs.hostFirewall = true;
    });
    expect(faultsOf(filteredInPath, site)).toEqual([]);
  });

  test("without a firewall there is no rule that could be mistaken for protection", () => {
    const site = siteWith((input) => {
      together(input);
      delete input.firewall;
      delete input.environments.live.devices.firewall;
    });
    expect(applies(filteredInPath, site)).toBe(false);
  });
});
