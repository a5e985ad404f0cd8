import { UserError } from "../model";
import type { Deployment } from "./deployment";
import type { LayerPlan } from "./plan";

/** Objects with which data or keys would go: datastore, namespace, storage with its copy of the key, guest with its disks. */
const HOLDS_DATA = /\.(datastore|namespace|storage|guest)__/;

/**
 * Refuses a plan that takes away what holds data. The engine's own protection stands in the configuration of an object, so it
 * is gone with the object when somebody deletes a tier from the site file.
 * @throws UserError with every such object; exit code 3
 */
export function refuseLoss({ options: { environment, site } }: Deployment, plans: readonly LayerPlan[]): void {
  if (!environment.protectData) return;
  const lost = plans.flatMap(({ layer, changes }) =>
    changes
      .filter(({ action, address }) => (action === "delete" || action === "replace") && HOLDS_DATA.test(address))
      .map((change) => ({ ...change, layer })),
  );
  if (lost.length === 0) return;
  throw new UserError(
    lost.map(({ layer, construct, action, fields }) => ({
      where: `${layer} ${construct}`,
      what: `the plan would ${action} it${fields.length > 0 ? ` (${fields.map(({ name }) => name).join(", ")})` : ""}`,
      why: "it holds data or keys, and no apply deletes those outside the lab",
      repair: `bring it back into the site file of ${site.name}; to give it up, remove it on the device by hand once its backups are no longer needed, then apply again`,
    })),
    3,
  );
}
