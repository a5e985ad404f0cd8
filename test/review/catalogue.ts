import { ACCESS } from "./catalogue/access";
import { COPIES } from "./catalogue/copies";
import { GUESTS } from "./catalogue/guests";
import { INFRASTRUCTURE } from "./catalogue/infrastructure";
import { QUIET } from "./catalogue/quiet";
import type { Row } from "./catalogue/row";

/** Single changes to the two example sites, in both directions where there are two, and what a review must say of each. */
export const CATALOGUE: readonly Row[] = [...GUESTS, ...COPIES, ...INFRASTRUCTURE, ...ACCESS, ...QUIET];
