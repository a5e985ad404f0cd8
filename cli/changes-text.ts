import type { ObjectChange } from "../deploy/changes";
import type { LayerPlan } from "../deploy/plan";
import type { Output } from "./output";

const MARKS: Readonly<Record<string, string>> = { create: "+", update: "~", delete: "-", replace: "±", import: "=", forget: "·" };

/** What a plan does, layer by layer, in names of the model. */
export function changesText(plans: readonly LayerPlan[], color: Output["color"]): string {
  const changed = plans.filter(({ changes }) => changes.length > 0);
  if (changed.length === 0) return "nothing to do: the devices are as the site file says";
  const paint: Readonly<Record<string, (text: string) => string>> = {
    create: color.green,
    delete: color.red,
    replace: color.red,
    update: color.yellow,
  };
  return changed
    .map(({ layer, changes, counts }) =>
      [
        `${color.bold(layer)}: ${counts.add} to add, ${counts.change} to change, ${counts.remove} to remove`,
        ...changes.map((change) =>
          (paint[change.action] ?? String)(`  ${MARKS[change.action] ?? "?"} ${change.construct}${fieldsText(change)}`),
        ),
      ].join("\n"),
    )
    .join("\n");
}

function fieldsText({ fields, onlyRepeats }: ObjectChange): string {
  if (onlyRepeats && fields.length === 0) return " (its secret is sent again)";
  return fields.map(({ name, before, after }) => `\n      ${name}: ${shown(before)} -> ${shown(after)}`).join("");
}

const shown = (value: unknown): string =>
  value === undefined || value === null ? "unset" : typeof value === "string" ? value : JSON.stringify(value);

/** The same for machines. */
export function changesData(plans: readonly LayerPlan[]): object[] {
  return plans.map(({ layer, sha256, counts, changes, elapsedMs }) => ({
    layer,
    sha256: sha256 ?? null,
    counts,
    changes,
    elapsedMs,
  }));
}
