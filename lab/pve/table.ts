import type { Properties, Property } from "./property";

type Limits = Partial<Omit<Property, "type" | "optional">>;

export const text = (limits: Limits = {}): Property => ({ type: "string", ...limits });
export const integer = (limits: Limits = {}): Property => ({ type: "integer", ...limits });
export const number = (limits: Limits = {}): Property => ({ type: "number", ...limits });
export const flag = (limits: Limits = {}): Property => ({ type: "boolean", ...limits });
export const list = (items: Property, limits: Limits = {}): Property => ({ type: "array", items, ...limits });

/** A parameter table in short: a key that ends in `?` is optional. */
export function table(short: Readonly<Record<string, Property>>): Properties {
  return Object.fromEntries(
    Object.entries(short).map(([key, property]) =>
      key.endsWith("?") ? [key.slice(0, -1), { ...property, optional: true }] : [key, property],
    ),
  );
}

/** The same table with every key optional. */
export function optionalAll(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).map(([key, property]) => [key, { ...property, optional: true }]));
}

export const NODE = text({ format: "pve-node" });
export const VMID = integer({ format: "pve-vmid", minimum: 100, maximum: 999999999 });
export const STORAGE_ID = text({ format: "pve-storage-id" });
export const DIGEST = text({ maxLength: 64 });
export const DELETE = text({ format: "pve-configid-list" });
export const FINGERPRINT = text({ pattern: "([A-Fa-f0-9]{2}:){31}[A-Fa-f0-9]{2}" });
