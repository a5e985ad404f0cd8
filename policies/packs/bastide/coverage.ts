import type { Policy } from "../../engine/policy";
import { agentForSnapshots } from "../../rules/coverage/agent-for-snapshots";
import { inEnabledJob } from "../../rules/coverage/in-enabled-job";
import { independentOfExempt } from "../../rules/coverage/independent-of-exempt";
import { missedRunRepeated } from "../../rules/coverage/missed-run-repeated";
import { noPathLeftOut } from "../../rules/coverage/no-path-left-out";
import { notTwiceAtOnce } from "../../rules/coverage/not-twice-at-once";
import { onEveryNode } from "../../rules/coverage/on-every-node";
import { onlyKnownGuests } from "../../rules/coverage/only-known-guests";
import { poolCovered } from "../../rules/coverage/pool-covered";
import { storageInService } from "../../rules/coverage/storage-in-service";
import { tierUsed } from "../../rules/coverage/tier-used";
import { wholeGuest } from "../../rules/coverage/whole-guest";

export const COVERAGE: readonly Policy[] = [
  {
    id: "BKP-001",
    rule: inEnabledJob,
    severity: { lab: "warning", live: "error" },
    why: "no backup of the guest is made at all, and no job fails that could tell anybody: it shows on the day when the guest is lost",
    repair:
      "give the guest a `tier` and take away what disables its job or takes it out, or say with `exempt` why it needs no backup",
  },
  {
    id: "BKP-002",
    rule: storageInService,
    severity: { lab: "warning", live: "error" },
    why: "a job without a storage to write to fails at every run, for every guest that it takes",
    repair: "let the job write to the storage of its tier, and take away what removes or disables that storage",
  },
  {
    id: "BKP-003",
    rule: notTwiceAtOnce,
    severity: { lab: "note", live: "warning" },
    why: "the first job locks the guest and the second one fails; people get used to its messages and do not read the one that counts",
    repair: "let one job take the guest, or move the schedules an hour apart",
  },
  {
    id: "BKP-004",
    rule: wholeGuest,
    severity: { lab: "warning", live: "error" },
    why: "the backup succeeds every night without that disk; after a restore the guest starts and its data is not there",
    repair: "set `backup` of the disk to true, or move what need not be kept to a guest that is exempt",
  },
  {
    id: "BKP-005",
    rule: poolCovered,
    severity: { lab: "warning", live: "error" },
    why: "a pool is named after its tier, so whoever puts a guest into it takes the guest for backed up",
    repair: "describe the guest in the site file with the tier, so that its job takes it",
  },
  {
    id: "BKP-006",
    rule: tierUsed,
    severity: { lab: "note", live: "warning" },
    why: "a tier without guests has no backup job: whoever reads the file may think that it protects something",
    repair: "put a guest into it, or remove it",
  },
  {
    id: "BKP-007",
    rule: independentOfExempt,
    severity: { lab: "note", live: "warning" },
    why: "after a disaster the guest is restored and does not work, because nothing brings back what it needs",
    repair: "give the exempt guest a tier, or remove it from `dependsOn` if the other one works without it",
  },
  {
    id: "BKP-008",
    rule: noPathLeftOut,
    severity: { lab: "note", live: "warning" },
    why: "what lies under the path is in no backup, and the job succeeds all the same",
    repair: "remove `exclude-path` from the job, or acknowledge it with the reason why these files need not be kept",
  },
  {
    id: "BKP-009",
    rule: onEveryNode,
    severity: { lab: "warning", live: "error" },
    why: "a guest that moves to another hypervisor, by hand or in a fail-over, is not backed up any more from that day on",
    repair: "remove `node` from the job and `nodes` from the storage",
  },
  {
    id: "BKP-010",
    rule: missedRunRepeated,
    severity: { lab: "note", live: "warning" },
    why: "after a power cut in the night the guests stay without a new backup until the next regular run: for a daily one, two days",
    repair: "set `repeatMissed` of the tier to true",
  },
  {
    id: "BKP-011",
    rule: agentForSnapshots,
    severity: { lab: "note", live: "warning" },
    why: "without the agent a snapshot is what a power cut would leave: a database may have to be repaired after the restore, or cannot be",
    repair: 'switch the agent on and install it in the guest, or back the tier up with `mode: "stop"`',
  },
  {
    id: "BKP-012",
    rule: onlyKnownGuests,
    severity: { lab: "note", live: "warning" },
    why: "nobody has said how the guest is to be protected or restored, and its backups fill a place that was measured for others",
    repair: "describe the guest in the site file, or take it out of the job",
  },
];
