import type { Policy } from "../../engine/policy";
import { tierUsed } from "../../rules/coverage/tier-used";

export const COVERAGE: readonly Policy[] = [
  {
    id: "BKP-006",
    rule: tierUsed,
    severity: { lab: "note", live: "warning" },
    why: "a tier without guests has no backup job: whoever reads the file may think that it protects something",
    repair: "put a guest into it, or remove it",
  },
];
