import type { Command } from "commander";
import type { SetExitCode } from "../exit-code";
import { type CommonOptions, withCommonOptions } from "../options";
import { openOutput } from "../output";

interface SynthOptions extends CommonOptions {
  readonly out: string;
}

export function registerSynth(program: Command, exit: SetExitCode): void {
  withCommonOptions(
    program
      .command("synth [site]")
      .description("write the Terraform JSON of a site and judge it by the policies; for other tools, apply does it by itself")
      .option("--out <dir>", "folder for the stacks", "cdktf.out"),
  ).action(async (argument: string | undefined, options: SynthOptions) => {
    const { resolve, relative } = await import("node:path");
    const [
      { chooseSite, locate },
      { synthesize },
      { onFiles },
      { Progress },
      { judge },
      { today },
      { judgementText },
      { mustStop },
    ] = await Promise.all([
      import("../session"),
      import("../../stacks"),
      import("../../deploy/file-faults"),
      import("../progress"),
      import("../policy-gates"),
      import("../today"),
      import("../findings-text"),
      import("../../policies/engine/finding"),
    ]);
    const output = openOutput(options);
    // No secret goes into a stack, so that a reviewer without the key may write it too.
    const chosen = await chooseSite(argument, options);
    const { resolved: environment } = await locate(chosen, new Progress(output));
    const outdir = resolve(options.out);
    const stacks = await onFiles(outdir, async () => synthesize({ site: chosen.site, environment, outdir }));
    const shown = stacks.map(({ id, layer, directory, dependsOn, variables }) => ({
      id,
      layer,
      directory: relative(process.cwd(), directory),
      dependsOn,
      variables: variables.map(({ name }) => name),
    }));
    const { folder, site } = chosen;
    const judgement = await judge(folder, { site, environment: environment.name, today: today(), synthesized: stacks });
    const refused = mustStop(judgement.policies);
    output.note(judgementText(judgement, output.color));
    output.result(
      { ok: !refused, stacks: shown, ...judgement },
      shown.map(({ directory }) => `${directory}/cdk.tf.json`).join("\n"),
    );
    exit(refused ? 3 : 0);
  });
}
