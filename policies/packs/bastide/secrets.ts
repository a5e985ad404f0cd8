import type { Policy } from "../../engine/policy";
import { encryptedEverywhere } from "../../rules/secrets/encrypted-everywhere";
import { encryptedWhereAsked } from "../../rules/secrets/encrypted-where-asked";
import { escrowed } from "../../rules/secrets/escrowed";
import { keyApart } from "../../rules/secrets/key-apart";
import { noLiteral } from "../../rules/secrets/no-literal";
import { passedOn } from "../../rules/secrets/passed-on";
import { stateEncrypted } from "../../rules/secrets/state-encrypted";

export const SECRETS: readonly Policy[] = [
  {
    id: "SEC-001",
    rule: noLiteral,
    severity: { lab: "warning", live: "error" },
    why: "these files are kept in git, sent to reviewers and attached to runs: whoever reads one of them, or an old copy of it, has the secret",
    repair:
      "replace the secret on its device now, since it has been seen; store the new one with `./bastide secrets set` and name it in the site file",
  },
  {
    id: "SEC-002",
    rule: escrowed,
    severity: { lab: "warning", live: "error" },
    why: "on the day on which the hypervisor is lost its key is lost too, and nobody can ever read the backups again",
    repair: "remove the override: the storage then takes the key of the secret store",
  },
  {
    id: "SEC-003",
    rule: encryptedWhereAsked,
    severity: { lab: "warning", live: "error" },
    why: "the tier promises that nobody reads its backups on the backup server or on a stolen disk; without a key they are written in plain text",
    repair: "remove the override that took the key or the storage away",
  },
  {
    id: "SEC-004",
    rule: encryptedEverywhere,
    severity: { lab: "note", live: "warning" },
    why: "whoever takes the backup server, one of its disks or a copy elsewhere reads the mails, the accounts and the passwords of the client",
    repair:
      "set `encryption: true` on the tier and give it a namespace of its own, since its first encrypted backup is a full one",
  },
  {
    id: "SEC-005",
    rule: keyApart,
    severity: { lab: "note", live: "warning" },
    why: "the disks of the backup server lie on the machine that knows the key: whoever takes that machine reads every point of every guest, and the encryption protects nothing",
    repair: "run the backup server on a machine of its own",
  },
  {
    id: "SEC-006",
    rule: stateEncrypted,
    severity: { lab: "note", live: "warning" },
    why: "the state lists every device, address, account and right of the client: a map for whoever wants to get at the backups",
    repair: "set `encryptState: true` (its default outside the lab) and apply",
  },
  {
    id: "SEC-007",
    rule: passedOn,
    severity: { lab: "warning", live: "error" },
    why: "what is in the state or in a plan file is in every copy of them: credentials that delete backups outlive their rotation there",
    repair: "declare the variable ephemeral and send it by `ephemeral_body`, as the constructs of Bastide do",
  },
];
