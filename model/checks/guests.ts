import type { SiteDraft } from "../define/draft";
import { member } from "../define/reader";
import type { Fault } from "../faults";

/** Guests have ids of their own, are protected or exempt, and can be restored in an order. */
export function* checkGuests(site: SiteDraft): Generator<Fault> {
  const ids = new Map<number, string>();
  for (const [name, guest] of Object.entries(site.guests)) {
    const where = member("guests", name);
    if (guest.id !== undefined) {
      const earlier = ids.get(guest.id);
      if (earlier !== undefined) {
        yield {
          what: `${guest.id} is the id of guest "${earlier}" already`,
          where: `${where}.id`,
          repair: "write the id that the hypervisor shows",
        };
      }
      ids.set(guest.id, earlier ?? name);
    }
    if (guest.tier !== undefined && guest.exempt !== undefined) {
      yield { what: "the guest has a tier and is exempt from backup", where, repair: "remove `tier` or `exempt`" };
    }
    for (const [index, other] of (guest.dependsOn ?? []).entries()) {
      const needed = site.guests[other]?.restoreOrder;
      if (guest.restoreOrder === undefined || needed === undefined || needed < guest.restoreOrder || other === name) continue;
      yield {
        what: `"${name}" is restored at ${guest.restoreOrder}, not after "${other}" at ${needed}`,
        where: `${where}.dependsOn[${index}]`,
        why: `"${name}" depends on "${other}"`,
        repair: `give "${name}" a \`restoreOrder\` above ${needed}, or "${other}" one below ${guest.restoreOrder}`,
      };
    }
  }
  yield* checkCycles(site);
}

/** Each cycle of dependencies once, at the guest that stands first in the file. */
function* checkCycles(site: SiteDraft): Generator<Fault> {
  const done = new Set<string>();
  const path: string[] = [];
  const cycles: string[][] = [];
  const visit = (name: string) => {
    const at = path.indexOf(name);
    if (at >= 0) cycles.push(path.slice(at));
    if (at >= 0 || done.has(name)) return;
    path.push(name);
    for (const other of site.guests[name]?.dependsOn ?? []) if (Object.hasOwn(site.guests, other)) visit(other);
    path.pop();
    done.add(name);
  };
  const names = Object.keys(site.guests);
  for (const name of names) visit(name);
  for (const cycle of cycles) {
    const first = cycle.reduce((one, other) => (names.indexOf(other) < names.indexOf(one) ? other : one));
    const start = cycle.indexOf(first);
    const turned = [...cycle.slice(start), ...cycle.slice(0, start), first];
    yield {
      what: `the order of restore has a cycle: ${turned.join(" -> ")}`,
      where: `${member("guests", first)}.dependsOn`,
      why: "none of these guests could be restored first",
      repair: "remove one of the dependencies",
    };
  }
}
