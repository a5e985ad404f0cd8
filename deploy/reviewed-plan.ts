import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { type Fault, UserError } from "../model";
import { recordOf } from "../policies/engine/synthesized-stack";
import { onFiles } from "./file-faults";

/**
 * What somebody has reviewed: a SHA-256 of each layer that changes something. It is taken over what the plan does, since the
 * file of a plan is another at every run. It holds no value of the plan.
 */
export interface ReviewedPlan {
  readonly version: 1;
  readonly site: string;
  readonly environment: string;
  /** Key: layer. Layers that change nothing are left out. */
  readonly layers: Readonly<Record<string, string>>;
}

/** What a plan does, in hexadecimal: every change with what was before and what will be, in one order. */
export function planDigest(document: unknown): string {
  const changes = listOf(recordOf(document).resource_changes)
    .map(recordOf)
    .filter(({ change }) => !listOf(recordOf(change).actions).every((action) => action === "no-op" || action === "read"))
    .map(({ address, change, previous_address, deposed }) => canonical([address, previous_address, deposed, change]))
    .sort();
  return createHash("sha256").update(changes.join("\n")).digest("hex");
}

/** The record of a plan. @param digests of the layers that change something */
export const reviewedPlanOf = (site: string, environment: string, digests: ReadonlyMap<string, string>): ReviewedPlan => ({
  version: 1,
  site,
  environment,
  layers: Object.fromEntries([...digests].sort(byName)),
});

/** Writes the record into a file. @throws UserError when the file cannot be written */
export async function keepReviewedPlan(file: string, plan: ReviewedPlan): Promise<void> {
  await onFiles(file, () => writeFile(file, `${JSON.stringify(plan, null, 2)}\n`));
}

/** @throws UserError when the text is none */
export function parseReviewedPlan(file: string, text: string): ReviewedPlan {
  let data: Readonly<Record<string, unknown>>;
  try {
    data = recordOf(JSON.parse(text));
  } catch {
    data = {};
  }
  const { version, site, environment } = data;
  const layers = Object.entries(recordOf(data.layers)).map(([layer, hash]) => [layer, String(hash)] as const);
  const isPlan = version === 1 && typeof site === "string" && typeof environment === "string" && "layers" in data;
  if (isPlan && layers.every(([, hash]) => /^[0-9a-f]{64}$/.test(hash))) {
    return { version, site, environment, layers: Object.fromEntries(layers) };
  }
  throw new UserError({
    where: file,
    what: "is no record of a reviewed plan",
    repair: "give the file that ./bastide plan --out wrote",
  });
}

/**
 * Refuses a plan that is not the reviewed one.
 * @param again command that has the plan reviewed again
 * @throws UserError with every layer that does something else, exit code 3
 */
export function demandReviewed(reviewed: ReviewedPlan, planned: ReviewedPlan, file: string, again: string): void {
  const repair = `look at what is planned now: ${again}`;
  const faults: Fault[] = (["site", "environment"] as const)
    .filter((field) => reviewed[field] !== planned[field])
    .map((field) => ({
      where: file,
      what: `was reviewed for the ${field} ${reviewed[field]}, not for ${planned[field]}`,
      repair,
    }));
  const layers = [...new Set([...Object.keys(reviewed.layers), ...Object.keys(planned.layers)])].sort();
  if (faults.length === 0) {
    faults.push(
      ...layers
        .filter((layer) => reviewed.layers[layer] !== planned.layers[layer])
        .map((layer) => ({
          where: layer,
          what: differenceOf(reviewed.layers[layer], planned.layers[layer]),
          why: "only what was reviewed is applied; the site file or the devices were changed since",
          repair,
        })),
    );
  }
  if (faults.length > 0) throw new UserError(faults, 3);
}

function differenceOf(reviewed: string | undefined, planned: string | undefined): string {
  if (reviewed === undefined) return "the plan changes it, and when it was reviewed it was to stay as it is";
  if (planned === undefined) return "the plan changes nothing there any more, other than when it was reviewed";
  return `the plan does something else (${planned.slice(0, 12)}) than what was reviewed (${reviewed.slice(0, 12)})`;
}

/** JSON with the keys of every object in order. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, part: unknown) =>
      typeof part === "object" && part !== null && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(byName))
        : part,
    ) ?? "null"
  );
}

const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number => (one < other ? -1 : 1);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
