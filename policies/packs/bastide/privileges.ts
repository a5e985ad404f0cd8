import type { Policy } from "../../engine/policy";
import { credentialPerDevice } from "../../rules/privileges/credential-per-device";
import { grantedTwice } from "../../rules/privileges/granted-twice";
import { noDeletion } from "../../rules/privileges/no-deletion";
import { noRoot } from "../../rules/privileges/no-root";
import { oneToken } from "../../rules/privileges/one-token";
import { operatorsApart } from "../../rules/privileges/operators-apart";
import { ownRights } from "../../rules/privileges/own-rights";
import { provisioningApart } from "../../rules/privileges/provisioning-apart";
import { tokenEnds } from "../../rules/privileges/token-ends";
import { tokenLasts } from "../../rules/privileges/token-lasts";
import { tokenValid } from "../../rules/privileges/token-valid";

export const PRIVILEGES: readonly Policy[] = [
  {
    id: "ACC-001",
    rule: noRoot,
    severity: { lab: "warning", live: "error" },
    why: "root@pam may delete every backup and every trace of it, and no log tells who was behind it: one leaked secret is the end of all copies on that server",
    repair: "use a user of the realm pbs or pve with the one role that it needs, like `pve-backup@pbs!pve-token`",
  },
  {
    id: "ACC-002",
    rule: grantedTwice,
    severity: { lab: "warning", live: "error" },
    why: "a token has only the rights that its user has too: with one of the two entries missing the storage stays inactive and no backup is written",
    repair: "grant the role on the same path to the token and to its user, or remove the override that took one of them away",
  },
  {
    id: "ACC-003",
    rule: noDeletion,
    severity: { lab: "warning", live: "error" },
    why: "who takes the hypervisor over finds this token on it: with the right to prune or change he deletes the backups first and encrypts the guests then",
    repair:
      'set `access.hypervisorToken.role` to "DatastoreBackup"; if the hypervisor is to show the free space, grant DatastoreAudit on the datastore to user and token beside it',
  },
  {
    id: "ACC-004",
    rule: oneToken,
    severity: { lab: "warning", live: "warning" },
    why: "backups belong to the token that wrote them first: under another one their series stops (`backup owner check failed`) and they cannot be restored from the hypervisor",
    repair: "remove the override of `username`; the storage then uses the token of the site file",
  },
  {
    id: "ACC-005",
    rule: ownRights,
    severity: { lab: "warning", live: "warning" },
    why: "without privilege separation a token may do whatever its user may, now and after the next right that the user is given",
    repair: "remove the override of `privsep`, and grant the token what it needs",
  },
  {
    id: "ACC-006",
    rule: tokenEnds,
    severity: { lab: "note", live: "warning" },
    why: "a secret that leaks without being noticed works until it ends; one that never ends works for ever",
    repair: "set `access.hypervisorToken.expires` to a day within a year",
  },
  {
    id: "ACC-007",
    rule: tokenValid,
    severity: { lab: "warning", live: "error" },
    why: "the backup server refuses a token from the day after its end: no backup is written and none can be restored from the hypervisor",
    repair: "set `access.hypervisorToken.expires` to a new day and apply",
  },
  {
    id: "ACC-008",
    rule: tokenLasts,
    severity: { lab: "note", live: "warning" },
    why: "after its end the backup server refuses the token, in the middle of a night on which nobody thinks of it",
    repair: "set `access.hypervisorToken.expires` to a new day and apply",
  },
  {
    id: "ACC-009",
    rule: provisioningApart,
    severity: { lab: "warning", live: "error" },
    why: "a provisioning credential may create and destroy datastores; as an everyday secret it lies on devices that an attacker reaches first",
    repair: "create a credential for provisioning alone, store it under a name of its own, and name it in `credential`",
  },
  {
    id: "ACC-010",
    rule: credentialPerDevice,
    severity: { lab: "note", live: "warning" },
    why: "whoever learns one credential then has every device that takes it, production and its backups together",
    repair: "create a credential on each device, store each under a name of its own, and name it in `credential`",
  },
  {
    id: "ACC-011",
    rule: operatorsApart,
    severity: { lab: "note", live: "warning" },
    why: "an operator's account is used every day and so is the one that is stolen: if it reaches the backups, production and backups fall together",
    repair: 'give a role that fits the task, on the path of the task: "PVEVMAdmin" on "/vms", "PVEAuditor" on "/"',
  },
];
