import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFault } from "../../providers/cache-directory";
import { isNewEnough } from "../../providers/engine-version";
import { ensureEngine } from "../../providers/toolchain";
import { faultOf, Sandbox } from "./sandbox";

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

describe("the lowest version", () => {
  it.each(["1.12.0", "1.12.6", "1.13.0", "2.0.0", "1.12.0-rc1", "1.100.0"])("%s is new enough", (version) =>
    expect(isNewEnough(version)).toBe(true),
  );
  it.each(["1.11.99", "1.5.7", "0.15.0", "1.11.0-beta1"])("%s is too old", (version) => expect(isNewEnough(version)).toBe(false));
});

describe("an engine on PATH", () => {
  it.each([
    ["tofu", "OpenTofu v1.12.6\non linux_amd64", "opentofu", "1.12.6"],
    ["terraform", "Terraform v1.13.1\non linux_amd64\n\nYour version of Terraform is out of date!", "terraform", "1.13.1"],
  ])("%s is taken when it is new enough", async (name, says, kind, version) => {
    const path = sandbox.engine(name, says);
    expect(await ensureEngine(sandbox.report)).toEqual({ kind, version, path, skipped: [] });
    expect(sandbox.lines).toEqual([]);
  });

  it("is skipped with its reason when it is too old; the next one is taken", async () => {
    const old = sandbox.engine("tofu", "OpenTofu v1.11.2");
    const path = sandbox.engine("terraform", "Terraform v1.12.0");
    expect(await ensureEngine(sandbox.report)).toEqual({
      kind: "terraform",
      version: "1.12.0",
      path,
      skipped: [`${old} is OpenTofu 1.11.2, needed is >= 1.12`],
    });
  });

  it("is skipped when it is something else", async () => {
    sandbox.engine("tofu", "a cake");
    sandbox.go();
    const { skipped, path } = await ensureEngine(sandbox.report);
    expect(skipped[0]).toContain("does not say its version");
    expect(path).toBe(join(sandbox.cache, "engine", "1.12.6", "tofu"));
  });
});

describe("BASTIDE_ENGINE", () => {
  it.each(["a path", "a name on PATH"])("given as %s goes before everything else", async (form) => {
    sandbox.engine("tofu", "OpenTofu v1.12.6");
    const path = sandbox.engine("mine", "Terraform v1.14.0");
    process.env.BASTIDE_ENGINE = form === "a path" ? path : "mine";
    expect(await ensureEngine(sandbox.report)).toMatchObject({ path, version: "1.14.0" });
  });

  it("is refused with the reason when it is too old, although a good one is on PATH", async () => {
    sandbox.engine("tofu", "OpenTofu v1.12.6");
    process.env.BASTIDE_ENGINE = sandbox.engine("old", "Terraform v1.11.4");
    const fault = await faultOf(ensureEngine(sandbox.report));
    expect(fault.where).toBe("BASTIDE_ENGINE");
    expect(fault.what).toMatch(/old is Terraform 1\.11\.4, needed is >= 1\.12$/);
    expect(fault.why).toContain("resource identity");
    expect(fault.repair).toContain("OpenTofu or Terraform >= 1.12");
  });

  it("is refused when there is no such program", async () => {
    process.env.BASTIDE_ENGINE = join(sandbox.root, "nothing");
    expect((await faultOf(ensureEngine(sandbox.report))).what).toContain("no program");
  });
});

describe("what an engine says", () => {
  it("is remembered as long as the file is the same, also behind a link", async () => {
    sandbox.engine("real/tofu-1", "OpenTofu v1.12.6", true);
    symlinkSync("real/tofu-1", join(sandbox.bin, "tofu"));
    await ensureEngine(sandbox.report);
    await ensureEngine(sandbox.report);
    expect(sandbox.log("real_tofu-1.log")).toHaveLength(1);
    sandbox.engine("real/tofu-2", "OpenTofu v1.13.0", true);
    rmSync(join(sandbox.bin, "tofu"));
    symlinkSync("real/tofu-2", join(sandbox.bin, "tofu"));
    expect((await ensureEngine(sandbox.report)).version).toBe("1.13.0");
  });

  it("is asked each time of a small script, which may pick another version by directory", async () => {
    sandbox.engine("tofu", "OpenTofu v1.12.6");
    await ensureEngine(sandbox.report);
    await ensureEngine(sandbox.report);
    expect(sandbox.log("tofu.log")).toHaveLength(2);
  });

  it("is asked again when what was remembered is damaged", async () => {
    sandbox.engine("tofu", "OpenTofu v1.12.6", true);
    await ensureEngine(sandbox.report);
    writeFileSync(join(sandbox.cache, "engines.json"), '{"half');
    expect((await ensureEngine(sandbox.report)).version).toBe("1.12.6");
  });
});

