import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { replaceFile } from "../../lab/replace-file";

const folder = mkdtempSync(join(tmpdir(), "bastide-replace-"));
const file = join(folder, "state.json");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("replaces a file as a whole, readable by its owner only", () => {
  replaceFile(file, "one");
  replaceFile(file, "é".repeat(100_000));
  expect(readFileSync(file, "utf8")).toBe("é".repeat(100_000));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["state.json"]);
});

test("keeps the old file where only a part of the new one finds room", () => {
  replaceFile(file, "old");
  const program = join(folder, "program.mjs");
  buildSync({
    stdin: {
      contents: `import { replaceFile } from "./lab/replace-file";
        try { replaceFile(process.argv[2], "x".repeat(100_000)); } catch (error) { console.log(error.code); }`,
      resolveDir: join(__dirname, "../.."),
      loader: "ts",
    },
    bundle: true,
    format: "esm",
    platform: "node",
    outfile: program,
  });
  // The first write takes 8192 bytes and says so; only the second one is refused.
  const run = spawnSync("sh", ["-c", 'ulimit -f 16 && exec "$@"', "sh", process.execPath, program, file], { encoding: "utf8" });
  expect(run.stdout.trim()).toBe("EFBIG");
  expect(readFileSync(file, "utf8")).toBe("old");
  expect(readdirSync(folder).sort()).toEqual(["program.mjs", "state.json"]);
});
