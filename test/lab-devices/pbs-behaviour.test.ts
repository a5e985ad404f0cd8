import { ADMIN, type Answer, BackupServerLab } from "./pbs";

let pbs: BackupServerLab;

beforeEach(async () => {
  pbs = await BackupServerLab.start();
});
afterEach(() => pbs.remove());

const refusal = ({ status, body }: Answer) => [status, body];
const store = (name: string, more: object = {}) => ({ name, path: `/mnt/datastore/${name}`, ...more });

describe("credentials", () => {
  test.each<[string, string | null, Record<string, string>]>([
    ["none", null, {}],
    ["a wrong secret", "root@pam!bastide:wrong", {}],
    ["the form of Proxmox VE", ADMIN.replace(":", "="), {}],
    ["an unknown token", "root@pam!nobody:secret-of-the-test", {}],
    ["a user instead of a token", "root@pam:secret-of-the-test", {}],
    ["another scheme", null, { authorization: `PVEAPIToken=${ADMIN}` }],
  ])("%s: 401 after 3 seconds, without a reason", async (_name, token, headers) => {
    const answer = await pbs.call("GET", "/version", undefined, { token, headers });
    expect(answer).toEqual({ status: 401, body: "authentication failed", delayMs: 3000 });
  });

  test("the right token passes, after the scheme also with a space", async () => {
    expect((await pbs.call("GET", "/version")).status).toBe(200);
    const headers = { authorization: `PBSAPIToken ${ADMIN}` };
    expect((await pbs.call("GET", "/version", undefined, { token: null, headers })).status).toBe(200);
  });

  test("a secret is told once, and regenerating it ends the old one", async () => {
    await pbs.data("POST", "/access/users", { userid: "a@pbs" });
    const { value } = (await pbs.data("POST", "/access/users/a@pbs/token/t", {})) as { value: string };
    expect(JSON.stringify((await pbs.call("GET", "/access/users?include_tokens=1")).body)).not.toContain(value);
    const { secret } = (await pbs.data("PUT", "/access/users/a@pbs/token/t", { regenerate: true })) as { secret: string };
    expect(secret).not.toBe(value);
    expect((await pbs.call("GET", "/version", undefined, { token: `a@pbs!t:${value}` })).status).toBe(401);
    expect((await pbs.call("GET", "/version", undefined, { token: `a@pbs!t:${secret}` })).status).toBe(200);
  });

  test.each([
    ["a token that is switched off", "/access/users/a@pbs/token/t", { enable: false }, 401],
    ["a token whose user is switched off", "/access/users/a@pbs", { enable: false }, 401],
    ["a token that has expired", "/access/users/a@pbs/token/t", { expire: 1 }, 401],
    ["a token that expires later", "/access/users/a@pbs/token/t", { expire: 4102444800 }, 200],
  ])("%s", async (_name, url, change, status) => {
    const token = await pbs.account("a@pbs");
    await pbs.data("PUT", url, change);
    expect((await pbs.call("GET", "/version", undefined, { token })).status).toBe(status);
  });

  test("a ticket is a cookie, and writing needs the CSRF token beside it", async () => {
    await pbs.data("POST", "/access/users", { userid: "a@pbs", password: "long enough" });
    const raw = "username=a%40pbs&password=long%20enough";
    const form = { headers: { "content-type": "application/x-www-form-urlencoded" }, raw, token: null };
    const { ticket, CSRFPreventionToken } = (await pbs.data("POST", "/access/ticket", undefined, form)) as Record<string, string>;
    const cookie = `PBSAuthCookie=${encodeURIComponent(String(ticket))}`;
    const call = (method: string, headers: Record<string, string>) =>
      pbs.call(method, "/access/users/a@pbs", method === "GET" ? undefined : { comment: "x" }, { token: null, headers });
    expect((await call("GET", { cookie })).status).toBe(200);
    expect((await call("PUT", { cookie })).status).toBe(401);
    expect((await call("PUT", { cookie, csrfpreventiontoken: String(CSRFPreventionToken) })).status).toBe(200);
    expect((await call("GET", { cookie: cookie.replace("a%40pbs", "root%40pam").replace("a@pbs", "root@pam") })).status).toBe(
      401,
    );
    pbs.wait(2 * 60 * 60 * 1000 + 1000);
    expect((await call("GET", { cookie })).status).toBe(401);
    const wrong = { ...form, raw: "username=a%40pbs&password=wrong" };
    expect(refusal(await pbs.call("POST", "/access/ticket", undefined, wrong))).toEqual([401, "permission check failed."]);
  });
});

