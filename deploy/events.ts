/** What the engine is to do with one object, in its own words. */
export type Action = "create" | "update" | "delete" | "replace" | "read" | "noop" | "import" | "move" | "forget";

/** What the engine or a provider says about a fault, before it is put into the words of `diagnostics.ts`. */
export interface EngineDiagnostic {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail: string;
  /** Resource address: `restful_resource.prune_A1B2`. Absent where no object is concerned. */
  readonly address?: string;
}

export interface ChangeCounts {
  readonly add: number;
  readonly change: number;
  readonly remove: number;
}

type ObjectEventType =
  | "planned_change"
  | "resource_drift"
  | "refresh_start"
  | "refresh_complete"
  | "apply_start"
  | "apply_progress"
  | "apply_complete"
  | "apply_errored";

/** One thing that happened to one object. */
export interface ObjectEvent {
  readonly type: ObjectEventType;
  readonly address: string;
  readonly action: Action;
  /** Seconds since the action began; 0 where the engine does not say it. */
  readonly elapsedSeconds: number;
}

/** One line of the engine's `-json` output. */
export type EngineEvent =
  | ObjectEvent
  | { readonly type: "diagnostic"; readonly diagnostic: EngineDiagnostic }
  | { readonly type: "change_summary"; readonly operation: string; readonly counts: ChangeCounts }
  | { readonly type: "outputs"; readonly names: readonly string[] }
  /** An event that this version does not know, or a line that is no event: kept, so that nothing is lost. */
  | { readonly type: "other"; readonly message: string };

const OBJECT_EVENTS: ReadonlySet<string> = new Set<ObjectEventType>([
  "planned_change",
  "resource_drift",
  "refresh_start",
  "refresh_complete",
  "apply_start",
  "apply_progress",
  "apply_complete",
  "apply_errored",
]);

/** Reads one line. Never throws: a line that a crash cut off becomes `other`. */
export function parseEvent(line: string): EngineEvent {
  const record = recordOf(parseJson(line));
  if (record === undefined) return { type: "other", message: line };
  const type = textOf(record.type);
  if (OBJECT_EVENTS.has(type)) return objectEvent(type as ObjectEventType, record) ?? other(record, line);
  if (type === "diagnostic") return diagnosticEvent(record.diagnostic) ?? other(record, line);
  if (type === "change_summary") return summaryEvent(recordOf(record.changes) ?? {});
  if (type === "outputs") return { type, names: Object.keys(recordOf(record.outputs) ?? {}) };
  return other(record, line);
}

function parseDiagnostic(value: unknown): EngineDiagnostic | undefined {
  const record = recordOf(value);
  if (record === undefined || typeof record.summary !== "string") return undefined;
  const address = textOf(record.address);
  return {
    severity: record.severity === "warning" ? "warning" : "error",
    summary: record.summary,
    detail: textOf(record.detail),
    ...(address === "" ? {} : { address }),
  };
}

/** Cuts a stream into lines; what follows the last line feed waits for the next piece, or for `end`. */
export class LineSplitter {
  #rest = "";

  constructor(private readonly onLine: (line: string) => void) {}

  push(piece: string): void {
    const lines = (this.#rest + piece).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") this.onLine(line);
  }

  end(): void {
    const rest = this.#rest;
    this.#rest = "";
    if (rest.trim() !== "") this.onLine(rest);
  }
}

function objectEvent(type: ObjectEventType, record: Record<string, unknown>): ObjectEvent | undefined {
  const about = recordOf(record.hook) ?? recordOf(record.change);
  const address = textOf(recordOf(about?.resource)?.addr);
  if (about === undefined || address === "") return undefined;
  const elapsed = about.elapsed_seconds;
  return { type, address, action: actionOf(about.action), elapsedSeconds: typeof elapsed === "number" ? elapsed : 0 };
}

function diagnosticEvent(value: unknown): EngineEvent | undefined {
  const diagnostic = parseDiagnostic(value);
  return diagnostic && { type: "diagnostic", diagnostic };
}

function summaryEvent(changes: Record<string, unknown>): EngineEvent {
  const count = (name: string) => (typeof changes[name] === "number" ? changes[name] : 0);
  const counts = { add: count("add"), change: count("change"), remove: count("remove") };
  return { type: "change_summary", operation: textOf(changes.operation), counts };
}

/** "remove" is what the engine calls an object that it forgets and leaves alone. */
function actionOf(value: unknown): Action {
  const known: readonly Action[] = ["create", "update", "delete", "replace", "read", "import", "move"];
  if (value === "remove") return "forget";
  return known.find((action) => action === value) ?? "noop";
}

const other = (record: Record<string, unknown>, line: string): EngineEvent => ({
  type: "other",
  message: textOf(record["@message"]) || line,
});

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

function recordOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
