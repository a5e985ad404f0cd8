import type { Command } from "commander";
import { type CommonOptions, withCommonOptions } from "../options";
import { openOutput } from "../output";

interface SecretOptions extends CommonOptions {
  readonly file?: string;
}

interface InitOptions extends CommonOptions {
  readonly newKey: boolean;
}

/** `secrets init | set | list | rotate | export-paper`: the encrypted store of a site and environment. */
export function registerSecrets(program: Command): void {
  const secrets = program
    .command("secrets")
    .description("the encrypted store of a site and environment; values are never printed, except by export-paper");
  const add = (name: string, description: string) => withCommonOptions(secrets.command(name).description(description));

  add("init [site]", "make the store, generate what nobody has to give, and say what is still missing")
    .option("--new-key", "also make your age key, where you have none and nothing is sealed yet", false)
    .action(async (argument: string | undefined, options: InitOptions) => {
      const { initialize } = await import("../run-secrets");
      const { missing, file, newKey } = await initialize(argument, options, options.newKey);
      openOutput(options).result(
        { ok: true, file, newKey: newKey ?? null, missing },
        [
          ...(newKey === undefined ? [] : [`new key: ${newKey}\n  keep a copy in the safe: without it nobody opens the store`]),
          `store: ${file}`,
          ...(missing.length === 0
            ? ["nothing is missing"]
            : ["still to be given:", ...missing.map(({ name, purpose, command }) => `  ${name} (${purpose})\n      ${command}`)]),
        ].join("\n"),
      );
    });

  add("set <site> <name>", "store a value: typed at a hidden prompt, or from a file, or from standard input")
    .option("--file <path>", "read the value from this file; a final newline is dropped")
    .action(async (site: string, name: string, options: SecretOptions) => {
      const { setSecret } = await import("../run-secrets");
      await setSecret(site, name, options, options.file);
      openOutput(options).result({ ok: true, name }, `${name} is stored`);
    });

  add("list [site]", "names and dates of what is stored, and what is missing").action(
    async (argument: string | undefined, options: CommonOptions) => {
      const { listSecrets } = await import("../run-secrets");
      const { table } = await import("../table");
      const { stored, missing, file } = await listSecrets(argument, options);
      const rows = [
        ...stored.map(({ name, created, rotation }) => [
          name,
          created,
          rotation === undefined ? "" : `change begun (${rotation}): run secrets rotate again`,
        ]),
        ...missing.map(({ name, purpose, origin }) => [
          name,
          "-",
          `${origin === "given" ? "missing" : `will be ${origin}`}: ${purpose}`,
        ]),
      ];
      openOutput(options).result({ ok: true, file, stored, missing }, table(["name", "stored", ""], rows));
    },
  );

  add(
    "rotate <site> <name>",
    "have the backup server issue a new secret for the hypervisor's token, give it to the hypervisor and prove that it works",
  ).action(async (site: string, name: string, options: CommonOptions) => {
    const { rotateSecret } = await import("../run-secrets");
    const { storages, apply } = await rotateSecret(site, name, options);
    openOutput(options).result(
      { ok: true, name, storages },
      [
        `${name} is new and works: ${storages.join(", ")} active on every node`,
        `the engine sends it once more with the next run of: ${apply}`,
      ].join("\n"),
    );
  });

  add("export-paper [site]", "the encryption key as a page for the safe, with a QR code; print it, never mail it")
    .option("--file <path>", "write an HTML page there, readable by you alone, instead of text on the terminal")
    .action(async (argument: string | undefined, options: SecretOptions) => {
      const { exportPaper } = await import("../run-secrets");
      const { text, fingerprint } = await exportPaper(argument, options, options.file);
      openOutput(options).result({ ok: true, fingerprint, file: options.file ?? null }, text);
    });
}
