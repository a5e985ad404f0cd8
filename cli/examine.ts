import { bad, type Check, good, type Question } from "../live/check";
import { clocks } from "../live/checks/clocks";
import { versions } from "../live/checks/versions";
import { preflight } from "../live/preflight";
import { provisioningRights } from "../live/provisioning-rights";
import { requiredSecrets, UserError } from "../model";
import { ensureEngine, ensureProviders } from "../providers/toolchain";
import type { CommonOptions } from "./options";
import { openOutput } from "./output";
import { Progress } from "./progress";
import { type Chosen, choose, chooseSite, openSession } from "./session";

/** Everything that a deployment needs, one line each; what cannot be looked at because something before it fails is left out. */
export async function examine(argument: string | undefined, options: CommonOptions): Promise<Check[]> {
  const progress = new Progress(openOutput(options));
  const report = ({ what, state }: { what: string; state: string }) => (state === "start" ? progress.start(what) : undefined);
  const checks: Check[] = [];
  const look = async <Value>(
    question: Question,
    work: () => Promise<{ value: Value; actual: string }>,
  ): Promise<Value | undefined> => {
    try {
      const { value, actual } = await work();
      checks.push(good(question, actual));
      return value;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      for (const fault of error.faults) checks.push(bad({ ...question, subject: fault.where }, fault.what, fault.repair));
      return undefined;
    } finally {
      progress.stop();
    }
  };
  const engine = await look({ id: "engine", subject: "engine", expected: "OpenTofu or Terraform >= 1.12" }, async () => {
    const value = await ensureEngine(report);
    return { value, actual: `${value.kind} ${value.version} (${value.path})` };
  });
  if (engine !== undefined) {
    await look({ id: "providers", subject: "providers", expected: "pinned versions" }, async () => {
      const value = await ensureProviders(engine, report);
      return { value, actual: value.mirror ?? "from the registry" };
    });
  }
  const found = await look({ id: "site", subject: "site", expected: "a site file without faults" }, async () => {
    const { site, environmentName } = await chooseSite(argument, options);
    return { value: true, actual: `${site.name} (${environmentName})` };
  });
  if (found === undefined) return checks;
  const chosen = await look({ id: "secrets", subject: "secrets", expected: "a store that your key opens" }, async () => {
    const value = await choose(argument, options);
    return { value, actual: value.secrets.file };
  });
  if (chosen === undefined) return checks;
  const missing = givenSecrets(chosen);
  checks.push(...missing);
  const session = await look({ id: "tls", subject: "devices", expected: "reachable, with the pinned certificate" }, async () => {
    const value = await openSession(argument, options);
    return { value, actual: "all present the expected certificate" };
  });
  if (session === undefined || missing.some(({ verdict }) => verdict !== "ok")) return checks;
  const accepted = await look({ id: "credentials", subject: "devices", expected: "credentials are accepted" }, async () => {
    await session.withClients(preflight);
    return { value: true, actual: "accepted" };
  });
  const rights = await session.withClients((clients) => provisioningRights(clients, session.site));
  if (accepted === undefined) return [...checks, ...rights.filter(({ verdict }) => verdict === "fault")];
  checks.push(...rights);
  const reality = await session.readReality();
  // Which zone a node is in, apply decides; how far its clock is off, nobody but its administrator.
  return [...checks, ...versions(reality), ...clocks(reality).filter(({ id }) => id === "clock.offset")];
}

/** One line for each secret that a person has to give. */
function givenSecrets({ site, environmentName, secrets }: Chosen): Check[] {
  return requiredSecrets(site, environmentName)
    .filter(({ origin }) => origin === "given")
    .map(({ name, purpose }) => {
      const question: Question = { id: "secret", subject: `secret ${name}`, expected: purpose };
      return secrets.get(name) === undefined ? bad(question, "missing", secrets.command("set", name)) : good(question, "stored");
    });
}
