import { readFirewall } from "../../live/read-firewall";
import { UserError } from "../../model";

const RULE = { type: "pass", interface: ["lan"], source: "any", destination: "any" };
const ANSWERS: Readonly<Record<string, unknown>> = {
  "/firewall/rules": [RULE],
  "/firewall/aliases": [],
  "/interfaces": [],
  "/interface/groups": [],
};

const reading = (answers: Readonly<Record<string, unknown>>) =>
  readFirewall({ get: async (path) => ({ ...ANSWERS, ...answers })[path] });

test("reads what a firewall answers", async () => {
  expect((await reading({})).rules).toEqual([expect.objectContaining({ type: "pass", interfaces: ["lan"] })]);
});

test.each([
  ["/firewall/rules", [{ ...RULE, type: "divert" }], /0\.type/],
  ["/firewall/aliases", { message: "moved" }, /expected array/],
  ["/interfaces", [{ descr: "LAN" }], /0\.id/],
  ["/interface/groups", null, /expected array/],
])("names the call whose answer has another shape: %s", async (path, answer, words) => {
  const failing = reading({ [path]: answer });
  await expect(failing).rejects.toThrow(UserError);
  await expect(failing).rejects.toMatchObject({
    faults: [{ where: `firewall GET ${path}`, what: expect.stringMatching(words), repair: expect.stringContaining("version") }],
  });
});