describe("rights", () => {
  beforeEach(() => pbs.datastore("backups"));

  const rights = async (authId: string, path: string) => {
    const data = await pbs.data("GET", `/access/permissions?auth-id=${authId}&path=${path}`);
    return Object.keys((data as Record<string, object>)[path] ?? {});
  };

  test("a new ACL is seen after a while, not at once", async () => {
    const token = await pbs.account("a@pbs");
    for (const id of ["a@pbs", "a@pbs!t"]) {
      await pbs.data("PUT", "/access/acl", { "auth-id": id, path: "/datastore/backups", role: "DatastoreAdmin" });
    }
    const read = () => pbs.call("GET", "/config/datastore/backups", undefined, { token });
    expect(refusal(await read())).toEqual([403, "permission check failed"]);
    pbs.wait(4999);
    expect((await read()).status).toBe(403);
    pbs.wait(1);
    expect((await read()).status).toBe(200);
  });

  test("an ACL that was taken away is still seen for a while", async () => {
    const token = await pbs.account("a@pbs", { "/datastore/backups": "DatastoreAdmin" });
    await pbs.data("PUT", "/access/acl", {
      "auth-id": "a@pbs",
      path: "/datastore/backups",
      role: "DatastoreAdmin",
      delete: true,
    });
    const read = () => pbs.call("GET", "/config/datastore/backups", undefined, { token });
    expect((await read()).status).toBe(200);
    pbs.wait(5000);
    expect((await read()).status).toBe(403);
  });

  test.each([
    ["the user only", ["a@pbs"], []],
    ["the token only", ["a@pbs!t"], []],
    ["both", ["a@pbs", "a@pbs!t"], ["Datastore.Backup"]],
  ])("a token has what it and its user have: %s", async (_name, ids, expected) => {
    await pbs.account("a@pbs");
    for (const id of ids) await pbs.grant(id, "/datastore/backups", "DatastoreBackup");
    expect(await rights("a@pbs!t", "/datastore/backups")).toEqual(expected);
  });

  test("of a larger and a smaller role the smaller counts, whoever has it", async () => {
    await pbs.account("a@pbs");
    await pbs.grant("a@pbs", "/", "Admin");
    await pbs.grant("a@pbs!t", "/datastore/backups", "DatastorePowerUser");
    expect(await rights("a@pbs!t", "/datastore/backups")).toEqual(["Datastore.Backup", "Datastore.Prune"]);
  });

  test("root@pam has everything, its tokens only what they were given", async () => {
    await pbs.data("POST", "/access/users/root@pam/token/t", {});
    expect(await rights("root@pam", "/datastore/backups")).toHaveLength(23);
    expect(await rights("root@pam!t", "/datastore/backups")).toEqual([]);
    await pbs.grant("root@pam!t", "/datastore", "DatastoreAudit");
    expect(await rights("root@pam!t", "/datastore/backups")).toEqual(["Datastore.Audit"]);
  });

  test("a deeper role replaces what was inherited, and roles on one path add up", async () => {
    await pbs.data("POST", "/access/users", { userid: "a@pbs" });
    await pbs.grant("a@pbs", "/datastore", "DatastoreAdmin");
    await pbs.grant("a@pbs", "/datastore/backups", "DatastoreAudit");
    expect(await rights("a@pbs", "/datastore/backups")).toEqual(["Datastore.Audit"]);
    expect(await rights("a@pbs", "/datastore/other")).toHaveLength(6);
    await pbs.grant("a@pbs", "/datastore/backups", "DatastoreBackup");
    expect(await rights("a@pbs", "/datastore/backups/ns")).toEqual(["Datastore.Audit", "Datastore.Backup"]);
  });

  test("NoAccess wins on its path, stands alone there, and gives way to another role", async () => {
    await pbs.data("POST", "/access/users", { userid: "a@pbs" });
    await pbs.grant("a@pbs", "/", "Admin");
    await pbs.grant("a@pbs", "/datastore/backups", "DatastoreAudit");
    await pbs.grant("a@pbs", "/datastore/backups", "NoAccess");
    expect(await rights("a@pbs", "/datastore/backups/ns")).toEqual([]);
    await pbs.grant("a@pbs", "/datastore/backups", "DatastoreBackup");
    const list = (await pbs.data("GET", "/access/acl?path=/datastore/backups&exact=1")) as { roleid: string }[];
    expect(list.map(({ roleid }) => roleid)).toEqual(["DatastoreBackup"]);
  });

  test("what does not propagate counts on its path and not below it", async () => {
    await pbs.data("POST", "/access/users", { userid: "a@pbs" });
    await pbs.grant("a@pbs", "/datastore/backups", "DatastoreAudit", { propagate: false });
    expect(await rights("a@pbs", "/datastore/backups")).toEqual(["Datastore.Audit"]);
    expect(await rights("a@pbs", "/datastore/backups/ns")).toEqual([]);
    const data = await pbs.data("GET", "/access/permissions?auth-id=a@pbs&path=/datastore/backups");
    expect(data).toEqual({ "/datastore/backups": { "Datastore.Audit": false } });
  });

  test("an ACL for somebody who does not exist is refused, taking it away never is", async () => {
    const entry = { path: "/datastore/backups", role: "Audit" };
    expect(refusal(await pbs.call("PUT", "/access/acl", { ...entry, "auth-id": "no@pbs" }))).toEqual([400, "no such user."]);
    expect(refusal(await pbs.call("PUT", "/access/acl", { ...entry, "auth-id": "no@pbs!t" }))).toEqual([
      400,
      "no such API token.",
    ]);
    expect((await pbs.call("PUT", "/access/acl", { ...entry, "auth-id": "no@pbs", delete: true })).status).toBe(200);
    const group = { ...entry, group: "admins" };
    expect(refusal(await pbs.call("PUT", "/access/acl", group))).toEqual([
      400,
      "parameter 'group' - groups are currently not supported.",
    ]);
  });

  test("a user or token takes its ACL entries along, a user its tokens too", async () => {
    await pbs.account("a@pbs", { "/datastore/backups": "DatastoreAudit" });
    const ids = async () => ((await pbs.data("GET", "/access/acl")) as { ugid: string }[]).map(({ ugid }) => ugid);
    expect(await ids()).toEqual(["root@pam!bastide", "a@pbs", "a@pbs!t"]);
    await pbs.data("DELETE", "/access/users/a@pbs/token/t");
    expect(await ids()).toEqual(["root@pam!bastide", "a@pbs"]);
    await pbs.data("POST", "/access/users/a@pbs/token/t", {});
    await pbs.data("DELETE", "/access/users/a@pbs");
    expect(await ids()).toEqual(["root@pam!bastide"]);
    expect(refusal(await pbs.call("GET", "/access/users/a@pbs/token/t"))).toEqual([400, "no such token 'a@pbs!t'"]);
  });

  test("lists hold what the caller may see", async () => {
    await pbs.datastore("secret");
    await pbs.data("POST", "/config/prune", { id: "job-secret", store: "secret", schedule: "daily" });
    const token = await pbs.account("a@pbs", { "/datastore/backups": "DatastoreAudit" });
    const names = async (url: string) => JSON.stringify(await pbs.data("GET", url, undefined, { token }));
    for (const url of ["/config/datastore", "/admin/datastore", "/config/prune", "/admin/prune", "/access/users"]) {
      expect(await names(url)).not.toMatch(/secret|root@pam/);
    }
    expect(await names("/admin/datastore")).toContain("backups");
    expect(await names("/access/acl")).toBe("[]");
  });

  test.each([
    ["prune", { keep: 1 }, "missing permissions 'Datastore.Modify' on '/datastore/backups'"],
    ["verify", {}, "missing permissions 'Datastore.Verify' on '/datastore/backups'"],
    ["sync", { "remote-store": "far", remote: "far" }, "permission check failed"],
  ])("a %s job of somebody without the right: 400 from the handler", async (kind, _more, text) => {
    const token = await pbs.account("a@pbs");
    const job = {
      id: "job",
      store: "backups",
      schedule: "daily",
      ...(kind === "sync" ? { remote: "far", "remote-store": "far" } : {}),
    };
    expect(refusal(await pbs.call("POST", `/config/${kind}`, job, { token }))).toEqual([400, text]);
  });
});

