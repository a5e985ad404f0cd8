import { compareProtection } from "../../review/compare";
import type { Configuration } from "../../review/configuration";
import type { ProtectionFinding } from "../../review/finding";
import { protectionOf } from "../../review/protect";
import { configurationOfModel } from "../../review/sources/model";
import { inShort, type Loose, SITES } from "./sites";

/** EcoSolar as its devices are told. */
export const ECOSOLAR = configurationOfModel(SITES.ecosolar);

/** What a review says of a change that no site file can describe. @param from what both sides have beyond EcoSolar */
export const reviewWith = (change: Partial<Configuration>, from: Partial<Configuration> = {}): readonly ProtectionFinding[] =>
  compareProtection(protectionOf({ ...ECOSOLAR, ...from }), protectionOf({ ...ECOSOLAR, ...from, ...change }));

/** Every entry of a list of EcoSolar's, with other values. */
export const each = <Key extends keyof Configuration>(key: Key, values: object): Pick<Configuration, Key> =>
  ({ [key]: (ECOSOLAR[key] as Loose).map((one: object) => ({ ...one, ...values })) }) as Pick<Configuration, Key>;

export const short = (findings: readonly ProtectionFinding[]): string[] => findings.map(inShort);

/** The guests of EcoSolar, as `inShort` writes them. */
export const ALL = "101,102,103,104,105,106";
