import { member } from "../../../model";
import { judged, type Rule } from "../../engine/rule";
import { recordOf, resourcesOf } from "../../engine/synthesized-stack";
import { kindOf, labelOf } from "./object-kind";

const HOLDS_DATA: ReadonlySet<string> = new Set(["datastore", "namespace", "storage", "guest"]);

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
    return resourcesOf(stacks)
      .filter((resource) => HOLDS_DATA.has(kindOf(resource, resource.attributes)))
      .map((resource) => {
        const { attributes } = resource;
        const isOpen = recordOf(attributes.lifecycle).prevent_destroy !== true;
        const isRemovable = kindOf(resource, attributes) === "guest" && attributes.protection !== true;
        const lacks = [...(isOpen ? ["prevent_destroy"] : []), ...(isRemovable ? ["the hypervisor's own protection"] : [])];
        return judged(labelOf(resource), lacks.length > 0 ? `it lacks ${lacks.join(" and ")}` : undefined);
      });
  },
};
