import { member } from "../../../model";
import { judged, type Rule } from "../../engine/rule";
import { resourcesOf } from "../../engine/synthesized-stack";
import { type DeviceObject, plannedObjects, synthesizedObjects } from "../../reading/device-object";

const ROOT = "root@pam";
const ITS_TOKENS = `${ROOT}!`;
const UNDER_IT = `/${ROOT}`;
/** Who gets mail has no right by that. */
const HARMLESS: ReadonlySet<string> = new Set(["mailto-user", "comment", "descr"]);

/** A site file cannot give root@pam a token or a role; it can still log in as root@pam elsewhere, and an escape hatch can do all. */
export const noRoot: Rule = {
  sentence: "Nothing works as root@pam",
  model: ({ site }) =>
    Object.entries(site.backupServers).flatMap(([server, { remotes }]) =>
      Object.entries(remotes).map(([name, { authId, host }]) =>
        judged(
          `${member(`${member("backupServers", server)}.remotes`, name)}.authId`,
          namesRoot(authId) ? `it logs in to ${host} as ${ROOT}` : undefined,
        ),
      ),
    ),
  synthesized: ({ site, stacks }) => [
    ...stacks.map(({ layer, configuration }) =>
      judged(`${layer} provider`, mentionsRoot(configuration.provider) ? `it logs in as ${ROOT}` : undefined),
    ),
    ...synthesizedObjects(stacks).map((object) => judgeObject(object, site.backupServers)),
    ...resourcesOf(stacks)
      .filter(({ type }) => type !== "restful_resource")
      .map(({ layer, name, attributes }) => judged(`${layer} ${name}`, faultOf(keyOfRoot(attributes)))),
  ],
  plan: ({ site, stacks }) => plannedObjects(stacks).map((object) => judgeObject(object, site.backupServers)),
};

type Servers = Readonly<Record<string, { readonly remotes: Readonly<Record<string, { readonly authId: string }>> }>>;

function judgeObject({ label, path, device, body }: DeviceObject, servers: Servers) {
  const remote = path === "/config/remote" ? servers[device]?.remotes[String(body.name)] : undefined;
  // Where the site file itself says so, it was judged there.
  if (remote !== undefined && namesRoot(remote.authId)) return judged(label, undefined);
  return judged(label, faultOf(path.includes(UNDER_IT) ? "path" : keyOfRoot(body)));
}

function keyOfRoot(values: Readonly<Record<string, unknown>>): string | undefined {
  for (const key in values) if (namesRoot(values[key]) && !HARMLESS.has(key)) return key;
  return undefined;
}

const faultOf = (key: string | undefined): string | undefined => (key === undefined ? undefined : `\`${key}\` names ${ROOT}`);

/** Whether a text holds it, at any depth. */
const mentionsRoot = (value: unknown): boolean =>
  typeof value === "string"
    ? value.includes(ROOT)
    : typeof value === "object" && value !== null && Object.values(value).some(mentionsRoot);

const namesRoot = (value: unknown): boolean =>
  typeof value === "string" ? value === ROOT || value.startsWith(ITS_TOKENS) : Array.isArray(value) && value.some(namesRoot);
