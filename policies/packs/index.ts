import type { Standard } from "../engine/policy";

/** The standards that `./bastide policies --pack` knows, in alphabetical order. */
export const STANDARDS: readonly Standard[] = [];