describe("datastores", () => {
  const task = async () => {
    const list = (await pbs.data("GET", "/nodes/localhost/tasks?typefilter=create-datastore")) as Record<string, unknown>[];
    return list[0];
  };

  test("exist only when their worker has ended", async () => {
    await pbs.data("POST", "/config/datastore", store("backups"));
    pbs.wait(2999);
    expect(refusal(await pbs.call("GET", "/config/datastore/backups"))).toEqual([400, "no such datastore 'backups'"]);
    expect(await task()).not.toHaveProperty("status");
    pbs.wait(1);
    expect((await pbs.call("GET", "/config/datastore/backups")).status).toBe(200);
    expect(await task()).toMatchObject({ status: "OK", worker_id: "backups" });
  });

  test.each([
    ["a path that is in use", store("other", { path: "/mnt/datastore/taken" }), /nested datastores not allowed/],
    ["a path above", store("other", { path: "/mnt/datastore" }), /nested datastores not allowed/],
    ["a path below", store("other", { path: "/mnt/datastore/taken/deep" }), /nested datastores not allowed/],
    ["the root", store("other", { path: "/" }), /^cannot create datastore in root path$/],
    ["a folder of the system", store("other", { path: "/etc" }), /^datastore path not empty$/],
    [
      "a chunk store that is not there",
      store("other", { "reuse-datastore": true }),
      /^unable to open chunk store at "\/mnt\/datastore\/other\/\.chunks" - No such file/,
    ],
  ])("fail in their worker on %s", async (_name, body, text) => {
    await pbs.datastore("taken");
    expect((await pbs.call("POST", "/config/datastore", body)).status).toBe(200);
    const ended = await task();
    expect(ended?.status).toMatch(text);
    expect(ended?.endtime).toBe(ended?.starttime);
    pbs.wait(10_000);
    expect((await pbs.call("GET", "/config/datastore/other")).status).toBe(400);
  });

  test("leave their data, which must be adopted on purpose and can be destroyed on purpose", async () => {
    await pbs.datastore("backups");
    await pbs.data("POST", "/admin/datastore/backups/namespace", { name: "site" });
    await pbs.data("DELETE", "/config/datastore/backups");
    await pbs.data("POST", "/config/datastore", store("backups"));
    expect((await task())?.status).toBe("datastore path not empty");
    await pbs.datastore("backups", { "reuse-datastore": true });
    expect(await pbs.data("GET", "/admin/datastore/backups/namespace")).toEqual([{ ns: "" }, { ns: "site" }]);
    expect(await pbs.data("GET", "/config/datastore/backups")).not.toHaveProperty("reuse-datastore");
    await pbs.data("DELETE", "/config/datastore/backups?destroy-data=1");
    await pbs.datastore("backups");
    expect(await pbs.data("GET", "/admin/datastore/backups/namespace")).toEqual([{ ns: "" }]);
  });

  test("take their jobs and ACL entries along, unless the jobs are to be kept", async () => {
    for (const keeps of [false, true]) {
      await pbs.datastore("backups", { "reuse-datastore": keeps });
      const token = await pbs.account("a@pbs", {
        "/datastore/backups/ns": "DatastoreAudit",
        "/datastore/backups2": "DatastoreAudit",
      });
      expect(token).toBeDefined();
      await pbs.data("POST", "/config/prune", { id: "prune-it", store: "backups", schedule: "daily" });
      await pbs.data("POST", "/config/verify", { id: "verify-it", store: "backups", schedule: "daily" });
      const answer = await pbs.call("DELETE", `/config/datastore/backups?keep-job-configs=${keeps ? 1 : 0}`);
      expect(Object.keys(answer.body as object).sort()).toEqual(keeps ? ["data"] : ["data", "digest"]);
      expect(await pbs.data("GET", "/config/prune")).toHaveLength(keeps ? 1 : 0);
      expect(await pbs.data("GET", "/config/verify")).toHaveLength(keeps ? 1 : 0);
      expect(await pbs.data("GET", "/access/acl?path=/datastore/backups")).toHaveLength(keeps ? 2 : 0);
      expect(await pbs.data("GET", "/access/acl?path=/datastore/backups2")).toHaveLength(2);
      await pbs.data("DELETE", "/access/users/a@pbs");
    }
  });

  test("refuse retention, which prune jobs have taken over", async () => {
    await pbs.datastore("backups", { "keep-daily": 7, "prune-schedule": "daily" });
    expect(await pbs.data("GET", "/config/datastore/backups")).toEqual(store("backups"));
    expect(await pbs.data("GET", "/config/prune")).toMatchObject([{ store: "backups", schedule: "daily", "keep-daily": 7 }]);
    expect(refusal(await pbs.call("PUT", "/config/datastore/backups", { "keep-daily": 7 }))).toEqual([
      400,
      "parameter verification failed - 'keep-daily': datastore prune settings have been replaced by prune jobs",
    ]);
  });

  test("check what stands in their property strings", async () => {
    await pbs.datastore("backups");
    const put = async (body: object) => refusal(await pbs.call("PUT", "/config/datastore/backups", body));
    expect(await put({ notify: "gc=maybe" })).toEqual([
      400,
      "parameter verification failed - 'notify/gc': value 'maybe' is not defined in the enumeration.",
    ]);
    expect(await put({ tuning: "nonsense=1" })).toEqual([
      400,
      "parameter verification failed - 'tuning/nonsense': schema does not allow additional properties",
    ]);
    expect(await put({ "maintenance-mode": 'type=read-only,message="back soon, really"' })).toEqual([200, { data: null }]);
    expect(refusal(await pbs.call("POST", "/admin/datastore/backups/namespace", { name: "x" }))).toEqual([
      400,
      "datastore 'backups' is unavailable: read-only maintenance mode: back soon, really",
    ]);
    expect((await pbs.call("GET", "/admin/datastore/backups/namespace")).status).toBe(200);
    expect(await put({ "maintenance-mode": "offline" })).toEqual([200, { data: null }]);
    expect((await pbs.call("GET", "/admin/datastore/backups/namespace")).status).toBe(400);
    expect(await put({ delete: ["maintenance-mode"] })).toEqual([200, { data: null }]);
    expect((await pbs.call("GET", "/admin/datastore/backups/namespace")).status).toBe(200);
  });

  test.each([
    ["type=s3", "missing option client, required for backend type s3"],
    ["bucket=backups", "additional option bucket, not allowed for backend type filesystem"],
    ["type=tape", "parameter verification failed - 'type': value 'tape' is not defined in the enumeration."],
  ])("lie on disks: backend %s is refused", async (backend, text) => {
    expect(refusal(await pbs.call("POST", "/config/datastore", store("backups", { backend })))).toEqual([
      400,
      `parameter verification failed - 'backend': ${text}`,
    ]);
    const s3 = store("backups", { backend: "type=s3,client=cloud,bucket=backups" });
    expect(refusal(await pbs.call("POST", "/config/datastore", s3))).toEqual([400, "no 'cloud' in config"]);
    expect((await pbs.call("POST", "/config/datastore", store("backups", { backend: "filesystem" }))).status).toBe(200);
  });

  test("that are missing are refused as the product refuses them", async () => {
    expect(refusal(await pbs.call("DELETE", "/config/datastore/none"))).toEqual([404, "datastore 'none' does not exist."]);
    expect(refusal(await pbs.call("PUT", "/config/datastore/none", {}))).toEqual([400, "no such datastore 'none'"]);
    expect(refusal(await pbs.call("GET", "/admin/datastore/none/namespace"))).toEqual([400, "no such datastore 'none'"]);
  });
});

