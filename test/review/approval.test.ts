import { daysAfter, isDay } from "../../review/approval/day";
import { type Candidate, type Demand, judgeApprovals } from "../../review/approval/judge";
import {
  type ApprovalRecord,
  fileNameOf,
  fileText,
  parseApproval,
  recordOf,
  signedText,
  statementFaults,
} from "../../review/approval/record";
import { hashOf, weakeningsOf } from "../../review/approval/weakening";
import type { ProtectionFinding } from "../../review/finding";

const TODAY = "2026-11-21";

const retention: ProtectionFinding = {
  class: "weakened",
  aspect: "retention",
  subjects: ["101 ad", "103 erp"],
  before: "31 points, oldest 7d",
  after: "7 points, oldest 1d",
  reversibility: "unrecoverable",
  evidence: "the points that are pruned are gone",
};
const coverage: ProtectionFinding = {
  ...retention,
  class: "lost",
  aspect: "coverage",
  subjects: ["104 glpi"],
  before: "covered",
  after: "not covered",
};
const gained: ProtectionFinding = {
  ...retention,
  class: "gained",
  aspect: "rpo",
  subjects: ["101 ad"],
  before: "24h",
  after: "4h",
};
const promise: ProtectionFinding = { ...retention, aspect: "restore tests", subjects: ["site"], before: "30d", after: "none" };

const weakenings = { devices: weakeningsOf([retention, coverage]), promises: weakeningsOf([promise]) };
const demand: Demand = {
  site: "ecosolar",
  environment: "production",
  today: TODAY,
  people: 1,
  authors: ["carol@example.com"],
  weakenings,
};

const statement = {
  site: "ecosolar",
  environment: "production",
  who: "alice@example.com",
  reason: "the client pays for a week",
  created: TODAY,
  expires: "2026-12-21",
  authors: ["carol@example.com"],
};
const record = recordOf(statement, weakenings);

/** An approval whose signature was found to be good. */
const signed = (more: Partial<ApprovalRecord> = {}, key = "SHA256:alice", principals = [more.who ?? record.who]): Candidate => ({
  file: "approvals/production-x.json",
  read: { approval: { ...record, ...more }, signature: "-" },
  signature: { key, principals },
});
const bob = (more: Partial<ApprovalRecord> = {}) => signed({ who: "bob@example.com", ...more }, "SHA256:bob");

/** What is said against the only candidate. */
const saidOf = (candidate: Candidate, more: Partial<Demand> = {}) => {
  const { approved, refusals } = judgeApprovals({ ...demand, ...more }, [candidate]);
  return approved ? "approved" : refusals.map(({ what }) => what).join("; ");
};

describe("the hash of findings", () => {
  const hash = (...findings: ProtectionFinding[]) => hashOf(weakeningsOf(findings));
  const { subjects, ...same } = retention;
  const usual = hash(retention, coverage);

  it.each<[string, ProtectionFinding[]]>([
    ["their order", [coverage, retention]],
    ["the order of the subjects", [{ ...same, subjects: [...subjects].reverse() }, coverage]],
    ["one finding for each guest", [...subjects.map((one) => ({ ...same, subjects: [one] })), coverage]],
    ["the names of guests", [{ ...same, subjects: ["101", "103 dolibarr"] }, coverage]],
    ["what is gained", [retention, coverage, gained]],
    ["the words of the evidence", [{ ...retention, evidence: "other words", reversibility: "needs review" }, coverage]],
    ["a finding that is there twice", [retention, retention, coverage]],
  ])("does not depend on %s", (_, findings) => expect(hash(...findings)).toBe(usual));

  it.each<[string, ProtectionFinding[]]>([
    ["a further weakening", [retention, coverage, promise]],
    ["one less", [retention]],
    ["another class", [{ ...retention, class: "lost" }, coverage]],
    ["another aspect", [{ ...retention, aspect: "rpo" }, coverage]],
    ["another guest", [{ ...retention, subjects: ["101 ad", "105 erp"] }, coverage]],
    ["another value before", [{ ...retention, before: "32 points, oldest 7d" }, coverage]],
    ["another value after", [{ ...retention, after: "6 points, oldest 1d" }, coverage]],
    ["what became unknown", [retention, coverage, { ...retention, class: "unknown", after: "unknown" }]],
  ])("changes with %s", (_, findings) => expect(hash(...findings)).not.toBe(usual));

  it("does not depend on the order of the weakenings themselves", () => {
    const all = weakeningsOf([retention, coverage]);
    expect(hashOf([...all].reverse())).toBe(usual);
    expect(weakeningsOf([coverage, retention])).toEqual(all);
    expect(all.map(({ subject }) => subject)).toEqual(["104", "101", "103"]);
  });

  it("keeps an address that begins with digits apart from a guest's id", () => {
    const [one] = weakeningsOf([{ ...retention, subjects: ["192.168.1.0/24 lan"] }]);
    expect(one?.subject).toBe("192.168.1.0/24 lan");
  });
});

