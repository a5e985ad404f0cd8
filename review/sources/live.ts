import type { FirewallState } from "../../firewall/state";
import type { Site } from "../../model";
import type { Configuration } from "../configuration";
import type { Known } from "../known";
import { COLLECTIONS, configurationOfApi, GUESTS } from "./api";
import type { ApiObject, MissingCollection } from "./api-object";

/** Something read from a device, or what was wrong. */
type Answer<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly fault: Told };

interface Told {
  readonly where: string;
  readonly what: string;
}

/** Lists of the devices of a site as they answer them (`live/read-collections.ts`). */
export interface LiveAnswers {
  readonly collections: readonly {
    readonly device: string;
    readonly collection: string;
    readonly answer: Answer<readonly Readonly<Record<string, unknown>>[]>;
  }[];
  readonly firewall?: Answer<FirewallState>;
}

/**
 * What the devices of a site are told, as they answer it: also what somebody else made. A list that could not be read, or only in
 * part, is unknown and never empty.
 * @param site what no device knows: the promises, the machines, which guests the engine may destroy
 */
export function configurationOfLive({ collections, firewall }: LiveAnswers, site: Site): Configuration {
  const objects: ApiObject[] = [];
  const missing = notAsked(collections, site);
  for (const { device, collection, answer } of collections) {
    if (answer.ok) for (const object of answer.value) objects.push({ device, collection, object });
    else missing.push({ device, collection, reason: reasonOf(answer.fault) });
  }
  const rules = firewallOf(firewall, site);
  return configurationOfApi({ objects, missing, ...(rules === undefined ? {} : { firewall: rules }) }, site);
}

/** What a site has and nobody asked for is not empty either. */
function notAsked(collections: LiveAnswers["collections"], site: Site): MissingCollection[] {
  const asked = new Set(collections.map(({ device, collection }) => `${device} ${collection}`));
  const wanted = [
    ...[GUESTS, ...(COLLECTIONS.hypervisor ?? [])].map((collection) => ({ device: "hypervisor", collection })),
    ...Object.keys(site.backupServers).flatMap((device) =>
      (COLLECTIONS["backup-server"] ?? []).map((collection) => ({ device, collection })),
    ),
  ];
  return wanted
    .filter(({ device, collection }) => !asked.has(`${device} ${collection}`))
    .map(({ device, collection }) => ({ device, collection, reason: `${device} was not asked for ${collection}` }));
}

function firewallOf(firewall: LiveAnswers["firewall"], site: Site): Known<FirewallState> | undefined {
  if (firewall?.ok) return firewall.value;
  if (firewall === undefined && site.firewall === undefined) return undefined;
  return { unknown: firewall === undefined ? "the firewall was not asked" : reasonOf(firewall.fault) };
}

const reasonOf = ({ where, what }: Told): string => `${where}: ${what}`;
