import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { shownDocument } from "../../deploy/shown-document";

const FIXTURE = join(__dirname, "..", "fixtures", "plans", "ecosolar.json");

function read(value: unknown): unknown {
  const document = shownDocument();
  document.push(Buffer.from(JSON.stringify(value)));
  return document.end();
}

describe("what the engine shows", () => {
  it("is what it wrote: the recorded plans", () => {
    const documents = JSON.parse(readFileSync(FIXTURE, "utf8")) as { plan: unknown }[];
    expect(documents.length).toBeGreaterThan(2);
    for (const { plan } of documents) expect(JSON.stringify(read(plan))).toBe(JSON.stringify(plan));
  });

  it("is what it wrote, whatever stands on the sides of a change", () => {
    const part = fc.dictionary(fc.constantFrom("a", "b", "0", "__proto__"), fc.constantFrom(1, "x", null, {}, [], [1], { a: 1 }));
    const side = fc.option(fc.dictionary(fc.constantFrom("body", "path", "0", "__proto__"), fc.oneof(part, fc.array(part))));
    const entry = fc.record(
      {
        address: fc.constantFrom<unknown>("x.a", "x.b", 3),
        values: side,
        change: fc.option(fc.record({ actions: fc.constant(["no-op"]), before: side, after: side }, { requiredKeys: [] })),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(entry), fc.array(entry), (planned, changed) => {
        const plan = { planned_values: { root_module: { resources: planned } }, resource_changes: changed };
        expect(JSON.stringify(read(plan))).toBe(JSON.stringify(plan));
        expect(isDeepStrictEqual(read(plan), JSON.parse(JSON.stringify(plan)))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("has what is equal of one object once, and of what differs the parts that are equal", () => {
    const values = (comment: string) => ({ body: { comment, list: [1, 2] }, path: ["/x"] });
    const change = { before: values("old"), after: values("new") };
    const resources = [{ address: "x.a", values: values("old") }];
    const plan = read({ resource_changes: [{ address: "x.a", change }], prior_state: { values: { resources } } });
    const { resource_changes: changes, prior_state: prior } = plan as {
      resource_changes: [{ change: typeof change }];
      prior_state: { values: { resources: typeof resources } };
    };
    const { before, after } = changes[0].change;
    expect(after.path).toBe(before.path);
    expect(after.body.list).toBe(before.body.list);
    expect([before.body.comment, after.body.comment]).toEqual(["old", "new"]);
    expect(prior.values.resources[0]?.values.path).toBe(before.path);
  });

  it("has nothing of one object in another", () => {
    const values = { body: { list: [1] } };
    const entry = (address: string) => ({ address, change: { before: values, after: values } });
    const { resource_changes: changes } = read({ resource_changes: [entry("x.a"), entry("x.b")] }) as {
      resource_changes: ReturnType<typeof entry>[];
    };
    expect(changes[0]?.change.after).toBe(changes[0]?.change.before);
    expect(changes[1]?.change.before).not.toBe(changes[0]?.change.before);
  });
});
