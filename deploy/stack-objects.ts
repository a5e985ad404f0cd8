import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describeAddress } from "../stacks/describe-address";

/** An object that a synthesized stack declares. */
export interface StackObject {
  /** `restful_resource.prune_A1B2`. */
  readonly address: string;
  readonly type: string;
  /** Kind and names of the model: `prune job proxmox-data/critical`. */
  readonly construct: string;
  /** It may not be destroyed: it holds data or keys. */
  readonly protected: boolean;
  /** Base address of the device that holds it, where the configuration says it. */
  readonly device: string | undefined;
  /** The declared attributes. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** The objects of a stack by address; empty where the directory holds no stack. */
export type StackObjects = ReadonlyMap<string, StackObject>;

type Block = Readonly<Record<string, unknown>>;

/** Reads what was synthesized into the directory. */
export async function readStackObjects(directory: string): Promise<StackObjects> {
  const document = blockOf(JSON.parse(await readFile(join(directory, STACK_FILE), "utf8")));
  const devices = devicesOf(blockOf(document.provider));
  const objects = new Map<string, StackObject>();
  for (const [type, named] of Object.entries(blockOf(document.resource))) {
    for (const [name, value] of Object.entries(blockOf(named))) {
      const attributes = blockOf(value);
      const address = `${type}.${name}`;
      objects.set(address, {
        address,
        type,
        construct: describeAddress(address),
        protected: blockOf(attributes.lifecycle).prevent_destroy === true,
        device: devices.get(typeof attributes.provider === "string" ? attributes.provider : (type.split("_")[0] ?? "")),
        attributes,
      });
    }
  }
  return objects;
}

/** Name of the configuration file in the directory of a stack. */
export const STACK_FILE = "cdk.tf.json";

function devicesOf(providers: Block): Map<string, string> {
  const devices = new Map<string, string>();
  for (const [name, blocks] of Object.entries(providers)) {
    for (const block of Array.isArray(blocks) ? blocks.map(blockOf) : [blockOf(blocks)]) {
      const address = block.base_url ?? block.endpoint;
      const key = typeof block.alias === "string" ? `${name}.${block.alias}` : name;
      if (typeof address === "string") devices.set(key, address);
    }
  }
  return devices;
}

function blockOf(value: unknown): Block {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Block) : {};
}
