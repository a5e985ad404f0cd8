import { dirname } from "node:path";
import { type Cancellation, withSignals } from "../deploy/cancellation";
import { type CredentialOf, credentialsOf } from "../deploy/credentials";
import { type Deployment, type DeploymentOptions, type Operation, withDeployment } from "../deploy/deployment";
import { resolveEnvironment } from "../deploy/environment";
import type { IssuedToken } from "../deploy/handoff";
import { ensureEncryptionKey, parseEncryptionKey } from "../deploy/secrets/encryption-key";
import { openSecrets, type SecretLocation, secretLocation } from "../deploy/secrets/location";
import type { SecretStore } from "../deploy/secrets/store";
import { listSites, loadSite, type SitesFolder, siteFile } from "../deploy/site-loader";
import { workspaceRoot } from "../deploy/workspace";
import type { LabDescription } from "../lab/description";
import type { Verification } from "../live/check";
import { preflight } from "../live/preflight";
import { demandProvisioningRights } from "../live/provisioning-rights";
import { readLive, type SiteClients } from "../live/verify";
import {
  ENCRYPTION_KEY,
  type Environment,
  hypervisorAuthIds,
  hypervisorTokenSecret,
  type ResolvedEnvironment,
  requiredSecrets,
  Secret,
  type Site,
} from "../model";
import { ensureEngine, ensureProviders } from "../providers/toolchain";
import { closeClients, openClients } from "./clients";
import { siteLab, startLab } from "./labs";
import { type CommonOptions, chosenEnvironment, chosenSite } from "./options";
import { type Output, openOutput } from "./output";
import { sitesFolder } from "./paths";
import { Progress } from "./progress";

/** A site in one of its environments, with everything that a command on it needs. */
export class Session {
  constructor(
    readonly folder: SitesFolder,
    readonly site: Site,
    readonly environment: ResolvedEnvironment,
    readonly secrets: SecretStore,
    readonly credentialOf: CredentialOf,
    readonly output: Output,
    readonly progress: Progress,
  ) {}

  /** The hypervisor's token on each backup server, whose secret the server issues. */
  get tokens(): IssuedToken[] {
    const { user, name } = this.site.access.hypervisorToken;
    return Object.keys(this.site.backupServers).map((backupServer) => ({
      backupServer,
      user,
      name,
      secret: hypervisorTokenSecret(this.site, backupServer),
    }));
  }

  /** Runs work with clients of all devices, and closes them. @throws UserError with every credential that is missing */
  async withClients<Result>(work: (clients: SiteClients) => Promise<Result>): Promise<Result> {
    const clients = openClients(this);
    try {
      return await work(clients);
    } finally {
      await closeClients(clients);
    }
  }

  /** Everything that the checks of reality judge, read from the devices now. */
  async readReality(): Promise<Verification> {
    const { site, environment } = this;
    const live = await this.withClients((clients) => readLive(clients, hypervisorAuthIds(site).token));
    const escrowed = this.secrets.get(ENCRYPTION_KEY);
    return {
      site,
      environment,
      live,
      ...(escrowed === undefined ? {} : { keyFingerprint: parseEncryptionKey(escrowed, this.secrets.file).fingerprint }),
    };
  }

  /** Brings engine and providers, makes what may be generated, and runs work of the engine alone on this site and environment. */
  async withDeployment<Result>(
    operation: Operation,
    work: (deployment: Deployment) => Promise<Result>,
    more: Partial<DeploymentOptions> = {},
  ): Promise<Result> {
    const { site, environment, secrets, credentialOf, folder, output, progress } = this;
    const report = ({ what, state, elapsedMs }: { what: string; state: string; elapsedMs: number }) => {
      if (state === "done") progress.done(what, elapsedMs);
      else if (state === "start") progress.start(what);
    };
    const engine = await ensureEngine(report);
    const { cliConfigFile } = await ensureProviders(engine, report);
    progress.stop();
    await generateSecrets(site, environment.name, secrets);
    await this.withClients(async (clients) => {
      // The lab's administrator may do everything.
      if (environment.kind === "live") await demandProvisioningRights(clients, site);
      await preflight(clients);
    });
    return await withSignals((cancellation: Cancellation) =>
      withDeployment(
        {
          site,
          environment,
          sitesDirectory: folder.path,
          operation,
          engine,
          cliConfigFile,
          secrets,
          credentialOf,
          issued: this.tokens.map(({ secret }) => secret),
          cancellation,
          ...(LOG_VARIABLES.some((name) => process.env[name])
            ? { onLogLine: (line: string) => process.stderr.write(`${line}\n`) }
            : {}),
          onWait: (holder) =>
            output.note(
              `  … ${typeof holder === "string" ? holder : `waiting for ${holder.operation} of ${holder.user} on ${holder.host} (process ${holder.pid}, since ${holder.since})`}`,
            ),
          ...more,
        },
        work,
      ),
    );
  }
}

