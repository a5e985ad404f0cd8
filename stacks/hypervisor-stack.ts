import type { ProxmoxProvider } from "../.gen/providers/proxmox/provider";
import type { Construct } from "../constructs/core";
import { BackupJob } from "../constructs/hypervisor/backup-job";
import { clusterProvider } from "../constructs/hypervisor/cluster-provider";
import { Guest } from "../constructs/hypervisor/guest";
import { IpSet } from "../constructs/hypervisor/ip-set";
import { NodeDns } from "../constructs/hypervisor/node-dns";
import { NodeHosts } from "../constructs/hypervisor/node-hosts";
import { NodeTime } from "../constructs/hypervisor/node-time";
import { PbsStorage } from "../constructs/hypervisor/pbs-storage";
import { SecurityGroup } from "../constructs/hypervisor/security-group";
import { TierPool } from "../constructs/hypervisor/tier-pool";
import { AccessEntry } from "../constructs/proxmox/access-entry";
import { type ProxmoxDevice, proxmoxDevice } from "../constructs/proxmox/proxmox-device";
import { Token } from "../constructs/proxmox/token";
import { User } from "../constructs/proxmox/user";
import {
  type BackupTarget,
  backupJobs,
  backupTargets,
  CLUSTER_FIREWALL,
  ENCRYPTION_KEY,
  firewallFlow,
  hostEntries,
  hypervisorAuthIds,
  hypervisorTokenSecret,
} from "../model";
import { baseUrl, located, SiteStack, type SiteStackProps, variableName } from "./site-stack";

/** The Proxmox VE cluster of a site: where it backs up to, what and when, and who may look at it. */
export class HypervisorStack extends SiteStack {
  constructor(scope: Construct, props: SiteStackProps) {
    super(scope, "hypervisor", props);
    const reference = { kind: "hypervisor" } as const;
    const url = baseUrl(props.environment.hypervisor);
    const token = this.secret("pve_token", { kind: "credential", device: reference });
    const caFile = this.authority("pve_ca_file", reference);
    const device = proxmoxDevice(this, { product: "hypervisor", name: "hypervisor", idPrefix: [], url, token, caFile });
    const cluster = clusterProvider(this, url, token);
    this.#addNodes(cluster);
    this.addNotifications(device);
    this.#addJobs(device);
    this.#addGuests(cluster);
    this.#addFirewall(cluster);
    this.#addOperators(device);
  }

  #addNodes(provider: ProxmoxProvider): void {
    const { site } = this.props;
    const entries = hostEntries(site);
    for (const node of Object.keys(site.hypervisors)) {
      new NodeTime(this, { provider, node, timeZone: site.timeZone });
      if (site.dns.servers.length > 0) new NodeDns(this, { provider, node, dns: site.dns });
      new NodeHosts(this, { provider, node, entries });
    }
  }

  #addJobs(device: ProxmoxDevice): void {
    const { site } = this.props;
    const { comment } = this;
    const storages = new Map(backupTargets(site).map((target) => [target.storage, this.#addStorage(device, target)] as const));
    for (const job of backupJobs(site)) {
      const storage = located(storages.get(job.target.storage), job.target.storage);
      new BackupJob(this, { device, job, comment, storage });
    }
  }

  #addStorage(device: ProxmoxDevice, target: BackupTarget): PbsStorage {
    const { site, environment } = this.props;
    const { address, port } = located(site.backupServers[target.backupServer], target.backupServer);
    const { fingerprint } = located(environment.backupServers[target.backupServer], target.backupServer);
    const secret = { kind: "secret", secret: hypervisorTokenSecret(site, target.backupServer) } as const;
    const key = () => this.secret("encryption_key", { kind: "secret", secret: ENCRYPTION_KEY });
    return new PbsStorage(this, {
      device,
      target,
      server: { address, port, fingerprint },
      token: hypervisorAuthIds(site).token,
      secret: this.secret(variableName("storage_secret", target.backupServer), secret),
      ...(target.encrypted ? { encryptionKey: key() } : {}),
      protect: environment.protectData,
    });
  }

  #addGuests(provider: ProxmoxProvider): void {
    const { site, environment } = this.props;
    const pools = new Map(
      backupJobs(site).map(
        ({ tierName: tier, pool }) => [tier, new TierPool(this, { provider, tier, pool, comment: this.comment })] as const,
      ),
    );
    for (const [name, guest] of Object.entries(site.guests)) {
      if (guest.create === undefined) continue;
      const pool = guest.tier === undefined ? undefined : pools.get(guest.tier);
      const protect = environment.protectData;
      new Guest(this, { provider, name, guest, create: guest.create, protect, ...(pool ? { pool } : {}) });
    }
  }

  #addFirewall(provider: ProxmoxProvider): void {
    const { site } = this.props;
    const { comment } = this;
    const { destinations, port } = firewallFlow(site);
    if (destinations.length === 0) return;
    const { backupServers, backupFlow } = CLUSTER_FIREWALL;
    const ipSet = new IpSet(this, { provider, name: backupServers, members: destinations, comment });
    new SecurityGroup(this, { provider, name: backupFlow, comment, destination: backupServers, port, ipSet });
  }

  #addOperators(device: ProxmoxDevice): void {
    for (const [userId, { comment, role, path, token: name }] of Object.entries(this.props.site.access.operators)) {
      const user = new User(this, { device, userId, comment });
      new AccessEntry(this, { device, path, authId: userId, role, propagate: true, dependsOn: [user] });
      if (name === undefined) continue;
      const token = new Token(this, { device, userId, name, comment, user });
      new AccessEntry(this, { device, path, authId: `${userId}!${name}`, role, propagate: true, dependsOn: [user, token] });
    }
  }
}
