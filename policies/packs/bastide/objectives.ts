import type { Policy } from "../../engine/policy";
import { likelySchedule } from "../../rules/objectives/likely-schedule";

export const OBJECTIVES: readonly Policy[] = [
  {
    id: "BKP-025",
    rule: likelySchedule,
    severity: { lab: "warning", live: "warning" },
    why: "a schedule that was written for something else runs at hours that nobody expects",
    repair: "write it so that it can be read in one way only",
  },
];
