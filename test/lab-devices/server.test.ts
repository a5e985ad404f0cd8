import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type RequestOptions, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { createAuthority, issueCertificate } from "../../lab/authority";
import { fingerprintOf, type KeyPair } from "../../lab/certificate";
import type { Device, DeviceAnswer, DeviceRequest } from "../../lab/device";
import { FaultPlan, type PlannedFault } from "../../lab/fault-plan";
import { type RunningDevice, startDevice } from "../../lab/server";
import { LAB_TIMING, NO_WAIT, timingAtSpeed } from "../../lab/timing";

/** Answers as it is told and keeps what it was asked. */
class Probe implements Device {
  readonly apiBase = "/api2/json";
  readonly asked: DeviceRequest[] = [];
  answer: DeviceAnswer = { status: 200, body: { data: "whole" } };

  async handle(asked: DeviceRequest): Promise<DeviceAnswer> {
    this.asked.push(asked);
    return this.answer;
  }

  async handleLab(): Promise<DeviceAnswer> {
    return { status: 200, body: "lab" };
  }
}

interface Reply {
  readonly status: number;
  readonly reason: string;
  readonly type: string;
  readonly text: string;
}

const directory = mkdtempSync(join(tmpdir(), "bastide-server-"));
const faultFile = join(directory, "faults.json");
let authority: KeyPair;
let certificate: KeyPair;
let probe: Probe;
let faults: FaultPlan;
let server: RunningDevice;

beforeAll(async () => {
  authority = await createAuthority();
  certificate = await issueCertificate(authority, "pbs", ["127.0.0.1", "::1", "localhost", "pbs", "192.168.1.20"]);
});
beforeEach(async () => {
  probe = new Probe();
  faults = new FaultPlan(faultFile, "pbs");
  server = await startDevice(probe, { key: certificate.keyPem, cert: certificate.certPem, faults });
});
afterEach(async () => {
  await server.close();
  rmSync(faultFile, { force: true });
});
afterAll(() => rmSync(directory, { recursive: true }));

