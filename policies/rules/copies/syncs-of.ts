import { member, type Remote, type Site, type Sync, syncJobName } from "../../../model";
import type { DeviceObject } from "../../reading/device-object";
import { textOf } from "../../reading/device-value";
import { datastorePath } from "./copies-of";

/** A sync job of the site, with what it belongs to. */
export interface PlacedSync {
  /** Path in the site file. */
  readonly where: string;
  readonly server: string;
  readonly datastore: string;
  readonly name: string;
  readonly sync: Sync;
  readonly remote: Remote;
}

export function syncsOf(site: Site): PlacedSync[] {
  return Object.entries(site.backupServers).flatMap(([server, { datastores, remotes }]) =>
    Object.entries(datastores).flatMap(([datastore, { syncs }]) =>
      Object.entries(syncs).flatMap(([name, sync]): PlacedSync[] => {
        const where = member(`${datastorePath(server, datastore)}.syncs`, name);
        const remote = remotes[sync.remote];
        return remote === undefined ? [] : [{ where, server, datastore, name, sync, remote }];
      }),
    ),
  );
}

/** The sync of the site file that a sync job was synthesized for. */
export function placeOf(site: Site, { device, body }: DeviceObject): PlacedSync | undefined {
  const id = textOf(body.id);
  return syncsOf(site).find(({ server, datastore, name }) => server === device && syncJobName(datastore, name) === id);
}
