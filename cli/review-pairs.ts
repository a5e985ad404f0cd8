import { isDeepStrictEqual } from "node:util";
import type { LoadedSite } from "../deploy/revision-sites";
import { type Site, UserError } from "../model";
import type { SiteChange } from "../review/review";
import type { Side } from "./review-sides";

/** Sites that are loaded at the same time. */
const AT_ONCE = 8;

/** Sites of one side by name, each as it is or with what is wrong with it. */
type Loaded = ReadonlyMap<string, LoadedSite | UserError>;

/** Loads those of the sites that a side has, some at a time. */
export async function loadAll(side: Side, names: readonly string[]): Promise<Loaded> {
  const there = names.filter((name) => side.names.includes(name));
  await side.prepare(there);
  const loaded = new Map<string, LoadedSite | UserError>();
  for (let at = 0; at < there.length; at += AT_ONCE) {
    await Promise.all(
      there.slice(at, at + AT_ONCE).map(async (name) => {
        loaded.set(name, await side.load(name).catch(faultsOnly));
      }),
    );
  }
  return loaded;
}

function faultsOnly(error: unknown): UserError {
  if (error instanceof UserError) return error;
  throw error;
}

/** New names with the old ones: a site that came and one that went, with the same guests; of several the one of the same client. */
export function renamedSites(old: Loaded, now: Loaded): Map<string, string> {
  const sites = (these: Loaded, others: Loaded) =>
    [...these].flatMap(([name, one]) => (others.has(name) || one instanceof UserError ? [] : [{ name, site: one.site }]));
  const left = sites(old, now);
  const renamed = new Map<string, string>();
  for (const { name, site } of sites(now, old)) {
    const same = left.filter((one) => guestIds(one.site) !== "" && guestIds(one.site) === guestIds(site));
    const [one] = same.length > 1 ? same.filter(({ site: { client } }) => client === site.client) : same;
    if (one === undefined) continue;
    renamed.set(name, one.name);
    left.splice(left.indexOf(one), 1);
  }
  return renamed;
}

const guestIds = ({ guests }: Site): string =>
  Object.values(guests)
    .map(({ id }) => id)
    .sort((one, other) => one - other)
    .join(" ");

/** A site on both sides. */
export interface Pair {
  readonly name: string;
  readonly before: LoadedSite | UserError | undefined;
  readonly after: LoadedSite | undefined;
  readonly change: SiteChange;
}

/** @throws UserError where the site is broken after the change */
export function pairOf(
  name: string,
  before: LoadedSite | UserError | undefined,
  after: LoadedSite | UserError | undefined,
  from?: string,
): Pair {
  if (after instanceof UserError) throw after;
  const kind = before === undefined ? "new" : after === undefined ? "deleted" : "changed";
  return { name, before, after, change: from === undefined ? { kind } : { kind: "renamed", from } };
}

/** It reads the same on both sides. */
export const isSame = (before: Pair["before"], after: Pair["after"]): boolean =>
  before !== undefined && !(before instanceof UserError) && isDeepStrictEqual(before.site, after?.site);
