import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { minimumGo, pinnedProviders } from "../../providers/versions";
import { disagreements, requestedGoVersions } from "./version-agreement";

const providers = join(__dirname, "..", "..", "providers");

describe("the pinned versions", () => {
  it("are the same in versions.json, the Go modules and the schemas", () => {
    expect(disagreements(providers)).toEqual([]);
  });

  it("name the newest Go that a module asks for", () => {
    const newest = requestedGoVersions(providers)
      .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
      .pop();
    expect(minimumGo).toBe(newest);
  });

  it("are written into the binaries of the providers", () => {
    for (const { linkerFlags, version } of pinnedProviders) expect(linkerFlags).toContain(`main.version=${version}`);
  });
});

describe("a copy that was changed in one place", () => {
  let copy: string;
  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), "bastide-providers-"));
    for (const part of ["versions.json", "build", "schemas"])
      cpSync(join(providers, part), join(copy, part), { recursive: true });
  });
  afterEach(() => rmSync(copy, { recursive: true, force: true }));

  const replace = (path: string, from: string, to: string) => {
    const text = readFileSync(join(copy, path), "utf8");
    expect(text).toContain(from);
    writeFileSync(join(copy, path), text.replace(from, to));
  };

  it.each([
    [
      "versions.json",
      '"version": "0.112.0"',
      '"version": "0.113.0"',
      ["build/proxmox/go.mod", "build/proxmox/go.sum", "schemas/proxmox.json version"],
    ],
    ["versions.json", '"version": "1.12.6"', '"version": "1.13.0"', ["build/opentofu/go.mod", "build/opentofu/go.sum"]],
    ["versions.json", '"restful_operation", ', "", ["schemas/restful.json resources"]],
    ["schemas/restful.json", '"0.25.2"', '"0.25.1"', ["schemas/restful.json version"]],
    [
      "build/restful/go.mod",
      "terraform-provider-restful v0.25.2",
      "terraform-provider-restful v0.25.1",
      ["build/restful/go.mod"],
    ],
  ])("%s: %s -> %s is found", (path, from, to, places) => {
    replace(path, from, to);
    expect(disagreements(copy).map((line) => line.split(":")[0])).toEqual(places);
  });

  it("by a schema that no provider has is found", () => {
    writeFileSync(join(copy, "schemas", "other.json"), "{}");
    expect(disagreements(copy)).toHaveLength(1);
  });
});
