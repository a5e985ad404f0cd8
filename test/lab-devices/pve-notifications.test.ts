import { PveLab } from "./pve";

let pve: PveLab;
beforeEach(() => {
  pve = new PveLab();
});
afterEach(() => pve.remove());

const BASE = "/cluster/notifications";
const SMTP = {
  name: "mail",
  server: "mail.example.fr",
  "from-address": "pve@example.fr",
  mailto: ["a@example.fr"],
  password: "s3cret",
};
const refusal = async (method: string, path: string, body?: unknown) => {
  const { status, reason, body: answer } = await pve.call(method, `${BASE}${path}`, body);
  return [status, answer.errors ?? reason];
};

test("the product brings a target and a matcher; deleting them puts them back as they were", async () => {
  await pve.data("PUT", `${BASE}/matchers/default-matcher`, { disable: 1 });
  expect(await pve.data("GET", `${BASE}/matchers`)).toMatchObject([
    { name: "default-matcher", disable: 1, origin: "modified-builtin" },
  ]);
  await pve.data("DELETE", `${BASE}/matchers/default-matcher`);
  expect(await pve.data("GET", `${BASE}/matchers`)).toEqual([
    {
      name: "default-matcher",
      mode: "all",
      target: ["mail-to-root"],
      comment: "Route all notifications to mail-to-root",
      origin: "builtin",
    },
  ]);
  expect(await pve.data("GET", `${BASE}/targets`)).toMatchObject([{ name: "mail-to-root", type: "sendmail", origin: "builtin" }]);
});

test("no answer shows a password, a token or a secret's value", async () => {
  await pve.data("POST", `${BASE}/endpoints/smtp`, SMTP);
  await pve.data("POST", `${BASE}/endpoints/gotify`, { name: "gotify", server: "https://g", token: "s3cret" });
  await pve.data("POST", `${BASE}/endpoints/webhook`, {
    name: "hook",
    method: "post",
    url: "https://h",
    secret: ["name=key,value=czNjcmV0"],
  });
  for (const path of [
    "endpoints/smtp",
    "endpoints/smtp/mail",
    "endpoints/gotify",
    "endpoints/webhook",
    "endpoints/webhook/hook",
    "targets",
  ]) {
    const text = JSON.stringify(await pve.data("GET", `${BASE}/${path}`));
    expect(text).not.toMatch(/s3cret|czNjcmV0/);
  }
  expect(await pve.data("GET", `${BASE}/endpoints/webhook/hook`)).toMatchObject({ secret: ["name=key"] });
});

test("names are unique over all kinds", async () => {
  await pve.data("POST", `${BASE}/endpoints/smtp`, SMTP);
  expect(await refusal("POST", "/matchers", { name: "mail" })).toEqual([
    400,
    "Cannot create 'mail', an entity with the same name already exists",
  ]);
});

test.each<[string, unknown, number, unknown]>([
  [
    "/endpoints/smtp",
    { ...SMTP, mailto: undefined },
    400,
    "must at least provide one recipient, either in mailto or in mailto-user",
  ],
  [
    "/endpoints/smtp",
    { ...SMTP, mailto: ["no mail"] },
    400,
    { "mailto[0]": "invalid format - value does not look like a valid email address or user name\n" },
  ],
  [
    "/endpoints/smtp",
    { ...SMTP, mode: "plain" },
    400,
    { mode: "value 'plain' does not have a value in the enumeration 'insecure, starttls, tls'" },
  ],
  ["/matchers", { name: "mm", "match-severity": ["error,loud"] }, 500, "invalid severity loud"],
  [
    "/matchers",
    { name: "mm", "match-field": ["type=vzdump"] },
    500,
    "could not apply filter: invalid match-field statement: type=vzdump",
  ],
  ["/matchers", { name: "mm", target: ["default-matcher"] }, 404, "endpoint 'default-matcher' does not exist"],
])("POST %s %j: %i", async (path, body, status, words) => {
  expect(await refusal("POST", path, body)).toEqual([status, words]);
});

test("a target in use is kept, and what is deletable is deleted", async () => {
  await pve.data("POST", `${BASE}/endpoints/smtp`, { ...SMTP, comment: "x", port: 587 });
  await pve.data("POST", `${BASE}/matchers`, { name: "mm", target: ["mail"] });
  expect(await refusal("DELETE", "/endpoints/smtp/mail")).toEqual([400, "cannot delete 'mail', referenced by: mm"]);
  await pve.data("PUT", `${BASE}/endpoints/smtp/mail`, { delete: ["comment", "port"], disable: 1 });
  expect(await pve.data("GET", `${BASE}/endpoints/smtp`)).toEqual([
    {
      name: "mail",
      server: "mail.example.fr",
      "from-address": "pve@example.fr",
      mailto: ["a@example.fr"],
      disable: 1,
      origin: "user-created",
    },
  ]);
  expect((await refusal("PUT", "/endpoints/smtp/mail", { delete: ["server"] }))[1]).toContain("unknown variant `server`");
  expect(await refusal("PUT", "/endpoints/smtp/none", { disable: 1 })).toEqual([404, "endpoint 'none' not found"]);
  expect(await refusal("PUT", "/endpoints/smtp/mail", { digest: "00" })).toEqual([
    400,
    expect.stringContaining("detected modified configuration"),
  ]);
});

test("an end point needs the right to reach the network beside that on notifications", async () => {
  const token = await pve.token("op@pve", 0);
  await pve.data("PUT", "/access/acl", { path: "/mapping/notifications", roles: "PVEMappingAdmin", users: "op@pve" });
  const headers = { authorization: `PVEAPIToken=${token}` };
  expect((await pve.call("POST", `${BASE}/endpoints/smtp`, SMTP, headers)).status).toBe(403);
  expect((await pve.call("POST", `${BASE}/matchers`, { name: "mm" }, headers)).status).toBe(200);
  await pve.data("POST", "/access/roles", { roleid: "Net", privs: "Sys.AccessNetwork" });
  await pve.data("PUT", "/access/acl", { path: "/", roles: "Net", users: "op@pve" });
  expect((await pve.call("POST", `${BASE}/endpoints/smtp`, SMTP, headers)).status).toBe(200);
});
