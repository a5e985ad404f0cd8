import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const root = join(__dirname, "..", "..");
const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as { packages: Record<string, unknown> };

/** Asks the script in Node itself: jest loads CommonJS only. */
function missingEntries(packages: Record<string, unknown>): Record<string, unknown> {
  const module = pathToFileURL(join(root, "scripts", "complete-package-lock.mjs")).href;
  const script = `const { missingEntries } = await import(${JSON.stringify(module)});
    let text = ""; for await (const part of process.stdin) text += part; console.log(JSON.stringify(missingEntries(JSON.parse(text))));`;
  return JSON.parse(
    execFileSync(process.execPath, ["--input-type=module", "-e", script], { input: JSON.stringify(packages), encoding: "utf8" }),
  );
}

describe("package-lock.json", () => {
  it("holds the packages of every platform, without which npm ci refuses it (node scripts/complete-package-lock.mjs)", () => {
    expect(missingEntries(lock.packages)).toEqual({});
  });

  it("is found incomplete when the package of another platform is taken out", () => {
    const {
      "node_modules/@biomejs/cli-darwin-arm64": mac,
      "node_modules/@biomejs/cli-linux-x64-musl": musl,
      ...rest
    } = lock.packages;
    expect(missingEntries(rest)).toEqual({
      "node_modules/@biomejs/cli-darwin-arm64": mac,
      "node_modules/@biomejs/cli-linux-x64-musl": musl,
    });
    expect(mac).toMatchObject({ os: ["darwin"], cpu: ["arm64"], optional: true, dev: true });
    expect(musl).toMatchObject({ os: ["linux"], cpu: ["x64"], libc: ["musl"] });
  });
});
