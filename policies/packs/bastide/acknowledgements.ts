import { UNUSED } from "../../engine/acknowledgements";
import type { Policy } from "../../engine/policy";
import { inForce } from "../../rules/acknowledgements/in-force";
import { narrow } from "../../rules/acknowledgements/narrow";
import { short } from "../../rules/acknowledgements/short";
import { used } from "../../rules/acknowledgements/used";

export const ACKNOWLEDGEMENTS: readonly Policy[] = [
  {
    id: "ACK-001",
    rule: inForce,
    severity: { lab: "warning", live: "error" },
    why: "somebody accepted a risk until a day, and that day is over: nobody accepts it now",
    repair: "repair what was acknowledged, or have its owner set a new date in the site file",
  },
  {
    id: "ACK-002",
    rule: short,
    severity: { lab: "warning", live: "error" },
    why: "a risk that is accepted for years is not accepted but forgotten",
    repair: "set `expires` to a day within 12 months",
  },
  {
    id: "ACK-003",
    rule: narrow,
    severity: { lab: "warning", live: "error" },
    why: "what is added later would be accepted with it, without anybody having looked at it",
    repair: "write one acknowledgement for each object, by its path in the site file",
  },
  {
    id: UNUSED,
    rule: used,
    severity: { lab: "note", live: "warning" },
    why: "the fault is repaired; left here, the acknowledgement would hide it when it comes back",
    repair: "remove it from the site file",
  },
];