describe("parameters", () => {
  beforeEach(() => pbs.datastore("backups"));
  const job = { id: "job", store: "backups", schedule: "daily" };

  test("several faults come as a list in alphabetical order, missing ones last", async () => {
    const body = { id: "x", "keep-last": 0, nonsense: 1, schedule: "cron", disable: "yes" };
    expect(refusal(await pbs.call("POST", "/config/prune", body))).toEqual([
      400,
      [
        "parameter verification failed:",
        "- 'disable': Expected boolean value.",
        "- 'id': value must be at least 3 characters long",
        "- 'keep-last': value must have a minimum value of 1 (got 0)",
        "- 'nonsense': schema does not allow additional properties",
        "- 'schedule': unable to parse calendar event at 'cron' - Context(\"weekday\")",
        "- 'store': property is missing and it is not optional",
      ].join("\n"),
    ]);
  });

  test.each([
    ["id", "ab", "abc", 400],
    ["id", "x".repeat(33), "x".repeat(32), 400],
    ["comment", "c".repeat(129), "c".repeat(128), 400],
    ["keep-last", 0, 1, 400],
    ["max-depth", 8, 7, 400],
    ["max-depth", -1, 0, 400],
    ["schedule", "0 */4 * * *", "0/4:00", 400],
    ["schedule", "0 3 * * 0", "sun 03:00", 400],
    ["ns", "a/", "a/b/c/d/e/f/g", 400],
    ["ns", "a/b/c/d/e/f/g/h/i", "a", 400],
  ])("%s: %p is refused, %p is taken", async (name, wrong, right, status) => {
    expect((await pbs.call("POST", "/config/prune", { ...job, [name]: wrong })).status).toBe(status);
    expect((await pbs.call("POST", "/config/prune", { ...job, [name]: right })).status).toBe(200);
  });

  test("a form is read from text, and its texts are a little different", async () => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const form = (raw: string) => pbs.call("POST", "/config/prune", undefined, { headers, raw });
    expect((await form("id=job&store=backups&schedule=daily&keep-daily=7&disable=on")).status).toBe(200);
    expect(await pbs.data("GET", "/config/prune/job")).toEqual({ ...job, "keep-daily": 7, disable: true });
    expect(refusal(await form("id=job2&store=backups"))).toEqual([
      400,
      "parameter verification failed - 'schedule': parameter is missing and it is not optional.",
    ]);
    expect(refusal(await form("id=job2&store=backups&schedule=daily&keep-daily=seven"))).toEqual([
      400,
      "parameter verification failed - 'keep-daily': invalid digit found in string",
    ]);
    expect(refusal(await form("id=job2&id=job3&store=backups&schedule=daily"))).toEqual([
      400,
      "parameter verification failed - 'id': duplicate parameter.",
    ]);
    expect((await pbs.call("PUT", "/config/prune/job?delete=comment&delete=keep-daily")).status).toBe(200);
    expect(await pbs.data("GET", "/config/prune/job")).toEqual({ ...job, disable: true });
  });

  test("with a JSON content type the query counts for nothing", async () => {
    await pbs.data("POST", "/admin/datastore/backups/namespace", { name: "site" });
    const url = "/admin/datastore/backups/namespace?ns=site";
    expect(refusal(await pbs.call("DELETE", url, {}))).toEqual([
      400,
      "parameter verification failed - 'ns': property is missing and it is not optional",
    ]);
    expect((await pbs.call("DELETE", url)).status).toBe(200);
  });

  test("a parameter of the path wins over the body, and its fault is answered without a name", async () => {
    await pbs.data("POST", "/config/prune", job);
    expect((await pbs.call("PUT", "/config/prune/job", { id: "other", comment: "c" })).status).toBe(200);
    expect(await pbs.data("GET", "/config/prune")).toEqual([{ ...job, comment: "c" }]);
    expect(refusal(await pbs.call("PUT", "/config/prune/ab", {}))).toEqual([400, "value must be at least 3 characters long"]);
    expect(refusal(await pbs.call("GET", "/config/prune/ab"))).toEqual([
      400,
      "parameter verification failed - 'id': value must be at least 3 characters long",
    ]);
  });

  test.each([
    ["an array", "[]", "Expected object - got array."],
    ["a number", "1", "Expected object - got scalar value."],
    ["half of an object", '{"id":', "expected value at line 1 column 1"],
  ])("%s as body is refused", async (_name, raw, text) => {
    const headers = { "content-type": "application/json" };
    expect(refusal(await pbs.call("POST", "/config/prune", undefined, { headers, raw }))).toEqual([400, text]);
  });

  test("another content type, a path or a method that there is not are refused", async () => {
    const headers = { "content-type": "text/xml" };
    expect((await pbs.call("POST", "/config/prune", undefined, { headers, raw: "<a/>" })).status).toBe(400);
    expect(refusal(await pbs.call("GET", "/config/nonsense"))).toEqual([404, "Path '/api2/json/config/nonsense' not found."]);
    expect((await pbs.call("PUT", "/config/prune", {})).status).toBe(404);
  });

  test("a change that knows an older configuration is refused", async () => {
    await pbs.data("POST", "/config/prune", job);
    const { digest } = (await pbs.call("GET", "/config/prune")).body as { digest: string };
    await pbs.data("PUT", "/config/prune/job", { comment: "first" });
    expect(refusal(await pbs.call("PUT", "/config/prune/job", { comment: "second", digest }))).toEqual([
      400,
      "detected modified configuration - file changed by other user? Try again.",
    ]);
    const fresh = (await pbs.call("GET", "/config/prune/job")).body as { digest: string };
    expect((await pbs.call("PUT", "/config/prune/job", { comment: "second", digest: fresh.digest })).status).toBe(200);
  });

  test("an update unsets what `delete` names, leaves what it does not name, and drops defaults", async () => {
    await pbs.data("POST", "/config/prune", { ...job, comment: "c", disable: true, "keep-last": 3, ns: "site" });
    await pbs.data("PUT", "/config/prune/job", { disable: false, delete: ["comment", "keep-weekly"], "keep-last": 4 });
    expect(await pbs.data("GET", "/config/prune/job")).toEqual({ ...job, "keep-last": 4, ns: "site" });
    await pbs.data("PUT", "/config/prune/job", { ns: "" });
    expect(await pbs.data("GET", "/config/prune/job")).toEqual({ ...job, "keep-last": 4 });
  });
});

