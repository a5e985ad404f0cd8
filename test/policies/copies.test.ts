import { betweenMachines } from "../../policies/rules/copies/between-machines";
import { copiedWeekly } from "../../policies/rules/copies/copied-weekly";
import { copiesOf } from "../../policies/rules/copies/copies-of";
import { encryptedOffSite } from "../../policies/rules/copies/encrypted-off-site";
import { notInItself } from "../../policies/rules/copies/not-in-itself";
import { notOnProtectedHost } from "../../policies/rules/copies/not-on-protected-host";
import { oneOffSite } from "../../policies/rules/copies/one-off-site";
import { oneOutOfReach } from "../../policies/rules/copies/one-out-of-reach";
import { ownAccount } from "../../policies/rules/copies/own-account";
import { pulledByTheOtherSide } from "../../policies/rules/copies/pulled-by-the-other-side";
import { separateAdministration } from "../../policies/rules/copies/separate-administration";
import { threeCopies } from "../../policies/rules/copies/three-copies";
import { twoMedia } from "../../policies/rules/copies/two-media";
import { vanishedKept } from "../../policies/rules/copies/vanished-kept";
import { verifiedBeforePruned } from "../../policies/rules/copies/verified-before-pruned";
import { wholeDatastoreCopied } from "../../policies/rules/copies/whole-datastore-copied";
import { type Loose, siteWith } from "../model/base-site";
import { appliesTo, faultsAfter } from "./declared";
import { applies, faultsOf } from "./judge";

type Change = (input: Loose) => void;

const SITE = siteWith(() => undefined);
const TOKEN = "${var.later}";

const both = (...changes: Change[]) =>
  siteWith((input) => {
    for (const change of changes) change(input);
  });

/** A second backup server elsewhere that pulls the datastore `data`. */
const pulled =
  (sync: object = {}, server: object = {}, remote: object = {}): Change =>
  (input) => {
    for (const [name, tier] of Object.entries<Loose>(input.tiers)) {
      Object.assign(tier, { backupServer: "pbs", datastore: "data", namespace: name === "critical" ? name : "" });
    }
    input.backupServers.far = {
      address: "198.51.100.7",
      location: "off-site",
      remotes: { home: { host: "10.2.0.20", authId: "reader@pbs!far", ...remote } },
      datastores: {
        mirror: {
          path: "/mnt/mirror",
          retention: { daily: 7 },
          syncs: { all: { remote: "home", remoteDatastore: "data", schedule: "02:00", ...sync } },
        },
      },
      ...server,
    };
    input.environments.live.devices.backupServers.far = { ca: "far.pem" };
  };

/** The datastore `data` pushes to another server. */
const pushed =
  (host: string, remote: object = {}): Change =>
  (input) => {
    input.backupServers.pbs.remotes = { away: { host, authId: "writer@pbs!alpha", ...remote } };
    input.backupServers.pbs.datastores.data.syncs = {
      out: { remote: "away", remoteDatastore: "vault", direction: "push", schedule: "02:00" },
    };
  };

const declaredCopy =
  (kind: string, schedule = "sat 12:00"): Change =>
  (input) => {
    input.backupServers.pbs.datastores.data.copies = { tape: { kind, where: "coffre", schedule, owner: "WildCorp" } };
  };

const onHypervisor =
  (node: string): Change =>
  (input) => {
    input.backupServers.pbs.runsOn = node;
  };

const empty: Change = (input) => {
  delete input.guests.glpi.tier;
  input.guests.glpi.exempt = { reason: "made anew at every start" };
};

/** The tiers that a rule finds at fault. */
const tiersAt = (rule: typeof threeCopies, ...changes: Change[]) =>
  faultsOf(rule, both(...changes)).map((fault) => fault.split(":")[0]);

const ALL = ["tiers.critical", "tiers.standard"];

