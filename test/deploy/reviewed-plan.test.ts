import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  demandReviewed,
  keepReviewedPlan,
  parseReviewedPlan,
  planDigest,
  type ReviewedPlan,
  reviewedPlanOf,
} from "../../deploy/reviewed-plan";
import { UserError } from "../../model";

const change = (address: string, actions: string[], after: unknown, before: unknown = { body: { keep: 7 } }) => ({
  address,
  change: { actions, before, after },
});
const prune = change("restful_resource.prune", ["update"], { body: { keep: 3, ns: "a" } });
const job = change("restful_resource.job", ["delete"], null);
const plan = (...changes: object[]) => ({ format_version: "1.2", timestamp: "2026-11-21T10:00:00Z", resource_changes: changes });

describe("the hash of what a plan does", () => {
  const usual = planDigest(plan(prune, job));

  it.each([
    ["its time", { ...plan(prune, job), timestamp: "2026-11-21T11:00:00Z" }],
    ["the order of its objects", plan(job, prune)],
    [
      "the order of attributes",
      plan(
        {
          change: { after: { body: { ns: "a", keep: 3 } }, before: prune.change.before, actions: ["update"] },
          address: prune.address,
        },
        job,
      ),
    ],
    [
      "objects that it leaves as they are",
      plan(prune, job, change("restful_resource.x", ["no-op"], {}), change("data.y", ["read"], {})),
    ],
  ])("does not depend on %s", (_, document) => expect(planDigest(document)).toBe(usual));

  it.each([
    ["another value", plan(change(prune.address, ["update"], { body: { keep: 2, ns: "a" } }), job)],
    ["another value before", plan(change(prune.address, ["update"], prune.change.after, { body: { keep: 8 } }), job)],
    ["another action", plan(change(prune.address, ["delete", "create"], prune.change.after), job)],
    ["another object", plan({ ...prune, address: "restful_resource.prune2" }, job)],
    ["one object less", plan(prune)],
    [
      "another reason for what it does not know",
      plan({ ...prune, change: { ...prune.change, after_unknown: { id: true } } }, job),
    ],
  ])("changes with %s", (_, document) => expect(planDigest(document)).not.toBe(usual));
});

describe("a reviewed plan", () => {
  const digest = (text: string) => planDigest(plan(change(text, ["create"], {})));
  const of = (...layers: [string, string][]) => reviewedPlanOf("ecosolar", "production", new Map(layers));
  const reviewed = of(["hypervisor", digest("a")], ["backup-server", digest("b")]);
  const said = (planned: ReviewedPlan) => {
    try {
      demandReviewed(reviewed, planned, "r.json", "./bastide plan");
      return [];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      expect(error.exitCode).toBe(3);
      return error.faults.map(({ where, what }) => `${where}: ${what}`);
    }
  };

  it("may be applied when it is planned again", () => {
    expect(said(of(["backup-server", digest("b")], ["hypervisor", digest("a")]))).toEqual([]);
  });

  it("is refused when any layer does something else, and each is named", () => {
    expect(said(of(["backup-server", digest("c")], ["firewall", digest("d")]))).toEqual([
      expect.stringContaining("backup-server: the plan does something else"),
      expect.stringContaining("firewall: the plan changes it, and when it was reviewed it was to stay as it is"),
      expect.stringContaining("hypervisor: the plan changes nothing there any more"),
    ]);
  });

  it("is refused for another site or environment", () => {
    expect(said({ ...reviewed, site: "atelier-nord", environment: "staging" })).toEqual([
      "r.json: was reviewed for the site ecosolar, not for atelier-nord",
      "r.json: was reviewed for the environment production, not for staging",
    ]);
  });

  it("is kept in a file and read from it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "bastide-reviewed-"));
    try {
      const file = join(folder, "r.json");
      await keepReviewedPlan(file, reviewed);
      expect(parseReviewedPlan(file, readFileSync(file, "utf8"))).toEqual(reviewed);
      await expect(keepReviewedPlan(join(file, "below"), reviewed)).rejects.toThrow(UserError);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each(["", "{}", "[]", JSON.stringify({ ...reviewed, version: 2 }), JSON.stringify({ ...reviewed, layers: { a: "b" } })])(
    "is not taken for one that %j is",
    (text) => expect(() => parseReviewedPlan("r.json", text)).toThrow("r.json: is no record of a reviewed plan"),
  );
});
