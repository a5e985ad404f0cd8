import type { Site } from "../../model";
import { isUnknown } from "../../review/known";
import { protectionOf } from "../../review/protect";
import type { Protection } from "../../review/protection";
import { configurationOfLive } from "../../review/sources/live";
import { configurationOfModel } from "../../review/sources/model";
import { planSides } from "../../review/sources/plan";
import ecosolar from "../../sites/ecosolar/site";
import atelier from "../fixtures/sites/atelier/site";
import { LabSite } from "./support/lab-site";
import { variationOf } from "./support/site-variations";
import { type LabDevices, SitesFolder } from "./support/sites-folder";

jest.setTimeout(900_000);

const PROVISIONING = "root@pam!bastide";

/**
 * What the devices show beyond what a site's model and its plans can: the right of the credential that Bastide itself works
 * with, which the lab makes. Nothing else may differ, not even what is unknown.
 */
function comparable(protection: Protection): Protection {
  const { privileges } = protection;
  return isUnknown(privileges)
    ? protection
    : { ...protection, privileges: privileges.filter(({ subject }) => subject !== PROVISIONING) };
}

const ofModel = (site: Site) => protectionOf(configurationOfModel(site));

let folder: SitesFolder;
beforeAll(() => {
  folder = new SitesFolder("ecosolar", "atelier-nord");
});
afterAll(() => folder.remove());

const ofLive = async (lab: LabSite, site: Site) => comparable(protectionOf(configurationOfLive(await lab.live(site), site)));

describe.each([
  { name: "ecosolar", site: ecosolar, seeds: [11, 12] },
  { name: "atelier-nord", site: atelier, seeds: [21, 22] },
])("the protection of $name", ({ name, site, seeds }) => {
  const lab = () => new LabSite(folder, name);

  it("is the same from the model, from the plan that changes nothing, and from the devices", async () => {
    await lab().apply(site);
    expect(await ofLive(lab(), site)).toEqual(ofModel(site));
    const { before, after, replaced, drift } = planSides(await lab().plan(site), site);
    expect(protectionOf(before)).toEqual(ofModel(site));
    expect(protectionOf(after)).toEqual(ofModel(site));
    expect({ replaced, drift }).toEqual({ replaced: [], drift: [] });
  });

  it("holds nothing unknown, so that equal does not mean equally ignorant", () => {
    const text = JSON.stringify(ofModel(site));
    expect(text).not.toContain('"unknown":');
  });

  it.each(seeds)("is the same after a random change, seed %i, and both sides of its plan tell the truth", async (seed) => {
    const previous = seed === seeds[0] ? site : variationOf(site, seed - 1);
    const next = variationOf(site, seed);
    expect(ofModel(next)).not.toEqual(ofModel(previous));
    const { before, after } = planSides(await lab().plan(next), next, previous);
    expect(protectionOf(before)).toEqual(ofModel(previous));
    expect(protectionOf(after)).toEqual(ofModel(next));
    await lab().apply(next);
    expect(await ofLive(lab(), next)).toEqual(ofModel(next));
  });
});

/** Every one weakens the protection behind the model's back. */
const BY_HAND: readonly { readonly what: string; readonly weaken: (devices: LabDevices) => Promise<unknown> }[] = [
  { what: "a guest is left out", weaken: ({ pve }) => pve.put("/cluster/backup/ecosolar-standard", { vmid: "102,104,105" }) },
  { what: "a retention is cut", weaken: ({ pbs }) => pbs.put("/config/prune/proxmox-data-critical-prune", { "keep-hourly": 2 }) },
  {
    what: "a verification becomes rare",
    weaken: ({ pbs }) => pbs.put("/config/verify/proxmox-data-verify", { schedule: "yearly" }),
  },
  {
    what: "new backups are not verified",
    weaken: ({ pbs }) => pbs.put("/config/datastore/proxmox-data", { "verify-new": false }),
  },
  { what: "a job is switched off", weaken: ({ pve }) => pve.put("/cluster/backup/ecosolar-critical", { enabled: 0 }) },
  {
    what: "a matcher is switched off",
    weaken: ({ pbs }) => pbs.put("/config/notifications/matchers/ecosolar-failures", { disable: true }),
  },
  {
    what: "somebody else may prune",
    weaken: ({ pbs }) => pbs.put("/access/acl", { path: "/datastore", role: "DatastorePowerUser", "auth-id": "pve-backup@pbs" }),
  },
  {
    what: "a rule opens the port",
    weaken: ({ firewall }) =>
      firewall.post("/firewall/rule", {
        ...{ type: "pass", interface: ["lan"], ipprotocol: "inet", protocol: "tcp", source: "any", destination: "any" },
        ...{ destination_port: "8007", descr: "test", placement: 0, apply: true },
      }),
  },
];

describe("a change by hand", () => {
  const lab = () => new LabSite(folder, "ecosolar");
  let site: Site;
  let seen: Protection;

  beforeAll(async () => {
    site = ecosolar;
    await lab().apply(site);
    seen = await ofLive(lab(), site);
    expect(seen).toEqual(ofModel(site));
  });

  it.each(BY_HAND)("is seen on the devices: $what", async ({ weaken }) => {
    await weaken(await folder.devices("ecosolar"));
    const now = await ofLive(lab(), site);
    expect(now).not.toEqual(seen);
    seen = now;
  });

  it("is on the side before of a plan, and among its drift; the side after is the model's", async () => {
    const { before, after, drift } = planSides(await lab().plan(site), site);
    expect(protectionOf(before)).not.toEqual(ofModel(site));
    expect(protectionOf(after)).toEqual(ofModel(site));
    expect(Object.fromEntries(drift.map(({ address, keys }) => [address.replace("restful_resource.", ""), keys]))).toMatchObject({
      backup_job__critical: ["enabled"],
      backup_job__standard: ["vmid"],
      "prune_job__pbs__proxmox-data__critical": ["keep-hourly"],
      "verify_job__pbs__proxmox-data": ["schedule"],
      "datastore__pbs__proxmox-data": ["verify-new"],
    });
  });
});
