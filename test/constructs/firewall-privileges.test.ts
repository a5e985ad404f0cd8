import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DeviceClient } from "../../live/client";
import { preflight } from "../../live/preflight";
import { readFirewall, readFirewallVersion } from "../../live/read-firewall";
import ecosolar from "../../sites/ecosolar/site";
import { resourcesOf, synthesizeSample } from "../stacks/samples";
import { requestsOf } from "./requests";

/** The privileges that the README gives the firewall's user, and one to make its key with. */
const README = readFileSync(join(__dirname, "../../README.md"), "utf8");
const given = [...README.matchAll(/`(api-v2-[a-z-]+?)-(?:\{([a-z,]+)\}|([a-z]+))`/g)].flatMap(([, base, many, one]) =>
  (many ?? one ?? "").split(",").map((method) => `${base}-${method}`),
);
const TO_MAKE_A_KEY = "api-v2-auth-key-post";

interface Call {
  readonly method: string;
  readonly path: string;
}

/** Every call on the firewall: of the engine for each object, and of the checks. */
async function calls(): Promise<Call[]> {
  const made: Call[] = [];
  const get = async (path: string) => {
    made.push({ method: "GET", path });
    return path === "/system/version" ? { version: "2.8.1-RELEASE" } : [];
  };
  await readFirewall({ get });
  await readFirewallVersion({ get });
  const other = { device: "other", get: async () => [] } as unknown as DeviceClient;
  const firewall = { device: "firewall", get } as unknown as DeviceClient;
  await preflight({ hypervisor: other, backupServers: {}, firewall });
  for (const [address, block] of resourcesOf(synthesizeSample(ecosolar), "firewall")) {
    if (address.startsWith("restful_operation.")) {
      made.push({ method: String(block.method), path: String(block.path) });
      made.push({ method: String(block.delete_method), path: String(block.delete_path) });
      continue;
    }
    const { create, update, remove } = requestsOf(block);
    made.push(create, { ...update, method: "PATCH" }, remove, { method: "GET", path: String(block.read_path) });
  }
  return made;
}

const privilegeOf = ({ method, path }: Call): string => `api-v2-${path.slice(1).replaceAll("/", "-")}-${method.toLowerCase()}`;

test("the README gives the firewall's user exactly what Bastide calls", async () => {
  const needed = [...new Set((await calls()).map(privilegeOf)), TO_MAKE_A_KEY];
  expect([...given].sort()).toEqual(needed.sort());
});

const SCHEMA = join(__dirname, "../../../shared/api-schemas/pfsense-restapi-2.10.0.json");
(existsSync(SCHEMA) ? test : test.skip)("the package knows these privileges by these names", () => {
  const { endpoints } = JSON.parse(readFileSync(SCHEMA, "utf8")) as { endpoints: Record<string, Record<string, unknown>> };
  const known = new Set(Object.values(endpoints).flatMap((endpoint) => Object.values(endpoint).flat()));
  expect(given.filter((privilege) => !known.has(privilege))).toEqual([]);
});