/** Variables that ask the engine for its log; it goes to standard error without the secrets. */
const LOG_VARIABLES = ["TF_LOG", "TF_LOG_CORE", "TF_LOG_PROVIDER"];

/** Makes the secrets that nobody has to give: the encryption key anywhere, and all of them in the lab. */
export async function generateSecrets(site: Site, environment: string, secrets: SecretStore): Promise<void> {
  for (const { name, origin } of requiredSecrets(site, environment)) {
    if (origin !== "generated" || secrets.get(name) !== undefined) continue;
    if (name === ENCRYPTION_KEY) await ensureEncryptionKey(secrets, name);
    else await secrets.setIfMissing(name, () => Secret.of(crypto.randomUUID()));
  }
}

/** A site and the environment that a command names. */
interface ChosenSite {
  readonly folder: SitesFolder;
  readonly site: Site;
  readonly environmentName: string;
  readonly environment: Environment;
}

/** The same with its secrets; no device is asked. */
export interface Chosen extends ChosenSite {
  readonly secrets: SecretStore;
  readonly output: Output;
  readonly progress: Progress;
}

/** Loads the site and chooses the environment. */
export async function chooseSite(argument: string | undefined, options: CommonOptions): Promise<ChosenSite> {
  const folder = sitesFolder(options.sites);
  const site = await loadSite(folder, chosenSite(argument, options, listSites(folder)));
  const environmentName = chosenEnvironment(options, site);
  const environment = site.environments[environmentName];
  if (environment === undefined) throw new Error(`no environment ${environmentName}`);
  return { folder, site, environmentName, environment };
}

/** Where the secrets of a site and environment are, and the key that opens them. */
export function secretsOf({ folder, site, environmentName, environment }: ChosenSite): SecretLocation {
  return secretLocation({
    site: site.name,
    environment: { name: environmentName, kind: environment.kind },
    runDir: workspaceRoot({ sitesDirectory: folder.path, site: site.name, environment: environmentName }),
    sitesDir: folder.path,
    env: process.env,
  });
}

/** Loads the site, chooses the environment and opens its secrets. */
export async function choose(argument: string | undefined, options: CommonOptions): Promise<Chosen> {
  const output = openOutput(options);
  const chosen = await chooseSite(argument, options);
  const secrets = await openSecrets(secretsOf(chosen), process.env);
  return { ...chosen, secrets, output, progress: new Progress(output) };
}

/** Opens a session: in a lab the devices are started, elsewhere they are located and their certificates are checked. */
export async function openSession(argument: string | undefined, options: CommonOptions): Promise<Session> {
  const chosen = await choose(argument, options);
  const { folder, site, environmentName, secrets, output, progress } = chosen;
  const { resolved, lab } = await locate(chosen, progress);
  const credentialOf = credentialsOf(site, environmentName, secrets, lab);
  return new Session(folder, site, resolved, secrets, credentialOf, output, progress);
}

/** Where the devices of an environment are; those of a lab are started. Nothing secret is needed, nor sent. */
export async function locate(
  { folder, site, environmentName, environment }: ChosenSite,
  progress: Progress,
): Promise<{ resolved: ResolvedEnvironment; lab: LabDescription | undefined }> {
  let lab: LabDescription | undefined;
  if (environment.kind === "lab") {
    lab = await startLab(siteLab(folder, site.name, environmentName), site, (line) => progress.start(line));
    progress.stop();
  }
  const resolved = await resolveEnvironment(site, environmentName, {
    siteDirectory: dirname(siteFile(folder, site.name)),
    ...(lab === undefined ? {} : { lab }),
  });
  return { resolved, lab };
}
