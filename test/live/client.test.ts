import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { createAuthority, fingerprintOf, issueCertificate, type KeyPair } from "../../lab/authority";
import { backupServerClient, DeviceError, firewallClient, hypervisorClient } from "../../live/client";
import { type Endpoint, fingerprint, Secret } from "../../model";

type Answer = (request: { method: string; url: string; headers: Record<string, unknown>; body: string }) => {
  status?: number;
  reason?: string;
  body?: string;
  action?: "reset" | "truncate";
  date?: string;
};

let authority: KeyPair;
let pair: KeyPair;
let server: Server;
let answer: Answer = () => ({ body: '{"data":null}' });
let seen: { method: string; url: string; headers: Record<string, unknown>; body: string }[] = [];
let endpoint: Endpoint;

beforeAll(async () => {
  authority = await createAuthority();
  pair = await issueCertificate(authority, "pbs", ["127.0.0.1", "localhost"]);
  server = createServer({ key: pair.keyPem, cert: pair.certPem }, (request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      const call = { method: request.method ?? "", url: request.url ?? "", headers: request.headers, body };
      seen.push(call);
      const { status = 200, reason, body: text = '{"data":null}', action, date } = answer(call);
      if (action === "reset") return request.socket.destroy();
      if (date !== undefined) response.setHeader("date", date);
      if (action === "truncate") {
        response.writeHead(status, { "content-type": "application/json" });
        return response.end(text.slice(0, text.length / 2));
      }
      if (reason !== undefined) response.statusMessage = reason;
      response.statusCode = status;
      return response.end(text);
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  endpoint = {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    caPem: authority.certPem,
    fingerprint: fingerprint(fingerprintOf(pair.certPem)),
  };
});

afterAll(() => new Promise<void>((closed) => server.close(() => closed())));

beforeEach(() => {
  seen = [];
  answer = () => ({ body: '{"data":null}' });
});

const TOKEN = Secret.of("root@pam!deploy:0123-secret");

async function faultOf(call: Promise<unknown>) {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DeviceError);
  return { ...(error as DeviceError).faults[0], status: (error as DeviceError).status };
}

describe("device client", () => {
  const clients: { close(): Promise<void> }[] = [];
  const open = (at: Endpoint = endpoint) => {
    const client = backupServerClient(at, TOKEN, "pbs");
    clients.push(client);
    return client;
  };
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
  });

  test("gives the data of an answer and speaks each product's form of the credential", async () => {
    answer = () => ({ body: '{"data":[1,2]}' });
    expect(await open().get("/version")).toEqual([1, 2]);
    const pve = hypervisorClient(endpoint, Secret.of("root@pam!x=1"));
    const fw = firewallClient(endpoint, Secret.of("key"));
    clients.push(pve, fw);
    await pve.get("/storage", { type: "pbs" });
    await fw.patch("/firewall/rule", { id: 1 });
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "GET /api2/json/version",
      "GET /api2/json/storage?type=pbs",
      "PATCH /api/v2/firewall/rule",
    ]);
    expect(seen[0]?.headers.authorization).toBe("PBSAPIToken=root@pam!deploy:0123-secret");
    expect(seen[1]?.headers.authorization).toBe("PVEAPIToken=root@pam!x=1");
    expect(seen[2]?.headers["x-api-key"]).toBe("key");
    expect(seen[2]?.body).toBe('{"id":1}');
  });

  test("sends no content type with a GET, because pfSense then ignores the query", async () => {
    await open().get("/version");
    expect(seen[0]?.headers["content-type"]).toBeUndefined();
  });

  test("names the device, the call and the credential when it is not accepted, and never prints it", async () => {
    answer = () => ({ status: 401, reason: "Unauthorized", body: "authentication failed" });
    const fault = await faultOf(open().get("/config/datastore"));
    expect(fault).toMatchObject({ where: "pbs GET /config/datastore", status: 401 });
    expect(fault.what).toContain("authentication failed");
    expect(JSON.stringify(fault)).not.toContain("0123-secret");
  });

  test("says how to store another credential, where its caller knows", async () => {
    answer = () => ({ status: 401, reason: "Unauthorized", body: "authentication failed" });
    const client = backupServerClient(endpoint, TOKEN, "pbs", "store it: ./bastide secrets set ecosolar --env production pbs");
    try {
      expect((await faultOf(client.get("/version"))).repair).toBe(
        "store it: ./bastide secrets set ecosolar --env production pbs",
      );
    } finally {
      await client.close();
    }
  });

  test.each([
    [
      400,
      "Parameter verification failed",
      '{"data":null,"message":"Parameter verification failed.\\n","errors":{"id":"bad"}}',
      "id: bad",
    ],
    [403, "Forbidden", "permission check failed", "permission check failed"],
    [500, "no such user ('x')", "", "no such user ('x')"],
  ])("keeps the device's own words of a refusal (%i)", async (status, reason, body, words) => {
    answer = () => ({ status, reason, body });
    const fault = await faultOf(open().get("/x"));
    expect(fault.what).toContain(words);
    expect(fault.status).toBe(status);
  });

  test("says that a device is down", async () => {
    const free = { ...endpoint, url: "https://127.0.0.1:9" };
    const fault = await faultOf(open(free).get("/version"));
    expect(fault.what).toContain("refuses the connection");
    expect(fault.repair).toContain("start the device");
  });

  test("says that the connection was cut in the middle", async () => {
    answer = () => ({ action: "reset" });
    expect((await faultOf(open().get("/version"))).what).toContain("cut the connection");
  });

  test("does not take half an answer for a whole one", async () => {
    answer = () => ({ action: "truncate", body: '{"data":[{"id":"prune"}]}' });
    expect((await faultOf(open().get("/config/prune"))).what).toContain("not complete JSON");
  });

  test("refuses another certificate than the pinned one, and names both", async () => {
    const other = `${"aa:".repeat(31)}aa`;
    const fault = await faultOf(open({ ...endpoint, fingerprint: fingerprint(other) }).get("/version"));
    expect(fault.what).toContain(endpoint.fingerprint);
    expect(fault.what).toContain(other);
    expect(seen).toEqual([]);
  });

  test("refuses a certificate of another authority", async () => {
    const stranger = await createAuthority();
    const fault = await faultOf(open({ ...endpoint, caPem: stranger.certPem }).get("/version"));
    expect(fault.what).toContain("not signed by the authority");
    expect(seen).toEqual([]);
  });

  test("trusts a pinned certificate without its authority", async () => {
    const client = open({ ...endpoint, caPem: pair.certPem });
    await client.get("/version");
    expect(client.presentedFingerprint()).toBe(endpoint.fingerprint);
  });

  test("measures how far the device's clock is off", async () => {
    answer = () => ({ date: new Date(Date.now() + 86_400_000).toUTCString() });
    const client = open();
    await client.get("/version");
    expect(client.clockOffsetS()).toBeGreaterThan(86_390);
    expect(client.clockOffsetS()).toBeLessThan(86_410);
  });
});
