import type { Policy } from "../../engine/policy";
import { ACKNOWLEDGEMENTS } from "./acknowledgements";
import { CHANGES } from "./changes";
import { COPIES } from "./copies";
import { COVERAGE } from "./coverage";
import { DETECTION } from "./detection";
import { INTEGRITY } from "./integrity";
import { NETWORK } from "./network";
import { OBJECTIVES } from "./objectives";
import { PRIVILEGES } from "./privileges";
import { SECRETS } from "./secrets";

/** Every policy of Bastide, by subject. */
export const BASTIDE: readonly Policy[] = [
  ...COVERAGE,
  ...OBJECTIVES,
  ...COPIES,
  ...INTEGRITY,
  ...PRIVILEGES,
  ...SECRETS,
  ...NETWORK,
  ...CHANGES,
  ...DETECTION,
  ...ACKNOWLEDGEMENTS,
];
