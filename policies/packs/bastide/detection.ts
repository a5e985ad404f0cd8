import type { Policy } from "../../engine/policy";
import { escalatedInOrder } from "../../rules/detection/escalated-in-order";
import { escalatedTheSameDay } from "../../rules/detection/escalated-the-same-day";
import { escalatedToOthers } from "../../rules/detection/escalated-to-others";
import { escalatedWithinAWeek } from "../../rules/detection/escalated-within-a-week";
import { escalationPlanned } from "../../rules/detection/escalation-planned";
import { everyFailureMatched } from "../../rules/detection/every-failure-matched";
import { mailPastTheGuests } from "../../rules/detection/mail-past-the-guests";
import { matcherInForce } from "../../rules/detection/matcher-in-force";
import { notificationSystemUsed } from "../../rules/detection/notification-system-used";
import { somebodyIsTold } from "../../rules/detection/somebody-is-told";
import { targetsReachSomebody } from "../../rules/detection/targets-reach-somebody";
import { watchedFromOutside } from "../../rules/detection/watched-from-outside";

export const DETECTION: readonly Policy[] = [
  {
    id: "DET-001",
    rule: somebodyIsTold,
    severity: { lab: "note", live: "error" },
    why: "backups fail for weeks and nobody knows, until one is needed",
    repair: "describe a mail server and recipients under `notifications`",
  },
  {
    id: "DET-002",
    rule: matcherInForce,
    severity: { lab: "warning", live: "error" },
    why: "the device notices the failure and tells nobody: no message looks like no failure",
    repair: "take away what removes or disables the matcher",
  },
  {
    id: "DET-003",
    rule: targetsReachSomebody,
    severity: { lab: "warning", live: "error" },
    why: "the message about the failure is made and thrown away, because there is nowhere or nobody to send it to",
    repair: "name an end point of the same device, in force and with a recipient",
  },
  {
    id: "DET-004",
    rule: everyFailureMatched,
    severity: { lab: "warning", live: "error" },
    why: "the failure that the filter did not think of is the one that nobody hears of",
    repair: 'remove the filters, or add a matcher with `match-severity` "warning,error" alone',
  },
  {
    id: "DET-005",
    rule: notificationSystemUsed,
    severity: { lab: "note", live: "error" },
    why: "the message goes to the mailbox of a local user on the device, which nobody reads, and the recipients of the site are not told",
    repair: 'set `notificationMode` to "notification-system" and take away what says otherwise',
  },
  {
    id: "DET-006",
    rule: escalationPlanned,
    severity: { lab: "note", live: "warning" },
    why: "whoever is told is on leave or overlooks the mail, and the failure stays as it is",
    repair: "add a step under `notifications.escalation`: after which time, who, to which addresses",
  },
  {
    id: "DET-007",
    rule: escalatedTheSameDay,
    severity: { lab: "note", live: "warning" },
    why: "one failed night is a gap; by the time that anybody else hears of it a second one has passed without a backup",
    repair: "set `after` of the first step to 24h or less",
  },
  {
    id: "DET-008",
    rule: escalatedWithinAWeek,
    severity: { lab: "note", live: "warning" },
    why: "a week without backup is more than most clients can lose, and good recovery points are pruned meanwhile",
    repair: "set `after` to 7d or less",
  },
  {
    id: "DET-009",
    rule: escalatedToOthers,
    severity: { lab: "note", live: "warning" },
    why: "who has not acted on the first message will not act on the same message again",
    repair: "add the address of somebody else who can act: the account manager, the experts",
  },
  {
    id: "DET-010",
    rule: escalatedInOrder,
    severity: { lab: "note", live: "warning" },
    why: "who reads the list from the top takes the first step for the first one, and waits for something that was due before",
    repair: "write the steps in the order of their delays, each later than the one before",
  },
  {
    id: "DET-011",
    rule: mailPastTheGuests,
    severity: { lab: "note", live: "warning" },
    why: "when the hypervisor fails, the mail server is down with it, and the message about it is never sent",
    repair: "name a mail server that does not stand on the site",
  },
  {
    id: "DET-012",
    rule: watchedFromOutside,
    severity: { lab: "note", live: "warning" },
    why: "a device that is switched off sends no message: silence looks like success unless somebody asks",
    repair: "describe the machine of the supervision under `hosts` with the role `monitoring`, or give its operator a `token`",
  },
];