describe("the copies of a tier", () => {
  const DATA = "backupServers.pbs.datastores.data";
  const HOME = { where: DATA, medium: "backup server pbs", offSite: false, outOfReach: false };
  const MIRROR = { where: "backupServers.far.datastores.mirror", medium: "backup server far", offSite: true, outOfReach: false };
  const copies = (...changes: Change[]) => {
    const site = both(...changes);
    const { standard } = site.tiers;
    return standard === undefined ? undefined : copiesOf(site, standard);
  };

  /** The second server pulls nothing, and is pushed to. */
  const receiving: Change = (input) => {
    pulled()(input);
    input.backupServers.far.datastores.mirror.syncs = {};
    pushed("198.51.100.7")(input);
    input.backupServers.pbs.datastores.data.syncs.out.remoteDatastore = "mirror";
  };

  test("are its backups alone, if nothing copies them", () => {
    expect(copies()).toEqual([HOME]);
    expect(copies(onHypervisor("pve1"))).toEqual([{ ...HOME, medium: "hypervisor pve1" }]);
  });

  test("are all that are pulled, pushed and declared, each once with what it is", () => {
    expect(copies(pulled(), pushed("vault.example"), declaredCopy("offline"))).toEqual([
      HOME,
      { where: `${DATA}.copies.tape`, medium: `${DATA}.copies.tape`, offSite: false, outOfReach: true },
      { where: `${DATA}.syncs.out`, medium: "backup server vault.example", offSite: true, outOfReach: false },
      MIRROR,
    ]);
  });

  test("are also those that are pushed to another server of the site, which count once", () => {
    expect(copies(receiving)).toEqual([HOME, MIRROR]);
    expect(
      copies(
        receiving,
        (input) => (input.backupServers.far.address6 = "2001:db8::7"),
        (input) => {
          input.backupServers.pbs.remotes.away.host = "2001:db8::7";
        },
      ),
    ).toEqual([HOME, MIRROR]);
  });

  test("are not what another datastore of the same server, or another server, pushes or pulls", () => {
    const elsewhere: Change = (input) => {
      const { data } = input.backupServers.pbs.datastores;
      input.backupServers.pbs.datastores.other = { path: "/mnt/other", retention: { daily: 7 }, syncs: data.syncs };
      delete data.syncs;
    };
    expect(copies(receiving, elsewhere)).toEqual([HOME]);
    const back: Change = (input) => {
      input.backupServers.far.datastores.mirror.syncs = { out: { remote: "home", remoteDatastore: "data", direction: "push" } };
    };
    expect(copies(pulled(), back)).toEqual([HOME]);
    const itself: Change = (input) => (input.backupServers.far.remotes.home.host = "198.51.100.7");
    expect(copies(pulled(), itself)).toEqual([HOME]);
    const pulling: Change = (input) => (input.backupServers.pbs.datastores.data.syncs.out.direction = "pull");
    expect(copies(receiving, pulling)).toEqual([HOME]);
    const foreign: Change = (input) => {
      pushed("vault.example")(input);
      pulling(input);
    };
    expect(copies(foreign)).toEqual([HOME]);
  });
});

describe(threeCopies.sentence, () => {
  test("production and its backup are two", () => {
    expect(faultsOf(threeCopies, SITE)).toEqual([
      "tiers.critical: there are 2 copies of its guests, production included",
      "tiers.standard: there are 2 copies of its guests, production included",
    ]);
  });

  test.each([
    ["a server that pulls", pulled()],
    ["a server that pulls by name", pulled({}, {}, { host: "pbs.alpha.example" })],
    ["a server that pulls by the name alone", pulled({}, {}, { host: "pbs" })],
    ["a server that is pushed to", pushed("vault.example")],
    ["a copy that is declared", declaredCopy("offline")],
  ])("%s makes the third", (_, change) => {
    expect(tiersAt(threeCopies, change)).toEqual([]);
  });

  test.each([
    ["from another datastore", pulled({ remoteDatastore: "other" })],
    ["from another server", pulled({}, {}, { host: "192.0.2.9" })],
    ["from a namesake in another domain", pulled({}, {}, { host: "pbs.elsewhere.example" })],
    ["from a server whose name begins alike", pulled({}, {}, { host: "pbs2.alpha.example" })],
  ])("a server that pulls %s does not", (_, change) => {
    expect(tiersAt(threeCopies, change)).toEqual(ALL);
  });

  test("a copy of a copy counts, and a circle of copies ends", () => {
    const circle: Change = (input) => {
      input.backupServers.pbs.remotes = { back: { host: "198.51.100.7", authId: "reader@pbs!pbs" } };
      input.backupServers.pbs.datastores.data.syncs = { back: { remote: "back", remoteDatastore: "mirror" } };
    };
    expect(tiersAt(threeCopies, pulled(), circle)).toEqual([]);
    const further: Change = (input) => {
      input.backupServers.far.datastores.mirror.copies = { tape: { kind: "offline", where: "x", schedule: "daily", owner: "o" } };
    };
    expect(tiersAt(oneOutOfReach, pulled(), further)).toEqual([]);
  });

  test("a tier without guests has nothing to copy", () => {
    expect(tiersAt(threeCopies, empty)).toEqual(["tiers.critical"]);
  });
});

