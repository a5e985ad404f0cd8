import { destroy, type StayingObject } from "../deploy/destroy";
import type { LayerPlan } from "../deploy/plan";
import type { RunnableStack } from "../deploy/stack";
import { staleStacks } from "../deploy/stale-stacks";
import { UserError } from "../model";
import { changesText } from "./changes-text";
import { showing } from "./deployment-progress";
import type { Session } from "./session";

export interface DestroyChoices {
  readonly confirm?: string;
  readonly stale?: string;
  readonly waitSeconds: number;
}

/** Destroys a site's objects, or a layer that its file has forgotten. @returns 0, or 3 when it was declined */
export async function runDestroy(session: Session, choices: DestroyChoices): Promise<number> {
  const { output, progress } = session;
  try {
    return await session.withDeployment(
      "destroy",
      async (deployment) => {
        const stacks = choices.stale === undefined ? undefined : [await staleLayer(choices.stale, await staleStacks(deployment))];
        const { report, staying } = await destroy(deployment, {
          confirm: (plans, left) => confirmed(session, choices, plans, left),
          onProgress: showing(progress),
          ...(stacks === undefined ? {} : { stacks }),
        });
        progress.stop();
        const text = [
          report.outcome === "declined" ? "nothing was changed" : report.outcome === "done" ? "destroyed" : "nothing to do",
          ...stayingText(staying),
        ];
        output.result({ ok: report.outcome !== "declined", report, staying }, text.join("\n"));
        return report.outcome === "declined" ? 3 : 0;
      },
      { waitSeconds: choices.waitSeconds },
    );
  } finally {
    progress.stop();
  }
}

async function staleLayer(layer: string, stale: Awaited<ReturnType<typeof staleStacks>>): Promise<RunnableStack> {
  const found = stale.find((one) => one.layer === layer);
  if (found?.stack !== undefined) return found.stack;
  throw new UserError({
    where: `--stale ${layer}`,
    what: found === undefined ? "no such layer is left over" : "its last configuration is lost, so the engine cannot destroy it",
    repair:
      found === undefined
        ? `left over: ${stale.map((one) => one.layer).join(", ") || "none"}`
        : `remove by hand: ${found.objects.join(", ")}`,
  });
}

/** The lab freely; elsewhere the site's name must be typed, or given where there is no terminal. */
async function confirmed(
  { output, progress, environment, site }: Session,
  choices: DestroyChoices,
  plans: readonly LayerPlan[],
  staying: readonly StayingObject[],
): Promise<boolean> {
  progress.stop();
  output.note([changesText(plans, output.color), ...stayingText(staying)].join("\n"));
  if (environment.kind === "lab") return true;
  const typed = choices.confirm ?? (await askName(output.json, site.name));
  if (typed === site.name) return true;
  if (choices.confirm === undefined) return false;
  throw new UserError(
    { where: "--confirm", what: `"${typed}" is not the site's name`, repair: `write --confirm ${site.name}` },
    64,
  );
}

async function askName(json: boolean, name: string): Promise<string> {
  if (process.stdin.isTTY !== true || json) {
    throw new UserError(
      { where: "command line", what: "there is no terminal to type the site's name on", repair: `add --confirm ${name}` },
      3,
    );
  }
  const { input } = await import("@inquirer/prompts");
  return await input({ message: `Type the site's name to destroy its objects (${name}):` }, { output: process.stderr });
}

function stayingText(staying: readonly StayingObject[]): string[] {
  return staying.length === 0
    ? []
    : [
        "stays, because it holds data or keys:",
        ...staying.map(({ construct, removal }) => `  ${construct}\n      by hand: ${removal}`),
      ];
}
