import type { PlannedStack } from "../../policies/engine/planned-stack";

type Values = Readonly<Record<string, unknown>>;

/** An object with what its device is told, as a plan holds it on either side of a change. */
export interface PlannedObject {
  readonly type: string;
  readonly name: string;
  readonly values: Values;
}

const rest = (name: string, path: string, body: Values, more: Values = {}): PlannedObject => ({
  type: "restful_resource",
  name,
  values: { path, update_path: path, delete_path: path, read_path: path, body, ...more },
});

/** Objects of the base site with the names and the bodies that its stacks give them. */
export const OBJECTS = {
  datastore: (path = "/mnt/data") =>
    rest("datastore__pbs__data", "/config/datastore", { name: "data", path }, { force_new_attrs: ["name", "path"] }),
  namespace: (name = "critical", parent?: string) =>
    rest(`namespace__pbs__data__${parent === undefined ? "" : `${parent}_2f`}${name}`, "/admin/datastore/data/namespace", {
      name,
      ...(parent === undefined ? {} : { parent }),
    }),
  storage: (namespace = "critical", server = "10.2.0.20") =>
    rest(
      `storage__pbs-${namespace}`,
      "/storage",
      { storage: `pbs-${namespace}`, server, datastore: "data", ...(namespace === "" ? {} : { namespace }) },
      { read_selector: '{"content":[@this].#(encryption-key==~null).!"no encryption-key"}' },
    ),
  backupJob: (body: Values = {}) =>
    rest("backup_job__critical", "/cluster/backup", { id: "alpha-critical", storage: "pbs-critical", vmid: "101,103", ...body }),
  pruneJob: (keeps: Values, ns = "critical") =>
    rest("prune_job__pbs__data__critical", "/config/prune", { id: "p", store: "data", ns, ...keeps }),
  syncJob: (body: Values = {}) =>
    rest("sync_job__vault__copy", "/config/sync", {
      id: "copy",
      store: "copies",
      remote: "main",
      "remote-store": "data",
      "sync-direction": "pull",
      "remove-vanished": false,
      ...body,
    }),
  remote: (host = "10.2.0.20") => rest("remote__vault__main", "/config/remote", { name: "main", host }),
  token: () => rest("token__pbs__pve_40pbs_21alpha", "/access/users/pve@pbs/token/alpha", { enable: true }),
  user: () => rest("user__pbs__pve_40pbs", "/access/users", { userid: "pve@pbs" }),
  guest: (values: Values = {}): PlannedObject => ({
    type: "proxmox_virtual_environment_vm",
    name: "guest__101",
    values: {
      vm_id: 101,
      pool_id: "alpha-critical",
      purge_on_destroy: false,
      delete_unreferenced_disks_on_destroy: false,
      ...values,
    },
  }),
  matcher: (index = 0) => rest(`notification_matcher__pbs__m${index}`, "/config/notifications/matchers", { name: `m${index}` }),
};

/** An entry of `resource_changes`. */
export interface Entry extends Values {
  readonly address: string;
}

function entry(
  actions: readonly string[],
  { type, name }: PlannedObject,
  before?: Values,
  after?: Values,
  more: Values = {},
): Entry {
  return {
    address: `${type}.${name}`,
    mode: "managed",
    type,
    name,
    provider_name: "registry.terraform.io/magodo/restful",
    change: {
      actions,
      before: before ?? null,
      after: after ?? null,
      after_unknown: {},
      before_sensitive: {},
      after_sensitive: {},
      ...more,
    },
  };
}

export const kept = (object: PlannedObject): Entry => entry(["no-op"], object, object.values, object.values);
export const deleted = (object: PlannedObject): Entry => entry(["delete"], object, object.values);
export const created = (object: PlannedObject, unknown: Values = {}): Entry =>
  entry(["create"], object, undefined, object.values, { after_unknown: unknown });
export const updated = (before: PlannedObject, after: PlannedObject, unknown: Values = {}): Entry =>
  entry(["update"], after, before.values, after.values, { after_unknown: unknown });
/** The engine only names the attribute in which the reason lies. */
export const replaced = (before: PlannedObject, after: PlannedObject): Entry =>
  entry(["delete", "create"], after, before.values, after.values, { replace_paths: [["body"]] });

/** `show -json` of a plan. */
export const planOf = (entries: readonly Values[], more: Values = {}): Values => ({
  format_version: "1.2",
  terraform_version: "1.12.6",
  errored: false,
  resource_changes: entries,
  ...more,
});

/** A plan of the backup servers, and one of the hypervisors. */
export const planned = (backupServer: readonly Entry[], hypervisor: readonly Entry[] = []): PlannedStack[] => [
  { layer: "backup-server", plan: planOf(backupServer) },
  { layer: "hypervisor", plan: planOf(hypervisor) },
];
