import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileFault } from "../../deploy/file-faults";
import { Workspace, type WorkspaceOwner } from "../../deploy/workspace";
import { UserError } from "../../model";

let sites: string;
beforeEach(() => {
  sites = mkdtempSync(join(tmpdir(), "bastide-workspace-"));
});
afterEach(() => rmSync(sites, { recursive: true, force: true }));

const owner = (more: Partial<WorkspaceOwner> = {}): WorkspaceOwner => ({
  sitesDirectory: sites,
  site: "ecosolar",
  environment: "production",
  kind: "live",
  ...more,
});
const LOCK = ".terraform.lock.hcl";

describe("the workspace", () => {
  it("keeps site and environments apart, and away from git", async () => {
    const [one, two] = [await Workspace.open(owner()), await Workspace.open(owner({ environment: "lab", kind: "lab" }))];
    expect(one.root).toBe(join(sites, ".bastide", "ecosolar", "production"));
    expect(two.planFile("hypervisor")).toBe(join(sites, ".bastide", "ecosolar", "lab", "plans", "hypervisor.plan"));
    expect(readFileSync(join(sites, ".bastide", ".gitignore"), "utf8")).toBe("*\n");
    expect(statSync(one.root).mode & 0o077).toBe(0);
  });

  it("puts what must not be lost beside the site outside the lab, and into the workspace in the lab", async () => {
    const live = await Workspace.open(owner());
    expect(live.stateFile("firewall")).toBe(join(sites, "ecosolar", "state", "production", "firewall.tfstate"));
    expect(live.lockFile("firewall")).toBe(join(sites, "ecosolar", "locks", "production", "firewall.lock.hcl"));
    const lab = await Workspace.open(owner({ kind: "lab" }));
    expect(lab.stateFile("firewall")).toBe(join(lab.root, "state", "firewall.tfstate"));
    expect(lab.lockFile("firewall")).toBe(join(lab.root, "locks", "firewall.lock.hcl"));
  });

  it("says what to do when a file stands where the directory should be", async () => {
    writeFileSync(join(sites, ".bastide"), "");
    const error = await Workspace.open(owner()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).faults[0]).toMatchObject({
      where: expect.stringContaining(".bastide"),
      repair: expect.stringContaining("move the file"),
    });
  });

  it.each([
    ["ENOSPC", "the file system is full"],
    ["EDQUOT", "quota"],
    ["EROFS", "read-only"],
    ["EACCES", "may not be written"],
  ])("explains %s", (code, what) => {
    const error = Object.assign(new Error(code), { code, path: "/x/y" });
    expect(fileFault(error, "/x")?.faults[0]).toMatchObject({ where: "/x/y", what: expect.stringContaining(what) });
  });

  it("leaves other errors alone: they are bugs", () => {
    expect(fileFault(Object.assign(new Error("x"), { code: "EBADF" }), "/x")).toBeUndefined();
    expect(fileFault(new TypeError("x"), "/x")).toBeUndefined();
  });

  const mounted = mountable();
  (mounted ? it : it.skip)("keeps the file that was there when the disk is full", async () => {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", sites]);
    try {
      const workspace = await Workspace.open(owner());
      const file = join(workspace.runs, "report.json");
      await workspace.write(file, "first");
      const error = await workspace.write(file, "x".repeat(100_000)).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UserError);
      expect((error as UserError).faults[0]?.what).toBe("the file system is full");
      expect(readFileSync(file, "utf8")).toBe("first");
    } finally {
      execFileSync("umount", [sites]);
    }
  });
});

describe("the lock file of the providers", () => {
  it("is free at the first init, kept after it, and fixed from then on", async () => {
    const workspace = await Workspace.open(owner());
    const stack = join(workspace.synthesis, "stack");
    mkdirSync(stack);
    expect(await workspace.restoreLockFile("hypervisor", stack)).toBe(false);
    writeFileSync(join(stack, LOCK), "hashes");
    await workspace.keepLockFile("hypervisor", stack);
    rmSync(join(stack, LOCK));
    expect(await workspace.restoreLockFile("hypervisor", stack)).toBe(true);
    expect(readFileSync(join(stack, LOCK), "utf8")).toBe("hashes");
  });

  it("is not overwritten by what a later init has made", async () => {
    const workspace = await Workspace.open(owner());
    const stack = join(workspace.synthesis, "stack");
    mkdirSync(stack);
    writeFileSync(join(stack, LOCK), "first");
    await workspace.keepLockFile("hypervisor", stack);
    writeFileSync(join(stack, LOCK), "second");
    await workspace.keepLockFile("hypervisor", stack);
    expect(readFileSync(workspace.lockFile("hypervisor"), "utf8")).toBe("first");
  });

  it("that lies in the stack from an earlier run does not count", async () => {
    const workspace = await Workspace.open(owner());
    const stack = join(workspace.synthesis, "stack");
    mkdirSync(stack);
    writeFileSync(join(stack, LOCK), "left over");
    expect(await workspace.restoreLockFile("hypervisor", stack)).toBe(false);
    expect(existsSync(join(stack, LOCK))).toBe(false);
  });
});

/** A full disk needs a small file system, and that needs the right to mount one. */
function mountable(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "bastide-mount-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], { stdio: "ignore" });
    execFileSync("umount", [folder], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
