import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import pinned from "./versions.json";

/** A program that is built from a pinned Go module when it cannot be had ready-made. */
export interface GoProgram {
  readonly version: string;
  /** Folder of `providers/build` whose go.mod and go.sum pin it. */
  readonly folder: string;
  readonly package: string;
  readonly linkerFlags: string;
}

/** A provider as the synthesized configuration names it, and how to build it. */
export interface PinnedProvider extends GoProgram {
  /** Short name, as in `.gen/providers/<name>` and `providers/schemas/<name>.json`. */
  readonly name: string;
  /** `namespace/type`. */
  readonly source: string;
}

/** Host of the provider addresses; also the first folder of the mirror, whatever the engine is. */
export const registryHost: string = pinned.registry;

/** An older engine stops at the first object that was deleted outside: it stores no resource identity. */
export const minimumEngine: string = pinned.engine.minimum;

/** The newest that a pinned module asks for. */
export const minimumGo: string = pinned.go;

export const pinnedEngine: GoProgram = { ...pinned.engine.opentofu, folder: "opentofu" };

export const pinnedProviders: readonly PinnedProvider[] = Object.entries(pinned.providers).map(([name, provider]) => ({
  name,
  folder: name,
  ...provider,
}));

/** Sources and bundle stand one level below the root of the repository alike, so both find `providers/build`. */
export const buildFolder: string = join(dirname(fileURLToPath(import.meta.url)), "..", "providers", "build");
