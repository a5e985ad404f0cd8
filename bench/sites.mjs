/** Folders with many sites, made from the example: other names, other addresses, everything else the same. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The example's own name and network, in whose place each site gets others. */
export const EXAMPLE = { name: "ecosolar", network: "192.168.100" };

/** @param {number} index from 0 */
export function siteOf(index) {
  return {
    name: `site${String(index + 1).padStart(4, "0")}`,
    network: `10.${Math.floor(index / 250)}.${index % 250}`,
  };
}

/** A text of the example as another site has it. @param {string} text @param {{name: string, network: string}} site */
export const asSite = (text, { name, network }) => text.replaceAll(EXAMPLE.name, name).replaceAll(EXAMPLE.network, network);

/**
 * Writes `<folder>/<site>/site.ts` for so many sites.
 * @param {{root: string, folder: string, count: number}} options `root`: of the repository
 */
export function writeSites({ root, folder, count }) {
  const example = readFileSync(join(root, "sites", EXAMPLE.name, "site.ts"), "utf8");
  for (let index = 0; index < count; index++) {
    const site = siteOf(index);
    mkdirSync(join(folder, site.name), { recursive: true });
    writeFileSync(join(folder, site.name, "site.ts"), asSite(example, site));
  }
}
