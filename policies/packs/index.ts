import type { Standard } from "../engine/policy";
import { ANSSI_BP_100 } from "./anssi-bp-100";
import { CIR_2024_2690 } from "./cir-2024-2690";
import { CIS_V8 } from "./cis-v8";
import { ISO_27001 } from "./iso-27001";
import { NIST_800_53 } from "./nist-800-53";

/** The standards that `./bastide policies --pack` knows, in alphabetical order. */
export const STANDARDS: readonly Standard[] = [ANSSI_BP_100, CIR_2024_2690, CIS_V8, ISO_27001, NIST_800_53];
