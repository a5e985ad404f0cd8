import { hypervisorAuthIds } from "../../../model";
import type { Rule } from "../../engine/rule";
import { backupStorages } from "../../reading/backup-storage";
import { atLaterGates, judgedBy } from "../../reading/device-object";

/** A group of backups belongs to who wrote it first: another token may neither continue nor restore it. */
export const oneToken: Rule = {
  sentence: "Every storage logs in to its backup server with the one token of the site",
  ...atLaterGates((objects, { site }) => {
    const { token } = hypervisorAuthIds(site);
    return backupStorages(objects).flatMap((storage) =>
      judgedBy(storage, ["username"], ({ username }) =>
        username === token ? undefined : `it logs in as ${String(username)}, not as ${token}`,
      ),
    );
  }),
};
