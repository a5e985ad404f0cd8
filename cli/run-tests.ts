import { join, resolve } from "node:path";
import { execa } from "execa";
import { UserError } from "../model";
import { ensureEngine, ensureProviders } from "../providers/toolchain";
import { openOutput } from "./output";
import { installationRoot } from "./paths";

const PARTS = ["unit", "lab"] as const;

/** Brings engine, providers and system packages, then runs jest part by part. @returns 0 when every test passed, else 1 */
export async function runTests(part: string | undefined, reportFolder: string | undefined): Promise<number> {
  const parts = PARTS.filter((name) => part === undefined || part === name);
  if (parts.length === 0)
    throw new UserError(
      { where: "command line", what: `no part "${part}" of the tests`, repair: `choose one of: ${PARTS.join(", ")}` },
      64,
    );
  const root = installationRoot();
  const output = openOutput({ json: false });
  if (parts.includes("lab")) {
    const report = (line: { what: string; state: string; elapsedMs: number }) =>
      output.note(`${line.what} (${Math.round(line.elapsedMs / 1000)} s)`);
    await ensureProviders(await ensureEngine(report), report);
    await execa(join(root, "scripts", "system-packages.sh"), { stdio: "inherit" });
  }
  let failed = false;
  for (const name of parts) {
    const { exitCode } = await execa(
      process.execPath,
      [
        join(root, "node_modules", "jest", "bin", "jest.js"),
        "--selectProjects",
        name,
        ...(name === "lab" ? ["--runInBand"] : []),
        ...(reportFolder === undefined ? [] : ["--json", `--outputFile=${join(resolve(reportFolder), `${name}.json`)}`]),
      ],
      { cwd: root, stdio: ["ignore", reportFolder === undefined ? "inherit" : "ignore", "inherit"], reject: false },
    );
    failed ||= exitCode !== 0;
  }
  return failed ? 1 : 0;
}
