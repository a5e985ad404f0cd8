import { whereKnown } from "./known";
import type { Protection } from "./protection";

/**
 * The earlier protection with the backup servers' names of the later one: a server that keeps its address is the same server,
 * whatever it is called.
 */
export function underNamesOf(before: Protection, after: Protection): Protection {
  const names = renamedServers(before.servers, after.servers);
  if (names.size === 0) return before;
  const whole = (name: string) => names.get(name) ?? name;
  /** `pbs`, `pbs:data`, `pve1 -> pbs`, `south:data on pbs:data`. */
  const inside = (text: string) =>
    text
      .split(" ")
      .map((word) => {
        const [server = "", ...rest] = word.split(":");
        return [whole(server), ...rest].join(":");
      })
      .join(" ");
  const copies = <Named extends { readonly name: string }>(list: readonly Named[]) =>
    list.map((one) => ({ ...one, name: inside(one.name) }));
  return {
    ...before,
    guests: before.guests.map((guest) => ({
      ...guest,
      places: whereKnown(guest.places, (places) => places.map(inside).sort()),
      copies: whereKnown(guest.copies, copies),
    })),
    datastores: whereKnown(before.datastores, copies),
    pulled: whereKnown(before.pulled, copies),
    privileges: whereKnown(before.privileges, (list) => list.map((one) => ({ ...one, device: whole(one.device) }))),
    reachability: whereKnown(before.reachability, ({ reaches, cutOff, onSite }) => ({
      reaches: reaches.map((one) => ({ ...one, destination: whole(one.destination) })),
      cutOff: cutOff.map(inside),
      onSite: onSite.map(whole),
    })),
    alerts: whereKnown(before.alerts, (list) => list.map((one) => ({ ...one, device: inside(one.device) }))),
    servers: Object.fromEntries(Object.entries(before.servers).map(([name, addresses]) => [whole(name), addresses])),
  };
}

function renamedServers(before: Protection["servers"], after: Protection["servers"]): Map<string, string> {
  const renamed = new Map<string, string>();
  for (const [name, addresses] of Object.entries(before)) {
    if (name in after) continue;
    const heir = Object.entries(after).find(
      ([other, theirs]) => !(other in before) && theirs.some((address) => addresses.includes(address)),
    );
    if (heir !== undefined) renamed.set(name, heir[0]);
  }
  return renamed;
}
