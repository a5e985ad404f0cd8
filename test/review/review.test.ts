import { evaluate } from "../../policies/engine/evaluate";
import type { PolicyReport } from "../../policies/engine/finding";
import type { Policy } from "../../policies/engine/policy";
import { violation } from "../../policies/engine/rule";
import { crossActions } from "../../review/cross-actions";
import { FINDING_CLASSES } from "../../review/finding";
import { policyChanges } from "../../review/policy-changes";
import { protectionOf } from "../../review/protect";
import { exitCodeOf, worstFirst } from "../../review/review";
import { deletedSite, environmentFindings } from "../../review/site-findings";
import { configurationOfModel } from "../../review/sources/model";
import { type Loose, siteWith } from "../model/base-site";
import { finding, policyFinding, review } from "./sample-review";

describe("the verdict of a review", () => {
  it("is that of its worst finding, which comes first", () => {
    const classes = ["gained", "unknown", "weakened", "lost"] as const;
    const findings = classes.map((kind) => finding({ class: kind }));
    const verdicts = classes.map((_, index) => review({ findings: findings.slice(0, index + 1) }).verdict.class);
    expect(verdicts).toEqual(["protection gained", "unknown effect", "weakened protection", "loss of protection"]);
    expect(review({ findings }).findings.map((one) => one.class)).toEqual(FINDING_CLASSES);
    expect(review().verdict).toEqual({ class: "no effect on the protection", because: [], toApprove: 0 });
  });

  it("names what it rests on in the words of a technician, with a count for more than two guests", () => {
    const because = (...more: Parameters<typeof finding>[0][]) => review({ findings: more.map(finding) }).verdict.because;
    expect(because({})).toEqual(["retention of 101 ad: 31 points, oldest 10d → 7 points, oldest 7d"]);
    expect(because({ class: "lost", aspect: "coverage", subjects: ["1 a", "2 b", "3 c"] })).toEqual([
      "3 guests not backed up any more",
    ]);
    const two = { class: "lost", aspect: "coverage", subjects: ["1 a", "2 b"] } as const;
    expect(because(two)).toEqual(["1 a, 2 b not backed up any more"]);
    expect(because({ ...two, class: "gained", before: "not in the site", after: "backed up" })).toEqual([
      "coverage of 1 a, 2 b: not in the site → backed up",
    ]);
    expect(because({ subjects: ["1 a", "2", "c"] })).toEqual([
      "retention of 3 objects: 31 points, oldest 10d → 7 points, oldest 7d",
    ]);
    expect(because({ subjects: ["1 a", "2", "3 c"] })).toEqual([
      "retention of 3 guests: 31 points, oldest 10d → 7 points, oldest 7d",
    ]);
    expect(because({ class: "gained", aspect: "reachability", subjects: ["admin2"] })).toEqual([
      "admin2 does not reach a backup server any more",
    ]);
    expect(because({ class: "gained", aspect: "privileges", subjects: ["x@pbs"] })).toEqual(["x@pbs may do less"]);
    expect(because({ before: "x".repeat(40), after: "y".repeat(41) })).toEqual([
      `retention of 101 ad: ${"x".repeat(40)} → ${"y".repeat(39)}…`,
    ]);
    expect(because({ before: "a (b) c", after: "d (e)" })).toEqual(["retention of 101 ad: a (b) c → d"]);
    const appeared = [policyFinding(), policyFinding(), policyFinding({ severity: "warning" })];
    const policies = { ...review().policies, appeared };
    expect(review({ policies }).verdict).toEqual({
      class: "refused by a policy",
      because: ["2 new policy errors"],
      toApprove: 0,
    });
    const faults = [{ where: "x", what: "y", repair: "z" }];
    expect(review({ faults, policies: { ...policies, appeared: appeared.slice(1) } }).verdict).toEqual({
      class: "unknown effect",
      because: ["what was before cannot be read", "1 new policy error"],
      toApprove: 0,
    });
    expect(because({ aspect: "reachability", subjects: ["admin2"] })).toEqual(["admin2 reaches a backup server"]);
    expect(because({ aspect: "privileges", subjects: ["x@pbs"] })).toEqual(["x@pbs may do more"]);
    expect(because({ class: "unknown", aspect: "rpo" })).toEqual(["rpo of 101 ad unknown"]);
  });

  it.each([
    ["nothing", {}, 0],
    ["a gain", { findings: [finding({ class: "gained" })] }, 0],
    ["a weakening", { findings: [finding()] }, 3],
    ["an approved weakening", { findings: [finding()], approvals: [{ who: "bob", reason: "agreed", expires: "2026-12-01" }] }, 0],
    ["an unknown", { findings: [finding({ class: "unknown" })] }, 3],
    ["a new policy error", { policies: { ...review().policies, appeared: [policyFinding()] } }, 3],
    ["a new policy warning", { policies: { ...review().policies, appeared: [policyFinding({ severity: "warning" })] } }, 0],
    ["a base that cannot be read", { faults: [{ where: "x", what: "y", repair: "z" }] }, 1],
  ] as const)("ends the command after %s with %#", (_, parts, code) => {
    expect(exitCodeOf([review(), review(parts)])).toBe(code);
  });

  it("puts the worst site first, then the one with more to approve, then by name", () => {
    const sites = [
      review({ site: "b" }),
      review({ site: "a" }),
      review({ site: "y", findings: [finding()] }),
      review({ site: "z", findings: [finding(), finding()] }),
      review({ site: "x", faults: [{ where: "x", what: "y", repair: "z" }] }),
    ];
    expect(worstFirst(sites).map(({ site }) => site)).toEqual(["z", "y", "x", "a", "b"]);
  });
});

