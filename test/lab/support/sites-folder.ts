import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildCli, type CliOptions, type CliProcess, type CliResult, ROOT, runCli, startCli } from "./cli";
import { DeviceApi } from "./device-api";
import { type Answer, runOnTerminal, type TerminalResult } from "./terminal";

const SOURCES = { ecosolar: join(ROOT, "sites", "ecosolar"), "atelier-nord": join(ROOT, "test", "fixtures", "sites", "atelier") };
type SiteName = keyof typeof SOURCES;

/** What `--json` printed, with how the command ended. */
export interface JsonResult<Data> extends CliResult {
  readonly json: Data;
}

/** Devices of a site's lab, asked with their administrators' credentials. */
export interface LabDevices {
  readonly pve: DeviceApi;
  readonly pbs: DeviceApi;
  readonly firewall: DeviceApi;
}

/** Copies of sites in a folder of their own, with everything that commands on them leave behind. */
export class SitesFolder {
  readonly path = mkdtempSync(join(tmpdir(), "bastide-sites-"));
  readonly #open: DeviceApi[] = [];

  constructor(...names: readonly SiteName[]) {
    buildCli();
    for (const name of names) cpSync(SOURCES[name], join(this.path, name), { recursive: true });
  }

  /** Stops the labs that run, and deletes everything. */
  async remove(): Promise<void> {
    await Promise.all(this.#open.map((device) => device.close()));
    await this.run(["lab", "down"]);
    rmSync(this.path, { recursive: true, force: true });
  }

  run(args: readonly string[], options?: CliOptions): Promise<CliResult> {
    return runCli([...args, "--sites", this.path], options);
  }

  /** Runs on a terminal, where a person reads and types. */
  onTerminal(args: readonly string[], answers: readonly Answer[] = [], options?: CliOptions): Promise<TerminalResult> {
    return runOnTerminal([...args, "--sites", this.path], answers, options);
  }

  start(args: readonly string[], options?: CliOptions): CliProcess {
    return startCli([...args, "--sites", this.path], options);
  }

  /** Runs with `--json`; standard output must be one JSON document, whatever the command's end. */
  async json<Data>(args: readonly string[], options?: CliOptions): Promise<JsonResult<Data>> {
    const result = await this.run([...args, "--json"], options);
    try {
      return { ...result, json: JSON.parse(result.stdout) as Data };
    } catch {
      throw new Error(`no JSON from ${args.join(" ")} (${result.exitCode}): ${result.stdout}\n${result.stderr}`);
    }
  }

  /** Where a site's file lies. */
  siteFile = (site: string): string => join(this.path, site, "site.ts");

  /** Replaces text in a site's file, which must be there. @returns what puts the file back */
  edit(site: string, ...replacements: readonly (readonly [from: string | RegExp, to: string])[]): () => void {
    const file = this.siteFile(site);
    const before = readFileSync(file, "utf8");
    let after = before;
    for (const [from, to] of replacements) {
      const next = after.replace(from, () => to);
      if (next === after) throw new Error(`${file} has no ${from}`);
      after = next;
    }
    writeFileSync(file, after);
    return () => writeFileSync(file, before);
  }

  /** Folder of a site's lab environment: state, plans, reports, and the devices themselves. */
  work = (site: string, environment = "lab"): string => join(this.path, ".bastide", site, environment);

  /** What the devices of a site's lab hold on disk, by file. */
  deviceStates(site: string): Record<string, unknown> {
    const folder = join(this.work(site), "devices");
    const files = readdirSync(folder).filter((name) => /^(pve|pfsense|pbs-.*)\.json$/.test(name));
    return Object.fromEntries(files.map((name) => [name, JSON.parse(readFileSync(join(folder, name), "utf8"))]));
  }

  /** The devices of a lab that is up, through what `lab env` prints. */
  async devices(site: string): Promise<LabDevices> {
    const { json: env } = await this.json<Record<string, string>>(["lab", "env", site]);
    const ca = env.BASTIDE_LAB_CA ?? "";
    if (!existsSync(ca)) throw new Error(`no lab of ${site}: ${JSON.stringify(env)}`);
    const open = (name: string, header: readonly [string, string]) => {
      const device = new DeviceApi(env[`BASTIDE_LAB_${name}_URL`] ?? "", header, readFileSync(ca, "utf8"));
      this.#open.push(device);
      return device;
    };
    return {
      pve: open("PVE", ["authorization", `PVEAPIToken=${env.BASTIDE_LAB_PVE_TOKEN}`]),
      pbs: open("PBS", ["authorization", `PBSAPIToken=${env.BASTIDE_LAB_PBS_TOKEN}`]),
      firewall: open("PFSENSE", ["x-api-key", env.BASTIDE_LAB_PFSENSE_KEY ?? ""]),
    };
  }
}