describe("without an engine", () => {
  it("OpenTofu is built from its pinned module, once, and found from then on", async () => {
    sandbox.go();
    const engine = await ensureEngine(sandbox.report);
    expect(engine).toMatchObject({ kind: "opentofu", version: "1.12.6", path: join(sandbox.cache, "engine/1.12.6/tofu") });
    expect(sandbox.log("go.log")[0]).toMatch(
      /^build -mod=readonly -trimpath -buildvcs=false -ldflags=.*version\.dev=no -o \S+ github\.com\/opentofu\/opentofu\/cmd\/tofu$/,
    );
    expect(sandbox.log("go.env")).toEqual(expect.arrayContaining(["CGO_ENABLED=0", "GOTOOLCHAIN=local", "GOWORK=off"]));
    expect(sandbox.log("go.folders")).toEqual(["opentofu"]);
    await ensureEngine(sandbox.report);
    expect(sandbox.log("go.log")).toHaveLength(1);
    expect(sandbox.files()).toEqual(["engine/1.12.6/tofu"]);
  });

  it("reports every second while it builds", async () => {
    sandbox.go(1.3);
    await ensureEngine(sandbox.report);
    expect(sandbox.lines.map(({ state }) => state)).toEqual(["start", "running", "done"]);
    expect(sandbox.lines[0]?.what).toContain("building OpenTofu 1.12.6 with Go");
    expect(sandbox.lines[1]?.elapsedMs).toBeGreaterThanOrEqual(990);
  });

  it("and without Go it says what to install, and which engine was refused", async () => {
    sandbox.engine("terraform", "Terraform v1.11.4");
    const { what, repair } = await faultOf(ensureEngine(sandbox.report));
    expect(what).toBe("tofu 1.12.6 is not here and cannot be built: no Go on PATH");
    expect(repair).toMatch(/install Go >= 1\.26\.6 .* or install OpenTofu >= 1\.12 .* or Terraform >= 1\.12/);
    expect(repair).toContain("terraform is Terraform 1.11.4, needed is >= 1.12");
  });

  it.each([
    [
      "go: go.mod requires go >= 1.26.6 (running go 1.24.1; GOTOOLCHAIN=local)",
      "tofu 1.12.6 needs Go >= 1.26.6, Go 1.24.1 is installed",
    ],
    [
      "go: errors parsing go.mod:\\ngo.mod:3: invalid go version '1.26.6': must match format 1.23",
      "needs Go >= 1.26.6, an older one is installed",
    ],
    ["proxy.golang.org: no such host", "building tofu 1.12.6 failed:\nproxy.golang.org: no such host"],
  ])("and with a Go that says %j it says why", async (text, what) => {
    sandbox.program("go", `#!/bin/sh\nprintf "%b\\n" "${text}" >&2\nexit 1\n`);
    expect((await faultOf(ensureEngine(sandbox.report))).what).toContain(what);
    expect(sandbox.files()).toEqual([]);
  });
});

describe("a cache that cannot be used", () => {
  it("because nothing says where it is", async () => {
    delete process.env.HOME;
    delete process.env.BASTIDE_CACHE;
    const { what, repair } = await faultOf(ensureEngine(sandbox.report));
    expect(what).toContain("HOME, XDG_CACHE_HOME and BASTIDE_CACHE are all unset");
    expect(repair).toContain("set BASTIDE_CACHE");
  });

  it("because a file stands in its way", async () => {
    writeFileSync(sandbox.cache, "");
    expect(await faultOf(ensureEngine(sandbox.report))).toMatchObject({
      where: sandbox.cache,
      what: "a file stands where the directory should be",
    });
  });

  it.each(["EACCES", "EROFS", "ENOSPC", "EDQUOT"])("for the reason %s is named with its repair", (code) => {
    expect(cacheFault(Object.assign(new Error(code), { code }), "/cache")?.faults[0]).toMatchObject({
      where: "/cache",
      repair: expect.stringContaining("BASTIDE_CACHE"),
    });
    expect(cacheFault(Object.assign(new Error("EPIPE"), { code: "EPIPE" }), "/cache")).toBeUndefined();
  });

  it.each([
    ["XDG_CACHE_HOME", "xdg/bastide"],
    ["HOME", "home/.cache/bastide"],
  ])("is not needed: %s gives the place", async (variable, place) => {
    delete process.env.BASTIDE_CACHE;
    process.env[variable] = join(sandbox.root, place.split("/")[0] ?? "");
    sandbox.go();
    expect((await ensureEngine(sandbox.report)).path).toBe(join(sandbox.root, place, "engine/1.12.6/tofu"));
  });

  it("may be given without a home directory; Go then keeps its own files there too", async () => {
    delete process.env.HOME;
    sandbox.go();
    await ensureEngine(sandbox.report);
    expect(sandbox.log("go.env")).toEqual(
      expect.arrayContaining([`GOCACHE=${sandbox.cache}/go-build`, `GOPATH=${sandbox.cache}/go`]),
    );
  });
});
