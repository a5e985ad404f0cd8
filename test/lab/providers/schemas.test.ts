import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { ensureEngine, ensureProviders } from "../../../providers/toolchain";

jest.setTimeout(600_000);

const root = join(__dirname, "..", "..", "..");

it("the committed schemas are those of the real binaries", async () => {
  await ensureProviders(await ensureEngine(() => undefined), () => undefined);
  // Exit code 2, which throws here, where they differ.
  const output = execFileSync(process.execPath, [join(root, "providers", "dump-schemas.mjs")], { encoding: "utf8", cwd: root });
  expect(output).toBe("restful 0.25.2: as committed\nproxmox 0.112.0: as committed\n");
});
