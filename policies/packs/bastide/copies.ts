import type { Policy } from "../../engine/policy";
import { betweenMachines } from "../../rules/copies/between-machines";
import { copiedWeekly } from "../../rules/copies/copied-weekly";
import { encryptedOffSite } from "../../rules/copies/encrypted-off-site";
import { notInItself } from "../../rules/copies/not-in-itself";
import { notOnProtectedHost } from "../../rules/copies/not-on-protected-host";
import { oneOffSite } from "../../rules/copies/one-off-site";
import { oneOutOfReach } from "../../rules/copies/one-out-of-reach";
import { ownAccount } from "../../rules/copies/own-account";
import { pulledByTheOtherSide } from "../../rules/copies/pulled-by-the-other-side";
import { separateAdministration } from "../../rules/copies/separate-administration";
import { threeCopies } from "../../rules/copies/three-copies";
import { twoMedia } from "../../rules/copies/two-media";
import { vanishedKept } from "../../rules/copies/vanished-kept";
import { verifiedBeforePruned } from "../../rules/copies/verified-before-pruned";
import { wholeDatastoreCopied } from "../../rules/copies/whole-datastore-copied";

/** The digits of 3-2-1-1-0 first, one policy each. */
export const COPIES: readonly Policy[] = [
  {
    id: "BKP-040",
    rule: threeCopies,
    severity: { lab: "note", live: "warning" },
    why: "with two copies the loss of one leaves a single one, and its first fault is the end of the data",
    repair: "have another backup server pull the datastore, or declare under `copies` what else copies it",
  },
  {
    id: "BKP-041",
    rule: twoMedia,
    severity: { lab: "note", live: "error" },
    why: "a broken hypervisor takes the guests and all their backups with it",
    repair: "put the backup server on a machine of its own, or add a copy on another one",
  },
  {
    id: "BKP-042",
    rule: oneOffSite,
    severity: { lab: "note", live: "error" },
    why: "fire, flood, theft or an intruder with the keys of the site takes production and backups on one day",
    repair: 'have a backup server with `location: "off-site"` pull the datastore, or declare an off-site copy under `copies`',
  },
  {
    id: "BKP-043",
    rule: oneOutOfReach,
    severity: { lab: "note", live: "warning" },
    why: "an intruder who becomes administrator deletes every copy that he can reach before he encrypts the rest",
    repair: "add a tape, a disk that is taken out, or a bucket with object lock, and declare it under `copies`",
  },
  {
    id: "BKP-044",
    rule: verifiedBeforePruned,
    severity: { lab: "note", live: "warning" },
    why: "a backup is pruned before anybody has looked whether it can be read, so a broken disk shows on the day of the restore",
    repair: "set `verifyNew` to true, verify more often, or keep points for longer",
  },
  {
    id: "BKP-045",
    rule: notOnProtectedHost,
    severity: { lab: "note", live: "error" },
    why: "when that hypervisor fails, the guests and the server that could bring them back fail together",
    repair: "move the backup server to a machine of its own, or back these guests up to another server",
  },
  {
    id: "BKP-046",
    rule: pulledByTheOtherSide,
    severity: { lab: "note", live: "warning" },
    why: "whoever takes the pushing server over finds on it the credential for the copy, and can damage both",
    repair: "let the other server pull: describe the sync there, with an account that may only read here",
  },
  {
    id: "BKP-047",
    rule: ownAccount,
    severity: { lab: "note", live: "warning" },
    why: "an account for several purposes has the rights of all of them: one stolen password opens the backups and their copy",
    repair: "make an account for this remote alone, with a secret of its own and no more than the right to read the datastore",
  },
  {
    id: "BKP-048",
    rule: vanishedKept,
    severity: { lab: "warning", live: "error" },
    why: "whoever deletes the backups on one side has deleted the copy too, with the next run of the sync job",
    repair: "set `removeVanished` to false, and let the retention of the copy prune it",
  },
  {
    id: "BKP-049",
    rule: wholeDatastoreCopied,
    severity: { lab: "warning", live: "error" },
    why: "what the filter leaves out has no copy, and every report says that the copy succeeded",
    repair: "remove the filter: what need not be copied belongs into a datastore of its own",
  },
  {
    id: "BKP-050",
    rule: copiedWeekly,
    severity: { lab: "note", live: "warning" },
    why: "on the day when only the copy is left, all work since its last run is lost",
    repair: "make the copy at least once a week",
  },
  {
    id: "BKP-051",
    rule: encryptedOffSite,
    severity: { lab: "note", live: "warning" },
    why: "whoever gets at the copy elsewhere, its carrier or its operator reads all data of the client",
    repair: "set `encryption` of the tier to true; points that are there already stay as they are until they are pruned",
  },
  {
    id: "BKP-052",
    rule: betweenMachines,
    severity: { lab: "note", live: "warning" },
    why: "a copy on the machine that it was made from is lost with it",
    repair: "copy to or from a server on another machine",
  },
  {
    id: "BKP-053",
    rule: notInItself,
    severity: { lab: "note", live: "warning" },
    why: "its backup would be needed on the day when the server is lost, and it lies on that server",
    repair: "back it up to another server, or make it exempt: it is built anew from the site file and its datastores",
  },
  {
    id: "BKP-054",
    rule: separateAdministration,
    severity: { lab: "note", live: "warning" },
    why: "one stolen credential then deletes the backups and their copy",
    repair: "make a provisioning token on each server and name it in its `credential`",
  },
];