describe("findings of the policies before and after", () => {
  const policy = (id: string, objects: (site: Loose) => string[]): Policy => ({
    id,
    rule: { sentence: "All is well", model: ({ site }) => objects(site).map((object) => violation(object, "is not well")) },
    severity: { lab: "warning", live: "error" },
    why: "so",
    repair: "repair it",
  });
  const guests = policy("TST-001", ({ guests }) => Object.keys(guests).map((name) => `guests.${name}`));
  const report = (change: (site: Loose) => void): PolicyReport =>
    evaluate([guests], { site: siteWith(change), environment: "live", today: "2026-11-21" });
  const objects = (findings: readonly { object: string }[]) => findings.map(({ object }) => object);
  const plain = report(() => undefined);

  it("tells new, repaired and standing ones apart", () => {
    const less = report((site) => {
      delete site.guests.glpi;
    });
    expect(objects(policyChanges(less, plain).appeared)).toEqual(["guests.glpi"]);
    expect(policyChanges(less, plain).standing).toBe(2);
    expect(objects(policyChanges(plain, less).repaired)).toEqual(["guests.glpi"]);
    expect(policyChanges(plain, plain)).toMatchObject({ appeared: [], repaired: [], standing: 3 });
    expect(policyChanges(undefined, plain).appeared).toHaveLength(3);
  });

  it("takes a renamed guest for the same, and only it", () => {
    const renamed = report((site) => {
      site.guests.helpdesk = site.guests.glpi;
      delete site.guests.glpi;
    });
    const names = new Map([["glpi", "helpdesk"]]);
    expect(policyChanges(plain, renamed, names)).toMatchObject({ appeared: [], repaired: [], standing: 3 });
    expect(objects(policyChanges(plain, renamed).appeared)).toEqual(["guests.helpdesk"]);
  });

  it("shows what is accepted by this change apart from what was accepted before", () => {
    const accepting = report((site) => {
      site.acknowledgements = [
        { rule: "TST-001", object: "guests.ad", reason: "it is moved away soon", owner: "WildCorp", expires: "2027-01-01" },
      ];
    });
    expect(policyChanges(plain, accepting)).toMatchObject({ repaired: [], acknowledged: [{ object: "guests.ad", isNew: true }] });
    expect(policyChanges(accepting, accepting).acknowledged).toMatchObject([{ isNew: false }]);
  });

  it("takes a warning that has become an error for new", () => {
    const warned = { ...plain, findings: plain.findings.map((one) => ({ ...one, severity: "warning" as const })) };
    expect(policyChanges(warned, plain).appeared).toHaveLength(3);
    expect(policyChanges(plain, warned).appeared).toEqual([]);
  });
});