describe(twoMedia.sentence, () => {
  test("a backup server of its own is the second", () => {
    expect(faultsOf(twoMedia, SITE)).toEqual([]);
    expect(applies(twoMedia, SITE)).toBe(true);
  });

  test("one on the hypervisor of its guests is not", () => {
    expect(faultsOf(twoMedia, both(onHypervisor("pve1")))).toEqual([
      "tiers.critical: every copy of ad, erp lies on the hypervisor that runs it",
      "tiers.standard: every copy of glpi lies on the hypervisor that runs it",
    ]);
  });

  test("one on the other hypervisor is for those guests that do not run there", () => {
    const moved: Change = (input) => (input.guests.erp.node = "pve2");
    expect(faultsOf(twoMedia, both(onHypervisor("pve2"), moved))).toEqual([
      "tiers.critical: every copy of erp lies on the hypervisor that runs it",
    ]);
  });

  test.each([
    ["a declared copy", declaredCopy("offline")],
    ["a server elsewhere", pulled()],
    ["a server that is pushed to", pushed("vault.example")],
  ])("%s makes up for it", (_, change) => {
    expect(tiersAt(twoMedia, change, onHypervisor("pve1"))).toEqual([]);
  });
});

describe(oneOffSite.sentence, () => {
  test("none is, with a backup server on the site alone", () => {
    expect(faultsOf(oneOffSite, SITE)).toEqual([
      "tiers.critical: all copies of its guests are on the site",
      "tiers.standard: all copies of its guests are on the site",
    ]);
  });

  test.each([
    ["a server elsewhere that pulls", pulled()],
    ["a server elsewhere that is pushed to", pushed("vault.example")],
    ["an address elsewhere that is pushed to", pushed("198.51.100.7")],
    ["a copy that is declared so", declaredCopy("off-site")],
    ["the backup server itself", (input: Loose) => (input.backupServers.pbs.location = "off-site")],
  ])("%s is one", (_, change) => {
    expect(tiersAt(oneOffSite, change)).toEqual([]);
  });

  test.each([
    ["a second server on the site", pulled({}, { location: "on-site", address: "10.2.0.21" })],
    ["an address of the site's networks that is pushed to", pushed("10.2.0.99")],
    ["a tape of which nothing says where it is", declaredCopy("offline")],
    ["a locked bucket of which nothing says where it is", declaredCopy("immutable")],
  ])("%s is none", (_, change) => {
    expect(tiersAt(oneOffSite, change)).toEqual(ALL);
  });
});

describe(oneOutOfReach.sentence, () => {
  test.each(["offline", "immutable"])("a copy that is declared %s is one", (kind) => {
    expect(tiersAt(oneOutOfReach, declaredCopy(kind))).toEqual([]);
  });

  test.each([
    ["the backup server", () => undefined],
    ["a copy that is declared off-site", declaredCopy("off-site")],
    ["a server elsewhere that pulls", pulled()],
    ["a server elsewhere that is pushed to", pushed("vault.example")],
  ])("%s is none", (_, change) => {
    expect(faultsOf(oneOutOfReach, both(change))).toEqual(
      ALL.map((tier) => `${tier}: every copy of its guests can be deleted over the network`),
    );
  });
});

describe(verifiedBeforePruned.sentence, () => {
  const later =
    (schedule: string, retention: object): Change =>
    (input) => {
      Object.assign(input.backupServers.pbs.datastores.data, { verifyNew: false, retention, verification: { schedule } });
    };

  test("what is verified when it is new is verified in time", () => {
    expect(faultsOf(verifiedBeforePruned, SITE)).toEqual([]);
    expect(applies(verifiedBeforePruned, SITE)).toBe(true);
  });

  test("a job every 7 days is in time for points that are kept for 8 days, and not for those of 6", () => {
    const of = (daily: number) =>
      faultsOf(verifiedBeforePruned, both(later("sat 06:00 UTC", { daily }))).filter((one) => one.includes("standard"));
    expect(of(8)).toEqual([]);
    expect(of(7)).toEqual([
      "tiers.standard: verifications are up to 7d apart, and after that time none of its recovery points may be left",
    ]);
  });

  test("a tier's own retention counts for its own points", () => {
    expect(tiersAt(verifiedBeforePruned, later("*-*-1 06:00", { daily: 40 }))).toEqual(["tiers.critical"]);
  });
});

