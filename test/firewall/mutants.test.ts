import { openingRules } from "../../firewall/openings";
import { reachability, skippedRules } from "../../firewall/reachability";
import { GRID, LabFirewall, TO_PBS } from "./lab-firewall";

/**
 * The mutants that a check of reality must find, made on the lab's firewall through its API and read back from it.
 * Each is looked at from both sides: who gets in that should not, and who is kept out that should not be.
 */
let firewall: LabFirewall;
beforeEach(async () => {
  firewall = new LabFirewall();
  await firewall.protect();
});
afterEach(() => firewall.device.remove());

const ours = ({ description }: { description: string }) => ["pass", "block"].includes(description);

async function verdicts() {
  const state = await firewall.read();
  const wrong = reachability(state, TO_PBS, GRID).filter(({ asWanted }) => !asWanted);
  return {
    wrong: wrong.map(({ source, family, decision }) => `${source} ${family} ${decision.verdict}`),
    openings: openingRules(state, TO_PBS, GRID, ours).map(({ description, foreign, witness, destination }) => ({
      description,
      foreign,
      who: witness.name ?? witness.address,
      family: destination.includes(":") ? "inet6" : "inet",
    })),
    skipped: skippedRules(state).map(({ description, why }) => `${description}: ${why}`),
  };
}

const STRANGERS_IN = ["guest erp inet pass", "stranger on the LAN inet pass", "stranger on the LAN inet6 pass"];
const STOCK = [
  { description: "Default allow LAN to any rule", foreign: true, who: "guest erp", family: "inet" },
  { description: "Default allow LAN IPv6 to any rule", foreign: true, who: "stranger on the LAN", family: "inet6" },
];

test("the rules as they should be let in who should come in, and nobody else", async () => {
  expect(await verdicts()).toEqual({ wrong: [], openings: [], skipped: [] });
});

test("without our rules the stock rules open the port to the whole LAN, but not to the internet", async () => {
  await firewall.call("DELETE", "/firewall/rules?destination=PBS_HOSTS");
  expect(await verdicts()).toEqual({ wrong: STRANGERS_IN, openings: STOCK, skipped: [] });
});

test("both rules behind the default rule", async () => {
  for (const description of ["pass", "block"]) {
    await firewall.call("PATCH", "/firewall/rule", { id: await firewall.idOf(description), placement: 3 });
  }
  expect(await verdicts()).toEqual({ wrong: STRANGERS_IN, openings: STOCK, skipped: [] });
});

test("the block rule before the pass rule keeps the hypervisor out", async () => {
  await firewall.call("PATCH", "/firewall/rule", { id: await firewall.idOf("block"), placement: 0 });
  expect(await verdicts()).toEqual({ wrong: ["pve inet block", "admin inet block"], openings: [], skipped: [] });
});

test("a disabled block rule", async () => {
  await firewall.call("PATCH", "/firewall/rule", { id: await firewall.idOf("block"), disabled: true });
  expect(await verdicts()).toEqual({ wrong: STRANGERS_IN, openings: STOCK, skipped: ["block: it is disabled"] });
});

test("a disabled pass rule keeps the hypervisor out", async () => {
  await firewall.call("PATCH", "/firewall/rule", { id: await firewall.idOf("pass"), disabled: true });
  expect((await verdicts()).wrong).toEqual(["pve inet block", "admin inet block"]);
});

test("the alias of the backup server deleted: pfSense skips both rules", async () => {
  await firewall.call("DELETE", "/firewall/aliases?name=PBS_HOSTS");
  expect(await verdicts()).toEqual({
    wrong: STRANGERS_IN,
    openings: STOCK,
    skipped: ["pass", "block"].map((name) => `${name}: its destination alias "PBS_HOSTS" does not exist`),
  });
});

test("the alias of the clients deleted keeps the hypervisor out", async () => {
  await firewall.call("DELETE", "/firewall/aliases?name=PBS_CLIENTS");
  const { wrong, skipped } = await verdicts();
  expect(wrong).toEqual(["pve inet block", "admin inet block"]);
  expect(skipped).toEqual(['pass: its source alias "PBS_CLIENTS" does not exist']);
});

