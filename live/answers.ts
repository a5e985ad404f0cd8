import * as z from "zod";
import { UserError } from "../model";

/** Proxmox VE writes booleans as 0 and 1, the backup server as true and false; an absent one has its default. */
export const flag = (absent: boolean) =>
  z
    .union([z.boolean(), z.number(), z.enum(["0", "1"])])
    .optional()
    .transform((value) => (value === undefined ? absent : value === true || value === 1 || value === "1"));

/** Some numbers come as text from Proxmox VE. */
export const count = z.union([z.number(), z.string().regex(/^\d+$/)]).transform(Number);

/** Checks the shape of an answer, so that another product version is named instead of misread. */
export function shaped<Schema extends z.ZodType>(schema: Schema, answer: unknown, where: string): z.output<Schema> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new UserError({
    where,
    what: `answered in a shape that Bastide does not know (${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""})`,
    why: "the device runs a version that Bastide was not tested with",
    repair: "compare its version with the supported ones in the README",
  });
}

/** A property that is left out where the device left it out. */
export function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]: Value });
}