describe(notOnProtectedHost.sentence, () => {
  test("a machine of its own is none", () => {
    expect(faultsOf(notOnProtectedHost, SITE)).toEqual([]);
    expect(applies(notOnProtectedHost, SITE)).toBe(true);
  });

  test("those that run beside it are named", () => {
    const moved: Change = (input) => (input.guests.erp.node = "pve2");
    expect(faultsOf(notOnProtectedHost, both(onHypervisor("pve1"), moved))).toEqual([
      "backupServers.pbs: it runs on pve1 and holds the backups of ad, glpi, which run there too",
    ]);
    expect(faultsOf(notOnProtectedHost, both(onHypervisor("pve2")))).toEqual([]);
  });

  test("another copy does not make up for it, since restores come from here", () => {
    expect(faultsOf(notOnProtectedHost, both(onHypervisor("pve1"), declaredCopy("offline")))).toHaveLength(1);
  });

  test("a server that backs up no guest may run anywhere, and one that is exempt is no guest to back up", () => {
    expect(faultsOf(notOnProtectedHost, both(pulled({}, { runsOn: "pve1" })))).toEqual([]);
    const objects = notOnProtectedHost.model?.({ site: both(pulled()), environment: "live", today: "2026-11-21" });
    expect(objects?.map(({ object }) => object)).toEqual(["backupServers.pbs"]);
    expect(faultsOf(notOnProtectedHost, both(onHypervisor("pve1"), empty))).toEqual([
      "backupServers.pbs: it runs on pve1 and holds the backups of ad, erp, which run there too",
    ]);
  });
});

describe(pulledByTheOtherSide.sentence, () => {
  const WHERE = "backupServers.pbs.datastores.data.syncs.out";

  test("one that pulls is", () => {
    expect(faultsOf(pulledByTheOtherSide, both(pulled()))).toEqual([]);
    expect(applies(pulledByTheOtherSide, both(pulled()))).toBe(true);
  });

  test("one that pushes is not", () => {
    expect(faultsOf(pulledByTheOtherSide, both(pushed("vault.example")))).toEqual([
      `${WHERE}: pbs writes to vault.example itself, with a credential that it keeps`,
    ]);
  });

  test("without syncs there is nothing to say", () => {
    expect(applies(pulledByTheOtherSide, SITE)).toBe(false);
  });
});

describe(ownAccount.sentence, () => {
  const WHERE = "backupServers.far.remotes.home";
  const as = (authId: string) => faultsOf(ownAccount, both(pulled({}, {}, { authId })));

  test("an account for this remote alone is one", () => {
    expect(as("reader@pbs!far")).toEqual([]);
    expect(applies(ownAccount, both(pulled()))).toBe(true);
  });

  test.each([
    ["root@pam", "it logs in as root@pam, who may delete every backup there"],
    ["root@pam!sync", "it logs in as root@pam, who may delete every backup there"],
    ["pve-backup@pbs!sync", "it logs in as pve-backup@pbs, with which the hypervisors write their backups"],
  ])("%s is not", (authId, what) => {
    expect(as(authId)).toEqual([`${WHERE}: ${what}`]);
  });

  test("two remotes with one secret are named both", () => {
    const shared = both(pulled({}, {}, { secret: "remote-any" }), pushed("vault.example", { secret: "remote-any" }));
    expect(faultsOf(ownAccount, shared)).toEqual([
      "backupServers.pbs.remotes.away: its password is also that of backupServers.far.remotes.home",
      "backupServers.far.remotes.home: its password is also that of backupServers.pbs.remotes.away",
    ]);
    expect(faultsOf(ownAccount, both(pulled(), pushed("vault.example")))).toEqual([]);
  });

  test("without remotes there is nothing to say", () => {
    expect(applies(ownAccount, SITE)).toBe(false);
  });
});

