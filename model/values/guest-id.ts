import type { Branded } from "./brand";
import { type Parsed, throwing } from "./parsed";

/** Number of a virtual machine or container in its cluster. */
export type GuestId = Branded<number, "GuestId">;

const LOWEST = 100;
const HIGHEST = 999_999_999;

/** Reads a guest id: an integer from 100 to 999999999 (pve-9.1.8 schema of `vmid`). */
export function parseGuestId(id: number): Parsed<GuestId> {
  if (Number.isInteger(id) && id >= LOWEST && id <= HIGHEST) return { value: id as GuestId };
  return {
    problem: {
      what: `${id} is no guest id`,
      why: "Proxmox VE numbers guests from 100 to 999999999",
      repair: "write the id that `qm list` or `pct list` shows, like 101",
    },
  };
}

/** Reads a guest id or throws a `UserError`. */
export const guestId = throwing(parseGuestId, "guest id");
