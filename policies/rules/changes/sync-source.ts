import type { Site } from "../../../model";
import type { PlannedChange } from "../../engine/planned-stack";
import { bodyOf, kindOfChange, serverOf } from "./object-kind";
import { type Place, serverAt } from "./place";

/**
 * Where a sync job copies from. A pull names its source by a remote, which stands beside it in the plan; without a remote it
 * copies on its own server. Undefined: from a server that is not one of the site.
 * @param side of the change: what is there, or what comes
 */
export function sourceOf(
  job: PlannedChange,
  side: "before" | "after",
  changes: readonly PlannedChange[],
  site: Site,
): Place | undefined {
  const body = bodyOf(job[side]);
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  if (body["sync-direction"] === "push") return { server: serverOf(job), datastore: text(body.store), namespace: text(body.ns) };
  const place = { datastore: text(body["remote-store"]), namespace: text(body["remote-ns"]) };
  if (typeof body.remote !== "string") return { server: serverOf(job), ...place };
  const remote = changes.find(
    (one) => kindOfChange(one) === "remote" && serverOf(one) === serverOf(job) && bodyOf(one[side]).name === body.remote,
  );
  const server = serverAt(bodyOf(remote?.[side]).host, site);
  return server === undefined ? undefined : { server, ...place };
}
