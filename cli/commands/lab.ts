import type { Command } from "commander";
import type { SitesFolder } from "../../deploy/site-loader";
import type { SetExitCode } from "../exit-code";
import type { LabPlace } from "../labs";
import { type CommonOptions, chosenSite, withCommonOptions } from "../options";
import { openOutput } from "../output";
import { sitesFolder } from "../paths";

interface LabOptions extends CommonOptions {
  readonly empty: boolean;
}

/** `lab up | down | status | reset | env`: the embedded devices of a site, or bare ones with `--empty`. */
export function registerLab(program: Command, exit: SetExitCode): void {
  const lab = program
    .command("lab")
    .description("the embedded devices: Proxmox VE, Proxmox Backup Server and pfSense on loopback");
  const add = (name: string, description: string, run: (argument: string | undefined, options: LabOptions) => Promise<void>) =>
    withCommonOptions(
      lab
        .command(`${name} [site]`)
        .description(description)
        .option("--empty", "the devices without a site, as after their installation", false),
    ).action(run);

  add("up", "start the devices and wait until they answer; state of an earlier start is kept", async (argument, options) => {
    const { startLab } = await import("../labs");
    const output = openOutput(options);
    const { place, site } = await target(argument, options);
    const description = await startLab(place, site, (line) => output.note(`  … ${line}`));
    const devices = [
      description.hypervisor,
      ...Object.values(description.backupServers),
      ...(description.firewall ? [description.firewall] : []),
    ];
    output.result(
      {
        ok: true,
        lab: place.name,
        directory: place.directory,
        devices: devices.map(({ url, apiBase, fingerprint }) => ({ url: url + apiBase, fingerprint })),
      },
      [
        `lab is up: ${place.name}`,
        ...devices.map(({ url, apiBase }) => `  ${url}${apiBase}`),
        `for curl: eval "$(./bastide lab env ${options.empty ? "--empty" : site?.name})"`,
      ].join("\n"),
    );
  });

  add("down", "stop the devices; their state stays", async (argument, options) => {
    const { labDown } = await import("../../lab/control");
    const output = openOutput(options);
    const stopped: string[] = [];
    for (const place of await places(argument, options)) if (await labDown(place.directory)) stopped.push(place.name);
    output.result({ ok: true, stopped }, stopped.length === 0 ? "no lab was up" : `stopped: ${stopped.join(", ")}`);
  });

  add("status", "which labs are up; exit code 1 when the named one is not", async (argument, options) => {
    const { labStatus } = await import("../../lab/control");
    const output = openOutput(options);
    const named = argument !== undefined || options.site !== undefined || options.empty;
    const all = await Promise.all(
      (await places(argument, options)).map(async (place) => ({ lab: place.name, ...(await labStatus(place.directory)) })),
    );
    const shown = all.map((entry) => ({
      lab: entry.lab,
      state: entry.state,
      ...(entry.state === "up" ? { processId: entry.processId, hypervisor: entry.description.hypervisor.url } : {}),
    }));
    output.result(
      { ok: true, labs: shown },
      shown.length === 0 ? "no lab was started here yet" : shown.map(({ lab, state }) => `${lab}: ${state}`).join("\n"),
    );
    if (named && shown.every(({ state }) => state === "down")) exit(1);
  });

  add("reset", "stop the devices and delete what they hold", async (argument, options) => {
    const { labReset } = await import("../../lab/control");
    const { place } = await target(argument, options);
    await labReset(place.directory);
    openOutput(options).result({ ok: true, lab: place.name }, `deleted: ${place.name}; the next start begins with new devices`);
  });

  add("env", "print shell exports with the devices' addresses and administrator credentials", async (argument, options) => {
    const { labEnvironment, labStatus } = await import("../../lab/control");
    const { onlyRunningLab } = await import("../labs");
    const folder = sitesFolder(options.sites);
    const named = argument !== undefined || options.site !== undefined || options.empty;
    const place = named ? (await target(argument, options)).place : (await onlyRunningLab(folder)).place;
    const status = await labStatus(place.directory);
    if (status.state === "down") {
      const { UserError } = await import("../../model");
      throw new UserError({
        where: `lab ${place.name}`,
        what: "is not up",
        repair: `start it: ./bastide lab up ${options.empty ? "--empty" : (argument ?? options.site ?? "")}`.trimEnd(),
      });
    }
    const text = labEnvironment(status.description, place.directory);
    const variables = Object.fromEntries([...text.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name, value]) => [name, value]));
    openOutput(options).result(variables, text.trimEnd());
  });
}

/** The lab that is named by a site or by `--empty`. */
async function target(argument: string | undefined, options: LabOptions) {
  const { emptyLab, siteLab } = await import("../labs");
  const folder = sitesFolder(options.sites);
  if (options.empty) return { place: emptyLab(folder), site: undefined };
  const { listSites, loadSite } = await import("../../deploy/site-loader");
  const site = await loadSite(folder, chosenSite(argument, options, listSites(folder)));
  return { place: siteLab(folder, site.name, labEnvironmentOf(options, site.environments)), site };
}

/** The named lab, or all that were ever started. */
async function places(argument: string | undefined, options: LabOptions): Promise<LabPlace[]> {
  if (options.empty || argument !== undefined || options.site !== undefined) return [(await target(argument, options)).place];
  const { knownLabs } = await import("../labs");
  const folder: SitesFolder = sitesFolder(options.sites);
  return knownLabs(folder);
}

function labEnvironmentOf(options: LabOptions, environments: Readonly<Record<string, { kind: string }>>): string {
  return options.env ?? Object.entries(environments).find(([, { kind }]) => kind === "lab")?.[0] ?? "lab";
}