function send(method: string, path: string, body = "", given: Record<string, string> = {}): Promise<Reply> {
  const headers = { ...given, ...(body === "" ? {} : { "content-length": Buffer.byteLength(body) }) };
  const options: RequestOptions = { method, headers, ca: authority.certPem, agent: false };
  return new Promise((resolve, reject) => {
    const sent = request(server.url + path, options, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          reason: response.statusMessage ?? "",
          type: response.headers["content-type"] ?? "",
          text: Buffer.concat(parts).toString(),
        }),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

test("hands the request to the device as it came", async () => {
  await send("PUT", "/api2/json/access/users/a%40pbs/token/t%21x?b=1&b=2", '{"comment": "é"}', {
    "content-type": "application/json",
  });
  const [asked] = probe.asked;
  expect(asked).toMatchObject({ method: "PUT", path: "/access/users/a%40pbs/token/t%21x", body: '{"comment": "é"}' });
  expect(asked?.query.getAll("b")).toEqual(["1", "2"]);
  expect(asked?.headers["content-type"]).toBe("application/json");
});

test.each([
  ["a form", "POST", "a=1&b=%2F", { "content-type": "application/x-www-form-urlencoded" }],
  ["no content type", "POST", "text", {}],
  ["a body of a DELETE", "DELETE", '{"a":1}', { "content-type": "application/json" }],
  ["a PATCH", "PATCH", "{}", { "content-type": "application/json" }],
  ["more than a megabyte", "POST", "x".repeat(1_200_000), { "content-type": "text/plain" }],
])("passes on %s", async (_name, method, body, headers) => {
  expect((await send(method, "/api2/json/x", body, headers)).status).toBe(200);
  expect(probe.asked[0]?.body).toBe(body);
});

test("passes on a path of a thousand characters", async () => {
  const path = `/nodes/localhost/tasks/${"x".repeat(1000)}/status`;
  await send("GET", `/api2/json${path}`);
  expect(probe.asked[0]?.path).toBe(path);
});

test.each([
  [
    { status: 200, body: { data: null } },
    { status: 200, type: "application/json;charset=UTF-8", text: '{"data":null}' },
  ],
  [
    { status: 400, body: "no such user" },
    { status: 400, type: "text/plain; charset=UTF-8", text: "no such user" },
  ],
  [
    { status: 401, body: "x", headers: { "content-type": "application/json" } },
    { status: 401, type: "application/json; charset=utf-8", text: "x" },
  ],
  [
    { status: 500, reason: "no such user ('é')\n", body: {} },
    { status: 500, reason: "no such user ('é')", text: "{}" },
  ],
])("sends %j", async (answer: DeviceAnswer, expected) => {
  probe.answer = answer;
  const reply = await send("GET", "/api2/json/x");
  expect({ ...reply, reason: Buffer.from(reply.reason, "latin1").toString() }).toMatchObject(expected);
});

test("waits where the product waits", async () => {
  probe.answer = { status: 401, body: "authentication failed", delayMs: 120 };
  const begin = Date.now();
  await send("GET", "/api2/json/x");
  expect(Date.now() - begin).toBeGreaterThanOrEqual(115);
});

test("knows the API base and the lab's own calls, nothing else", async () => {
  expect((await send("GET", "/lab/x")).text).toBe("lab");
  expect((await send("GET", "/api2/jsonx/y")).status).toBe(404);
  expect((await send("GET", "/")).status).toBe(404);
  expect(probe.asked).toEqual([]);
});

test("presents a certificate of the authority for its names only", async () => {
  const seen = (ca: string, servername: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect({ host: "127.0.0.1", port: server.port, ca, servername }, () => {
        resolve(socket.getPeerCertificate().fingerprint256.toLowerCase());
        socket.destroy();
      });
      socket.on("error", reject);
    });
  for (const name of ["localhost", "pbs"]) expect(await seen(authority.certPem, name)).toBe(fingerprintOf(certificate.certPem));
  await expect(seen(authority.certPem, "elsewhere.example")).rejects.toThrow(/does not match/);
  await expect(seen((await createAuthority()).certPem, "pbs")).rejects.toThrow(/certificate/);
  expect(fingerprintOf(certificate.certPem)).toMatch(/^(?:[0-9a-f]{2}:){31}[0-9a-f]{2}$/);
});

test("says when its port is taken", async () => {
  const again = startDevice(probe, { key: certificate.keyPem, cert: certificate.certPem, port: server.port });
  await expect(again).rejects.toMatchObject({ code: "EADDRINUSE" });
});

describe("planned faults", () => {
  const plan = (...planned: PlannedFault[]) => writeFileSync(faultFile, JSON.stringify(planned));
  const read = () => send("GET", "/api2/json/access/users");

  test("without the file there are none; a fault hits its device, its calls, and as often as it says", async () => {
    expect((await read()).status).toBe(200);
    plan({ device: "pve", kind: "status", status: 500 }, { match: "GET /access/.*", kind: "status", status: 503, times: 1 });
    expect((await send("GET", "/api2/json/version")).status).toBe(200);
    expect((await send("POST", "/api2/json/access/users")).status).toBe(200);
    expect((await read()).status).toBe(503);
    expect((await read()).status).toBe(200);
    plan({ device: "pbs", kind: "status", status: 502 });
    expect((await read()).status).toBe(502);
    expect((await read()).status).toBe(502);
  });

  test("delay waits, and a wrong clock is ahead", async () => {
    plan({ kind: "delay", ms: 120 }, { device: "pbs", kind: "clock", ms: 86_400_000 });
    const begin = Date.now();
    expect((await read()).text).toBe('{"data":"whole"}');
    expect(Date.now() - begin).toBeGreaterThanOrEqual(115);
    expect(faults.clockShiftMs()).toBe(86_400_000);
    rmSync(faultFile);
    expect(faults.clockShiftMs()).toBe(0);
  });

  test("truncate sends half of the answer", async () => {
    plan({ kind: "truncate" });
    expect((await read()).text).toBe('{"data":');
  });

  test("a call that is reset never reaches the device, one whose answer is lost does", async () => {
    plan({ kind: "reset" });
    await expect(read()).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(probe.asked).toHaveLength(0);
    plan({ kind: "lose" });
    await expect(read()).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(probe.asked).toHaveLength(1);
  });
});

test.each([
  [undefined, LAB_TIMING],
  ["", LAB_TIMING],
  ["1", LAB_TIMING],
  ["0", NO_WAIT],
  ["10", { authFailureMs: 300, aclLagMs: 200, datastoreMs: 150, taskMs: 100 }],
])("a lab at speed %p", (speed, timing) => {
  expect(timingAtSpeed(speed)).toEqual(timing);
});

test.each(["fast", "-1", "Infinity"])("refuses the speed %s", (speed) => {
  expect(() => timingAtSpeed(speed)).toThrow(/BASTIDE_LAB_SPEED/);
});
