import { PveLab } from "./pve";

let pve: PveLab;
beforeEach(() => {
  pve = new PveLab();
});
afterEach(() => pve.remove());

const as = (token: string) => ({ authorization: `PVEAPIToken=${token}` });
const grant = (what: Record<string, unknown>) => pve.data("PUT", "/access/acl", { propagate: 1, ...what });
const rights = async (id: string, path: string) => {
  const all = await pve.data<Record<string, Record<string, 0 | 1>>>(
    "GET",
    `/access/permissions?userid=${encodeURIComponent(id)}&path=${path}`,
  );
  return all[path] ?? {};
};

describe("who calls", () => {
  test("a wrong secret, an unknown token, no credential: 401 without a body, late", async () => {
    pve.remove();
    pve = new PveLab({ timing: { authFailureMs: 3000 } });
    for (const [credential, reason] of [
      ["PVEAPIToken=root@pam!bastide=wrong", "Authentication failed!"],
      ["PVEAPIToken=root@pam!other=secret-of-the-test", "Authentication failed!"],
      ["PVEAPIToken=nonsense", "Authentication failed!"],
      [undefined, "No ticket"],
    ] as const) {
      const answer = await pve.call("GET", "/version", undefined, { authorization: credential });
      expect([answer.status, answer.reason, answer.body, answer.delayMs]).toEqual([401, reason, "", 3000]);
    }
  });

  test("a token of a disabled or expired user, and an expired token, are refused", async () => {
    const token = await pve.token("op@pve");
    const status = async () => (await pve.call("GET", "/version", undefined, as(token))).status;
    const soon = Math.floor(pve.now / 1000) + 10;
    expect(await status()).toBe(200);
    await pve.data("PUT", "/access/users/op@pve", { enable: 0 });
    expect(await status()).toBe(401);
    await pve.data("PUT", "/access/users/op@pve", { enable: 1, expire: soon });
    expect(await status()).toBe(200);
    pve.now += 11_000;
    expect(await status()).toBe(401);
    await pve.data("PUT", "/access/users/op@pve", { expire: 0 });
    await pve.data("PUT", "/access/users/op@pve/token/tok", { expire: soon });
    expect(await status()).toBe(401);
  });

  test("a ticket needs its CSRF token for changes, and ends after two hours", async () => {
    await pve.data("POST", "/access/users", { userid: "op@pve", password: "12345678" });
    await grant({ path: "/", roles: "Administrator", users: "op@pve" });
    const login = (password: string) =>
      pve.call("POST", "/access/ticket", { username: "op@pve", password }, { authorization: undefined });
    expect((await login("wrong")).status).toBe(401);
    const { ticket, CSRFPreventionToken: csrf } = (await login("12345678")).body.data as {
      ticket: string;
      CSRFPreventionToken: string;
    };
    const session = { authorization: undefined, cookie: `PVEAuthCookie=${encodeURIComponent(ticket)}` };
    expect((await pve.call("GET", "/access/users", undefined, session)).status).toBe(200);
    expect((await pve.call("POST", "/pools", { poolid: "a" }, session)).reason).toBe("Permission denied - invalid csrf token");
    expect((await pve.call("POST", "/pools", { poolid: "a" }, { ...session, csrfpreventiontoken: csrf })).status).toBe(200);
    expect((await pve.call("GET", "/access/users", undefined, { ...session, cookie: `${session.cookie}x` })).status).toBe(401);
    pve.now += 2 * 3600_000;
    expect((await pve.call("GET", "/access/users", undefined, session)).status).toBe(401);
  });

  test("tokens can neither log in nor change passwords", async () => {
    expect((await pve.call("PUT", "/access/password", { userid: "root@pam", password: "12345678" })).status).toBe(403);
  });
});