describe("a record", () => {
  it("signs every field, whatever their order in the file", () => {
    const turned = Object.fromEntries(Object.entries(record).reverse()) as unknown as ApprovalRecord;
    expect(signedText(turned)).toBe(signedText(record));
    for (const field of Object.keys(record)) expect(signedText(record)).toContain(`"${field}":`);
    expect(Object.keys(JSON.parse(signedText(turned)))).toEqual(Object.keys(record).sort());
  });

  it("names everybody who made the change once, in one order", () => {
    const { authors } = recordOf(
      { ...statement, authors: ["dave@example.com", "carol@example.com", "dave@example.com"] },
      weakenings,
    );
    expect(authors).toEqual(["carol@example.com", "dave@example.com"]);
  });

  it("is read as it was written", () => {
    expect(parseApproval(fileText({ approval: record, signature: "-" }))).toEqual({ approval: record, signature: "-" });
  });

  it.each([
    ["half a file", fileText({ approval: record, signature: "-" }).slice(0, 200), "is no JSON"],
    ["another file", "{}", "is no approval: approval"],
    ["a list", "[]", "is no approval: the file: "],
    ["a field too many", JSON.stringify({ approval: { ...record, also: 1 }, signature: "-" }), "approval"],
    [
      "a day that is none",
      JSON.stringify({ approval: { ...record, expires: "2026-02-30" }, signature: "-" }),
      "approval.expires",
    ],
    ["a later version", JSON.stringify({ approval: { ...record, version: 2 }, signature: "-" }), "approval.version"],
  ])("says what is wrong with %s", (_, text, said) => expect(parseApproval(text)).toContain(said));

  it("is called by environment, findings and person, in characters that every file system has", () => {
    expect(fileNameOf(record)).toMatch(/^production-[0-9a-f]{12}-alice@example\.com\.json$/);
    expect(fileNameOf({ ...record, who: "../a b" })).toMatch(/^production-[0-9a-f]{12}-\.\.-a-b\.json$/);
  });

  it("has the name of its findings, so that the findings of a plan and of two revisions have the same", () => {
    const plan = recordOf(statement, { devices: weakenings.devices, promises: [] });
    expect(fileNameOf(plan)).toContain(hashOf(weakenings.devices).slice(0, 12));
    expect(fileNameOf(plan)).not.toBe(fileNameOf(record));
    const other = recordOf(statement, { ...weakenings, promises: weakeningsOf([{ ...promise, after: "90d" }]) });
    expect(fileNameOf(other)).not.toBe(fileNameOf(record));
  });

  const LIMITS = "an approval of 2026-11-21 can end from that day to 2027-02-19, not on";
  it.each([
    ["2026-11-20", [`${LIMITS} 2026-11-20`]],
    ["2026-11-21", []],
    ["2027-02-19", []],
    ["2027-02-20", [`${LIMITS} 2027-02-20`]],
    ["tomorrow", ['"tomorrow" is no day such as 2026-12-21']],
    ["2026-11-31", ['"2026-11-31" is no day such as 2026-12-21']],
  ])("may end on %s, or not", (expires, faults) => {
    expect(statementFaults({ ...statement, expires })).toEqual(faults);
  });

  const REASON = ["the reason must be one line of 1 to 500 characters"];
  it.each([
    ["nothing", "", REASON],
    ["spaces", "  ", REASON],
    ["500 characters", `${"x".repeat(500)} `, []],
    ["501 characters", "x".repeat(501), REASON],
    ["two lines", "two\nlines", REASON],
  ])("may have %s as its reason, or not", (_, reason, faults) => {
    expect(statementFaults({ ...statement, reason })).toEqual(faults);
  });
});