describe("missing and doubled objects", () => {
  test.each([
    ["GET", "/access/users/no@pbs", 400, "no such user 'no@pbs'"],
    ["DELETE", "/access/users/no@pbs", 400, "user 'no@pbs' does not exist."],
    ["DELETE", "/access/users/root@pam/token/no", 400, "token 'no' of user 'root@pam' does not exist."],
    ["GET", "/config/verify/none", 400, "no such verification 'none'"],
    ["DELETE", "/config/sync/none", 404, "job 'none' does not exist."],
    ["GET", "/config/sync/none", 400, "no such sync 'none'"],
    ["GET", "/config/remote/none", 400, "no such remote 'none'"],
    ["DELETE", "/config/remote/none", 404, "remote 'none' does not exist."],
    ["GET", "/config/traffic-control/none", 400, "no such rule 'none'"],
    ["DELETE", "/config/traffic-control/none", 404, "traffic control rule 'none' does not exist."],
    ["GET", "/config/notifications/endpoints/smtp/none", 404, "endpoint 'none' not found"],
    ["GET", "/config/notifications/matchers/none", 404, "matcher 'none' not found"],
  ])("%s %s", async (method, url, status, text) => {
    expect(refusal(await pbs.call(method, url))).toEqual([status, text]);
  });

  const remote = { name: "far", host: "pbs.example.fr", "auth-id": "a@pbs", password: "p" };
  const smtp = { name: "mail", server: "s", "from-address": "a@b.fr", mailto: ["c@d.fr"] };
  test.each<[string, string, object, string]>([
    ["user", "/access/users", { userid: "a@pbs" }, "user 'a@pbs' already exists."],
    ["remote", "/config/remote", remote, "parameter verification failed - 'name': remote 'far' already exists."],
    [
      "verify job",
      "/config/verify",
      { id: "job", store: "backups" },
      "parameter verification failed - 'id': job 'job' already exists.",
    ],
    [
      "traffic rule",
      "/config/traffic-control",
      { name: "rule", network: ["10.0.0.0/8"] },
      "parameter verification failed - 'name': traffic control rule 'rule' already exists.",
    ],
    [
      "end point",
      "/config/notifications/endpoints/smtp",
      smtp,
      "Cannot create 'mail', an entity with the same name already exists",
    ],
  ])("a second %s of the same name", async (_name, url, body, text) => {
    await pbs.data("POST", url, body);
    expect(refusal(await pbs.call("POST", url, body))).toEqual([400, text]);
  });

  test("a second namespace of the same name is no fault", async () => {
    await pbs.datastore("backups");
    for (let time = 0; time < 2; time++) {
      expect(await pbs.data("POST", "/admin/datastore/backups/namespace", { name: "site" })).toBe("site");
    }
    expect(await pbs.data("GET", "/admin/datastore/backups/namespace")).toEqual([{ ns: "" }, { ns: "site" }]);
  });

  test("a remote that a sync job uses stays", async () => {
    await pbs.datastore("backups");
    await pbs.data("POST", "/config/remote", remote);
    await pbs.data("POST", "/config/sync", { id: "pull", store: "backups", remote: "far", "remote-store": "theirs" });
    expect(refusal(await pbs.call("DELETE", "/config/remote/far"))).toEqual([
      400,
      "parameter verification failed - 'name': remote 'far' is used by sync job 'pull' (datastore 'backups')",
    ]);
    await pbs.data("DELETE", "/config/sync/pull");
    expect((await pbs.call("DELETE", "/config/remote/far")).status).toBe(200);
  });

  test("a key of the server is told once, must exist for a job, and stays while one uses it", async () => {
    await pbs.datastore("backups");
    await pbs.data("POST", "/config/remote", remote);
    const job = { id: "push", store: "backups", remote: "far", "remote-store": "theirs", "sync-direction": "push" };
    const push = { ...job, "active-encryption-key": "key1" };
    expect(refusal(await pbs.call("POST", "/config/sync", push))).toEqual([400, "no such key or cannot access key 'key1'"]);
    const key = (await pbs.data("POST", "/config/encryption-keys", { id: "key1" })) as { data: string; fingerprint: string };
    expect(await pbs.data("GET", "/config/encryption-keys")).toMatchObject([{ id: "key1", fingerprint: key.fingerprint }]);
    expect(JSON.stringify(await pbs.data("GET", "/config/encryption-keys"))).not.toContain(key.data);
    await pbs.data("POST", "/config/sync", push);
    await pbs.data("POST", "/config/encryption-keys", { id: "key2" });
    await pbs.data("PUT", "/config/sync/push", { "active-encryption-key": "key2" });
    expect(await pbs.data("GET", "/config/sync/push")).toMatchObject({ "associated-key": ["key1"] });
    const inUse = [400, "encryption key in use by sync job: 'push'"];
    expect(refusal(await pbs.call("DELETE", "/config/encryption-keys/key1"))).toEqual(inUse);
    await pbs.data("DELETE", "/config/sync/push");
    const active = "key still active, deleting is only possible for archived keys";
    expect(refusal(await pbs.call("DELETE", "/config/encryption-keys/key1"))).toEqual([400, active]);
    await pbs.data("POST", "/config/encryption-keys/key1");
    expect((await pbs.call("DELETE", "/config/encryption-keys/key1")).status).toBe(200);
  });

  test("the list of sync jobs holds pull jobs, unless another direction is asked for", async () => {
    await pbs.datastore("backups");
    await pbs.data("POST", "/config/remote", remote);
    for (const direction of ["pull", "push"]) {
      const id = `${direction}-it`;
      await pbs.data("POST", "/config/sync", {
        id,
        store: "backups",
        remote: "far",
        "remote-store": "theirs",
        "sync-direction": direction,
      });
    }
    const ids = async (query: string) =>
      ((await pbs.data("GET", `/config/sync${query}`)) as { id: string }[]).map(({ id }) => id);
    expect(await ids("")).toEqual(["pull-it"]);
    expect(await ids("?sync-direction=push")).toEqual(["push-it"]);
    expect(await ids("?sync-direction=all")).toEqual(["pull-it", "push-it"]);
  });
});

