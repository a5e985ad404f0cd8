import type { Rule } from "../../engine/rule";
import { backupStorages } from "../../reading/backup-storage";
import { atLaterGates, judgedBy } from "../../reading/device-object";

/** The fingerprint comes from the device itself, so only an escape hatch can lose it. */
export const storagePinned: Rule = {
  sentence: "Every storage pins the certificate of its backup server",
  ...atLaterGates((objects) =>
    backupStorages(objects).flatMap((storage) =>
      judgedBy(storage, ["fingerprint"], ({ fingerprint }) => {
        if (fingerprint === undefined || fingerprint === "") return "it has no `fingerprint`";
        return WRITTEN.test(String(fingerprint))
          ? undefined
          : "its `fingerprint` is not 32 pairs of hexadecimal digits with colons";
      }),
    ),
  ),
};

/** Proxmox VE takes it in one form only, other tools in several. */
const WRITTEN = /^(?:[\da-f]{2}:){31}[\da-f]{2}$/i;