describe("an approval", () => {
  it("counts for exactly its findings", () => {
    const { approved, counted, refusals } = judgeApprovals(demand, [signed()]);
    expect({ approved, counted, refusals }).toEqual({ approved: true, counted: [record], refusals: [] });
  });

  it("is needed", () => expect(judgeApprovals(demand, []).approved).toBe(false));

  it("of the site file counts for a plan, which holds no promise", () => {
    expect(saidOf(signed(), { weakenings: { devices: weakenings.devices } })).toBe("approved");
    const ofPlan = recordOf(statement, { devices: weakenings.devices, promises: [] });
    expect(saidOf(signed(ofPlan))).toContain("does not cover: weakened restore tests of site");
  });

  it("does not count with a further weakening, which is named", () => {
    const further = { ...weakenings, devices: weakeningsOf([retention, coverage, { ...coverage, subjects: ["105 web"] }]) };
    expect(saidOf(signed(), { weakenings: further })).toBe("it does not cover: lost coverage of 105: covered -> not covered");
  });

  it("does not count for less than was approved", () => {
    const less = { ...weakenings, devices: weakeningsOf([retention]) };
    expect(saidOf(signed(), { weakenings: less })).toContain("covers more than there is now: lost coverage of 104");
  });

  it("of the site file that covers more than a plan does not say what of it is promised", () => {
    expect(saidOf(signed(), { weakenings: { devices: weakeningsOf([retention]) } })).toBe("it covers more than there is now");
  });

  it("names what is approved and gone only, and what is there and not approved only", () => {
    const less = { ...weakenings, devices: weakeningsOf([retention]) };
    expect(saidOf(signed(), { weakenings: less })).toBe(
      "it covers more than there is now: lost coverage of 104: covered -> not covered",
    );
  });

  it.each([
    [5, ""],
    [7, "; and 2 more"],
  ])("names at most five of %d that it does not cover", (count, rest) => {
    const further = Array.from({ length: count }, (_, index) => ({ ...coverage, subjects: [`${200 + index} web`] }));
    const told = further
      .slice(0, 5)
      .map(({ subjects: [name = ""] }) => `lost coverage of ${name.slice(0, 3)}: covered -> not covered`);
    const more = { ...weakenings, devices: weakeningsOf([retention, coverage, ...further]) };
    expect(saidOf(signed(), { weakenings: more })).toBe(`it does not cover: ${told.join("; ")}${rest}`);
  });

  it("counts beside an unrelated change, which weakens nothing", () => {
    expect(saidOf(signed(), { weakenings: { ...weakenings, devices: weakeningsOf([gained, retention, coverage]) } })).toBe(
      "approved",
    );
  });

  it.each([
    ["2026-12-21", "approved"],
    ["2026-12-22", "it expired: 2026-12-21 was its last day"],
    ["2026-11-20", "it is dated 2026-11-21, which is still to come"],
  ])("on %s: %s", (today, said) => expect(saidOf(signed(), { today })).toBe(said));

  it.each([
    ["2027-02-19", "approved"],
    ["2027-02-20", "it lasts from 2026-11-21 to 2027-02-20; an approval lasts at most 90 days"],
  ])("signed until %s by other means than approve: %s", (expires, said) => expect(saidOf(signed({ expires }))).toBe(said));

  it("counts for its site only", () => {
    expect(saidOf(signed(), { site: "atelier-nord" })).toBe("it is for the site ecosolar, not for atelier-nord");
  });

  it("counts for its environment only, also where the file was renamed", () => {
    expect(saidOf(signed({ environment: "staging" }))).toBe("it is for the environment staging, not for production");
  });

  it("is not believed without a good signature", () => {
    const { signature: _, ...bare } = signed();
    expect(saidOf(bare)).toBe("its signature was not looked at");
    expect(saidOf({ ...signed(), signature: { refused: { what: "it was changed", repair: "-" } } })).toBe("it was changed");
  });

  it("that cannot be read is told, and does not hide a good one", () => {
    const broken: Candidate = { file: "approvals/y.json", read: "is no JSON" };
    expect(saidOf(broken)).toBe("is no JSON");
    expect(judgeApprovals(demand, [broken, signed()]).approved).toBe(true);
  });

  it.each<[string, Candidate, Partial<Demand>, object]>([
    [
      "cannot be read",
      { file: "f", read: "is no JSON" },
      {},
      { repair: "restore the file from the repository, or delete it and have the findings approved again" },
    ],
    [
      "was not looked at",
      { file: "f", read: { approval: record, signature: "-" } },
      {},
      { repair: "report this fault of Bastide" },
    ],
    ["is another site's", signed({ site: "other" }), {}, { repair: "move it to the folder of other" }],
    [
      "is another environment's",
      signed({ environment: "staging" }),
      {},
      {
        why: "what is acceptable in one environment need not be in another",
        repair: "have the findings approved for production: ./bastide approve ecosolar --env production",
      },
    ],
    ["expired", signed({ expires: "2026-11-20" }), {}, { repair: "have the findings approved again: ./bastide approve" }],
    ["is to come", signed({ created: "2026-11-22" }), {}, { repair: "set the clock of the machine that made it" }],
    [
      "is for other findings",
      signed({ devices: hashOf([]) }),
      {},
      {
        why: "an approval is for exactly the findings that were shown; the site file was changed since, or the devices differ from it",
        repair: "have the findings approved again: ./bastide approve",
      },
    ],
    [
      "is the author's own",
      signed({ who: "carol@example.com" }),
      { people: 2 },
      { repair: "have two other people approve it: ./bastide approve" },
    ],
  ])("that %s comes with advice, and with its file", (_, candidate, more, said) => {
    expect(judgeApprovals({ ...demand, ...more }, [candidate]).refusals).toEqual([
      { where: candidate.file, what: expect.any(String), ...said },
    ]);
  });

  it("of other findings is told about as long as it lasts, and where its file bears the name of the environment", () => {
    const other = { devices: hashOf([]) };
    const told = (more: Partial<ApprovalRecord>, file: string) =>
      judgeApprovals(demand, [{ ...signed({ ...other, ...more }), file }]).refusals.length;
    expect(told({ expires: TODAY }, "approvals/production-1.json")).toBe(1);
    expect(told({ expires: "2026-11-20" }, "approvals/production-1.json")).toBe(0);
    expect(told({}, "approvals/mine.json")).toBe(1);
    expect(told({ environment: "staging" }, "approvals/production-1.json")).toBe(1);
    expect(told({ environment: "staging" }, "production-1.json")).toBe(1);
    expect(told({ environment: "staging" }, "production-a/staging-1.json")).toBe(0);
    expect(told({ environment: "staging" }, "approvals/staging-production-.json")).toBe(0);
  });

  it("of an earlier change or another environment is not told about", () => {
    const other = { devices: hashOf([]) };
    const past = { ...signed({ ...other, expires: "2026-11-20" }), file: "approvals/production-1.json" };
    const elsewhere = { ...signed({ ...other, environment: "staging" }), file: "approvals/staging-1.json" };
    expect(judgeApprovals(demand, [past, elsewhere])).toEqual({ approved: false, counted: [], refusals: [] });
  });
});