describe("notifications", () => {
  const matchers = "/config/notifications/matchers";

  test("what the installation brings is there, is marked when changed, and comes back when removed", async () => {
    const origin = async () => ((await pbs.data("GET", `${matchers}/default-matcher`)) as { origin: string }).origin;
    expect(await origin()).toBe("builtin");
    await pbs.data("PUT", `${matchers}/default-matcher`, { disable: true });
    expect(await origin()).toBe("modified-builtin");
    await pbs.data("DELETE", `${matchers}/default-matcher`);
    expect(await origin()).toBe("builtin");
    expect(await pbs.data("GET", "/config/notifications/targets")).toMatchObject([{ name: "mail-to-root", type: "sendmail" }]);
  });

  test("an end point keeps its password to itself, needs a recipient, and stays while a matcher names it", async () => {
    const smtp = { name: "mail", server: "s", "from-address": "a@b.fr", password: "hidden-password" };
    const path = "/config/notifications/endpoints/smtp";
    expect(refusal(await pbs.call("POST", path, smtp))).toEqual([
      400,
      "must at least provide one recipient, either in mailto or in mailto-user",
    ]);
    await pbs.data("POST", path, { ...smtp, mailto: ["c@d.fr"] });
    expect(JSON.stringify((await pbs.call("GET", path)).body)).not.toContain("hidden-password");
    await pbs.data("POST", matchers, { name: "all", target: ["mail"] });
    expect(refusal(await pbs.call("DELETE", `${path}/mail`))).toEqual([400, "cannot delete 'mail', referenced by: all"]);
    await pbs.data("DELETE", `${matchers}/all`);
    expect((await pbs.call("DELETE", `${path}/mail`)).status).toBe(200);
  });

  test("a web hook tells the names of its secrets and keeps those that are named without a value", async () => {
    const path = "/config/notifications/endpoints/webhook";
    const secret = [`name=token,value=${Buffer.from("s").toString("base64")}`];
    await pbs.data("POST", path, { name: "hook", url: "https://hook.example.fr/x", method: "post", secret });
    expect(await pbs.data("GET", `${path}/hook`)).toMatchObject({ secret: ["name=token"] });
    expect((await pbs.call("PUT", `${path}/hook`, { secret: ["name=token"] })).status).toBe(200);
    expect(refusal(await pbs.call("PUT", `${path}/hook`, { secret: ["name=other"] }))).toEqual([400, "secret 'other' not known"]);
    expect(refusal(await pbs.call("PUT", `${path}/hook`, { header: ["name=A,value=%%"] }))).toEqual([
      400,
      "header 'A' does not have valid base64 encoded data",
    ]);
  });

  test.each([
    [{ "match-severity": ["grave"] }, "invalid severity grave"],
    [{ "match-field": ["type=prune"] }, "could not apply filter: invalid match-field statement: type=prune"],
  ])("a matcher with %p is refused", async (directive, text) => {
    expect(refusal(await pbs.call("POST", matchers, { name: "wrong", ...directive }))).toEqual([400, text]);
  });
});