describe("the site as a whole", () => {
  const site = siteWith(() => undefined);
  const live = site.environments.live;

  it("loses everything that was covered when its file is deleted", () => {
    const protection = protectionOf(configurationOfModel(site));
    const lost = {
      class: "lost",
      aspect: "coverage",
      subjects: ["101 ad", "103 erp", "104 glpi"],
      before: "backed up, applied and watched",
      after: "no site file",
      reversibility: "reversible",
      evidence: "taking the change back brings the file back; the devices are not touched by it",
    };
    expect(deletedSite(protection)).toEqual([lost]);
    const [first, second, third] = protection.guests;
    if (first === undefined || second === undefined || third === undefined) throw new Error("three guests");
    const { name: _, ...nameless } = second;
    const guests = [{ ...first, covered: false }, { ...nameless, covered: { unknown: "no plan" } }, third];
    expect(deletedSite({ ...protection, guests })).toEqual([{ ...lost, subjects: ["103", "104 glpi"] }]);
    expect(deletedSite({ ...protection, guests: guests.slice(0, 1) })).toEqual([]);
  });

  it("loses an environment that is not in the file any more; a new one is none", () => {
    expect(environmentFindings("live", live, undefined)).toEqual([
      {
        class: "lost",
        aspect: "coverage",
        subjects: ["environment live"],
        before: "applied and watched",
        after: "not in the site file",
        reversibility: "reversible",
        evidence: "taking the change back brings the file back; the devices are not touched by it",
      },
    ]);
    expect(environmentFindings("live", undefined, live)).toEqual([]);
  });

  it.each([
    [
      "protectData",
      false,
      "datastore",
      ["destroying data and keys is refused", "destroying data and keys is allowed"],
      ["needs review", "until it is taken back, a plan may destroy datastores and keys"],
    ],
    [
      "encryptState",
      false,
      "encryption",
      ["state and plans encrypted", "state and plans in clear text"],
      ["needs review", "who has read a state file in the meantime is not known"],
    ],
    [
      "approvals",
      1,
      "promise",
      ["a weakening needs 2 people", "a weakening needs 1 person"],
      ["reversible", "taking the change back restores it"],
    ],
  ] as const)(
    "is weakened when %s of its environment goes to %s, and gains by the way back",
    (key, value, aspect, words, back) => {
      const strict = { ...live, approvals: 2 } as NonNullable<typeof live>;
      const loose = { ...strict, [key]: value };
      const [good, bad] = words;
      const [reversibility, evidence] = back;
      const subjects = ["environment live"];
      expect(environmentFindings("live", strict, loose)).toEqual([
        { class: "weakened", aspect, subjects, before: good, after: bad, reversibility, evidence },
      ]);
      const restored = { reversibility: "reversible", evidence: "taking the change back restores it" };
      expect(environmentFindings("live", loose, strict)).toEqual([
        { class: "gained", aspect, subjects, before: bad, after: good, ...restored },
      ]);
      expect(environmentFindings("live", strict, strict)).toEqual([]);
    },
  );
});

