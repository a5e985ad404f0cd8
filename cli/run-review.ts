import type { LoadedSite } from "../deploy/revision-sites";
import type { SitesFolder } from "../deploy/site-loader";
import { type Fault, type Site, UserError } from "../model";
import { evaluate } from "../policies/engine/evaluate";
import { BASTIDE } from "../policies/packs/bastide";
import { baselineKeys } from "../policies/report/baseline";
import { toApprove } from "../review/approval/between";
import type { Weakenings } from "../review/approval/weakening";
import { crossActions } from "../review/cross-actions";
import { policyChanges } from "../review/policy-changes";
import { protectionOf } from "../review/protect";
import { assembleReview, type Review } from "../review/review";
import { deletedSite, environmentFindings } from "../review/site-findings";
import { configurationOfModel } from "../review/sources/model";
import { counted } from "../review/verdict";
import { readBaseline } from "./baseline";
import { strictestEnvironment } from "./check-sites";
import { noEnvironment } from "./options";
import { approvalsOf } from "./review-approval";
import { isSame, loadAll, type Pair, pairOf, renamedSites } from "./review-pairs";
import { referencesOf } from "./review-references";
import { openSides, type Sides } from "./review-sides";

export interface ReviewChoices {
  /** Default: every site that has changed. */
  readonly site?: string;
  /** Git revision. */
  readonly base: string;
  /** Git revision. Default: the working tree. */
  readonly head?: string;
  /** Default: the first that is no lab. */
  readonly environment?: string;
  /** `YYYY-MM-DD`; acknowledgements end on a day. */
  readonly today: string;
}

/** Names of the sites that differ between two revisions, those that are gone included. Nothing of a site is run. */
export async function changedSiteNames(folder: SitesFolder, { base, head }: ReviewChoices): Promise<readonly string[]> {
  const sides = await openSides(folder, base, head);
  closeBoth(sides);
  return sides.changed;
}

/**
 * Reviews what has changed between two revisions: no device is asked, no credential is needed.
 * @throws UserError with the faults of every changed site file at the head
 */
export async function reviewRevisions(folder: SitesFolder, choices: ReviewChoices): Promise<Review[]> {
  const sides = await openSides(folder, choices.base, choices.head);
  try {
    return await reviewsOf(folder, sides, choices);
  } finally {
    closeBoth(sides);
  }
}

function closeBoth({ before, after }: Sides): void {
  before.close();
  after.close();
}

async function reviewsOf(folder: SitesFolder, sides: Sides, choices: ReviewChoices): Promise<Review[]> {
  const { before, after, changed, touched } = sides;
  const { site: only } = choices;
  if (only !== undefined && !before.names.includes(only) && !after.names.includes(only)) {
    throw new UserError({
      where: folder.path,
      what: `neither ${before.label} nor ${after.label} has a site "${only}"`,
      repair: `choose one of: ${after.names.join(", ")}`,
    });
  }
  // A site that is gone under its old name is looked for under a new one.
  const isWanted = (name: string) =>
    only === undefined || name === only || !before.names.includes(name) || !after.names.includes(name);
  const wanted = [...new Set([...changed.filter(isWanted), ...(only === undefined ? [] : [only])])];
  const [old, now] = await Promise.all([loadAll(before, wanted), loadAll(after, wanted)]);
  const broken = wanted.flatMap((name) => {
    const one = now.get(name);
    return one instanceof UserError ? one.faults : [];
  });
  if (broken.length > 0) throw new UserError(broken);
  const renamed = renamedSites(old, now);
  const gone = new Set(renamed.values());
  const pairs = wanted.flatMap((name): Pair[] => {
    const from = renamed.get(name);
    if (gone.has(name) || (only !== undefined && name !== only)) return [];
    return [pairOf(name, old.get(from ?? name), now.get(name), from)];
  });
  // What only might be concerned by a file that several share has not changed if it is the same.
  const shown = pairs.filter(({ name, before, after }) => name === only || touched.has(name) || !isSame(before, after));
  return await Promise.all(shown.map((pair) => reviewOf(pair, sides, choices)));
}

