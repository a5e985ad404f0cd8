import type { Policy } from "../../engine/policy";
import { collectionApart } from "../../rules/integrity/collection-apart";
import { garbageCollected } from "../../rules/integrity/garbage-collected";
import { prunedByServer } from "../../rules/integrity/pruned-by-server";
import { prunedEverywhere } from "../../rules/integrity/pruned-everywhere";
import { prunedOnce } from "../../rules/integrity/pruned-once";
import { verifiedAgain } from "../../rules/integrity/verified-again";
import { verifiedEverywhere } from "../../rules/integrity/verified-everywhere";
import { verifiedWhenNew } from "../../rules/integrity/verified-when-new";

export const INTEGRITY: readonly Policy[] = [
  {
    id: "PBS-001",
    rule: verifiedEverywhere,
    severity: { lab: "warning", live: "error" },
    why: "a disk loses bits without a word; a backup that nobody reads is found to be broken on the day on which it is restored",
    repair: "remove the override that narrows, disables or removes the verification job of the datastore",
  },
  {
    id: "PBS-002",
    rule: verifiedAgain,
    severity: { lab: "note", live: "warning" },
    why: "a backup that was good when it was written may have rotted since; the older its last proof, the more points are lost with it",
    repair: "run the verification job more often, or lower `verification.againAfterDays`",
  },
  {
    id: "PBS-003",
    rule: verifiedWhenNew,
    severity: { lab: "note", live: "warning" },
    why: "until the next verification job nobody knows whether the newest point, the one that is needed first, can be read at all",
    repair: "set `verifyNew: true` (its default); where the disks are too slow for it, run the verification job every night",
  },
  {
    id: "PBS-004",
    rule: garbageCollected,
    severity: { lab: "note", live: "warning" },
    why: "pruning only removes names: the space comes back by garbage collection, and without it the datastore fills until backups fail",
    repair: 'set `garbageCollection` to a schedule that runs at least once a month, like "sun 03:15"',
  },
  {
    id: "PBS-005",
    rule: collectionApart,
    severity: { lab: "note", live: "warning" },
    why: "both go through the same disks: backups that start together with a garbage collection take longer, and with them their RPO",
    repair: 'move `garbageCollection` to a minute in which no backup starts, like "03:15"',
  },
  {
    id: "PBS-006",
    rule: prunedByServer,
    severity: { lab: "warning", live: "error" },
    why: "a hypervisor that may delete backups is what an attacker looks for: who takes it over encrypts the guests and removes their backups with one and the same access",
    repair: "remove the override of `prune-backups` or `remove`: the retention in the site file is applied by the backup server",
  },
  {
    id: "PBS-007",
    rule: prunedEverywhere,
    severity: { lab: "note", live: "warning" },
    why: "what nothing prunes grows until the datastore is full, and from that hour on no backup of any guest succeeds",
    repair: "remove the override that disables or removes the prune job of the namespace",
  },
  {
    id: "PBS-008",
    rule: prunedOnce,
    severity: { lab: "warning", live: "error" },
    why: "where two retentions reach the same backups, a point survives only if both keep it: points that a tier promises are deleted",
    repair: "remove the override: each prune job has `max-depth` 0 and a namespace of its own",
  },
];
