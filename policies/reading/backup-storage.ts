import { createdAt, type DeviceObject } from "./device-object";

/** The storages of a hypervisor that stand for a datastore of a backup server. */
export const backupStorages = (objects: readonly DeviceObject[]): readonly DeviceObject[] =>
  createdAt(objects, "/storage").filter(({ body }) => body.type === "pbs");
