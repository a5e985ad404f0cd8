import { member } from "../../../model";
import { judged, type Rule } from "../../engine/rule";
import { recordOf } from "../../engine/synthesized-stack";
import { labelOf, resourcesOfKind } from "./object-kind";

const HOLDING_DATA = ["datastore", "namespace", "storage", "guest"];

/** Where the site file itself gives the protection up, that is the one finding, not each object's lack of it. */
export const dataProtected: Rule = {
  sentence: "Outside the lab the engine refuses to destroy what holds data or keys",
  model: ({ site, environment }) => {
    const own = site.environments[environment];
    if (own?.kind === "lab") return [];
    const what = own?.protectData === true ? undefined : "nothing is protected";
    return [judged(`${member("environments", environment)}.protectData`, what)];
  },
  synthesized: ({ site, environment, stacks }) => {
    if (site.environments[environment]?.protectData !== true) return [];
    return HOLDING_DATA.flatMap((kind) =>
      resourcesOfKind(stacks, kind).map((resource) => {
        const { lifecycle, protection } = resource.attributes;
        const isOpen = recordOf(lifecycle).prevent_destroy !== true;
        const isRemovable = kind === "guest" && protection !== true;
        const lacks = [...(isOpen ? ["prevent_destroy"] : []), ...(isRemovable ? ["the hypervisor's own protection"] : [])];
        return judged(labelOf(resource), lacks.length > 0 ? `it lacks ${lacks.join(" and ")}` : undefined);
      }),
    );
  },
};