describe("rates and hours", () => {
  test.each([
    ["50MB", "50 MB"],
    ["50 MB", "50 MB"],
    ["1.5g", "1.5 GB"],
    ["10MiB", "10 MiB"],
    ["1024", "1024 B"],
  ])("%s is written back as %s", async (given, canonical) => {
    await pbs.data("POST", "/config/traffic-control", { name: "rule", network: ["10.0.0.0/8"], "rate-in": given });
    expect(await pbs.data("GET", "/config/traffic-control/rule")).toMatchObject({ "rate-in": canonical });
  });

  test.each([
    ["rate-in", "fast", "byte-size parse error for 'fast': invalid float literal"],
    ["rate-in", "-1MB", "byte-size parse error for '-1MB': byte size may not be negative"],
    ["rate-in", "1i", "byte-size parse error for '1i': invalid float literal"],
  ])("%s %s is refused", async (name, value, text) => {
    const body = { name: "rule", network: ["10.0.0.0/8"], [name]: value };
    expect(refusal(await pbs.call("POST", "/config/traffic-control", body))).toEqual([
      400,
      `parameter verification failed - '${name}': ${text}`,
    ]);
  });

  test.each([
    ["mon..fri 8-18", 200],
    ["8:30-17", 200],
    ["sat,sun 10-14", 200],
    ["18-8", 400],
    ["blursday 8-18", 400],
    ["8-25", 400],
    ["8", 400],
  ])("hours %s: %i", async (hours, status) => {
    const body = { name: "rule", network: ["10.0.0.0/8"], timeframe: [hours] };
    expect((await pbs.call("POST", "/config/traffic-control", body)).status).toBe(status);
  });
});

describe("jobs", () => {
  beforeEach(() => pbs.datastore("backups", { "gc-schedule": "daily" }));
  const runs = async (kind: string) => ((await pbs.data("GET", `/admin/${kind}`)) as Record<string, unknown>[])[0];

  test("tell their next run in the node's time zone, and their last one", async () => {
    await pbs.data("PUT", "/nodes/localhost/time", { timezone: "Europe/Paris" });
    await pbs.data("POST", "/config/verify", { id: "job", store: "backups", schedule: "sat 06:00" });
    expect(await runs("verify")).toMatchObject({ "next-run": Date.parse("2026-11-28T06:00:00+01:00") / 1000 });
    const upid = await pbs.data("POST", "/admin/verify/job/run");
    expect(await runs("verify")).toMatchObject({ "last-run-upid": upid });
    expect(await runs("verify")).not.toHaveProperty("last-run-state");
    pbs.wait(1000);
    expect(await runs("verify")).toMatchObject({ "last-run-state": "OK", "last-run-endtime": Math.floor(pbs.now / 1000) });
  });

  test("have no next run while they are disabled or without a schedule", async () => {
    await pbs.data("POST", "/config/prune", { id: "job", store: "backups", schedule: "daily", disable: true });
    await pbs.data("POST", "/config/verify", { id: "job", store: "backups" });
    expect(await runs("prune")).not.toHaveProperty("next-run");
    expect(await runs("verify")).not.toHaveProperty("next-run");
  });

  test("of garbage collection: next run from the schedule, then the figures of the last", async () => {
    expect(await pbs.data("GET", "/admin/datastore/backups/gc")).toMatchObject({
      "next-run": Date.parse("2026-11-22T00:00:00Z") / 1000,
      "index-file-count": 0,
    });
    await pbs.data("POST", "/admin/datastore/backups/gc", {});
    pbs.wait(1000);
    expect(await pbs.data("GET", "/admin/datastore/backups/gc")).toMatchObject({ "last-run-state": "OK" });
  });
});

