import { judged, type Rule } from "../../engine/rule";
import { recordOf, type SynthesizedResource } from "../../engine/synthesized-stack";
import { bodyOf, labelOf, resourcesOfKind } from "./object-kind";

/** Words by which a request erases backups: in the query of a deletion, or in the body of a creation. */
const QUERY = ["destroy-data", "delete-groups"];
const BODY = ["overwrite-in-use"];

export const deletionLeavesData: Rule = {
  sentence: "Outside the lab no datastore or namespace takes its backups along when it is deleted",
  synthesized: ({ site, environment, stacks }) => {
    if (site.environments[environment]?.kind === "lab") return [];
    return [...resourcesOfKind(stacks, "datastore"), ...resourcesOfKind(stacks, "namespace")].map((resource) => {
      const words = erasing(resource);
      return judged(labelOf(resource), words.length > 0 ? `it is told to erase backups: ${words.join(", ")}` : undefined);
    });
  },
};

function erasing({ attributes }: SynthesizedResource): string[] {
  const query = recordOf(attributes.delete_query);
  return [
    ...QUERY.filter((word) => word in query && String(query[word]) !== "false"),
    ...BODY.filter((word) => bodyOf(attributes)[word] === true),
  ];
}