describe("where two people have to approve", () => {
  const two = { ...demand, people: 2 as const };
  const said = (...candidates: Candidate[]) => {
    const { approved, refusals } = judgeApprovals(two, candidates);
    return approved ? "approved" : refusals.map(({ what }) => what);
  };

  it("one is not enough, two are", () => {
    expect(said(signed())).toEqual([]);
    expect(said(signed(), bob())).toBe("approved");
  });

  it("the same person counts once, by name and by key", () => {
    expect(said(signed(), signed())).toEqual(["alice@example.com has signed already"]);
    expect(judgeApprovals(two, [signed(), signed({}, "SHA256:second")]).refusals).toEqual([
      {
        where: "approvals/production-x.json",
        what: "alice@example.com has signed already",
        repair: "have another person approve it as well: ./bastide approve",
      },
    ]);
    expect(said(signed(), signed({ who: "al" }, "SHA256:alice", ["al", "alice@example.com"]))).toEqual(["al has signed already"]);
  });

  const OWN = "made the change, and nobody approves his own where two people have to";
  it("nobody approves his own change, under none of the names of his key", () => {
    expect(said(signed({ who: "Carol@example.com" }), bob())).toEqual([`Carol@example.com ${OWN}`]);
    expect(said(signed({ who: "carol" }, "SHA256:c", ["carol", "carol@example.com"]), bob())).toEqual([
      `carol@example.com ${OWN}`,
    ]);
  });

  it("an author who leaves himself out is named by the other's record", () => {
    const silent = signed({ authors: [] });
    expect(judgeApprovals({ ...two, authors: [] }, [silent, bob({ authors: ["alice@example.com"] })])).toMatchObject({
      approved: false,
      refusals: [{ what: `alice@example.com ${OWN}` }],
    });
  });

  it("a third person replaces the author", () => {
    const dave = signed({ who: "dave@example.com" }, "SHA256:dave");
    expect(said(signed({ who: "carol@example.com" }, "SHA256:c"), bob(), dave)).toBe("approved");
  });

  it("the author may be the one person where one is enough", () => {
    expect(saidOf(signed({ who: "carol@example.com" }, "SHA256:c"))).toBe("approved");
  });
});

test("days are those of the calendar", () => {
  expect(daysAfter("2026-11-21", 90)).toBe("2027-02-19");
  expect(daysAfter("2028-02-28", 1)).toBe("2028-02-29");
  const none = [
    "2026-02-29",
    "2026-13-01",
    "2026-00-01",
    "2026-11-00",
    "2026-1-1",
    "0000-01-01",
    "02026-11-21",
    "2026-11-211",
    "",
  ];
  expect(["2028-02-29", ...none].filter(isDay)).toEqual(["2028-02-29"]);
});
