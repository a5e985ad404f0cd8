import { tokenAccepted } from "../../deploy/secrets/token";
import { createAuthority, fingerprintOf, issueCertificate } from "../../lab/authority";
import type { DeviceRequest } from "../../lab/device";
import { type RunningDevice, startDevice } from "../../lab/server";
import { type Endpoint, fingerprint, Secret } from "../../model";

const token = { user: "pve-backup@pbs", name: "pve-token" };
let device: RunningDevice;
let endpoint: Endpoint;
let seen: DeviceRequest[] = [];
let status = 200;

beforeAll(async () => {
  const authority = await createAuthority();
  const { certPem, keyPem } = await issueCertificate(authority, "pbs", ["127.0.0.1"]);
  const answer = async (request: DeviceRequest) => {
    seen.push(request);
    const good = request.headers.authorization === "PBSAPIToken=pve-backup@pbs!pve-token:good";
    return good || status !== 200
      ? { status, body: status === 200 ? { data: { version: "4.2.3" } } : "refused" }
      : { status: 401, body: "authentication failed" };
  };
  device = await startDevice({ apiBase: "/api2/json", handle: answer }, { key: keyPem, cert: certPem });
  endpoint = { url: device.url, caPem: authority.certPem, fingerprint: fingerprint(fingerprintOf(certPem)) };
});
afterAll(() => device.close());
beforeEach(() => {
  seen = [];
  status = 200;
});

const accepted = (secret: string, at = endpoint) => tokenAccepted(at, "pbs", token, Secret.of(secret));

describe("whether a backup server lets a token in", () => {
  test("is asked as the token itself, with a call that needs no right", async () => {
    expect(await accepted("good")).toBe(true);
    expect(await accepted("dead")).toBe(false);
    expect(seen.map((request) => `${request.method} ${request.path}`)).toEqual(["GET /version", "GET /version"]);
  });

  test.each([403, 500, 503])("is not known when it answers %i: a good secret must not be thrown away for that", async (code) => {
    status = code;
    await expect(accepted("good")).rejects.toMatchObject({ status: code });
  });

  test("is not known when it does not answer, or is another server", async () => {
    await expect(accepted("good", { ...endpoint, url: "https://127.0.0.1:1" })).rejects.toMatchObject({ name: "UserError" });
    const other = fingerprint("00".repeat(32));
    await expect(accepted("good", { ...endpoint, fingerprint: other })).rejects.toMatchObject({ name: "UserError" });
    expect(seen).toEqual([]);
  });
});
