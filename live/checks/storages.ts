import { backupTargets, ENCRYPTION_KEY, hypervisorTokenSecret } from "../../model";
import { APPLY, bad, type Check, good, judge, judgeAll, type Question, type Verification } from "../check";
import type { Storage } from "../state";

/** Every backup target is a storage of the hypervisor that is active on every node, with the site's token, pin and key. */
export function storages({ site, environment, live, keyFingerprint }: Verification): Check[] {
  const tokenId = `${site.access.hypervisorToken.user}!${site.access.hypervisorToken.name}`;
  return backupTargets(site).flatMap((target) => {
    const exists: Question = {
      id: "storage.exists",
      subject: `storage ${target.storage}`,
      expected: `${target.backupServer} ${target.datastore}${target.namespace === "" ? "" : `:${target.namespace}`} as ${tokenId}`,
    };
    const pin: Question = {
      id: "storage.fingerprint",
      subject: `storage ${target.storage}`,
      expected: environment.backupServers[target.backupServer]?.fingerprint ?? "the backup server's fingerprint",
    };
    const key: Question = {
      id: "storage.encryption",
      subject: `storage ${target.storage}`,
      expected: target.encrypted ? `key ${keyFingerprint ?? "in the secret store"}` : "no encryption",
    };
    const activity = Object.keys(site.hypervisors).map((node) => {
      const asked: Question = { id: "storage.active", subject: `storage ${target.storage} on ${node}`, expected: "active" };
      return judge(asked, live.hypervisor.storageActive[node]?.[target.storage], (active) =>
        active
          ? good(asked, "active")
          : bad(
              asked,
              "not active",
              `check the way from ${node} to ${target.backupServer}:8007, then the token: ./bastide secrets rotate ${site.name} --env ${environment.name} ${hypervisorTokenSecret(site, target.backupServer)}`,
            ),
      );
    });
    const configured = judgeAll(exists, live.hypervisor.storages, (all) => {
      const found = all.find((storage) => storage.id === target.storage);
      if (found === undefined) return [bad(exists, "no such storage", APPLY)];
      return [
        sameTarget(exists, found, { ...target, tokenId, server: site.backupServers[target.backupServer]?.address }),
        found.tlsFingerprint === pin.expected ? good(pin, pin.expected) : bad(pin, found.tlsFingerprint ?? "not pinned", APPLY),
        sameKey(key, found.keyFingerprint, target.encrypted, keyFingerprint, `${site.name} --env ${environment.name}`),
      ];
    });
    return [...configured, ...activity];
  });
}

interface Wanted {
  readonly datastore: string;
  readonly namespace: string;
  readonly tokenId: string;
  readonly server: string | undefined;
}

function sameTarget(asked: Question, found: Storage, wanted: Wanted): Check {
  if (found.server !== wanted.server)
    return bad(asked, `on ${found.server ?? "no server"}, not on ${wanted.server}`, `${APPLY}, which makes the storage anew`);
  const actual = `${found.datastore ?? "?"}${found.namespace ? `:${found.namespace}` : ""} as ${found.username ?? "?"}`;
  if (found.disabled) return bad(asked, "disabled", APPLY);
  if (found.username?.startsWith("root@pam")) return bad(asked, actual, `${APPLY}; backups must never run as root@pam (ECO-07)`);
  const same =
    found.datastore === wanted.datastore && (found.namespace ?? "") === wanted.namespace && found.username === wanted.tokenId;
  return same ? good(asked, actual) : bad(asked, actual, APPLY);
}

/** Not ours to remove: the hypervisor deletes the key with it, and backups that were made meanwhile need it. */
const UNWANTED_KEY =
  "save the key file of this storage first, then remove the key from it; or set encryption for the tier in the site file";

function sameKey(
  asked: Question,
  found: string | undefined,
  encrypted: boolean,
  escrowed: string | undefined,
  place: string,
): Check {
  if (!encrypted) return found === undefined ? good(asked, "no encryption") : bad(asked, `key ${found}`, UNWANTED_KEY);
  if (found === undefined) return bad(asked, "no key: backups are not encrypted", APPLY);
  if (escrowed === undefined)
    return bad(
      asked,
      `key ${found}, none in the secret store`,
      `store the key file: ./bastide secrets set ${place} ${ENCRYPTION_KEY} --file PATH; without it the backups are lost with the host`,
    );
  return found === escrowed
    ? good(asked, `key ${found}`)
    : bad(
        asked,
        `key ${found}`,
        "the hypervisor uses another key than the escrowed one: save its key file first, then decide which one stays",
      );
}
