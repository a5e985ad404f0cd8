/** A part of a site that a change writes. */
// biome-ignore lint/suspicious/noExplicitAny: a change writes what the types would have it check first
export type Part = any;

export const set = (object: object, values: object) => Object.assign(object, values);

/** The datastore of EcoSolar, and those of the atelier. */
export const store = (site: Part) => site.backupServers.pbs.datastores["proxmox-data"];
export const quick = (site: Part) => site.backupServers.coffre.datastores.quick;
export const archive = (site: Part) => site.backupServers.coffre.datastores.archive;

/** All guests of EcoSolar. */
export const ALL = "101,102,103,104,105,106";
