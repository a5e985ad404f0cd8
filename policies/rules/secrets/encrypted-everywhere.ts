import { member } from "../../../model";
import { judged, type Rule } from "../../engine/rule";

export const encryptedEverywhere: Rule = {
  sentence: "Every tier encrypts its backups before they leave the hypervisor",
  model: ({ site }) =>
    Object.entries(site.tiers).map(([name, { encryption, backupServer }]) =>
      judged(`${member("tiers", name)}.encryption`, encryption ? undefined : `its backups lie on ${backupServer} in plain text`),
    ),
};
