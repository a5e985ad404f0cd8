import fc from "fast-check";
import { constructId, describeAddress } from "../../constructs/construct-id";

const names = fc.array(fc.string({ minLength: 1, unit: "grapheme" }), { minLength: 1, maxLength: 4 });

describe("the id of a construct", () => {
  it("reads as kind and names", () => {
    expect(constructId("prune_job", "store", "critical")).toBe("prune_job__store__critical");
    expect(constructId("token", "pve-backup@pbs!pve-token")).toBe("token__pve-backup_40pbs_21pve-token");
  });

  it("is a name that the engine takes, whatever the model calls things", () => {
    fc.assert(fc.property(names, (all) => expect(constructId("kind", ...all)).toMatch(/^[A-Za-z_][A-Za-z0-9_-]*$/)));
  });

  it("differs as soon as a name differs", () => {
    fc.assert(
      fc.property(names, names, (one, other) => {
        expect(constructId("kind", ...one) === constructId("kind", ...other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
    expect(constructId("a", "b_c")).not.toBe(constructId("a", "b", "c"));
    expect(constructId("a", "b.c")).not.toBe(constructId("a", "bc"));
  });

  it("can be told to people", () => {
    expect(describeAddress("restful_resource.prune_job__store__critical")).toBe("prune job store/critical");
    expect(describeAddress(`restful_resource.${constructId("user", "é.x@pbs")}`)).toBe("user é.x@pbs");
    expect(describeAddress("restful_operation.firewall_apply")).toBe("firewall apply");
  });
});
