import { synthesizedAt, synthesizedObjects } from "../../policies/reading/device-object";
import { OPEN } from "../../policies/reading/device-value";

const stacks = (attributes: object, type = "restful_resource") => [
  { id: "s", layer: "hypervisor", configuration: { resource: { [type]: { one: attributes } } } },
];
const found = (attributes: object, type?: string) => synthesizedAt(stacks(attributes, type), "/list");
const bodyOf = (body: object) => synthesizedObjects(stacks({ path: "/list", body }))[0]?.body;

test("an object stands in the list that it is read from", () => {
  const body = { a: 1 };
  expect(found({ path: "/list/id", read_path: "/list", body })).toMatchObject([
    { label: "hypervisor one", path: "/list/id", collection: "/list", body },
  ]);
  expect(found({ path: "/list" })).toMatchObject([{ path: "/list", collection: "/list", body: {}, secrets: {} }]);
  expect([found({ path: "/list" }, "other"), found({ path: "/other" }), found({})]).toEqual([[], [], []]);
});

test("it stands on the device whose lock it takes, else on that of its provider, else on the only one of its layer", () => {
  const devices = [
    { precheck_create: [{ mutex: "pbs.nord" }], provider: "restful.device__other" },
    { provider: "restful.device__pbs_2enord" },
    { provider: "restful.device__n_c3_b6rd" },
    { provider: "restful" },
    { precheck_create: [], provider: "${var.provider}" },
    {},
  ].map((attributes) => found({ path: "/list", ...attributes })[0]?.device);
  expect(devices).toEqual(["pbs.nord", "pbs.nord", "nörd", "hypervisor", "hypervisor", "hypervisor"]);
});

test("its values are what the device gets: references open, escaped braces as they will be", () => {
  expect(
    bodyOf({
      own: "${var.own}",
      list: ["a", "b-${var.own}"],
      text: "$${x} %%{y} {{guestname}}",
      texts: ["a", "$${x}"],
      count: 1,
    }),
  ).toEqual({ own: OPEN, list: OPEN, text: "${x} %{y} {{guestname}}", texts: ["a", "${x}"], count: 1 });
});

test("a body that says what it means is given as it is, and no body is an empty one", () => {
  const body = { name: "data", keys: ["a"], on: true, nothing: null };
  expect(bodyOf(body)).toBe(body);
  expect(synthesizedObjects(stacks({ path: "/list" }))[0]?.body).toEqual({});
});
