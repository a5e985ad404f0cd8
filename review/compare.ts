import type { ProtectionFinding } from "./finding";
import type { Protection } from "./protection";

export function compareProtection(_before: Protection, _after: Protection): readonly ProtectionFinding[] {
  return [];
}