async function reviewOf(pair: Pair, sides: Sides, choices: ReviewChoices): Promise<Review> {
  const { name, before, after, change } = pair;
  const old = before instanceof UserError ? undefined : before;
  const environment = environmentOf([after?.site, old?.site], choices.environment);
  const compared = before instanceof UserError ? { faults: before.faults } : compare(old, after?.site, environment);
  const isRead = !("faults" in compared);
  const { today } = choices;
  const known = change.kind === "new" ? await readBaseline(sides.after.folder, name) : [];
  const policies = (site: Site | undefined, baseline?: ReadonlySet<string>) =>
    site === undefined || environment === undefined
      ? undefined
      : evaluate(BASTIDE, {
          site,
          environment: environment in site.environments ? environment : strictestEnvironment(site),
          today,
          ...(baseline === undefined ? {} : { baseline }),
        });
  const now = policies(after?.site, baselineKeys(known));
  // Of what cannot be read nobody knows which findings it had.
  const judged =
    now === undefined
      ? NO_POLICIES
      : policyChanges(isRead ? policies(old?.site) : now, now, renamedGuests(old?.site, after?.site));
  const { base } = choices;
  const approval =
    isRead && after !== undefined && environment !== undefined
      ? await approvalsOf(sides, {
          base,
          environment,
          today,
          before: old?.site,
          after: after.site,
          weakenings: compared.weakenings,
        })
      : { approvals: [], notes: [] };
  return assembleReview({
    site: name,
    environment: environment ?? "unknown",
    before: sides.before.label,
    after: sides.after.label,
    change,
    findings: isRead ? compared.findings : [],
    crossActions: isRead ? compared.crossActions : [],
    replaced: [],
    drift: [],
    policies: judged,
    references: referencesOf(judged.appeared),
    approvals: approval.approvals.map(({ who, reason, expires }) => ({ who, reason, expires })),
    notes: [...sides.notes, ...notesOf(pair, sides), ...approval.notes],
    asides: asidesOf(pair),
    faults: isRead ? [] : compared.faults,
  });
}

const NO_POLICIES = { appeared: [], repaired: [], acknowledged: [], standing: 0 };

/** The first environment that is no lab, also one that is gone now: its loss must be seen. */
function environmentOf(sites: readonly (Site | undefined)[], chosen: string | undefined): string | undefined {
  const there = sites.filter((site) => site !== undefined);
  const [first] = there;
  if (first === undefined) return chosen;
  if (chosen !== undefined) {
    if (there.some(({ environments }) => chosen in environments)) return chosen;
    throw noEnvironment(first, chosen);
  }
  const live = there.find((site) => site.environments[strictestEnvironment(site)]?.kind === "live");
  return strictestEnvironment(live ?? first);
}

const NONE: Weakenings = { devices: [], promises: [] };

type Compared =
  | (Pick<Review, "findings" | "crossActions"> & { readonly weakenings: Weakenings })
  | { readonly faults: readonly Fault[] };

function compare(before: LoadedSite | undefined, after: Site | undefined, environment: string | undefined): Compared {
  if (before === undefined) return { findings: [], crossActions: [], weakenings: NONE };
  try {
    const was = configurationOfModel(before.site);
    if (after === undefined) return { findings: deletedSite(protectionOf(was)), crossActions: [], weakenings: NONE };
    const is = configurationOfModel(after);
    const of = ({ environments }: Site) => (environment === undefined ? undefined : environments[environment]);
    const { findings, weakenings } = toApprove(was, is, environmentFindings(environment ?? "", of(before.site), of(after)));
    return { findings, crossActions: crossActions(was, is, findings), weakenings };
  } catch (error) {
    // What an older model made may lack what today's code asks for.
    if (!before.withOwnModel || !(error instanceof Error)) throw error;
    return {
      faults: [
        {
          where: before.site.name,
          what: `the model of that revision makes a site that today's code cannot read (${error.name})`,
          repair: "compare by hand, or bring the site file of that revision up to date first",
        },
      ],
    };
  }
}

/** Names of guests before with their names now: the id says which is which. */
function renamedGuests(before: Site | undefined, after: Site | undefined): Map<string, string> {
  const names = new Map(Object.entries(after?.guests ?? {}).map(([name, { id }]) => [id, name]));
  return new Map(
    Object.entries(before?.guests ?? {}).flatMap(([name, { id }]) => {
      const now = names.get(id);
      return now === undefined || now === name ? [] : [[name, now] as const];
    }),
  );
}

function notesOf({ before, after, change }: Pair, sides: Sides): string[] {
  const notes: string[] = [];
  if (before !== undefined && !(before instanceof UserError) && before.withOwnModel) {
    notes.push(`${sides.before.label} was read with its own version of Bastide, since today's refuses its site file.`);
  }
  if (change.kind === "new" && after !== undefined) {
    const guests = Object.values(after.site.guests);
    const exempt = guests.filter((guest) => guest.exempt !== undefined).length;
    notes.push(`${guests.length} guests: ${guests.length - exempt} backed up, ${exempt} exempt with a reason.`);
  }
  return notes;
}

function asidesOf({ before, after }: Pair): string[] {
  const old = before instanceof UserError ? undefined : before?.site;
  const renamed = [...renamedGuests(old, after?.site)].map(([from, to]) => `${from} is now ${to}`);
  return renamed.length === 0 ? [] : [`${counted(renamed.length, "guest")} renamed, with the same ids: ${renamed.join(", ")}`];
}
