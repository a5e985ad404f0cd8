import { bad, type Check, good, type Question } from "../live/check";
import { clocks } from "../live/checks/clocks";
import { versions } from "../live/checks/versions";
import { requiredSecrets, UserError } from "../model";
import { ensureEngine, ensureProviders } from "../providers/toolchain";
import type { CommonOptions } from "./options";
import { openOutput } from "./output";
import { Progress } from "./progress";
import { choose, openSession } from "./session";

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
  const chosen = await look({ id: "site", subject: "site", expected: "a site file without faults" }, async () => {
    const value = await choose(argument, options);
    return { value, actual: `${value.site.name} (${value.environmentName})` };
  });
  if (chosen === undefined) return checks;
  for (const { name, origin, purpose } of requiredSecrets(chosen.site, chosen.environmentName)) {
    if (origin !== "given") continue;
    const question: Question = { id: "secret", subject: `secret ${name}`, expected: purpose };
    checks.push(
      chosen.secrets.get(name) === undefined
        ? bad(question, "missing", chosen.secrets.command("set", name))
        : good(question, "stored"),
    );
  }
  const session = await look({ id: "tls", subject: "devices", expected: "reachable, with the pinned certificate" }, async () => {
    const value = await openSession(argument, options);
    return { value, actual: "all present the expected certificate" };
  });
  if (session === undefined) return checks;
  const reality = await look({ id: "credentials", subject: "devices", expected: "credentials are accepted" }, async () => {
    const value = await session.readReality();
    return { value, actual: "asked" };
  });
  return reality === undefined ? checks : [...checks, ...versions(reality), ...clocks(reality)];
}
