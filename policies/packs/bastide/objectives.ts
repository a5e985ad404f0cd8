import type { Policy } from "../../engine/policy";
import { dependencyRpo } from "../../rules/objectives/dependency-rpo";
import { fitsRestoreLimits } from "../../rules/objectives/fits-restore-limits";
import { gapWithinRpo } from "../../rules/objectives/gap-within-rpo";
import { likelySchedule } from "../../rules/objectives/likely-schedule";
import { quarterlyFullRestore } from "../../rules/objectives/quarterly-full-restore";
import { restoreOrderStated } from "../../rules/objectives/restore-order-stated";
import { restoreTestsPlanned } from "../../rules/objectives/restore-tests-planned";
import { retentionAsWritten } from "../../rules/objectives/retention-as-written";
import { roomForTheRun } from "../../rules/objectives/room-for-the-run";
import { rtoAfterDependencies } from "../../rules/objectives/rto-after-dependencies";
import { rtoInRestoreOrder } from "../../rules/objectives/rto-in-restore-order";
import { rtoStated } from "../../rules/objectives/rto-stated";
import { weekToGoBack } from "../../rules/objectives/week-to-go-back";
import { weeklyPartialRestore } from "../../rules/objectives/weekly-partial-restore";

export const OBJECTIVES: readonly Policy[] = [
  {
    id: "BKP-020",
    rule: gapWithinRpo,
    severity: { lab: "warning", live: "error" },
    why: "when the guest is lost just before a run, everything since the run before is lost: more than was promised to the client",
    repair: "let the job run as often as its tier says, or agree on a longer RPO with the client",
  },
  {
    id: "BKP-021",
    rule: roomForTheRun,
    severity: { lab: "note", live: "note" },
    why: "a run that is not over is no recovery point: whoever loses the guest at its very end goes back to the run before, a gap and a run away",
    repair: "run somewhat more often than the RPO, or set the RPO to the gap and the longest run together",
  },
  {
    id: "BKP-022",
    rule: weekToGoBack,
    severity: { lab: "warning", live: "error" },
    why: "what is encrypted or deleted on a Friday and noticed a week later is in every backup that is left",
    repair: "keep more: `daily: 9` or `weekly: 3` always reach back 7 days",
  },
  {
    id: "BKP-023",
    rule: retentionAsWritten,
    severity: { lab: "warning", live: "error" },
    why: "the next run of the prune job removes recovery points that the site file promises, and nothing brings them back",
    repair: "take away what lowers the counts, or lower the retention in the site file, where the review sees it",
  },
  {
    id: "BKP-024",
    rule: rtoAfterDependencies,
    severity: { lab: "note", live: "warning" },
    why: "the guest cannot start before what it depends on runs; if that takes as long as it may, the guest is late before its own restore begins",
    repair: "lengthen its RTO, or shorten those of what it depends on",
  },
  {
    id: "BKP-025",
    rule: likelySchedule,
    severity: { lab: "warning", live: "warning" },
    why: "a schedule that was written for something else runs at hours that nobody expects",
    repair: "write it so that it can be read in one way only",
  },
  {
    id: "BKP-026",
    rule: rtoInRestoreOrder,
    severity: { lab: "note", live: "warning" },
    why: "whoever follows the recovery plan restores the urgent guest after others that may take longer than it has",
    repair: "restore the guest with the shorter RTO first, or correct the RTO",
  },
  {
    id: "BKP-027",
    rule: rtoStated,
    severity: { lab: "note", live: "warning" },
    why: "on the day of the disaster nobody knows what was promised to the client, and no restore test can be late",
    repair: "agree on a time with the client and write it as `rto`",
  },
  {
    id: "BKP-028",
    rule: restoreOrderStated,
    severity: { lab: "note", live: "warning" },
    why: "on the day of the disaster somebody decides under pressure, and what many others need may come last",
    repair: "write `restoreOrder`: 1 is restored first",
  },
  {
    id: "BKP-029",
    rule: restoreTestsPlanned,
    severity: { lab: "note", live: "warning" },
    why: "a backup from which nobody has ever restored is a hope: missing keys, rights and disks show on the first real restore",
    repair: 'write `restoreTests: { partial: "sun 10:00", full: "quarterly" }`',
  },
  {
    id: "BKP-030",
    rule: weeklyPartialRestore,
    severity: { lab: "note", live: "warning" },
    why: "what breaks the restore stays unseen until the next trial, while good recovery points are pruned",
    repair: 'try a restore every week: `partial: "sun 10:00"`',
  },
  {
    id: "BKP-031",
    rule: quarterlyFullRestore,
    severity: { lab: "note", live: "warning" },
    why: "single guests can be restored and the site as a whole cannot: order, addresses and time only show when all come back together",
    repair: 'try it every quarter: `full: "quarterly"`',
  },
  {
    id: "BKP-032",
    rule: fitsRestoreLimits,
    severity: { lab: "note", live: "warning" },
    why: "its restore is refused before it begins, because the hypervisor may not give what the guest needs",
    repair: "make the guest smaller, put it on another `node`, or raise the `limits` of the hypervisor",
  },
  {
    id: "BKP-033",
    rule: dependencyRpo,
    severity: { lab: "note", live: "warning" },
    why: "after a restore the guest is younger than what it depends on: it refers to accounts and records that are gone there",
    repair: "put both into the same tier, or what others depend on into the one with the shorter RPO",
  },
];
