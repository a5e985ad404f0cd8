import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Endpoint } from "../../lab/pve/endpoint";
import { ENDPOINTS } from "../../lab/pve/endpoints";
import type { Check, Permission } from "../../lab/pve/permission";
import type { Property } from "../../lab/pve/property";

const FILE = join(__dirname, "../../../shared/api-schemas/pve-9.1.8.json");
const shared = existsSync(FILE);

interface SchemaCall {
  readonly permissions?: unknown;
  readonly parameters?: { readonly properties?: Record<string, Record<string, unknown>> };
}

/** What the schema of the real product says of a parameter, as far as the device keeps it. */
const LIMITS = ["type", "enum", "maxLength", "minLength", "minimum", "maximum", "requires"] as const;

/** Facts that the schema cannot tell: formats with keys are cut in it, and numbered keys are written once. */
function limitsOf(property: Record<string, unknown> | Property): Record<string, unknown> {
  const given = property as Record<string, unknown>;
  const limits = LIMITS.filter((name) => given[name] !== undefined).map((name) => [
    name,
    typeof given[name] === "object" ? given[name] : String(given[name]),
  ]);
  const format = typeof given.format === "string" ? { format: given.format } : {};
  return { optional: given.optional === true, ...Object.fromEntries(limits), ...format };
}

/** `net0` … `net31` stand as `net[n]` in the schema. */
function unnumbered(names: readonly string[], schema: Record<string, unknown>): string[] {
  return [...new Set(names.map((name) => (schema[name] === undefined ? name.replace(/\d+$/, "[n]") : name)))].sort();
}

(shared ? describe : describe.skip)(
  "against the schema of the real product (../shared/api-schemas, skipped where it is absent)",
  () => {
    const paths = shared
      ? (JSON.parse(readFileSync(FILE, "utf8")) as { paths: Record<string, Record<string, SchemaCall>> }).paths
      : {};
    test.each(ENDPOINTS.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))("%s", (_, endpoint) => {
      const call = paths[endpoint.path.replace("...}", "}")]?.[endpoint.method];
      if (call === undefined) throw new Error("the real product has no such call");
      const theirs = call.parameters?.properties ?? {};
      expect(unnumbered(Object.keys(endpoint.parameters), theirs)).toEqual(Object.keys(theirs).sort());
      for (const [name, property] of Object.entries(endpoint.parameters)) {
        const their = theirs[name] ?? theirs[name.replace(/\d+$/, "[n]")] ?? {};
        const { format: ourFormat, ...ours } = limitsOf(property);
        const { format: theirFormat, ...rest } = limitsOf(their);
        expect({ name, ...ours }).toEqual({ name, ...rest });
        if (ourFormat !== undefined) expect([name, ourFormat]).toEqual([name, theirFormat]);
        if (property.pattern !== undefined) expect(their.pattern).toBeDefined();
      }
      expect(permissionText(endpoint)).toEqual(call.permissions ?? "none");
    });
  },
);

/** As the schema writes it. */
function permissionText({ permission }: Endpoint): unknown {
  return permission === "root" ? "none" : textOf(permission);
}

function textOf(permission: Exclude<Permission, "root"> | Check): unknown {
  if (typeof permission === "string") return permission;
  switch (permission.kind) {
    case "perm":
      return ["perm", permission.path, permission.privileges, ...(permission.any ? ["any", 1] : [])];
    case "and":
    case "or":
      return [permission.kind, ...permission.checks.map(textOf)];
    case "groups":
      return [
        "userid-group",
        permission.privileges,
        ...(permission.parameter === undefined ? [] : ["groups_param", permission.parameter]),
      ];
    case "self":
      return ["userid-param", "self"];
    case "realm":
      return ["userid-param", "Realm.AllocateUser"];
    case "modify":
      return ["perm-modify", permission.path];
  }
}
