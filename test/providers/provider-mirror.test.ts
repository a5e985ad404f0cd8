import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { type Engine, ensureEngine, ensureProviders } from "../../providers/toolchain";
import { faultOf, Sandbox } from "./sandbox";

const machine = `${platform()}_${arch() === "x64" ? "amd64" : arch()}`;
const restful = `mirror/registry.terraform.io/magodo/restful/0.25.2/${machine}/terraform-provider-restful_v0.25.2`;
const proxmox = `mirror/registry.terraform.io/bpg/proxmox/0.112.0/${machine}/terraform-provider-proxmox_v0.112.0`;
const engine: Engine = { kind: "opentofu", path: "/nonexistent/tofu", version: "1.12.6", skipped: [] };

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

describe("without a registry", () => {
  it("the pinned modules are built into the mirror, once", async () => {
    sandbox.go();
    const { cliConfigFile, mirror } = await ensureProviders(engine, sandbox.report);
    expect(sandbox.files()).toEqual(["engine.tfrc", proxmox, restful]);
    expect(mirror).toBe(join(sandbox.cache, "mirror"));
    expect(readFileSync(cliConfigFile, "utf8")).toMatch(
      /filesystem_mirror \{\s+path\s+= ".*mirror"\s+include = \["registry.terraform.io\/magodo\/restful","registry.terraform.io\/bpg\/proxmox"\]/,
    );
    expect(sandbox.log("go.folders")).toEqual(["restful", "proxmox"]);
    await ensureProviders(engine, sandbox.report);
    expect(sandbox.log("go.log")).toHaveLength(2);
  });

  it("and without Go it says what to install", async () => {
    const { what, repair } = await faultOf(ensureProviders(engine, sandbox.report));
    expect(what).toBe("terraform-provider-restful 0.25.2 is not here and cannot be built: no Go on PATH");
    expect(repair).toContain("make registry.terraform.io reachable");
  });

  it("a provider that is missing is built alone", async () => {
    sandbox.go();
    await ensureProviders(engine, sandbox.report);
    rmSync(join(sandbox.cache, proxmox));
    await ensureProviders(engine, sandbox.report);
    expect(sandbox.log("go.folders")).toEqual(["restful", "proxmox", "proxmox"]);
  });

  it("two starts at once build once; the second says that it waits", async () => {
    sandbox.go(0.6);
    const waiting = new Sandbox();
    process.env.BASTIDE_CACHE = sandbox.cache;
    process.env.PATH = `${sandbox.bin}:/usr/bin:/bin`;
    try {
      const results = await Promise.all([
        ensureProviders(engine, sandbox.report),
        ensureProviders(engine, waiting.report),
        ensureEngine(waiting.report),
      ]);
      expect(results[0]).toEqual(results[1]);
      expect(sandbox.log("go.folders").sort()).toEqual(["opentofu", "proxmox", "restful"]);
      expect(waiting.done().filter((what) => what.startsWith("waiting for another start"))).toHaveLength(2);
    } finally {
      waiting.remove();
    }
  });

  it("a full cache changes nothing that is there", async () => {
    sandbox.go();
    await ensureProviders(engine, sandbox.report);
    writeFileSync(join(sandbox.cache, "engine.tfrc"), "of an earlier version");
    const { cliConfigFile } = await ensureProviders(engine, sandbox.report);
    expect(readFileSync(cliConfigFile, "utf8")).toContain("filesystem_mirror");
    expect(sandbox.log("go.log")).toHaveLength(2);
  });
});

describe("a registry", () => {
  let server: Server;
  let requests: string[];

  /** Serves the list of versions; "silence" never answers. */
  async function serve(versions: Record<string, string> | "silence" | "error"): Promise<void> {
    requests = [];
    server = createServer((request, response) => {
      requests.push(request.url ?? "");
      if (versions === "silence") return;
      const version = versions === "error" ? undefined : versions[(request.url ?? "").split("/")[3] ?? ""];
      response.writeHead(version ? 200 : 503, { "content-type": "application/json" });
      response.end(JSON.stringify({ versions: [{ version: "0.0.1" }, { version }] }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    process.env.BASTIDE_REGISTRY = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  }
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  /** An engine whose `init` puts a package where a real one does. */
  function downloadingEngine(works = true): Engine {
    const folders = [restful, proxmox].map((path) => path.replace("mirror/", ""));
    const commands = folders.map(
      (path) => `f="$TF_DATA_DIR/providers/${path}"; mkdir -p "$(dirname "$f")"; echo downloaded >"$f"; chmod +x "$f"`,
    );
    const script = `#!/bin/sh\necho "$*" >>'${sandbox.root}/init.log'; cp "$TF_CLI_CONFIG_FILE" main.tf.json '${sandbox.root}/'\n`;
    const path = sandbox.program(
      "downloading",
      script + (works ? commands.join("\n") : "echo 'Error: signature check failed' >&2; exit 1\n"),
    );
    return { ...engine, path };
  }

  it("that answers is downloaded from by the engine, which checks sums and signatures; nothing is built", async () => {
    await serve({ restful: "0.25.2", proxmox: "0.112.0" });
    sandbox.go();
    await ensureProviders(downloadingEngine(), sandbox.report);
    expect(requests.sort()).toEqual(["/v1/bpg/proxmox/versions", "/v1/magodo/restful/versions"]);
    expect(sandbox.log("init.log")).toEqual(["init -backend=false -input=false -no-color"]);
    expect(readFileSync(join(sandbox.root, "registry.tfrc"), "utf8")).toContain(
      `"providers.v1" = "${process.env.BASTIDE_REGISTRY}/"`,
    );
    expect(JSON.parse(readFileSync(join(sandbox.root, "main.tf.json"), "utf8")).terraform.required_providers).toEqual({
      restful: { source: "registry.terraform.io/magodo/restful", version: "0.25.2" },
      proxmox: { source: "registry.terraform.io/bpg/proxmox", version: "0.112.0" },
    });
    expect(readFileSync(join(sandbox.cache, restful), "utf8")).toBe("downloaded\n");
    expect(sandbox.log("go.log")).toEqual([]);
  });

  it("that was downloaded from is not asked again", async () => {
    await serve({ restful: "0.25.2", proxmox: "0.112.0" });
    await ensureProviders(downloadingEngine(), sandbox.report);
    await ensureProviders(downloadingEngine(), sandbox.report);
    expect(requests).toHaveLength(2);
    expect(sandbox.log("init.log")).toHaveLength(1);
  });

  it("whose download fails is replaced by a build, and the reason is shown", async () => {
    await serve({ restful: "0.25.2", proxmox: "0.112.0" });
    sandbox.go();
    await ensureProviders(downloadingEngine(false), sandbox.report);
    expect(sandbox.log("go.log")).toHaveLength(2);
    expect(sandbox.done()).toContainEqual(
      expect.stringContaining("the download failed, so the providers are built here: Error: signature check failed"),
    );
  });

  it.each([
    ["lacks a pinned version", { restful: "0.25.2", proxmox: "0.111.1" }],
    ["is out of order", "error"],
  ] as const)("that %s is replaced by a build", async (_, versions) => {
    await serve(versions);
    sandbox.go();
    await ensureProviders(downloadingEngine(), sandbox.report);
    expect(sandbox.log("init.log")).toEqual([]);
    expect(sandbox.log("go.log")).toHaveLength(2);
  });

  it("that does not answer is given up after 3 s", async () => {
    await serve("silence");
    sandbox.go();
    const begin = Date.now();
    await ensureProviders(downloadingEngine(), sandbox.report);
    expect(Date.now() - begin).toBeLessThan(4500);
    expect(sandbox.log("go.log")).toHaveLength(2);
    expect(
      sandbox.lines.filter(({ what, state }) => what.startsWith("asking") && state === "running").length,
    ).toBeGreaterThanOrEqual(2);
  });
});
