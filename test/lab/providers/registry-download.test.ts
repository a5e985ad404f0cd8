import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Engine, ensureEngine, ensureProviders } from "../../../providers/toolchain";
import { pinnedProviders } from "../../../providers/versions";
import { Sandbox } from "../../providers/sandbox";

jest.setTimeout(60_000);

const fixtures = join(__dirname, "..", "..", "fixtures", "registry");
const keyId = "4C0A06693F31AC4C";
let engine: Engine;
let sandbox: Sandbox;
let server: Server;

beforeAll(async () => {
  engine = await ensureEngine(() => undefined);
});
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(async () => {
  sandbox.remove();
  await new Promise((resolve) => server.close(resolve));
});

/** Speaks the provider registry protocol; `tamper` changes one byte of every package after it was signed. */
async function serve(tamper: boolean): Promise<void> {
  server = createServer((request, response) => {
    const base = `http://${request.headers.host}`;
    const [, , ...path] = (request.url ?? "").split("/");
    if (path[0] === "files") return void response.end(file(path[1] ?? "", tamper));
    const provider = pinnedProviders.find(({ source }) => source === `${path[0]}/${path[1]}`);
    if (provider === undefined) return void response.writeHead(404).end();
    const { name, version } = provider;
    const platforms = ["linux", "darwin"].flatMap((os) => ["amd64", "arm64"].map((arch) => ({ os, arch })));
    response.setHeader("content-type", "application/json");
    if (path[2] === "versions")
      return void response.end(JSON.stringify({ versions: [{ version, protocols: ["6.0"], platforms }] }));
    const [os, arch] = [path[4], path[5]];
    response.end(
      JSON.stringify({
        protocols: ["6.0"],
        os,
        arch,
        filename: `terraform-provider-${name}_${version}_${os}_${arch}.zip`,
        download_url: `${base}/v1/files/${name}.zip`,
        shasum: createHash("sha256")
          .update(file(`${name}.zip`, false))
          .digest("hex"),
        shasums_url: `${base}/v1/files/${name}.sums`,
        shasums_signature_url: `${base}/v1/files/${name}.sums.sig`,
        signing_keys: { gpg_public_keys: [{ key_id: keyId, ascii_armor: file("key.asc", false).toString() }] },
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  process.env.BASTIDE_REGISTRY = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/`;
}

function file(name: string, tamper: boolean): Buffer {
  const bytes = readFileSync(join(fixtures, name));
  if (tamper && name.endsWith(".zip")) bytes[60] = (bytes[60] ?? 0) ^ 1;
  return bytes;
}

describe("the real engine and a registry", () => {
  it("download signed packages into the mirror; nothing is built", async () => {
    await serve(false);
    const { mirror } = await ensureProviders(engine, sandbox.report);
    expect(sandbox.done()).toContain("downloading the providers");
    for (const { name, source, version } of pinnedProviders) {
      const path = sandbox.files().find((entry) => entry.endsWith(`terraform-provider-${name}_v${version}`));
      expect(path).toContain(`mirror/registry.terraform.io/${source}/${version}/`);
      expect(readFileSync(join(mirror, "..", path ?? ""), "utf8")).toContain("not a provider");
    }
  });

  it("refuse a package that was changed after it was signed: it is built, and the reason is shown", async () => {
    await serve(true);
    sandbox.go();
    await ensureProviders(engine, sandbox.report);
    expect(sandbox.log("go.folders")).toEqual(["restful", "proxmox"]);
    expect(sandbox.done().join("\n")).toMatch(/the download failed, so the providers are built here: .*checksum/);
  });
});
