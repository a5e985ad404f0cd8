import { type Fault, type StateBackend, UserError } from "../model";
import { EngineFailure } from "./engine-failure";
import type { EngineDiagnostic } from "./events";
import { explainKnown, type FaultPlace, saidBy } from "./known-faults";
import type { StackObject, StackObjects } from "./stack-objects";
import { postgresLockHolder } from "./state";

/** Where the engine worked when it failed. */
export interface FailureContext {
  readonly site: string;
  readonly environment: string;
  readonly layer: string;
  readonly objects: StackObjects;
  readonly lockFile: string;
  readonly state: StateBackend;
}

/** Runs work of the engine; its failure becomes a UserError in the words of the site. */
export async function explained<T>(context: FailureContext, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof EngineFailure)) throw error;
    const holder =
      error.mentions(/Error acquiring the state lock/) && context.state.kind === "pg"
        ? await postgresLockHolder(context.state.connection)
        : undefined;
    throw explain(error, context, holder);
  }
}

/** All that the engine reported at once, each with the object, the device, the call, and what to do. */
export function explain(failure: EngineFailure, context: FailureContext, lockHolder?: string): UserError {
  const { operation, interrupted, signal, diagnostics, output } = failure.details;
  const where = `${context.site}, ${context.environment}, ${context.layer}`;
  const again = "run the same command again: it continues where it stopped";
  if (interrupted) {
    return new UserError({ where, what: `stopped as you asked, during ${operation}`, why: "locks are released", repair: again });
  }
  if (diagnostics.length > 0)
    return new UserError(withoutRepeats(diagnostics.map((entry) => faultOf(entry, context, lockHolder))));
  if (signal !== undefined) {
    return new UserError({ where, what: `the engine was ended from outside by ${signal}, during ${operation}`, repair: again });
  }
  const explanation = explainKnown({ severity: "error", summary: "", detail: output }, placeOf(undefined, context, lockHolder));
  const words = output === "" ? "it gave no reason" : output.slice(-2_000);
  return new UserError({
    where,
    ...(explanation ?? {
      what: `the engine failed during ${operation}: ${words}`,
      repair: `repair what it names, then ${again}`,
    }),
  });
}

function faultOf(diagnostic: EngineDiagnostic, context: FailureContext, lockHolder: string | undefined): Fault {
  const object = diagnostic.address === undefined ? undefined : context.objects.get(diagnostic.address);
  const known = explainKnown(diagnostic, placeOf(object, context, lockHolder));
  const where = [context.layer, object?.construct ?? diagnostic.address, callOf(diagnostic, object)];
  return {
    where: where.filter((part) => part !== undefined && part !== "").join(" "),
    ...(known ?? {
      what: `${diagnostic.summary.trim()}: ${saidBy(diagnostic)}`,
      repair: "repair what the device names, then run the same command again: it continues where it stopped",
    }),
  };
}

function placeOf(object: StackObject | undefined, context: FailureContext, lockHolder: string | undefined): FaultPlace {
  const { site, environment, layer, lockFile } = context;
  return { lockHolder, site, environment, layer, construct: object?.construct, device: object?.device, lockFile };
}

/** Method and address of the call, from the connection error or from what the object declares. */
function callOf({ summary, detail }: EngineDiagnostic, object: StackObject | undefined): string {
  const named = /\b(Get|Post|Put|Patch|Delete) \\?"(https?:[^"\\]+)/.exec(detail);
  if (named) return `(${named[1]?.toUpperCase()} ${named[2]})`;
  const step = /\b(create|read|update|delete)\b/i.exec(summary)?.[1]?.toLowerCase();
  const attribute = (name: string) =>
    typeof object?.attributes[name] === "string" ? String(object.attributes[name]) : undefined;
  const path = (step === undefined ? undefined : attribute(`${step}_path`)) ?? attribute("path");
  if (object?.device === undefined) return "";
  if (step === undefined || path === undefined) return `(${object.device})`;
  const method = attribute(`${step}_method`) ?? { create: "POST", read: "GET", update: "PUT", delete: "DELETE" }[step];
  return `(${method} ${object.device}${path})`;
}

/** A device that is down is one fault, not one for each of its objects: the others are counted. */
function withoutRepeats(faults: readonly Fault[]): Fault[] {
  const groups = new Map<string, Fault[]>();
  for (const fault of faults)
    groups.set(`${fault.what}\n${fault.repair}`, [...(groups.get(`${fault.what}\n${fault.repair}`) ?? []), fault]);
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    return [others.length === 0 ? first : { ...first, where: `${first.where} and ${others.length} more` }];
  });
}
