import { backupJobs, backupTargets, hypervisorAuthIds, notificationNames, type Site, syncJobs } from "../../model";
import type { Rule } from "../../policies/engine/rule";
import type { SynthesizedStack } from "../../policies/engine/synthesized-stack";
import type { Loose } from "../model/base-site";

/**
 * What is synthesized for a site as far as the rules look at it, without the library: by the name of the resource its body, or
 * its attributes where it has no body. A test may change, remove and add what it likes. That it is like the real thing has a
 * test of its own.
 */
export function declared(site: Site): Record<string, Loose> {
  const comment = `Bastide - site ${site.name}`;
  const made: Record<string, Loose> = {};
  for (const { storage, backupServer, datastore, namespace, retention, pruneJob, pruneSchedule } of backupTargets(site)) {
    const { address, port } = site.backupServers[backupServer] ?? {};
    made[`storage__${storage}`] = {
      storage,
      type: "pbs",
      server: address,
      port,
      datastore,
      ...(namespace === "" ? {} : { namespace }),
      username: hypervisorAuthIds(site).token,
      content: "backup",
      "prune-backups": "keep-all=1",
      disable: 0,
    };
    made[["prune_job", backupServer, datastore, ...(namespace === "" ? [] : [namespace])].join("__")] = {
      id: pruneJob,
      store: datastore,
      ...(namespace === "" ? {} : { ns: namespace }),
      "max-depth": 0,
      schedule: pruneSchedule,
      ...Object.fromEntries(Object.entries(retention).map(([keep, count]) => [`keep-${keep}`, count])),
      disable: false,
      comment,
    };
  }
  for (const { id, tierName, tier, guests, pool, target } of backupJobs(site)) {
    made[`pool__${tierName}`] = { pool_id: pool, comment };
    made[`backup_job__${tierName}`] = {
      id,
      enabled: 1,
      schedule: tier.schedule,
      storage: target.storage,
      vmid: guests.join(","),
      mode: tier.mode,
      "repeat-missed": Number(tier.repeatMissed),
      remove: 0,
      "notification-mode": "notification-system",
      "notes-template": "{{guestname}}",
      comment,
    };
  }
  for (const guest of Object.values(site.guests)) {
    if (guest.create === undefined) continue;
    made[`guest__${guest.id}`] = {
      vm_id: guest.id,
      disk: [{ interface: "scsi0", backup: true }],
      agent: { enabled: true },
      ...(guest.tier === undefined ? {} : { pool_id: `\${proxmox_virtual_environment_pool.pool__${guest.tier}.pool_id}` }),
    };
  }
  for (const [server, { datastores }] of Object.entries(site.backupServers)) {
    for (const [name, { path, garbageCollection, verifyNew, notificationMode }] of Object.entries(datastores)) {
      const schedules = { "gc-schedule": garbageCollection, "verify-new": verifyNew, "notification-mode": notificationMode };
      made[`datastore__${server}__${name}`] = { name, path, comment, ...schedules };
    }
  }
  for (const { id, backupServer, datastore, sync } of syncJobs(site)) {
    made[`sync_job__${backupServer}__${id}`] = {
      id,
      store: datastore,
      remote: sync.remote,
      "remote-store": sync.remoteDatastore,
      schedule: sync.schedule,
      "remove-vanished": sync.removeVanished,
      "sync-direction": sync.direction,
      comment,
    };
  }
  const { notifications } = site;
  const names = notificationNames(site);
  for (const server of notifications === undefined ? [] : [undefined, ...Object.keys(site.backupServers)]) {
    const disable = server === undefined ? 0 : false;
    const place = server === undefined ? "" : `${server}__`;
    made[`notification_matcher__${place}${names.matcher}`] = {
      name: names.matcher,
      target: [names.endpoint],
      "match-severity": ["warning,error"],
      mode: "all",
      comment,
      disable,
    };
    made[`smtp_endpoint__${place}${names.endpoint}`] = { name: names.endpoint, mailto: notifications?.mailto, disable };
  }
  return made;
}

/** Collection of each kind of object on Proxmox VE and on Proxmox Backup Server. */
const COLLECTIONS: Readonly<Record<string, readonly [hypervisor: string, backupServer: string]>> = {
  storage: ["/storage", ""],
  backup_job: ["/cluster/backup", ""],
  prune_job: ["", "/config/prune"],
  datastore: ["", "/config/datastore"],
  sync_job: ["", "/config/sync"],
  notification_matcher: ["/cluster/notifications/matchers", "/config/notifications/matchers"],
  gotify_endpoint: ["/cluster/notifications/endpoints/gotify", ""],
  smtp_endpoint: ["/cluster/notifications/endpoints/smtp", "/config/notifications/endpoints/smtp"],
};

const OTHER_TYPES: Readonly<Record<string, string>> = {
  pool: "proxmox_virtual_environment_pool",
  guest: "proxmox_virtual_environment_vm",
  container: "proxmox_virtual_environment_container",
};

/** The resources as stacks. The name of one on a backup server has the server's name in second place. */
export function stacksOf(site: Site, made: Readonly<Record<string, Loose>> = declared(site)): SynthesizedStack[] {
  return (["backup-server", "hypervisor"] as const).map((layer) => {
    const resource: Record<string, Record<string, unknown>> = {};
    for (const [name, content] of Object.entries(made)) {
      const [kind = "", second = ""] = name.split("__");
      const other = OTHER_TYPES[kind];
      const server = Object.hasOwn(site.backupServers, second) ? second : undefined;
      if ((server === undefined ? "hypervisor" : "backup-server") !== layer) continue;
      const type = other ?? "restful_resource";
      const path = COLLECTIONS[kind]?.[server === undefined ? 0 : 1];
      const provider = `restful.device__${server ?? "hypervisor"}`;
      resource[type] = {
        ...resource[type],
        [name]: other === undefined ? { path, read_path: path, provider, body: content } : content,
      };
    }
    return { id: `${site.name}-live-${layer}`, layer, configuration: { resource } };
  });
}

/** What a rule finds in what is synthesized for a site, after a change: `object: what` of everything that is not compliant. */
export const faultsAfter = (rule: Rule, site: Site, change: (made: Record<string, Loose>) => void = () => undefined): string[] =>
  verdictsAfter(rule, site, change).flatMap((verdict) =>
    verdict.state === "compliant" ? [] : [`${verdict.object}: ${verdict.state === "unknown" ? "unknown: " : ""}${verdict.what}`],
  );

/** Whether a rule has anything to say of what is synthesized for a site. */
export const appliesTo = (rule: Rule, site: Site, change: (made: Record<string, Loose>) => void = () => undefined): boolean =>
  verdictsAfter(rule, site, change).length > 0;

function verdictsAfter(rule: Rule, site: Site, change: (made: Record<string, Loose>) => void) {
  const made = declared(site);
  change(made);
  return rule.synthesized?.({ site, environment: "live", today: "2026-11-21", stacks: stacksOf(site, made) }) ?? [];
}
