import type { Policy } from "../../engine/policy";

export const PRIVILEGES: readonly Policy[] = [];
