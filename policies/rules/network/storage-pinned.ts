import { parseFingerprint } from "../../../model";
import type { Rule } from "../../engine/rule";
import { atLaterGates, judgedBy } from "../../reading/device-object";

/** The fingerprint comes from the device itself, so only an escape hatch can lose it. */
export const storagePinned: Rule = {
  sentence: "Every storage pins the certificate of its backup server",
  ...atLaterGates((objects) =>
    objects
      .filter(({ path, body }) => path === "/storage" && body.type === "pbs")
      .flatMap((storage) =>
        judgedBy(storage, ["fingerprint"], ({ fingerprint }) => {
          if (fingerprint === undefined || fingerprint === "") return "it has no `fingerprint`";
          return isWritten(String(fingerprint))
            ? undefined
            : "its `fingerprint` is not 32 pairs of hexadecimal digits with colons";
        }),
      ),
  ),
};

/** Proxmox VE takes it in one form only, other tools in several. */
const isWritten = (text: string): boolean => {
  const read = parseFingerprint(text);
  return "value" in read && read.value === text.toLowerCase();
};
