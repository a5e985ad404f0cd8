import type { Policy } from "../../engine/policy";

export const DETECTION: readonly Policy[] = [];