describe(vanishedKept.sentence, () => {
  const WHERE = "backupServers.far.datastores.mirror.syncs.all";
  const NAME = "sync_job__far__mirror-all";

  test("one that keeps them does", () => {
    expect(faultsOf(vanishedKept, both(pulled()))).toEqual([]);
    expect(applies(vanishedKept, both(pulled()))).toBe(true);
    expect(applies(vanishedKept, SITE)).toBe(false);
  });

  test("one that removes them is found, in the site file once", () => {
    const site = both(pulled({ removeVanished: true }));
    expect(faultsOf(vanishedKept, site)).toEqual([`${WHERE}: it removes from the copy what was deleted at its source`]);
    expect(faultsAfter(vanishedKept, site)).toEqual([]);
  });

  test("one that removes them although the site file does not say so is found in what is synthesized", () => {
    const site = both(pulled());
    expect(faultsAfter(vanishedKept, site)).toEqual([]);
    expect(faultsAfter(vanishedKept, site, (made) => (made[NAME]["remove-vanished"] = true))).toEqual([
      `${WHERE}: the sync job "mirror-all" removes from the copy what was deleted at its source`,
    ]);
    expect(faultsAfter(vanishedKept, site, (made) => (made[NAME]["remove-vanished"] = TOKEN))).toEqual([
      `${WHERE}: unknown: whether the sync job "mirror-all" removes what has vanished is known only on the devices`,
    ]);
    expect(faultsAfter(vanishedKept, site, (made) => (made.sync_job__far__more = { "remove-vanished": 1 }))).toEqual([
      'backup-server sync_job__far__more: the sync job "without a name" removes from the copy what was deleted at its source',
    ]);
  });
});

describe(wholeDatastoreCopied.sentence, () => {
  const WHERE = "backupServers.far.datastores.mirror.syncs.all";
  const NAME = "sync_job__far__mirror-all";
  const site = both(pulled());

  test("each does, as the site file says", () => {
    expect(faultsAfter(wholeDatastoreCopied, site)).toEqual([]);
    expect(appliesTo(wholeDatastoreCopied, site)).toBe(true);
    expect(appliesTo(wholeDatastoreCopied, SITE)).toBe(false);
  });

  test.each([
    ["ns", "critical"],
    ["remote-ns", "critical"],
    ["max-depth", 0],
    ["group-filter", ["type:vm"]],
    ["transfer-last", 1],
    ["encrypted-only", true],
    ["verified-only", true],
  ])("%s narrows it", (key, value) => {
    expect(faultsAfter(wholeDatastoreCopied, site, (made) => (made[NAME][key] = value))).toEqual([
      `${WHERE}: the sync job "mirror-all" is narrowed by ${key}`,
    ]);
  });

  test.each([
    ["verified-only", false],
    ["group-filter", []],
    ["ns", ""],
    ["transfer-last", null],
    ["rate-in", "10 MB"],
  ])("%s set to %j does not", (key, value) => {
    expect(faultsAfter(wholeDatastoreCopied, site, (made) => (made[NAME][key] = value))).toEqual([]);
  });

  test("a filter that is known later is unknown", () => {
    expect(faultsAfter(wholeDatastoreCopied, site, (made) => (made[NAME].ns = TOKEN))).toEqual([
      `${WHERE}: unknown: how ns narrows the sync job "mirror-all" is known only on the devices`,
    ]);
  });

  test("a job that nothing makes copies nothing", () => {
    expect(faultsAfter(wholeDatastoreCopied, site, (made) => delete made[NAME])).toEqual([
      `${WHERE}: nothing makes its sync job`,
    ]);
    expect(wholeDatastoreCopied.synthesized?.({ site, environment: "live", today: "2026-11-21", stacks: [] })).toEqual([]);
  });
});

describe(copiedWeekly.sentence, () => {
  test.each(["daily", "sat 12:00", "*-*-1,8,15,22,29 12:00"])("%s is often enough", (schedule) => {
    expect(faultsOf(copiedWeekly, both(pulled({ schedule }), declaredCopy("offline", schedule)))).toEqual([]);
  });

  test("a month is not", () => {
    expect(faultsOf(copiedWeekly, both(pulled({ schedule: "monthly" }), declaredCopy("offline", "*-*-1,9,17,25 12:00")))).toEqual(
      [
        "backupServers.far.datastores.mirror.syncs.all: the copy is made up to 31d apart",
        "backupServers.pbs.datastores.data.copies.tape: the copy is made up to 8d apart",
      ],
    );
  });

  test("a copy that was made once grows old", () => {
    expect(faultsOf(copiedWeekly, both(declaredCopy("offline", "2026-12-24 22:00")))).toEqual([
      'backupServers.pbs.datastores.data.copies.tape: "2026-12-24 22:00" does not come back, so the copy grows old',
    ]);
  });

  test("without copies there is nothing to say", () => {
    expect(applies(copiedWeekly, SITE)).toBe(false);
  });
});

