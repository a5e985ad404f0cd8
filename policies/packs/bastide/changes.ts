import type { Policy } from "../../engine/policy";

export const CHANGES: readonly Policy[] = [];
