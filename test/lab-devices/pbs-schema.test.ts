import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import type { Permission } from "../../lab/pbs/endpoint";
import { endpoints } from "../../lab/pbs/endpoints";
import {
  arrayOf,
  boolean,
  integer,
  oneOf,
  optional,
  type Parameter,
  pattern,
  required,
  type Schema,
  text,
} from "../../lab/pbs/schema";
import { BackupServerLab } from "./pbs";

const file = join(__dirname, "../../../shared/api-schemas/pbs-4.2.3.json");
const shared = existsSync(file);
if (!shared) console.warn(`skipped: ${file} is not here`);

interface TheirSchema {
  readonly type: string;
  readonly optional?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly items?: TheirSchema;
  readonly format?: object;
}

interface TheirMethod {
  readonly parameters: { readonly properties?: Readonly<Record<string, TheirSchema>> };
  readonly permissions: unknown;
}

/** What the product's description leaves out although the product checks it: whole numbers of a limited width. */
const NARROWER = new Set(["port", "limit", "start"]);

/** Texts that tell patterns, lists and lengths apart. */
const PROBES = [
  ...["", "a", "ab", "abc", "a".repeat(32), "a".repeat(33), "a".repeat(64), "a".repeat(65), "a".repeat(128), "a".repeat(129)],
  ...[
    "-a",
    "a b",
    "a/b",
    "a/b/c/d/e/f/g",
    "a/b/c/d/e/f/g/h",
    "a/b/c/d/e/f/g/h/i",
    "/",
    "/a",
    "//",
    "/datastore/x",
    "é",
    "a\nb",
    "a\tb",
  ],
  ...["u@pbs", "u@pbs!t", "u@pbs!", "u:v@pbs", "@pbs", "u@", "vm", "ct", "host", "pull", "push", "all", "any", "pam", "Admin"],
  ...[
    "10.0.0.1",
    "10.0.0.256",
    "::1",
    "10.0.0.0/24",
    "10.0.0.0/123",
    "fe80::/10",
    "pbs.example.fr",
    "a_b.example",
    "http://x",
    "https://a.b/c",
  ],
  ...["0".repeat(64), "f".repeat(64), "F".repeat(64), "12345678-1234-1234-1234-123456789abc", "ok", "starttls", "name"],
  Array.from({ length: 32 }, () => "aF").join(":"),
  Array.from({ length: 31 }, () => "aF").join(":"),
  "UPID:pbs:00000037:00026338:00000000:6B017A78:create-datastore:x:root@pam!deploy:",
  "UPID:pbs:37:00026338:00000000:6B017A78:create-datastore:x:root@pam!deploy:",
];

(shared ? describe : describe.skip)("the parameter tables agree with the product's own description", () => {
  const described = shared
    ? (JSON.parse(readFileSync(file, "utf8")) as { paths: Record<string, Record<string, TheirMethod>> }).paths
    : {};
  const template = (path: string) => path.replace(/:([^/]+)/g, "{$1}");

  test.each(endpoints.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))("%s", (_name, endpoint) => {
    const theirs = described[template(endpoint.path)]?.[endpoint.method];
    expect(theirs).toBeDefined();
    const properties = theirs?.parameters.properties ?? {};
    expect(Object.keys(endpoint.parameters).sort()).toEqual(Object.keys(properties).sort());
    for (const [name, schema] of Object.entries(properties)) {
      expect({ name, differences: differences(name, endpoint.parameters[name], schema) }).toEqual({ name, differences: [] });
    }
  });

  // Rights that are combined from several are not described; the tests of the behaviour have them.
  const simple = endpoints.filter(({ method, path }) => described[template(path)]?.[method]?.permissions !== null);
  test.each(simple.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
    "%s may be called by the same",
    (_name, endpoint) => {
      expect(permissionText(endpoint.permission)).toEqual(described[template(endpoint.path)]?.[endpoint.method]?.permissions);
    },
  );
});

/** A permission in the words of the description. */
function permissionText(permission: Permission): unknown {
  if (permission === "world") return "world";
  if (permission === "anybody") return "all";
  if (!("on" in permission)) return null;
  return { partial: false, path: permission.on.split("/").filter((part) => part !== ""), privs: permission.all };
}