describe("rights", () => {
  test("of a token with separated privileges are no more than both it and its user have", async () => {
    const token = await pve.token("op@pve");
    const id = token.split("=")[0] ?? "";
    await grant({ path: "/storage", roles: "PVEDatastoreAdmin", tokens: id });
    expect(await rights(id, "/storage/local")).toEqual({});
    await grant({ path: "/storage", roles: "PVEDatastoreUser", users: "op@pve" });
    expect(Object.keys(await rights(id, "/storage/local")).sort()).toEqual(["Datastore.AllocateSpace", "Datastore.Audit"]);
    await pve.data("PUT", "/access/acl", { path: "/storage", roles: "PVEDatastoreAdmin", tokens: id, delete: 1 });
    expect(await rights(id, "/storage/local")).toEqual({});
  });

  test("of a token without separation are those of its user", async () => {
    const id = (await pve.token("op@pve", 0)).split("=")[0] ?? "";
    await grant({ path: "/vms", roles: "PVEAuditor", users: "op@pve" });
    expect(await rights(id, "/vms/100")).toEqual(await rights("op@pve", "/vms/100"));
    expect(await rights(id, "/vms/100")).toHaveProperty(["VM.Audit"], 1);
  });

  test("are handed down only where the entry says so, and the deepest entry replaces those above", async () => {
    await pve.data("POST", "/access/users", { userid: "op@pve" });
    await grant({ path: "/", roles: "PVEAuditor", users: "op@pve" });
    await grant({ path: "/vms", roles: "PVEVMUser", users: "op@pve", propagate: 0 });
    expect(await rights("op@pve", "/vms")).toHaveProperty(["VM.Backup"], 0);
    expect(await rights("op@pve", "/vms/100")).not.toHaveProperty(["VM.Backup"]);
    expect(await rights("op@pve", "/vms/100")).toHaveProperty(["VM.Audit"], 1);
    await grant({ path: "/vms/100", roles: "NoAccess", users: "op@pve" });
    expect(await rights("op@pve", "/vms/100")).toEqual({});
  });

  test("of a user win over those of the user's groups", async () => {
    await pve.data("POST", "/access/groups", { groupid: "ops" });
    await pve.data("POST", "/access/users", { userid: "op@pve", groups: "ops" });
    await grant({ path: "/vms", roles: "PVEVMAdmin", groups: "ops" });
    expect(await rights("op@pve", "/vms/100")).toHaveProperty(["VM.Allocate"]);
    await grant({ path: "/vms", roles: "PVEAuditor", users: "op@pve" });
    expect(await rights("op@pve", "/vms/100")).not.toHaveProperty(["VM.Allocate"]);
  });

  test("on a pool hold on its members, but not below them, and not over NoAccess", async () => {
    await pve.data("POST", "/access/users", { userid: "op@pve" });
    await pve.data("POST", "/pools", { poolid: "critical" });
    await pve.data("PUT", "/pools?poolid=critical", { storage: "local" });
    await grant({ path: "/pool/critical", roles: "PVEDatastoreUser", users: "op@pve" });
    expect(await rights("op@pve", "/storage/local")).toHaveProperty(["Datastore.Audit"], 0);
    expect(await rights("op@pve", "/storage/vmdata")).toEqual({});
    await grant({ path: "/storage", roles: "NoAccess", users: "op@pve" });
    expect(await rights("op@pve", "/storage/local")).toEqual({});
  });

  test("are seen by calls only after a while, given and taken", async () => {
    pve.remove();
    pve = new PveLab({ timing: { aclLagMs: 2000 } });
    const token = await pve.token("op@pve", 0);
    const status = async () => (await pve.call("POST", "/pools", { poolid: `p${pve.now}` }, as(token))).status;
    await grant({ path: "/pool", roles: "PVEPoolAdmin", users: "op@pve" });
    pve.now += 1999;
    expect(await status()).toBe(403);
    pve.now += 1;
    expect(await status()).toBe(200);
    await pve.data("PUT", "/access/acl", { path: "/pool", roles: "PVEPoolAdmin", users: "op@pve", delete: 1 });
    pve.now += 1999;
    expect(await status()).toBe(200);
    pve.now += 1;
    expect(await status()).toBe(403);
  });

  test("filter lists: what a caller may not see is as if it were not there", async () => {
    const token = await pve.token("op@pve", 0);
    const seen = async (url: string) => (await pve.data<unknown[]>("GET", url, undefined, token)).length;
    expect([await seen("/storage"), await seen("/access/acl"), await seen("/access/users")]).toEqual([0, 0, 0]);
    await grant({ path: "/storage/local", roles: "PVEDatastoreUser", users: "op@pve" });
    expect(await pve.data("GET", "/storage", undefined, token)).toMatchObject([{ storage: "local" }]);
    expect((await pve.call("GET", "/storage/local", undefined, as(token))).reason).toBe(
      "Permission check failed (/storage/local, Datastore.Allocate)",
    );
  });

  test("can be handed out only by who may modify them, or has them", async () => {
    const token = await pve.token("op@pve", 0);
    await pve.data("POST", "/access/users", { userid: "other@pve" });
    const give = (roles: string) =>
      pve.call("PUT", "/access/acl", { path: "/vms/100", roles, users: "other@pve", propagate: 0 }, as(token));
    expect((await give("PVEAuditor")).reason).toBe("Permission check failed (/vms/100, Permissions.Modify|VM.Allocate)");
    await grant({ path: "/vms", roles: "PVEVMAdmin", users: "op@pve" });
    expect((await give("PVEVMUser")).status).toBe(200);
    expect((await give("Administrator")).reason).toMatch(/^ACL update failed: 400 Parameter verification failed\./);
  });

  test("that only the administrator's login has are refused to its tokens too", async () => {
    const answer = await pve.call("POST", "/cluster/backup", { id: "job", schedule: "21:00", all: 1, script: "/bin/true" });
    expect(answer.body.errors).toEqual({ script: "Only root may set this option." });
  });
});

