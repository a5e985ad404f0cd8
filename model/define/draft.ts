/**
 * A site as far as it could be read: what had a fault is absent. The cross-field checks work on it, so that one bad
 * field hides no other fault. Every `Site` is also a complete draft.
 */
import type {
  Acknowledgement,
  BackupServer,
  Datastore,
  DeclaredCopy,
  DeviceAccess,
  Environment,
  Firewall,
  Guest,
  Host,
  Hypervisor,
  Network,
  Notifications,
  Operator,
  Remote,
  Site,
  Sync,
  Tier,
  TrafficControl,
} from "../site";

type Draft<Noun> = { readonly [Name in keyof Noun]?: Noun[Name] | undefined };
type Named<Noun> = Readonly<Record<string, Noun>>;

export type NetworkDraft = Draft<Network>;
export type TierDraft = Draft<Tier>;
export type GuestDraft = Draft<Guest>;

export interface DatastoreDraft extends Omit<Draft<Datastore>, "syncs" | "copies"> {
  readonly syncs: Named<Draft<Sync>>;
  readonly copies: Named<Draft<DeclaredCopy>>;
}

export interface BackupServerDraft extends Omit<Draft<BackupServer>, "datastores" | "trafficControl" | "remotes"> {
  readonly datastores: Named<DatastoreDraft>;
  readonly trafficControl: Named<Draft<TrafficControl>>;
  readonly remotes: Named<Draft<Remote>>;
}

export interface AccessDraft {
  readonly hypervisorToken: Draft<Site["access"]["hypervisorToken"]>;
  readonly operators: Named<Draft<Operator>>;
}

export interface EnvironmentDraft extends Omit<Draft<Environment>, "devices"> {
  readonly devices?: {
    readonly hypervisor: Draft<DeviceAccess>;
    readonly backupServers: Named<Draft<DeviceAccess>>;
    readonly firewall?: Draft<DeviceAccess>;
  };
}

export interface SiteDraft {
  readonly name?: string | undefined;
  readonly client?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly dns?: Site["dns"] | undefined;
  readonly networks: Named<NetworkDraft>;
  readonly hypervisors: Named<Draft<Hypervisor>>;
  readonly backupServers: Named<BackupServerDraft>;
  readonly firewall?: Draft<Firewall>;
  readonly hosts: Named<Draft<Host>>;
  readonly tiers: Named<TierDraft>;
  readonly guests: Named<GuestDraft>;
  readonly access: AccessDraft;
  readonly notifications?: Draft<Notifications>;
  readonly restoreTests?: Site["restoreTests"] | undefined;
  readonly acknowledgements: readonly Draft<Acknowledgement>[];
  readonly environments: Named<EnvironmentDraft>;
}
