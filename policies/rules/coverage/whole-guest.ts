import { compliant, type Rule, unknown, type Verdict, violation } from "../../engine/rule";
import { flagOf, textOf } from "../../reading/device-value";
import { blocks, type DeclaredGuest, declaredGuests } from "./declared-guest";

export const wholeGuest: Rule = {
  sentence: "Backups leave out no disk of a guest that Bastide makes",
  synthesized: (context) =>
    declaredGuests(context).map(({ object, kind, attributes }): Verdict => {
      const disks = DISKS[kind](attributes);
      const left = disks.filter(({ included }) => included === false).map(({ name }) => name);
      if (left.length > 0) return violation(object, `backups leave out ${left.join(", ")}`);
      if (disks.some(({ included }) => included === undefined))
        return unknown(object, "whether backups take all of its disks is known only on the devices");
      return compliant(object);
    }),
};

interface Disk {
  readonly name: string;
  readonly included: boolean | undefined;
}

/** Backups take the disks of a virtual machine unless told otherwise; of a container they take the root only. */
const DISKS: Readonly<Record<DeclaredGuest["kind"], (attributes: DeclaredGuest["attributes"]) => Disk[]>> = {
  vm: ({ disk }) => blocks(disk).map((one) => ({ name: textOf(one.interface) ?? "a disk", included: flagOf(one.backup, true) })),
  container: ({ mount_point }) =>
    blocks(mount_point).map((one) => ({ name: textOf(one.path) ?? "a mount point", included: flagOf(one.backup, false) })),
};