describe("users, tokens, roles", () => {
  test("a deleted token takes its access entries along, a deleted user also those of its tokens", async () => {
    const id = (await pve.token("op@pve")).split("=")[0] ?? "";
    await grant({ path: "/vms", roles: "PVEAuditor", users: "op@pve" });
    await grant({ path: "/vms", roles: "PVEAuditor", tokens: id });
    await pve.data("DELETE", "/access/users/op@pve/token/tok");
    expect(await pve.data("GET", "/access/acl")).toMatchObject([{ type: "user" }]);
    await pve.data("DELETE", "/access/users/op@pve");
    expect(await pve.data("GET", "/access/acl")).toEqual([]);
  });

  test("9.1.8 cannot issue a new secret for a token", async () => {
    await pve.token("op@pve");
    expect((await pve.call("PUT", "/access/users/op@pve/token/tok", { regenerate: 1 })).status).toBe(400);
  });

  test("a secret is told once and never again", async () => {
    const secret = (await pve.token("op@pve")).split("=")[1] ?? "";
    await pve.data("PUT", "/access/users/op@pve/token/tok", { comment: "x" });
    for (const url of [
      "/access/users?full=1",
      "/access/users/op@pve",
      "/access/users/op@pve/token",
      "/access/users/op@pve/token/tok",
    ]) {
      expect(JSON.stringify(await pve.data("GET", url))).not.toContain(secret);
    }
  });

  test("built-in roles have the privileges of the product and stay as they are", async () => {
    const roles = await pve.data<{ roleid: string; privs: string; special: number }[]>("GET", "/access/roles");
    expect(roles.filter(({ special }) => special === 1)).toHaveLength(17);
    expect(roles.find(({ roleid }) => roleid === "PVEDatastoreUser")?.privs).toBe("Datastore.AllocateSpace,Datastore.Audit");
    expect((await pve.call("PUT", "/access/roles/PVEAuditor", { privs: "" })).reason).toBe(
      "auto-generated role 'PVEAuditor' cannot be modified",
    );
    expect((await pve.call("DELETE", "/access/roles/PVEAuditor")).reason).toBe(
      "auto-generated role 'PVEAuditor' cannot be deleted",
    );
    expect((await pve.call("POST", "/access/roles", { roleid: "pveown" })).status).toBe(400);
    expect((await pve.call("POST", "/access/roles", { roleid: "Own", privs: "VM.Fly" })).body.errors).toEqual({
      privs: "invalid format - invalid privilege 'VM.Fly'\n",
    });
  });

  test("an access entry needs a path that exists, and who and what it names", async () => {
    const put = async (entry: Record<string, unknown>) => {
      const { reason, body } = await pve.call("PUT", "/access/acl", entry);
      return body.errors ?? reason;
    };
    const fault = "either 'users', 'groups' or 'tokens' is required.";
    expect(await put({ path: "/vms", roles: "PVEAuditor" })).toEqual({ users: fault, groups: fault, tokens: fault });
    expect(await put({ path: "/nonsense", roles: "PVEAuditor", users: "root@pam" })).toEqual({
      path: "invalid ACL path '/nonsense'",
    });
    expect(await put({ path: "/vms", roles: "PVEAuditor", users: "no@pve" })).toBe(
      "ACL update failed: user 'no@pve' does not exist",
    );
    expect(await put({ path: "/vms", roles: "PVEAuditor", groups: "no" })).toBe("ACL update failed: group 'no' does not exist");
    expect(await put({ path: "/vms", roles: "PVEAuditor", tokens: "root@pam!no" })).toBe(
      "ACL update failed: no such token 'no' for user 'root@pam'",
    );
  });
});
