import type { Call } from "./endpoint";
import { disksOf, sizeBytes, sizeText } from "./guest-disks";
import { checkGuestDigest, existingGuest, type GuestKind, rootOnly, workOf } from "./guests";
import { refuse } from "./refusal";
import type { Guest } from "./state";
import { startWorker } from "./workers";

/**
 * Lets a disk grow. A virtual machine's worker finds out that it cannot; a container's call is refused at once.
 * @returns the worker's id
 */
export function resizeDisk(call: Call, kind: GuestKind): string {
  rootOnly(call, "skiplock");
  const guest = existingGuest(call.pve.state, call, kind);
  checkGuestDigest(call, guest);
  const name = call.text("disk");
  const outcome = resized(call, guest, name);
  const work = workOf(call, "resize");
  if (typeof outcome === "string") return kind === "lxc" ? refuse(outcome) : startWorker(call.pve, work, [], undefined, outcome);
  call.pve.update((draft) => {
    const { config } = existingGuest(draft, call, kind);
    config[name] = String(config[name]).replace(/(,|^)size=[^,]+/, `$1size=${sizeText(outcome.bytes)}`);
  });
  return startWorker(call.pve, work, []);
}

/** The new size, or why there is none. */
function resized(call: Call, guest: Guest, name: string): { bytes: number } | string {
  const disk = disksOf(guest).find(({ key }) => key === name);
  if (disk === undefined) return guest.config[name] === undefined ? `disk '${name}' does not exist` : "you can't resize a cdrom";
  const before = sizeBytes(disk.options.size);
  const size = call.text("size");
  const bytes = sizeBytes(size.replace("+", "")) + (size.startsWith("+") ? before : 0);
  if (bytes >= before) return { bytes };
  return guest.kind === "lxc" ? "unable to shrink disk size" : "shrinking disks is not supported";
}
