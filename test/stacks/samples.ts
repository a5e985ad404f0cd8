import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Endpoint, fingerprint, type ResolvedEnvironment, type Site } from "../../model";
import { type Layer, type SynthesizedStack, synthesize } from "../../stacks";

/** A synthesized stack as the engine reads it. */
export interface StackFile {
  readonly terraform: Readonly<Record<string, unknown>>;
  readonly provider: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  readonly variable: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly resource: Readonly<Record<string, Readonly<Record<string, ResourceBlock>>>>;
}

export interface ResourceBlock extends Readonly<Record<string, unknown>> {
  readonly body?: Readonly<Record<string, unknown>>;
}

const SAMPLE_FINGERPRINT = fingerprint(Array.from({ length: 32 }, (_, index) => index.toString(16).padStart(2, "0")).join(":"));

const endpoint = (port: number): Endpoint => ({
  url: `https://127.0.0.1:${port}`,
  caPem: "-----BEGIN CERTIFICATE-----\nsample\n-----END CERTIFICATE-----\n",
  fingerprint: SAMPLE_FINGERPRINT,
});

/** An environment of the site whose devices all stand on this machine. */
export function sampleEnvironment(site: Site, changes: Partial<ResolvedEnvironment> = {}): ResolvedEnvironment {
  return {
    name: "lab",
    kind: "lab",
    state: { kind: "local" },
    protectData: false,
    encryptState: false,
    hypervisor: endpoint(40000),
    backupServers: Object.fromEntries(Object.keys(site.backupServers).map((name, index) => [name, endpoint(40001 + index)])),
    ...(site.firewall ? { firewall: endpoint(40010) } : {}),
    ...changes,
  };
}

export interface Synthesis {
  readonly stacks: readonly SynthesizedStack[];
  readonly files: ReadonlyMap<Layer, StackFile>;
  readonly texts: ReadonlyMap<Layer, string>;
}

const known = new WeakMap<Site, Synthesis>();

/** The stacks of a site in its sample environment, synthesized once for a test file. */
export function synthesizeSample(site: Site): Synthesis {
  const synthesis = known.get(site) ?? synthesizeAnew(site);
  known.set(site, synthesis);
  return synthesis;
}

/** Synthesizes into a directory that is gone afterwards. */
export function synthesizeAnew(site: Site, environment = sampleEnvironment(site)): Synthesis {
  const outdir = mkdtempSync(join(tmpdir(), "bastide-stacks-"));
  try {
    const stacks = synthesize({ site, environment, outdir });
    const texts = new Map(
      stacks.map(({ layer, directory }) => [layer, readFileSync(join(directory, "cdk.tf.json"), "utf8")] as const),
    );
    const files = new Map([...texts].map(([layer, text]) => [layer, JSON.parse(text) as StackFile] as const));
    return { stacks, files, texts };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** All resources of a layer by address. */
export function resourcesOf(synthesis: Synthesis, layer: Layer): ReadonlyMap<string, ResourceBlock> {
  const found = new Map<string, ResourceBlock>();
  for (const [type, named] of Object.entries(synthesis.files.get(layer)?.resource ?? {})) {
    for (const [name, block] of Object.entries(named)) found.set(`${type}.${name}`, block);
  }
  return found;
}
