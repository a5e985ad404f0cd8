import { plannedChanges } from "../../engine/planned-stack";
import { compliant, type Rule, unknown } from "../../engine/rule";
import { labelOf } from "./object-kind";
import { unknownPaths } from "./unknown-paths";

/** Attributes that decide on the protection; all others may be filled in by the device, such as ids and answers. */
const DECIDING: readonly (readonly [type: RegExp, attribute: RegExp])[] = [
  [/^restful_/, /^(body|path|(read|update|delete)_path|read_selector|delete_(body|query))(\.|$)/],
  [
    /^proxmox_virtual_environment_(vm|container)$/,
    /^(vm_id|pool_id|protection|purge_on_destroy|delete_unreferenced_disks_on_destroy|disk|disk\.\d+\.backup|lifecycle)$/,
  ],
  [/^proxmox_virtual_environment_firewall_ipset$/, /^(name|cidr(\.\d+\.name)?)$/],
  [
    /^proxmox_virtual_environment_cluster_firewall_security_group$/,
    /^(name|rule(\.\d+\.(action|type|source|dest|dport|sport|proto|enabled))?)$/,
  ],
  [/^proxmox_virtual_environment_time$/, /^time_zone$/],
];

export const knownValues: Rule = {
  sentence: "Every value that decides on the protection is known before the apply",
  plan: ({ stacks }) =>
    plannedChanges(stacks)
      .filter(({ action }) => action === "create" || action === "update" || action === "replace")
      .map((change) => {
        const watched = DECIDING.filter(([type]) => type.test(change.type)).map(([, attribute]) => attribute);
        const unclear = unknownPaths(change.afterUnknown).filter((path) => watched.some((attribute) => attribute.test(path)));
        return unclear.length === 0
          ? compliant(labelOf(change))
          : unknown(labelOf(change), `known only after the apply: ${unclear.join(", ")}`);
      }),
};
