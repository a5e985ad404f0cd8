import type { Policy } from "../../engine/policy";

export const INTEGRITY: readonly Policy[] = [];
