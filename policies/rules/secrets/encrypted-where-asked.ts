import { judged, type Rule } from "../../engine/rule";
import { synthesizedAt } from "../../reading/device-object";
import { targetsOf } from "../../reading/site-facts";

/** A plan keeps no key and so does not show whether there is one. */
export const encryptedWhereAsked: Rule = {
  sentence: "Every storage of a tier that asks for encryption has a key",
  synthesized: ({ site, stacks }) => {
    const storages = new Map(synthesizedAt(stacks, "/storage").map((storage) => [storage.body.storage, storage] as const));
    if (!stacks.some(({ layer }) => layer === "hypervisor")) return [];
    return targetsOf(site)
      .filter(({ encrypted }) => encrypted)
      .map(({ storage: id }) => {
        const storage = storages.get(id);
        const key = storage?.secrets["encryption-key"] ?? storage?.body["encryption-key"];
        const what = storage === undefined ? `there is no storage ${id}` : `${id} has no \`encryption-key\``;
        return judged(storage?.label ?? `hypervisor ${id}`, key === undefined || key === null || key === "" ? what : undefined);
      });
  },
};
