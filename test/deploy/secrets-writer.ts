/** A process of its own that writes to a secret store, for the tests of what several processes and crashes do to it. */
import { loadIdentity } from "../../deploy/secrets/identity";
import { openStore } from "../../deploy/secrets/store";
import { Secret, UserError } from "../../model";

// With a handler, a file that grows over the limit of its size fails like one on a full disk, instead of ending the process.
process.on("SIGXFSZ", () => undefined);

async function main(): Promise<void> {
  const [file = "", keyFile = "", prefix = "", times = "0", size = "10"] = process.argv.slice(2);
  const identity = await loadIdentity({ env: {}, defaultFile: keyFile, createIfMissing: true });
  const store = await openStore({ file, identity, site: "ecosolar", environment: "lab" });
  process.stdout.write("open\n");
  for (let index = 0; index < Number(times); index++) {
    await store.set(`${prefix}.${index}`, Secret.of("x".repeat(Number(size))));
    process.stdout.write(`${index}\n`);
  }
}

main().catch((error: unknown) => {
  process.stdout.write(`${error instanceof UserError ? JSON.stringify(error.faults) : String(error)}\n`);
  process.exitCode = 1;
});