test.each<[string, Parameter, TheirSchema]>([
  ["another type", optional(boolean), { type: "integer", optional: true }],
  ["a missing obligation", optional(boolean), { type: "boolean" }],
  ["a lower limit", required(integer(0)), { type: "integer", minimum: 1 }],
  ["an upper limit", required(integer(1, 7)), { type: "integer", minimum: 1, maximum: 8 }],
  ["a length", required(text({ min: 2 })), { type: "string", minLength: 3 }],
  ["a wider pattern", required(pattern(/^[a-z/]*$/)), { type: "string", pattern: "/^[a-z]*$/" }],
  ["a value too many", required(oneOf("vm", "ct", "host", "all")), { type: "string", enum: ["vm", "ct", "host"] }],
  ["a value too few", required(oneOf("vm")), { type: "string", enum: ["vm", "tape"] }],
  ["another item", required(arrayOf(boolean)), { type: "array", items: { type: "string" } }],
])("the comparison finds %s", (_name, ours, theirs) => {
  expect(differences("x", ours, theirs)).not.toEqual([]);
});

function differences(name: string, ours: Parameter | undefined, theirs: TheirSchema): string[] {
  if (ours === undefined) return ["missing"];
  const found = ours.required === (theirs.optional !== true) ? [] : [`required is ${ours.required}`];
  return [...found, ...schemaDifferences(name, ours.schema, theirs)];
}

function schemaDifferences(name: string, ours: Schema, theirs: TheirSchema): string[] {
  if (ours.kind !== theirs.type) return [`${ours.kind} instead of ${theirs.type}`];
  if (ours.kind === "array") return theirs.items === undefined ? ["no items"] : schemaDifferences(name, ours.items, theirs.items);
  if (ours.kind === "integer") {
    const isSame = NARROWER.has(name) || (ours.minimum === theirs.minimum && ours.maximum === theirs.maximum);
    return isSame ? [] : [`limits ${ours.minimum}..${ours.maximum} instead of ${theirs.minimum}..${theirs.maximum}`];
  }
  if (ours.kind !== "string") return [];
  const lengths = ours.min === theirs.minLength && ours.max === theirs.maxLength ? [] : [`lengths ${ours.min}..${ours.max}`];
  const regex = theirs.pattern === undefined ? undefined : regexOf(theirs.pattern);
  const wrong = PROBES.filter((probe) => {
    const [isOurs, isTheirs] = [ours.check?.(probe) === undefined, regex?.test(probe) ?? theirs.enum?.includes(probe)];
    return isTheirs !== undefined && isOurs !== isTheirs;
  });
  const missing = (theirs.enum ?? []).filter((value) => ours.check?.(value) !== undefined);
  return [...lengths, ...wrong.map((probe) => `decides otherwise on "${probe}"`), ...missing.map((value) => `refuses ${value}`)];
}

/** Their patterns are written for another engine. */
function regexOf(pattern: string): RegExp {
  const source = pattern
    .slice(1, -1)
    .replaceAll("[[:^cntrl:]]", "[^\\x00-\\x1f\\x7f]")
    .replaceAll("[:cntrl:]", "\\x00-\\x1f\\x7f");
  return new RegExp(source.replaceAll("(?P<", "(?<"), "s");
}

