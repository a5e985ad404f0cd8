/**
 * The process of the embedded devices: `node dist/lab.mjs <directory> [build]`.
 *
 * Environment: `BASTIDE_LAB_SPEED` (see `timingAtSpeed`). Exit code 0 after SIGTERM, SIGINT, or where another process
 * already serves the directory; 1 where a device cannot start.
 */
import { resolve } from "node:path";
import { holdDirectory } from "./beacon";
import { startLab } from "./daemon";

async function main(): Promise<void> {
  const [argument, build = ""] = process.argv.slice(2);
  if (argument === undefined) throw new Error("usage: node lab.mjs <directory> [build]");
  const directory = resolve(argument);
  const letGo = await holdDirectory(directory, build);
  if (letGo === undefined) {
    process.stdout.write(`another process serves ${directory}\n`);
    return;
  }
  const stopLab = await startLab(directory);
  process.stdout.write(`serving ${directory}, process ${process.pid}\n`);
  const stop = () => {
    stopLab()
      .finally(letGo)
      .then(() => process.exit(0));
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
