import type { Command } from "commander";
import { type CommonOptions, withCommonOptions } from "../options";

interface SynthOptions extends CommonOptions {
  readonly out: string;
}

export function registerSynth(program: Command): void {
  withCommonOptions(
    program
      .command("synth [site]")
      .description("write the Terraform JSON of a site; for reading and for other tools, apply does it by itself")
      .option("--out <dir>", "folder for the stacks", "cdktf.out"),
  ).action(async (argument: string | undefined, options: SynthOptions) => {
    const { resolve, relative } = await import("node:path");
    const [{ openSession }, { synthesize }] = await Promise.all([import("../session"), import("../../stacks")]);
    const { site, environment, output } = await openSession(argument, options);
    const stacks = synthesize({ site, environment, outdir: resolve(options.out) });
    const shown = stacks.map(({ id, layer, directory, dependsOn, variables }) => ({
      id,
      layer,
      directory: relative(process.cwd(), directory),
      dependsOn,
      variables: variables.map(({ name }) => name),
    }));
    output.result({ ok: true, stacks: shown }, shown.map(({ directory }) => `${directory}/cdk.tf.json`).join("\n"));
  });
}
