import { Datastore } from "../constructs/backup-server/datastore";
import { Namespace } from "../constructs/backup-server/namespace";
import { NodeDns } from "../constructs/backup-server/node-dns";
import { NodeTime } from "../constructs/backup-server/node-time";
import { PruneJob } from "../constructs/backup-server/prune-job";
import { Remote } from "../constructs/backup-server/remote";
import { SyncJob } from "../constructs/backup-server/sync-job";
import { TrafficControl } from "../constructs/backup-server/traffic-control";
import { VerifyJob } from "../constructs/backup-server/verify-job";
import type { Construct, ITerraformDependable } from "../constructs/core";
import { AccessEntry } from "../constructs/proxmox/access-entry";
import { type ProxmoxDevice, proxmoxDevice } from "../constructs/proxmox/proxmox-device";
import { Token } from "../constructs/proxmox/token";
import { User } from "../constructs/proxmox/user";
import {
  accessEntries,
  type BackupServer,
  backupTargets,
  type Datastore as DatastoreModel,
  hypervisorAuthIds,
  namespaces,
  syncJobs,
  verifyJobs,
} from "../model";
import { baseUrl, located, SiteStack, type SiteStackProps, variableName } from "./site-stack";

/**
 * All backup servers of a site: where the backups lie, how long they stay, who may write them. Comes first: a hypervisor logs in
 * to the backup server when its storage is created.
 */
export class BackupServerStack extends SiteStack {
  constructor(scope: Construct, props: SiteStackProps) {
    super(scope, "backup-server", props);
    for (const [name, server] of Object.entries(props.site.backupServers)) this.#addServer(name, server);
  }

  #addServer(server: string, model: BackupServer): void {
    const { site } = this.props;
    const { comment } = this;
    const device = this.#device(server);
    new NodeTime(this, { device, timeZone: site.timeZone });
    if (site.dns.servers.length > 0) new NodeDns(this, { device, dns: site.dns });
    this.addNotifications(device);
    for (const [name, control] of Object.entries(model.trafficControl))
      new TrafficControl(this, { device, name, control, comment });

    const places = new Map<string, ITerraformDependable>();
    for (const [name, remote] of Object.entries(model.remotes)) {
      const password = this.secret(variableName("remote", server, name, "password"), { kind: "secret", secret: remote.secret });
      places.set(`remote ${name}`, new Remote(this, { device, name, remote, comment, password }));
    }
    for (const [name, datastore] of Object.entries(model.datastores)) {
      places.set(`/datastore/${name}`, this.#addDatastore(device, server, name, datastore));
    }
    this.#addAccess(device, server, places);
    for (const job of syncJobs(site).filter(({ backupServer }) => backupServer === server)) {
      const dependsOn = existing([places.get(`/datastore/${job.datastore}`), places.get(`remote ${job.sync.remote}`)]);
      new SyncJob(this, { device, job, comment, dependsOn });
    }
  }

  #device(server: string): ProxmoxDevice {
    const reference = { kind: "backup-server", name: server } as const;
    return proxmoxDevice(this, {
      product: "backup-server",
      name: server,
      idPrefix: [server],
      url: baseUrl(located(this.props.environment.backupServers[server], server)),
      token: this.secret(variableName("pbs_token", server), { kind: "credential", device: reference }),
      caFile: this.authority(variableName("pbs_ca_file", server), reference),
    });
  }

  #addDatastore(device: ProxmoxDevice, server: string, name: string, model: DatastoreModel): Datastore {
    const { site, environment } = this.props;
    const { comment } = this;
    const protect = environment.protectData;
    // The lab is rebuilt at any time; on a real device the product deletes no backup, whatever the configuration says.
    const deleteBackups = environment.kind === "lab" && !protect;
    const datastore = new Datastore(this, { device, name, datastore: model, comment, protect, deleteBackups });
    const places = new Map<string, ITerraformDependable>([["", datastore]]);
    for (const namespace of namespaces(site, server, name)) {
      const parent = places.get(namespace.slice(0, Math.max(0, namespace.lastIndexOf("/")))) ?? datastore;
      places.set(namespace, new Namespace(this, { device, datastore: name, namespace, parent, protect, deleteBackups }));
    }
    const here = (object: { backupServer: string; datastore: string }) =>
      object.backupServer === server && object.datastore === name;
    for (const target of backupTargets(site).filter(here)) {
      new PruneJob(this, { device, target, comment, place: places.get(target.namespace) ?? datastore });
    }
    for (const job of verifyJobs(site).filter(here)) new VerifyJob(this, { device, job, comment, datastore });
    return datastore;
  }

  /** @param places what a right can stand on, by its path */
  #addAccess(device: ProxmoxDevice, server: string, places: ReadonlyMap<string, ITerraformDependable>): void {
    const { site } = this.props;
    const { comment } = this;
    const { user: userId } = hypervisorAuthIds(site);
    const { name, expires } = site.access.hypervisorToken;
    const user = new User(this, { device, userId, comment });
    const token = new Token(this, {
      device,
      userId,
      name,
      comment,
      user,
      ...(expires === undefined ? {} : { expires }),
    });
    for (const { backupServer, path, authId, role } of accessEntries(site)) {
      if (backupServer !== server) continue;
      const dependsOn = existing([authId === userId ? user : token, places.get(path)]);
      new AccessEntry(this, { device, path, authId, role, propagate: true, dependsOn });
    }
  }
}

function existing<Item>(items: readonly (Item | undefined)[]): Item[] {
  return items.filter((item) => item !== undefined);
}