test.each([
  ["to the whole network", "network", ["192.168.1.0/24"], ["guest erp inet pass", "stranger on the LAN inet pass"], "guest erp"],
  ["by one host that nobody thought of", "host", ["192.168.1.10", "192.168.1.5", "192.168.1.77"], [], "192.168.1.77"],
])("the alias of the clients widened %s", async (_how, type, address, wrong, who) => {
  const { body } = await firewall.device.call("GET", "/firewall/aliases?name=PBS_CLIENTS");
  const [{ id }] = body.data as [{ id: number }];
  await firewall.call("PATCH", "/firewall/alias", { id, type, address, detail: [] });
  const found = await verdicts();
  expect(found.wrong).toEqual(wrong);
  expect(found.openings).toEqual([{ description: "pass", foreign: false, who, family: "inet" }]);
});

test("the alias of the clients narrowed keeps the hypervisor out", async () => {
  const { body } = await firewall.device.call("GET", "/firewall/aliases?name=PBS_CLIENTS");
  const [{ id }] = body.data as [{ id: number }];
  await firewall.call("PATCH", "/firewall/alias", { id, address: ["192.168.1.5"], detail: [] });
  expect(await verdicts()).toEqual({ wrong: ["pve inet block"], openings: [], skipped: [] });
});

test("`pass any` put above ours is named, for both families", async () => {
  const pass = { type: "pass", interface: ["lan"], ipprotocol: "inet46", source: "any", destination: "any" };
  await firewall.call("POST", "/firewall/rule", { ...pass, descr: "temporary, for the printer", placement: 0 });
  const { wrong, openings } = await verdicts();
  expect(wrong).toEqual(STRANGERS_IN);
  expect(openings).toEqual([
    { description: "temporary, for the printer", foreign: true, who: "guest erp", family: "inet" },
    { description: "temporary, for the printer", foreign: true, who: "stranger on the LAN", family: "inet6" },
  ]);
});

test("`pass any` below ours opens nothing", async () => {
  const pass = { type: "pass", interface: ["lan"], ipprotocol: "inet46", source: "any", destination: "any" };
  await firewall.call("POST", "/firewall/rule", { ...pass, descr: "below", placement: 2 });
  expect(await verdicts()).toEqual({ wrong: [], openings: [], skipped: [] });
});

test("a rule on WAN opens it to the internet, and no source of the LAN is blamed", async () => {
  const pass = { type: "pass", interface: ["wan"], ipprotocol: "inet46", source: "any", destination: "any" };
  await firewall.call("POST", "/firewall/rule", { ...pass, protocol: "tcp", destination_port: "8000:8010", descr: "support" });
  const { wrong, openings } = await verdicts();
  expect(wrong).toEqual(["internet inet pass", "internet inet6 pass"]);
  expect(openings.map(({ description, who }) => `${description}: ${who}`)).toEqual(["support: internet", "support: internet"]);
});

test("a floating quick rule opens it whatever comes later, and closes it whatever comes later", async () => {
  const floating = { interface: ["lan"], floating: true, quick: true, direction: "in", ipprotocol: "inet46" };
  const all = { source: "any", destination: "any" };
  await firewall.call("POST", "/firewall/rule", { ...floating, ...all, type: "pass", descr: "open" });
  expect((await verdicts()).openings.map(({ description }) => description)).toEqual(["open", "open"]);
  await firewall.call("POST", "/firewall/rule", { ...floating, ...all, type: "block", descr: "close", placement: 0 });
  expect((await verdicts()).wrong).toEqual(["pve inet block", "admin inet block"]);
});

test("a block of IPv4 only leaves IPv6 open", async () => {
  await firewall.call("PATCH", "/firewall/rule", { id: await firewall.idOf("block"), ipprotocol: "inet" });
  expect(await verdicts()).toEqual({
    wrong: ["stranger on the LAN inet6 pass"],
    openings: [STOCK[1]],
    skipped: [],
  });
});