describe("changes that are worse together", () => {
  const configuration = (change: (site: Loose) => void = () => undefined) => configurationOfModel(siteWith(change));
  const plain = configuration();
  const whats = (...args: Parameters<typeof crossActions>) => crossActions(...args).map(({ what }) => what);

  it("are a machine that is destroyed and its backup", () => {
    const owned = { ...plain, guests: [{ id: 104 as never, name: "glpi", owned: true }] };
    const lost = finding({ class: "lost", aspect: "coverage", subjects: ["104 glpi"] });
    expect(crossActions(owned, { ...plain, guests: [] }, [lost])).toEqual([
      {
        severity: "severe",
        what: "104 glpi: the virtual machine is destroyed, and its backup ends with it",
        reversibility: "needs review",
        evidence: "whether a verified recovery point of it exists is not seen in a site file: look before this is applied",
      },
    ]);
    const many = (count: number) => Array.from({ length: count }, (_, index) => 110 + index);
    const destroyed = (count: number) =>
      whats({ ...plain, guests: many(count).map((id) => ({ id: id as never, owned: true })) }, { ...plain, guests: [] }, [
        finding({ class: "lost", aspect: "coverage", subjects: many(count).map(String) }),
      ])[0];
    expect(destroyed(5)).toBe("110, 111, 112, 113, 114: the virtual machine is destroyed, and its backup ends with it");
    expect(destroyed(7)).toBe(
      "110, 111, 112, 113, 114 and 2 more: the virtual machine is destroyed, and its backup ends with it",
    );
    // Another guest's number begins alike; the loss is another one; nobody knows which guests there are.
    expect(whats(owned, { ...plain, guests: [] }, [{ ...lost, subjects: ["1040 x"] }])).toEqual([]);
    expect(whats(owned, { ...plain, guests: [] }, [{ ...lost, aspect: "datastore" }])).toEqual([]);
    expect(whats(owned, { ...plain, guests: [] }, [{ ...lost, class: "gained" }])).toEqual([]);
    expect(whats(owned, { ...plain, guests: { unknown: "no plan" } }, [lost])).toEqual([]);
    // It stays, or is nobody's to destroy, or was not backed up.
    expect(whats(owned, owned, [lost])).toEqual([]);
    expect(whats({ ...plain, guests: [{ id: 104 as never, owned: false }] }, { ...plain, guests: [] }, [lost])).toEqual([]);
    expect(whats(owned, { ...plain, guests: [] }, [])).toEqual([]);
  });

  const remove = (site: Loose) => {
    site.backupServers.pbs.datastores.data.path = "/mnt/elsewhere";
  };
  const withSync = (removeVanished: boolean) => (site: Loose) => {
    site.backupServers.pbs.remotes = { far: { host: "10.9.0.1", authId: "sync@pbs", secret: "far" } };
    site.backupServers.pbs.datastores.data.syncs = {
      far: { remote: "far", remoteDatastore: "data", schedule: "daily", removeVanished },
    };
  };

  it("are a copy job and the datastore that it copies", () => {
    const before = configuration(withSync(false));
    expect(crossActions(before, configuration(remove), [])).toEqual([
      {
        severity: "severe",
        what: "the copy job data-far and the datastore pbs:data that it copies end together",
        reversibility: "needs review",
        evidence: "what was copied last, and when, is not seen in a site file: look on the other side before this is applied",
      },
    ]);
    const after = configuration(remove);
    const job = { ...(before.syncJobs as Loose)[0], remoteDatastore: "theirs" };
    // By its own datastore too, on its own server; and only if it is known to end, and the datastore to go.
    expect(whats({ ...before, syncJobs: [job] }, after, [])).toHaveLength(1);
    expect(whats({ ...before, syncJobs: [{ ...job, backupServer: "other" }] }, after, [])).toEqual([]);
    expect(whats({ ...before, syncJobs: [{ ...job, datastore: "other" }] }, after, [])).toEqual([]);
    expect(whats(before, { ...after, syncJobs: { unknown: "no plan" } }, [])).toEqual([]);
    expect(whats(before, { ...after, syncJobs: before.syncJobs }, [])).toEqual([]);
    expect(whats(before, { ...after, syncJobs: [{ ...job, id: "another" }] }, [])).toHaveLength(1);
    expect(whats(before, { ...after, datastores: { unknown: "no plan" } }, [])).toEqual([]);
    expect(whats(before, { ...after, datastores: [] }, [])).toHaveLength(1);
    const open = (after.datastores as Loose).map((one: object) => ({ ...one, path: { unknown: "later" } }));
    expect(whats(before, { ...after, datastores: open }, [])).toEqual([]);
    expect(whats({ ...before, datastores: open }, after, [])).toEqual([]);
    expect(whats(before, configuration(), [])).toEqual([]);
    expect(whats(configuration(), configuration(remove), [])).toEqual([]);
  });

  it("are the end of encryption and of a datastore", () => {
    const decrypted = finding({ aspect: "encryption" });
    expect(crossActions(plain, configuration(remove), [decrypted])).toEqual([
      {
        severity: "severe",
        what: "encryption ends, and the datastore pbs:data with it",
        reversibility: "unrecoverable",
        evidence: "other copies of the backups cannot be read without the key: keep it as long as one of them exists",
      },
    ]);
    expect(whats(plain, configuration(remove), [finding({ aspect: "rpo" })])).toEqual([]);
    expect(whats(plain, plain, [decrypted])).toEqual([]);
    expect(whats(plain, configuration(remove), [finding({ aspect: "encryption", class: "gained" })])).toEqual([]);
  });

  it("are a shorter retention and a copy that follows it", () => {
    expect(crossActions(plain, configuration(withSync(true)), [finding()])).toEqual([
      {
        severity: "severe",
        what: "retention is shortened, and data-far removes from the copy what has vanished here",
        reversibility: "unrecoverable",
        evidence: "the recovery points that are pruned here vanish from the copy at its next run",
      },
    ]);
    const following = configuration(withSync(true));
    expect(whats(plain, following, [finding({ class: "lost" })])).toHaveLength(1);
    expect(whats(plain, following, [finding({ class: "gained" })])).toEqual([]);
    expect(whats(plain, following, [finding({ aspect: "rpo" })])).toEqual([]);
    const off = (following.syncJobs as Loose).map((one: object) => ({ ...one, enabled: false }));
    expect(whats(plain, { ...following, syncJobs: off }, [finding()])).toEqual([]);
    expect(whats(plain, configuration(withSync(false)), [finding()])).toEqual([]);
    expect(whats(plain, configuration(withSync(true)), [])).toEqual([]);
  });

  it.each([
    [9, undefined],
    [10, "warning"],
    [49, "warning"],
    [50, "severe"],
  ])("are %d guests at once: %s", (count, severity) => {
    const subjects = Array.from({ length: count }, (_, index) => `${100 + index} guest`);
    expect(crossActions(plain, plain, [finding({ subjects })])[0]?.severity).toBe(severity);
    expect(crossActions(plain, plain, [finding({ subjects, class: "lost" })])[0]?.severity).toBe(severity);
    expect(crossActions(plain, plain, [finding({ subjects }), finding({ subjects, aspect: "rpo" })])).toEqual(
      severity === undefined
        ? []
        : [
            {
              severity,
              what: `${count} guests and objects are protected worse by one change`,
              reversibility: "needs review",
              evidence: "a change of so many at once is more often a slip than a wish: look whether each of them is meant",
            },
          ],
    );
    expect(crossActions(plain, plain, [finding({ subjects, class: "gained" })])).toEqual([]);
  });
});