describe(encryptedOffSite.sentence, () => {
  const open: Change = (input) => (input.tiers.standard.encryption = false);

  test("encrypted backups may leave, others not", () => {
    expect(faultsOf(encryptedOffSite, both(pulled()))).toEqual([]);
    expect(applies(encryptedOffSite, both(pulled()))).toBe(true);
    expect(faultsOf(encryptedOffSite, both(pulled(), open))).toEqual([
      "tiers.standard: its backups are not encrypted and leave the site: backupServers.far.datastores.mirror",
    ]);
  });

  test("each copy that leaves is named", () => {
    expect(faultsOf(encryptedOffSite, both(pulled(), pushed("vault.example"), open))).toEqual([
      "tiers.standard: its backups are not encrypted and leave the site: backupServers.pbs.datastores.data.syncs.out, backupServers.far.datastores.mirror",
    ]);
  });

  test("what stays on the site is not judged here", () => {
    expect(applies(encryptedOffSite, both(open))).toBe(false);
  });
});

describe(betweenMachines.sentence, () => {
  const WHERE = "backupServers.far.datastores.mirror.syncs.all";

  test("two servers on two machines are", () => {
    expect(faultsOf(betweenMachines, both(pulled()))).toEqual([]);
    expect(applies(betweenMachines, both(pulled()))).toBe(true);
    expect(faultsOf(betweenMachines, both(pulled({}, { runsOn: "pve2" }), onHypervisor("pve1")))).toEqual([]);
    expect(applies(betweenMachines, SITE)).toBe(false);
  });

  test.each([
    ["one of itself", pulled({}, {}, { host: "198.51.100.7" }), () => undefined, "its remote 198.51.100.7 is far itself"],
    [
      "one of itself by its name",
      pulled({}, {}, { host: `far.${SITE.dns.domain}` }),
      () => undefined,
      `its remote far.${SITE.dns.domain} is far itself`,
    ],
    [
      "two on one hypervisor",
      pulled({}, { runsOn: "pve1" }),
      onHypervisor("pve1"),
      "far and pbs both run on pve1 and are lost with it",
    ],
  ])("%s is not", (_, change, more, what) => {
    expect(faultsOf(betweenMachines, both(change, more))).toEqual([`${WHERE}: ${what}`]);
  });

  test("a server that is not the site's is another machine, also where it is called alike", () => {
    expect(faultsOf(betweenMachines, both(pulled({}, {}, { host: "far.elsewhere.example" })))).toEqual([]);
    expect(faultsOf(betweenMachines, both(pushed("vault.example"), onHypervisor("pve1")))).toEqual([]);
  });
});

describe(notInItself.sentence, () => {
  const guest =
    (name: string, more: object): Change =>
    (input) => {
      input.guests[name] = { id: 900, role: "PBS", ...more };
    };

  test("one that is, is found under whatever case its name has", () => {
    for (const name of ["pbs", "PBS"]) {
      expect(faultsOf(notInItself, both(guest(name, { tier: "standard" })))).toEqual([
        `guests.${name}: its backups lie on pbs, which is itself`,
      ]);
    }
  });

  test("one that is backed up to another server, or is exempt, is not", () => {
    const far: Change = (input) => {
      Object.assign(input.tiers.standard, { backupServer: "far", datastore: "mirror" });
      input.guests.pbs.tier = "standard";
    };
    expect(faultsOf(notInItself, both(guest("pbs", { tier: "critical" }), pulled(), far))).toEqual([]);
    expect(applies(notInItself, both(guest("pbs", { exempt: { reason: "built anew" } })))).toBe(false);
    expect(applies(notInItself, SITE)).toBe(false);
  });
});

describe(separateAdministration.sentence, () => {
  const credentials =
    (home: string, far: string): Change =>
    (input) => {
      input.environments.live.devices.backupServers.pbs.credential = home;
      input.environments.live.devices.backupServers.far.credential = far;
    };

  test("one for each server is separate, one for both is not", () => {
    expect(faultsOf(separateAdministration, both(pulled()))).toEqual([]);
    expect(applies(separateAdministration, both(pulled()))).toBe(true);
    expect(faultsOf(separateAdministration, both(pulled(), credentials("pbs-all", "pbs-all")))).toEqual([
      'environments.live.devices.backupServers.pbs: its credential "pbs-all" is also that of far',
      'environments.live.devices.backupServers.far: its credential "pbs-all" is also that of pbs',
    ]);
  });

  test("one server alone has one, and a lab has none", () => {
    expect(applies(separateAdministration, SITE)).toBe(false);
    expect(faultsOf(separateAdministration, both(pulled(), credentials("pbs-all", "pbs-all")), "lab")).toEqual([]);
  });
});
