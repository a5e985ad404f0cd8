import { judged, type Rule } from "../../engine/rule";
import { syncsOf } from "./syncs-of";

export const pulledByTheOtherSide: Rule = {
  sentence: "Every copy on another server is pulled by that server",
  model: ({ site }) =>
    syncsOf(site).map(({ where, server, sync, remote }) =>
      judged(
        where,
        sync.direction === "push" ? `${server} writes to ${remote.host} itself, with a credential that it keeps` : undefined,
      ),
    ),
};
