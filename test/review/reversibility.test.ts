import type { GuestId } from "../../model";
import { compareProtection } from "../../review/compare";
import type { ProtectionFinding } from "../../review/finding";
import type { Protection } from "../../review/protection";
import { configurationOfModel } from "../../review/sources/model";
import { ECOSOLAR, each, reviewWith } from "./configurations";
import { changed, type Loose, protectionOfSite, reviewOf, SITES, siteAfter } from "./sites";

const nord = configurationOfModel(SITES.atelier);
const before = protectionOfSite(SITES.ecosolar);

describe("what can be taken back", () => {
  const tier = (findings: readonly ProtectionFinding[], aspect: string) => {
    const found = findings.find((finding) => finding.aspect === aspect);
    return [found?.reversibility, found?.evidence];
  };
  const make = (site: Loose) => {
    site.guests.plans.create = { cores: 1, memoryMiB: 1024, diskGiB: 8, diskStorage: "local-lvm", bridge: "vmbr0" };
  };

  test("a machine that Bastide made goes with its backup, and with its datastore", () => {
    const made = siteAfter("atelier", make);
    const gone = (site: Loose) => {
      delete site.guests.plans;
      delete site.tiers.bronze;
    };
    expect(tier(reviewOf(made, changed(made, gone)), "coverage")[0]).toBe("needs review");
    expect(tier(reviewOf(SITES.atelier, siteAfter("atelier", gone)), "coverage")[0]).toBe("reversible");
    const all = reviewOf(
      made,
      changed(made, gone, (site: Loose) => delete site.backupServers.coffre.datastores.archive),
    );
    expect(tier(all, "coverage")[0]).toBe("unrecoverable");
    expect(tier(all, "coverage")[1]).toContain("2200 is destroyed, and the datastore");
  });

  test("a copy goes with its source, a key with what it opens", () => {
    const stores = (change: object) => ({
      datastores: (ECOSOLAR.datastores as Loose).map((one: object) => ({ ...one, ...change })),
    });
    const sync = {
      ...(nord.syncJobs as Loose)[0],
      backupServer: "pbs",
      datastore: "proxmox-data",
      direction: "push",
      remoteHost: "far.example",
    };
    const from = { syncJobs: [sync] };
    expect(tier(reviewWith({ syncJobs: [] }, from), "copies")[0]).toBe("reversible");
    expect(tier(reviewWith({ syncJobs: [], ...stores({ path: "/new" }) }, from), "copies")[0]).toBe("unrecoverable");
    expect(tier(reviewWith(each("storages", { encrypted: false })), "encryption")[0]).toBe("recoverable with effort");
    expect(tier(reviewWith({ ...each("storages", { encrypted: false }), ...stores({ path: "/new" }) }), "encryption")[0]).toBe(
      "unrecoverable",
    );
  });

  test("what is pruned is gone, the more so where a copy follows; a copy that keeps is asked", () => {
    const less = each("pruneJobs", { retention: { last: 1 } });
    const job = (values: object) => ({
      syncJobs: [
        {
          ...(nord.syncJobs as Loose)[0],
          backupServer: "far",
          datastore: "copy",
          remoteHost: "pbs",
          remoteDatastore: "proxmox-data",
          ...values,
        },
      ],
      promises: {
        ...(ECOSOLAR.promises as Loose),
        offSite: ["far"],
        machines: [...(ECOSOLAR.promises as Loose).machines, { name: "far", role: "backup server", addresses: ["10.0.0.9"] }],
      },
    });
    expect(tier(reviewWith(less), "retention")).toEqual([
      "unrecoverable",
      expect.stringContaining("there is no copy that keeps them"),
    ]);
    expect(tier(reviewWith(less, job({ removeVanished: true })), "retention")).toEqual([
      "unrecoverable",
      expect.stringContaining("the copy on far:copy follows"),
    ]);
    expect(tier(reviewWith(less, job({})), "retention")).toEqual([
      "needs review",
      expect.stringContaining("whether far:copy still has them"),
    ]);
  });

  test("10 objects are more than one person undoes at once, 50 more than one looks at", () => {
    const many = (count: number): readonly ProtectionFinding[] => {
      const [guest] = before.guests;
      if (guest === undefined) throw new Error("a guest");
      const guests = Array.from({ length: count }, (_, index) => ({
        ...guest,
        id: (200 + index) as GuestId,
        name: `vm${index}`,
      }));
      const site: Protection = { ...before, guests };
      return compareProtection(site, { ...site, guests: guests.map((one) => ({ ...one, covered: false })) });
    };
    const tiers = [9, 10, 49, 50].map((count) => many(count)[0]?.reversibility);
    expect(tiers).toEqual(["reversible", "recoverable with effort", "recoverable with effort", "needs review"]);
    expect(many(10)[0]?.evidence).toContain("10 objects in one change");
    expect(many(50)[0]?.subjects).toHaveLength(50);
  });
});
