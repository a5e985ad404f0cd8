import { changeOf, flag, type GuestAspect } from "./aspect";

/** Who can read the backups, who still can read them after a disaster, and whether they go to the right server. */
export const encryption: GuestAspect = {
  aspect: "encryption",
  compare: (before, after) => [
    ...changeOf(before.encrypted, after.encrypted, flag("encrypted before it leaves the hypervisor", "not encrypted")),
    ...(before.encrypted === true && after.encrypted === true
      ? changeOf(before.keyEscrowed, after.keyEscrowed, flag("the key is escrowed", "the key is on the hypervisor alone"))
      : []),
    ...changeOf(
      before.pinned,
      after.pinned,
      flag("the server is known by its certificate", "any server is taken for the right one"),
    ),
  ],
};
