import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Pinned {
  readonly registry: string;
  readonly go: string;
  readonly engine: { readonly opentofu: { readonly version: string; readonly module: string } };
  readonly providers: Readonly<Record<string, Program & { readonly source: string; readonly resources: readonly string[] }>>;
}

interface Program {
  readonly version: string;
  readonly module: string;
}

interface Schema {
  readonly provider_versions: Readonly<Record<string, string>>;
  readonly provider_schemas: Readonly<Record<string, { readonly resource_schemas: Readonly<Record<string, unknown>> }>>;
}

/** Every place where a pinned version is written, compared with versions.json; empty when all say the same. */
export function disagreements(providers: string): string[] {
  const read = (path: string) => readFileSync(join(providers, path), "utf8");
  const pinned = JSON.parse(read("versions.json")) as Pinned;
  const found: string[] = [];
  const expectEqual = (place: string, got: unknown, expected: unknown) => {
    if (JSON.stringify(got) !== JSON.stringify(expected))
      found.push(`${place}: ${JSON.stringify(got)} instead of ${JSON.stringify(expected)}`);
  };

  const programs: Record<string, Program> = { opentofu: pinned.engine.opentofu, ...pinned.providers };
  expectEqual("build", readdirSync(join(providers, "build")).sort(), Object.keys(programs).sort());
  for (const [folder, { module, version }] of Object.entries(programs)) {
    const required = new RegExp(`^(?:require )?\\s*${module.replaceAll(".", "\\.")} v(\\S+)`, "m").exec(
      read(`build/${folder}/go.mod`),
    )?.[1];
    expectEqual(`build/${folder}/go.mod`, required, version);
    expectEqual(`build/${folder}/go.sum`, read(`build/${folder}/go.sum`).includes(`${module} v${version} h1:`), true);
  }

  expectEqual(
    "schemas",
    readdirSync(join(providers, "schemas")).sort(),
    Object.keys(pinned.providers)
      .map((name) => `${name}.json`)
      .sort(),
  );
  for (const [name, { source, version, resources }] of Object.entries(pinned.providers)) {
    const schema = JSON.parse(read(`schemas/${name}.json`)) as Schema;
    const address = `${pinned.registry}/${source}`;
    expectEqual(`schemas/${name}.json version`, schema.provider_versions, { [address]: version });
    expectEqual(
      `schemas/${name}.json resources`,
      Object.keys(schema.provider_schemas[address]?.resource_schemas ?? {}),
      resources,
    );
  }
  return found;
}

/** The Go versions that the pinned modules ask for. */
export function requestedGoVersions(providers: string): string[] {
  return readdirSync(join(providers, "build")).map(
    (folder) => /^go (\S+)$/m.exec(readFileSync(join(providers, "build", folder, "go.mod"), "utf8"))?.[1] ?? "",
  );
}
