import { writeFileSync } from "node:fs";
import { openOutput } from "../../../cli/output";
import { Progress } from "../../../cli/progress";
import { Session } from "../../../cli/session";
import { credentialsOf } from "../../../deploy/credentials";
import { resolveEnvironment } from "../../../deploy/environment";
import { planLayer } from "../../../deploy/plan";
import { openSecrets, secretLocation } from "../../../deploy/secrets/location";
import { labStatus } from "../../../lab/control";
import { type RawSite, readCollections } from "../../../live/read-collections";
import type { Site } from "../../../model";
import type { PlanDocument } from "../../../review/sources/plan-document";
import type { ApplyAnswer } from "./answers";
import type { SitesFolder } from "./sites-folder";

const LAB = "lab";

/** A site in its lab, whose model a test gives as data. Applied by the command line; planned and read in this process. */
export class LabSite {
  constructor(
    private readonly folder: SitesFolder,
    readonly name: string,
  ) {}

  /** Applies this model. @throws what the command says, if it does not end well */
  async apply(site: Site): Promise<void> {
    this.#write(site);
    const { exitCode, json, stdout } = await this.folder.json<ApplyAnswer>(["apply", this.name, "--env", LAB]);
    if (exitCode !== 0 || json.report?.outcome !== "done") throw new Error(`exit code ${exitCode}: ${stdout}`);
  }

  /** What applying this model would do, layer for layer, also where that is nothing. */
  async plan(site: Site): Promise<PlanDocument[]> {
    const session = await this.#session(site);
    return await session.withDeployment("plan", async (deployment) => {
      const documents: PlanDocument[] = [];
      for (const stack of deployment.stacks) {
        await deployment.prepare(stack);
        const { plan, document } = await planLayer(deployment, stack, {});
        const shown = document ?? (await deployment.onStack(stack, (engine) => engine.show(plan.file)));
        documents.push({ layer: stack.layer, plan: shown });
      }
      return documents;
    });
  }

  /** What the devices answer now. */
  async live(site: Site): Promise<RawSite> {
    return await (await this.#session(site)).withClients(readCollections);
  }

  /** The model is plain data: a file that holds it is a site file. */
  #write(site: Site): void {
    writeFileSync(this.folder.siteFile(this.name), `export default ${JSON.stringify(site)};\n`);
  }

  async #session(site: Site): Promise<Session> {
    const status = await labStatus(`${this.folder.work(this.name)}/devices`);
    if (status.state !== "up") throw new Error(`the lab of ${this.name} is ${status.state}`);
    const lab = status.description;
    const environment = await resolveEnvironment(site, LAB, { siteDirectory: this.folder.path, lab });
    const where = {
      site: site.name,
      environment: { name: LAB, kind: "lab" as const },
      sitesDir: this.folder.path,
      env: process.env,
    };
    const secrets = await openSecrets(secretLocation({ ...where, runDir: this.folder.work(this.name) }), process.env);
    const output = openOutput({ json: true });
    const sites = { path: this.folder.path, modelUrl: "" };
    return new Session(sites, site, environment, secrets, credentialsOf(site, LAB, secrets, lab), output, new Progress(output));
  }
}
