import type { Policy } from "../../engine/policy";
import { backupsKeepTheirKey } from "../../rules/changes/backups-keep-their-key";
import { backupsStay } from "../../rules/changes/backups-stay";
import { copyOutlivesPruning } from "../../rules/changes/copy-outlives-pruning";
import { dataProtected } from "../../rules/changes/data-protected";
import { deletionLeavesData } from "../../rules/changes/deletion-leaves-data";
import { fewRemovals, noMassRemoval } from "../../rules/changes/few-removals";
import { guestKeepsItsBackups } from "../../rules/changes/guest-keeps-its-backups";
import { guestLeavesJobsAlone } from "../../rules/changes/guest-leaves-jobs-alone";
import { guestsStay } from "../../rules/changes/guests-stay";
import { knownValues } from "../../rules/changes/known-values";
import { ownState } from "../../rules/changes/own-state";
import { ownValues } from "../../rules/changes/own-values";
import { providersLocked } from "../../rules/changes/providers-locked";
import { providersPinned } from "../../rules/changes/providers-pinned";
import { sourceKeepsItsCopy } from "../../rules/changes/source-keeps-its-copy";
import { storagesStay } from "../../rules/changes/storages-stay";
import { tokensStay } from "../../rules/changes/tokens-stay";
import { wholePlan } from "../../rules/changes/whole-plan";

/** The lab may be destroyed at any time: there it is only told. */
const LOSS = { lab: "note", live: "error" } as const;
/** What makes the engine's work unsure does so everywhere. */
const ALWAYS = { lab: "error", live: "error" } as const;

/** 001 to 019: what a plan does. 020 to 039: what the synthesized stacks let it do. */
export const CHANGES: readonly Policy[] = [
  {
    id: "CHG-001",
    rule: backupsStay,
    severity: LOSS,
    why: "with the datastore or the namespace go the backups in it, often the only ones, and no later change brings them back",
    repair:
      "bring it back into the site file; to give it up, remove it on the device by hand once its backups are no longer needed, then apply again",
  },
  {
    id: "CHG-002",
    rule: storagesStay,
    severity: LOSS,
    why: "the hypervisor deletes its copy of the encryption key with the storage, and its guests have nowhere to back up to",
    repair:
      "bring the storage's tier or datastore back into the site file; to give it up, make sure that the key is escrowed, remove the storage on the hypervisor by hand, then apply again",
  },
  {
    id: "CHG-003",
    rule: guestsStay,
    severity: LOSS,
    why: "the disks of the guest are deleted with it; what was written since its last backup is lost in any case",
    repair:
      "bring the guest back into the site file, or put back the value that replaces it; to give it up, back it up, prove a restore, and delete it on the hypervisor by hand",
  },
  {
    id: "CHG-004",
    rule: tokensStay,
    severity: { lab: "note", live: "warning" },
    why: "the secret and the rights of a token end with it: until its users have the new one, no backup is written and monitoring sees nothing",
    repair:
      "keep user and name of the token; where it must change, apply outside the hours of backups, and give the new secret to whoever used the old one",
  },
  {
    id: "CHG-005",
    rule: fewRemovals,
    severity: { lab: "note", live: "warning" },
    why: "nobody reads a long list of removals line by line, so the one that was not meant is not seen",
    repair: "read every removal, or split the change into smaller ones that can be read",
  },
  {
    id: "CHG-006",
    rule: noMassRemoval,
    severity: LOSS,
    why: "that many removals are a site that is given up, or the wrong file, the wrong environment, or a credential that may not see what is there",
    repair: "compare environment and site with what you meant to change; to give a site up, use `./bastide destroy`",
  },
  {
    id: "CHG-007",
    rule: guestKeepsItsBackups,
    severity: LOSS,
    why: "a guest can be destroyed as long as it can be restored; when its job, the place of its backups or the key to them go at the same time, nothing is left to go back to",
    repair:
      "apply the removal of the guest first, keep its backups for as long as somebody may ask for it, and remove them in a later change",
  },
  {
    id: "CHG-008",
    rule: sourceKeepsItsCopy,
    severity: LOSS,
    why: "the copy is what would remain when the source is lost; a change that ends both, or lets the copy follow the source, leaves none",
    repair: "keep the sync job, with `removeVanished: false`, until somebody has decided that the copy is no longer needed",
  },
  {
    id: "CHG-009",
    rule: backupsKeepTheirKey,
    severity: LOSS,
    why: "a removed datastore leaves its data on disk and could be adopted again, but nobody reads it without the key; the escrowed copy would be the last one",
    repair: "prove that the escrowed key opens a backup, then remove the storage and the backups in two changes",
  },
  {
    id: "CHG-010",
    rule: copyOutlivesPruning,
    severity: LOSS,
    why: "what the shorter retention prunes at the source, the sync job removes from the copy: a typing error in one number empties both",
    repair:
      "set `removeVanished: false` on the sync job and give the copy a retention of its own, before the retention here is shortened",
  },
  {
    id: "CHG-011",
    rule: knownValues,
    severity: { lab: "warning", live: "error" },
    why: "a value that nobody knows before the apply cannot be judged: the job may run never, the rule may let everybody in",
    repair: "write the value itself in place of the reference to another object",
  },
  {
    id: "CHG-012",
    rule: wholePlan,
    severity: ALWAYS,
    why: "what does not stand in the plan, or stands there in a form that is not understood, passes every other rule unseen",
    repair: "plan again with the engine that `./bastide doctor` names; if this stays, update Bastide",
  },
  {
    id: "CHG-020",
    rule: providersPinned,
    severity: ALWAYS,
    why: "another version of a provider may read the same file otherwise: it was never tested with these devices, and it came without a review",
    repair: "require the version that Bastide was tested with, as `= x.y.z`",
  },
  {
    id: "CHG-021",
    rule: ownState,
    severity: ALWAYS,
    why: "two stacks with one state each take the objects of the other for forgotten ones, and delete them",
    repair: "remove the override of the backend; the environment's `state` gives each stack a place of its own",
  },
  {
    id: "CHG-022",
    rule: ownValues,
    severity: ALWAYS,
    why: "what one stack puts out stands in its state in clear text, and whoever may read that state has every secret in it",
    repair: "take the value from the site file, or a secret from the secret store by a variable of its own",
  },
  {
    id: "CHG-023",
    rule: dataProtected,
    severity: { lab: "warning", live: "error" },
    why: "without it a renamed tier is a deleted namespace as soon as somebody confirms a plan without reading it",
    repair: "set `protectData: true` in the environment, and remove the override that takes the protection off the object",
  },
  {
    id: "CHG-024",
    rule: providersLocked,
    severity: { lab: "note", live: "warning" },
    why: "without the hashes of the first run nothing shows that a provider of the same version is another program than the one that was reviewed",
    repair: "run `./bastide plan` once, which writes the lock file, and commit it beside the site file",
  },
  {
    id: "CHG-025",
    rule: guestLeavesJobsAlone,
    severity: { lab: "warning", live: "error" },
    why: "a guest that is deleted by mistake and restored is then in no backup job any more, and a disk that was only detached from it is gone",
    repair:
      "set `purge_on_destroy` and `delete_unreferenced_disks_on_destroy` to false, and apply that before the guest is deleted",
  },
  {
    id: "CHG-026",
    rule: deletionLeavesData,
    severity: LOSS,
    why: "the backups then go with one request, instead of staying on disk where a mistake is noticed and taken back",
    repair: "remove the override; delete the data on the device by hand once nobody needs it",
  },
];
