import type { Rule } from "../../policies/engine/rule";
import { garbageCollected } from "../../policies/rules/integrity/garbage-collected";
import { prunedByServer } from "../../policies/rules/integrity/pruned-by-server";
import { verifiedAgain } from "../../policies/rules/integrity/verified-again";
import { bothFamilies } from "../../policies/rules/network/both-families";
import { mailEncrypted } from "../../policies/rules/network/mail-encrypted";
import { remotePinned } from "../../policies/rules/network/remote-pinned";
import { rulesFirst } from "../../policies/rules/network/rules-first";
import { storagePinned } from "../../policies/rules/network/storage-pinned";
import { grantedTwice } from "../../policies/rules/privileges/granted-twice";
import { noDeletion } from "../../policies/rules/privileges/no-deletion";
import { oneToken } from "../../policies/rules/privileges/one-token";
import { ownRights } from "../../policies/rules/privileges/own-rights";
import { tokenEnds } from "../../policies/rules/privileges/token-ends";
import { encryptedWhereAsked } from "../../policies/rules/secrets/encrypted-where-asked";
import { escrowed } from "../../policies/rules/secrets/escrowed";
import { type Loose, siteWith } from "../model/base-site";
import { baseObjects, inBoth, inFiles, inPlan, type Objects } from "./device-objects";

const MAIL = { path: "/config/notifications/endpoints/smtp", body: { name: "mail", mode: "tls" } };
const REMOTE = { path: "/config/remote", body: { name: "south", fingerprint: "a0" } };

describe("a value that a rule asks for, and that only the apply makes known, is no fault before the plan and unknown in it", () => {
  test.each<[string, string, string, Rule]>([
    ["backup-server", "store", "gc-schedule", garbageCollected],
    ["backup-server", "verify", "schedule", verifiedAgain],
    ["backup-server", "verify", "outdated-after", verifiedAgain],
    ["backup-server", "verify", "ignore-verified", verifiedAgain],
    ["backup-server", "token", "expire", tokenEnds],
    ["backup-server", "right_token", "role", noDeletion],
    ["backup-server", "mail", "mode", mailEncrypted],
    ["backup-server", "south", "fingerprint", remotePinned],
    ["hypervisor", "storage", "prune-backups", prunedByServer],
    ["hypervisor", "storage", "username", oneToken],
    ["hypervisor", "job", "prune-backups", prunedByServer],
    ["hypervisor", "job", "remove", prunedByServer],
    ["hypervisor", "probe", "privsep", ownRights],
    ["firewall", "block", "ipprotocol", bothFamilies],
    ["firewall", "pass", "placement", rulesFirst],
    ["firewall", "pass", "disabled", rulesFirst],
  ])("%s %s: %s", (layer, name, key, rule) => {
    const later = (objects: Objects) => {
      Object.assign(objects["backup-server"], structuredClone({ mail: MAIL, south: REMOTE }));
      objects[layer][name].body[key] = "${local.later}";
    };
    expect(inFiles(rule, later)).toEqual([]);
    expect(inPlan(rule, later)).toContain(`${layer} ${name}: unknown: ${key}: known only after the apply`);
  });
});

describe("an object that only looks like the one that a rule judges is left alone", () => {
  const other = (objects: Objects, layer: string, body: Loose, path = "/somewhere/else") =>
    (objects[layer].other = { path, body });
  const storage = (more: Loose) => ({ ...baseObjects().hypervisor.storage.body, storage: "other", ...more });

  test.each<[string, Rule, (objects: Objects) => void]>([
    ["a list of other things: collection", garbageCollected, (objects) => other(objects, "backup-server", { name: "x" })],
    ["a list of other things: verification", verifiedAgain, (objects) => other(objects, "backup-server", { id: "x" })],
    ["a list of other things: pruning", prunedByServer, (objects) => other(objects, "hypervisor", { type: "pbs", remove: 1 })],
    ["a list of other things: mail", mailEncrypted, (objects) => other(objects, "backup-server", { mode: "insecure" })],
    ["a list of other things: remote", remotePinned, (objects) => other(objects, "backup-server", { name: "south" })],
    ["a list of other things: token", oneToken, (objects) => other(objects, "hypervisor", storage({ username: "x@pbs" }))],
    ["a list of other things: fingerprint", storagePinned, (objects) => other(objects, "hypervisor", { type: "pbs" })],
    ["a list of other things: rights", grantedTwice, (objects) => other(objects, "hypervisor", storage({ datastore: "x" }))],
    [
      "a list of other things: key",
      escrowed,
      (objects) => other(objects, "hypervisor", { storage: "x", "encryption-key": "autogen" }),
    ],
    [
      "a list of other things: encryption",
      encryptedWhereAsked,
      (objects) => other(objects, "hypervisor", { storage: "pbs-data-critical" }),
    ],
    ["a storage in a folder: token", oneToken, (objects) => other(objects, "hypervisor", { type: "dir" }, "/storage")],
    ["a storage in a folder: fingerprint", storagePinned, (objects) => other(objects, "hypervisor", { type: "dir" }, "/storage")],
    ["a storage in a folder: rights", grantedTwice, (objects) => other(objects, "hypervisor", { type: "dir" }, "/storage")],
    [
      "a token of a backup server, which has rights of its own anyway",
      ownRights,
      (objects) => other(objects, "backup-server", { privsep: 0 }, "/access/users/a@pbs/token/t"),
    ],
    ["a user of a hypervisor", ownRights, (objects) => other(objects, "hypervisor", { privsep: 0 }, "/access/users/a@pve")],
    [
      "the entry of a token of the same name on a hypervisor",
      noDeletion,
      (objects) =>
        other(objects, "hypervisor", { path: "/", tokens: "pve-backup@pbs!pve-token", roles: "Administrator" }, "/access/acl"),
    ],
    [
      "an alias with the description of a rule",
      rulesFirst,
      (objects) => {
        const { firewall } = objects;
        objects.firewall = { first: { path: "/firewall/alias", body: { descr: firewall.block.body.descr } }, ...firewall };
      },
    ],
  ])("%s", (_, rule, change) => {
    expect(inBoth(rule, change)).toEqual([]);
  });

  test("the token of the same name on a hypervisor may last", () => {
    const ends = siteWith((input) => (input.access = { hypervisorToken: { expires: "2027-01-31" } }));
    const found = inBoth(
      tokenEnds,
      (objects) => {
        objects["backup-server"].token.body.expire = 1_801_440_000;
        objects.hypervisor.other = { path: "/access/users/pve-backup@pbs/token/pve-token", body: {} };
      },
      ends,
    );
    expect(found).toEqual([]);
  });
});