describe("backups", () => {
  const day = 24 * 60 * 60;
  const first = Date.parse("2026-11-01T12:00:00Z") / 1000;
  let token: string;

  beforeEach(async () => {
    await pbs.datastore("backups");
    await pbs.data("POST", "/admin/datastore/backups/namespace", { name: "site" });
    token = await pbs.account("a@pbs", { "/datastore/backups/site": "DatastoreBackup" });
  });

  const snapshot = (time: number, more: object = {}) => ({
    ...{ store: "backups", ns: "site", "backup-type": "vm", "backup-id": "101", "backup-time": time, size: 1000 },
    files: [{ filename: "drive-scsi0.img.fidx" }],
    ...more,
  });
  const times = async (options = {}) => {
    const list = await pbs.data("GET", "/admin/datastore/backups/snapshots?ns=site", undefined, options);
    return (list as { "backup-time": number }[]).map((one) => one["backup-time"]);
  };

  test("belong to who wrote them first", async () => {
    const other = await pbs.account("b@pbs", { "/datastore/backups/site": "DatastoreBackup" });
    expect((await pbs.labCall("/snapshot", snapshot(first), token)).status).toBe(200);
    expect(refusal(await pbs.labCall("/snapshot", snapshot(first + 1), other))).toEqual([
      400,
      "backup owner check failed (b@pbs!t != a@pbs!t)",
    ]);
    expect(await times({ token })).toEqual([first]);
    expect(await times({ token: other })).toEqual([]);
    const group = { ns: "site", "backup-type": "vm", "backup-id": "101" };
    await pbs.data("POST", "/admin/datastore/backups/change-owner", { ...group, "new-owner": "b@pbs!t" });
    expect(await times({ token: other })).toEqual([first]);
    expect((await pbs.labCall("/snapshot", snapshot(first + 1), other)).status).toBe(200);
  });

  test.each([
    ["without the right", snapshot(first, { ns: "" }), [403, "permission check failed"]],
    ["into a namespace that is not there", snapshot(first, { ns: "site/none" }), [400, "namespace 'site/none' not found"]],
  ])("are refused %s", async (_name, body, expected) => {
    expect(refusal(await pbs.labCall("/snapshot", body, token))).toEqual(expected);
  });

  test("cannot be pruned by who may only write them, nor removed while protected", async () => {
    await pbs.labCall("/snapshot", snapshot(first), token);
    const place = `ns=site&backup-type=vm&backup-id=101&backup-time=${first}`;
    const remove = (options = {}) => pbs.call("DELETE", `/admin/datastore/backups/snapshots?${place}`, undefined, options);
    expect((await remove({ token })).status).toBe(403);
    const key = { ns: "site", "backup-type": "vm", "backup-id": "101", "backup-time": first };
    await pbs.data("PUT", "/admin/datastore/backups/protected", { ...key, protected: true });
    expect(refusal(await remove())).toEqual([400, "failed to delete snapshot - cannot remove protected snapshot"]);
    await pbs.data("PUT", "/admin/datastore/backups/protected", { ...key, protected: false });
    expect((await remove()).status).toBe(200);
    expect(await times()).toEqual([]);
  });

  test("are pruned by a job in its namespace: the newest of each period, protected ones beside", async () => {
    for (let index = 0; index < 15; index++) {
      await pbs.labCall("/snapshot", snapshot(first + index * day, { protected: index === 0 }), token);
    }
    await pbs.labCall("/snapshot", snapshot(first + 14 * day + 3600), token);
    const keep = { "keep-last": 1, "keep-daily": 2, "keep-weekly": 1 };
    await pbs.data("POST", "/config/prune", { id: "job", store: "backups", ns: "site", schedule: "daily", ...keep });
    await pbs.data("POST", "/admin/prune/job/run");
    expect(await times()).toHaveLength(16);
    pbs.wait(1000);
    // 15 November was a Sunday: the last backup of it, those of the two days before, and that of the Sunday before.
    const kept = [7 * day, 12 * day, 13 * day, 14 * day + 3600];
    expect(await times()).toEqual([first, ...kept.map((offset) => first + offset)]);
  });

  test("are all kept by a job without counts", async () => {
    await pbs.labCall("/snapshot", snapshot(first), token);
    await pbs.data("POST", "/config/prune", { id: "job", store: "backups", schedule: "daily" });
    await pbs.data("POST", "/admin/prune/job/run");
    pbs.wait(1000);
    expect(await times()).toEqual([first]);
  });

  test("keep a namespace from being removed, unless they are to go too", async () => {
    await pbs.labCall("/snapshot", snapshot(first), token);
    const url = "/admin/datastore/backups/namespace?ns=site";
    expect(refusal(await pbs.call("DELETE", url))).toEqual([
      400,
      "only partially deleted due to existing groups but `delete-groups` not true",
    ]);
    expect(await pbs.data("GET", "/admin/datastore/backups/namespace")).toEqual([{ ns: "" }, { ns: "site" }]);
    expect(await pbs.data("DELETE", `${url}&delete-groups=1`)).toEqual({
      "protected-snapshots": 0,
      "removed-groups": 1,
      "removed-snapshots": 1,
    });
    expect(await pbs.data("GET", "/admin/datastore/backups/namespace")).toEqual([{ ns: "" }]);
  });

  test("are verified once, and again when the verification is outdated", async () => {
    await pbs.labCall("/snapshot", snapshot(first), token);
    const verify = async (options: object) => {
      const upid = await pbs.data("POST", "/admin/datastore/backups/verify", { ns: "site", ...options });
      pbs.wait(1000);
      const list = (await pbs.data("GET", "/admin/datastore/backups/snapshots?ns=site")) as { verification: { upid: string } }[];
      return list[0]?.verification.upid === upid;
    };
    expect(await verify({})).toBe(true);
    expect(await verify({})).toBe(false);
    expect(await verify({ "outdated-after": 30 })).toBe(false);
    pbs.wait(31 * day * 1000);
    expect(await verify({ "outdated-after": 30 })).toBe(true);
    expect(await verify({ "ignore-verified": false })).toBe(true);
  });
});

test("namespaces are made from the top, seven deep", async () => {
  await pbs.datastore("backups");
  let parent = "";
  for (let depth = 1; depth <= 7; depth++) {
    parent = String(await pbs.data("POST", "/admin/datastore/backups/namespace", { name: `n${depth}`, parent }));
  }
  expect((await pbs.call("POST", "/admin/datastore/backups/namespace", { name: "n8", parent })).status).toBe(400);
  expect(await pbs.data("GET", "/admin/datastore/backups/namespace?parent=n1&max-depth=1")).toEqual([
    { ns: "n1" },
    { ns: "n1/n2" },
  ]);
});

describe("the node", () => {
  test("tells its time and zone, and refuses a zone that does not exist", async () => {
    expect(await pbs.data("GET", "/nodes/localhost/time")).toMatchObject({ timezone: "UTC", time: Math.floor(pbs.now / 1000) });
    await pbs.data("PUT", "/nodes/localhost/time", { timezone: "Europe/Paris" });
    const { time, localtime } = (await pbs.data("GET", "/nodes/localhost/time")) as { time: number; localtime: number };
    expect(localtime - time).toBe(3600);
    expect((await pbs.call("PUT", "/nodes/localhost/time", { timezone: "Mars/Olympus" })).status).toBe(400);
  });

  test("keeps its DNS servers and unsets those that `delete` names", async () => {
    await pbs.data("PUT", "/nodes/localhost/dns", { search: "example.fr", dns1: "192.168.1.1", dns2: "::1" });
    await pbs.data("PUT", "/nodes/localhost/dns", { delete: ["dns2"] });
    expect(await pbs.data("GET", "/nodes/localhost/dns")).toMatchObject({ search: "example.fr", dns1: "192.168.1.1" });
    expect(await pbs.data("GET", "/nodes/localhost/dns")).not.toHaveProperty("dns2");
    expect((await pbs.call("PUT", "/nodes/localhost/dns", { dns1: "somewhere" })).status).toBe(400);
  });
});

test("keeps everything over a crash, a running worker too", async () => {
  await pbs.datastore("backups");
  await pbs.data("POST", "/config/prune", { id: "job", store: "backups", schedule: "daily" });
  await pbs.data("POST", "/config/datastore", store("other"));
  pbs.restart();
  expect(await pbs.data("GET", "/config/prune")).toHaveLength(1);
  pbs.wait(3000);
  expect(await pbs.data("GET", "/config/datastore")).toHaveLength(2);
});