(shared ? describe : describe.skip)("answers have the described form", () => {
  const described = shared
    ? (JSON.parse(readFileSync(file, "utf8")) as { paths: Record<string, Record<string, { returns: TheirReturn }>> }).paths
    : {};
  const ajv = new Ajv({ allErrors: true, validateFormats: false, strict: false });
  let pbs: BackupServerLab;
  let upid: string;

  beforeAll(async () => {
    pbs = await BackupServerLab.start();
    await pbs.datastore("backups", { comment: "c", "gc-schedule": "daily", "verify-new": true });
    const token = await pbs.account("a@pbs", { "/datastore/backups": "DatastoreAdmin" });
    await pbs.data("POST", "/admin/datastore/backups/namespace", { name: "site" });
    await pbs.data("POST", "/config/remote", { name: "far", host: "h.example", "auth-id": "a@pbs", password: "p" });
    await pbs.data("POST", "/config/prune", { id: "job", store: "backups", schedule: "daily", "keep-last": 1 });
    await pbs.data("POST", "/config/verify", { id: "job", store: "backups", schedule: "daily" });
    await pbs.data("POST", "/config/sync", { id: "job", store: "backups", remote: "far", "remote-store": "theirs" });
    await pbs.data("POST", "/config/traffic-control", { name: "rule", network: ["10.0.0.0/8"], "rate-in": "1MB" });
    await pbs.data("POST", "/config/encryption-keys", { id: "key" });
    const target = { name: "mail", "from-address": "a@b.fr", mailto: ["c@d.fr"], server: "s" };
    await pbs.data("POST", "/config/notifications/endpoints/smtp", target);
    await pbs.data("POST", "/config/notifications/endpoints/gotify", { name: "push", server: "s", token: "t" });
    await pbs.data("POST", "/config/notifications/endpoints/webhook", { name: "hook", url: "http://h/x", method: "post" });
    const files = [{ filename: "drive-scsi0.img.fidx", size: 10, "crypt-mode": "none" }];
    const snapshot = { store: "backups", "backup-type": "vm", "backup-id": "101", "backup-time": 1795262294, files };
    await pbs.labCall("/snapshot", snapshot, token);
    upid = String(await pbs.data("POST", "/admin/datastore/backups/verify", {}));
    for (const job of ["prune", "verify", "sync"]) await pbs.data("POST", `/admin/${job}/job/run`);
    await pbs.data("POST", "/admin/datastore/backups/gc", {});
    pbs.wait(5000);
  });
  afterAll(() => pbs.remove());

  const names: Readonly<Record<string, string>> = {
    ...{ userid: "a@pbs", "token-name": "t", store: "backups", id: "job", node: "localhost" },
    ...{ remote: "far", "traffic-control": "rule", datastore: "backups", smtp: "mail", gotify: "push", webhook: "hook" },
    ...{ sendmail: "mail-to-root", matchers: "default-matcher" },
  };
  // The list of nodes is for root@pam alone. Of a snapshot's files the description says texts, the recorded answers objects.
  const apart = ["/nodes", "/admin/datastore/:store/snapshots"];
  const reading = endpoints.filter(({ method, path }) => method === "GET" && !apart.includes(path));

  test.each(reading.map((endpoint) => [endpoint.path, endpoint] as const))("GET %s", async (_name, endpoint) => {
    const parts = endpoint.path.split("/");
    const named = parts.map((part, index) => {
      if (part === ":upid") return encodeURIComponent(upid);
      return part.startsWith(":") ? (names[part.slice(1)] ?? names[parts[index - 1] ?? ""] ?? part) : part;
    });
    const isSnapshot = "backup-time" in endpoint.parameters && endpoint.parameters["backup-time"]?.required;
    const group = endpoint.parameters["backup-id"]?.required ? "?backup-type=vm&backup-id=101" : "";
    const answer = await pbs.call("GET", `${named.join("/")}${group}${isSnapshot ? "&backup-time=1795262294" : ""}`);
    expect(answer.status).toBe(200);
    const returns = described[endpoint.path.replace(/:([^/]+)/g, "{$1}")]?.GET?.returns;
    const validate = ajv.compile(strict(returns ?? { type: "null" }));
    const { data } = answer.body as { data: unknown };
    if (Array.isArray(data)) expect(data).not.toEqual([]);
    const valid = validate(data);
    expect({ data, errors: valid ? null : validate.errors }).toEqual({ data, errors: null });
  });

  test("an answer of another form is found", () => {
    const returns = { type: "object", properties: { store: { type: "string" }, comment: { type: "string", optional: true } } };
    const validate = ajv.compile(strict(returns));
    expect(["a", {}, { store: 1 }, { store: "a", more: 1 }, { store: "a" }].map((data) => validate(data))).toEqual([
      ...[false, false, false, false, true],
    ]);
  });
});

interface TheirReturn {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, TheirReturn & { readonly optional?: boolean }>>;
  readonly items?: TheirReturn;
  readonly additionalProperties?: boolean;
  readonly enum?: readonly string[];
}

/** Their descriptions as JSON Schema, without patterns. A description that only says "null" was never written. */
function strict(schema: TheirReturn): object {
  if (schema.type === undefined || schema.type === "null") return {};
  const properties = schema.properties ?? {};
  return {
    type: schema.type,
    ...(schema.enum === undefined ? {} : { enum: schema.enum }),
    ...(schema.items === undefined ? {} : { items: strict(schema.items) }),
    ...(schema.type !== "object"
      ? {}
      : {
          properties: Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, strict(inner)])),
          required: Object.keys(properties).filter((name) => properties[name]?.optional !== true),
          additionalProperties: schema.additionalProperties === true,
        }),
  };
}
