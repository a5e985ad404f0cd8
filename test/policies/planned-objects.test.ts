import { plannedObjects } from "../../policies/reading/device-object";
import { OPEN } from "../../policies/reading/device-value";

const planned = (afterUnknown: object) =>
  plannedObjects([
    {
      layer: "firewall",
      plan: {
        resource_changes: [
          {
            address: "restful_resource.alias",
            mode: "managed",
            type: "restful_resource",
            name: "alias",
            change: {
              actions: ["create"],
              before: null,
              after: { path: "/firewall/alias", body: { name: "sources", address: ["10.0.0.1", "10.0.0.2"] } },
              after_unknown: { id: true, body: afterUnknown },
            },
          },
        ],
      },
    },
  ])[0]?.body;

test("a list of which the plan knows every entry is known, as the engine writes it", () => {
  expect(planned({ address: [false, false] })).toEqual({ name: "sources", address: ["10.0.0.1", "10.0.0.2"] });
  expect(planned({ address: [] })).toEqual({ name: "sources", address: ["10.0.0.1", "10.0.0.2"] });
});

test("one entry that is not known leaves the whole open", () => {
  for (const address of [true, [false, true], [{ value: true }]]) expect(planned({ address })).toMatchObject({ address: OPEN });
});
