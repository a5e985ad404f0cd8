import type { Engine } from "./engine";

/** An object that a plan wants to create. */
export interface PlannedObject {
  readonly address: string;
  readonly type: string;
  readonly planned: Readonly<Record<string, unknown>>;
}

/** What the provider finds the object by; undefined for kinds that need no import, because creating them twice is the same. */
export function importId(type: string, planned: Readonly<Record<string, unknown>>): string | undefined {
  if (type === "restful_resource") return restImportId(planned);
  const text = (name: string) =>
    typeof planned[name] === "string" || typeof planned[name] === "number" ? String(planned[name]) : "";
  switch (type) {
    case "proxmox_virtual_environment_pool":
      return text("pool_id");
    case "proxmox_virtual_environment_role":
      return text("role_id");
    case "proxmox_virtual_environment_vm":
      return `${text("node_name")}/${text("vm_id")}`;
    case "proxmox_virtual_environment_cluster_firewall_security_group":
      return text("name");
    case "proxmox_virtual_environment_firewall_ipset":
      return `cluster/${text("name")}`;
    default:
      return undefined;
  }
}

function restImportId(planned: Readonly<Record<string, unknown>>): string {
  const { path, read_path: readPath, header, read_selector: readSelector, read_response_template: template } = planned;
  // The query of every call stands for that of the reads, which alone an import makes: without it some lists hold less.
  const query = planned.read_query ?? planned.query;
  const body = Object.fromEntries(Object.keys((planned.body ?? {}) as object).map((name) => [name, null]));
  const given = { query, header, read_selector: readSelector, read_response_template: template };
  const declared = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null && value !== undefined));
  return JSON.stringify({ id: readPath ?? path, path, body, ...declared });
}

interface StateDocument {
  serial: number;
  resources: { type: string; name: string; mode: string; instances: { attributes: Record<string, unknown> }[] }[];
}

/** Attributes whose value the state writes together with its type; the provider reads all but the last from the device. */
const TYPED = new Set(["body", "output", "sensitive_output", "ephemeral_body", "delete_body"]);

/**
 * Gives freshly imported REST objects the rest of their attributes, which are the provider's own (paths, mutexes). An import
 * leaves them empty, so that the next plan would update the object, and some objects can only be created and removed.
 */
export async function completeImports(engine: Engine, imported: readonly PlannedObject[]): Promise<void> {
  const objects = imported.filter(({ type }) => type === "restful_resource");
  if (objects.length === 0) return;
  const state = JSON.parse(await engine.pullState()) as StateDocument;
  for (const { type, name, mode, instances } of state.resources) {
    const object = objects.find(({ address }) => mode === "managed" && address === `${type}.${name}`);
    for (const { attributes } of object === undefined ? [] : instances) {
      const missing = Object.entries(object?.planned ?? {}).filter(([key]) => !TYPED.has(key) && key !== "id");
      Object.assign(attributes, Object.fromEntries(missing));
    }
  }
  state.serial++;
  await engine.pushStateText(JSON.stringify(state));
}
