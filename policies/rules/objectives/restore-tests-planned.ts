import { judged, type Rule } from "../../engine/rule";

export const restoreTestsPlanned: Rule = {
  sentence: "Restores are tried at fixed times",
  model: ({ site }) => [judged("restoreTests", site.restoreTests === undefined ? "no restore is ever tried" : undefined)],
};
