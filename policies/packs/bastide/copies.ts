import type { Policy } from "../../engine/policy";

export const COPIES: readonly Policy[] = [];
