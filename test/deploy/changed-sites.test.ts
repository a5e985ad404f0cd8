import { sitesOfPaths } from "../../deploy/changed-sites";

const SITES = ["alpha", "beta", "gamma"];

describe("the sites that changed paths concern", () => {
  it.each([
    ["a file of a site", ["beta/site.ts", "beta/pbs-ca.pem"], ["beta"]],
    ["a site that is gone", ["delta/site.ts"], ["delta"]],
    ["a file beside the sites, which may be shared", ["tiers.ts"], ["alpha", "beta", "gamma"]],
    ["a folder that is no site", ["lib/tiers.ts", "beta/site.ts"], ["alpha", "beta", "gamma"]],
    ["what runs leave behind", [".bastide/alpha/lab/state.json"], []],
    ["nothing", [], []],
  ])("are known for %s", (_, changed, sites) => {
    const found = sitesOfPaths(
      changed,
      (name) => SITES.includes(name),
      () => SITES,
    );
    expect(found).toEqual(sites);
  });
});
