import type { Policy } from "../../engine/policy";

export const SECRETS: readonly Policy[] = [];
