import type { Branded } from "./brand";
import { type Parsed, throwing } from "./parsed";

/** A TCP port. */
export type Port = Branded<number, "Port">;

/** Reads a port: an integer from 1 to 65535. */
export function parsePort(number: number): Parsed<Port> {
  if (Number.isInteger(number) && number >= 1 && number <= 65_535) return { value: number as Port };
  return { problem: { what: `${number} is no port`, repair: "write an integer from 1 to 65535, like 8007" } };
}

/** Reads a port or throws a `UserError`. */
export const port = throwing(parsePort, "port");
