import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Firewall } from "./pfsense";

/** Calls that a real pfSense with the REST API package 2.10.0 answered, in their order. */
interface Recorded {
  readonly method: string;
  readonly url: string;
  readonly request?: unknown;
  readonly status: number;
  readonly response: { readonly data: unknown };
}

const recorded = (file: string): Recorded[] =>
  readFileSync(join(__dirname, "../fixtures/traces", file), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Recorded);

/** Times differ from run to run; what is left must be the same word for word, ids included. */
const timeless = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, one) => (/^tracker$|_time$/.test(key) && typeof one === "number" ? "a time" : one)));

const ALIAS = { address: ["192.168.100.220"], descr: "Bastide", detail: ["PBS_HOSTS"], name: "PBS_HOSTS", type: "host" };
const DISABLE_AND_MOVE = { id: 0, disabled: true, placement: 1 };

describe("the recorded calls of a pfSense", () => {
  let firewall: Firewall;
  beforeEach(() => {
    firewall = new Firewall();
  });
  afterEach(() => firewall.remove());

  test("get the recorded answers, in their order", async () => {
    const calls = recorded("pfsense-restapi-2.10.0.jsonl");
    const block = calls[6]?.request;
    // What was done by hand between the recorded calls: a rule disabled and moved, alias and rule deleted and made again.
    const byHand: Record<number, [string, string, unknown?][]> = {
      11: [["PATCH", "/firewall/rule", DISABLE_AND_MOVE]],
      14: [
        ["DELETE", "/firewall/aliases?name=PBS_HOSTS"],
        ["DELETE", "/firewall/rules?descr=Bloquer+PBS+-+Port+8007"],
      ],
      16: [
        ["POST", "/firewall/alias", ALIAS],
        ["POST", "/firewall/rule", block],
      ],
    };
    for (const [index, { method, url, request, status, response }] of calls.entries()) {
      for (const [hand, path, body] of byHand[index] ?? []) expect((await firewall.call(hand, path, body)).status).toBe(200);
      const answer = await firewall.call(method, url, request);
      expect({ index, url, status: answer.status, body: timeless(answer.body) }).toEqual({
        index,
        url,
        status,
        body: timeless(response),
      });
    }
    expect(calls).toHaveLength(20);
  });

  test("are refused with the recorded words", async () => {
    const calls = recorded("pfsense-errors.jsonl");
    for (const { method, url, request, status, response } of calls) {
      const answer = await firewall.call(method, url, request);
      expect({ status: answer.status, body: answer.body }).toEqual({ status, body: response });
    }
    expect(calls).toHaveLength(6);
    expect(await firewall.order()).toHaveLength(2);
  });

  test("are told apart by the comparison where one word differs", async () => {
    const [first] = recorded("pfsense-restapi-2.10.0.jsonl");
    const answer = await firewall.call("POST", "/firewall/alias", { ...ALIAS, name: "OTHER" });
    expect(timeless(answer.body)).not.toEqual(timeless(first?.response));
  });
});
