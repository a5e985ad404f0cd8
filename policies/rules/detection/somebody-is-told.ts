import { judged, type Rule } from "../../engine/rule";

export const somebodyIsTold: Rule = {
  sentence: "Somebody is told when a backup, its verification, pruning or copying fails",
  model: ({ site: { notifications } }) => [
    judged("notifications", notifications === undefined ? "nobody is told of a failure" : undefined),
  ],
};
