import { existsSync } from "node:fs";
import { join } from "node:path";
import { changeAuthors } from "../deploy/change-authors";
import { type Site, UserError } from "../model";
import type { Weakenings } from "../review/approval/weakening";
import type { Review } from "../review/review";
import { allowedSignersFile, approvalsFolder, judgeRecords } from "./approvals";
import type { Sides } from "./review-sides";
import { peopleNeeded } from "./site-before";

/** A change of which the approvals are asked for. */
export interface ApprovedChange {
  readonly base: string;
  readonly environment: string;
  readonly today: string;
  readonly before: Site | undefined;
  readonly after: Site;
  readonly weakenings: Weakenings;
}

/**
 * The approvals that come with a change, if they allow everything that it weakens. Who may approve is what the base says:
 * nobody makes himself an approver by his own change.
 */
export async function approvalsOf(sides: Sides, change: ApprovedChange): Promise<Pick<Review, "approvals" | "notes">> {
  const { environment, today, before, after, weakenings, base } = change;
  const place = { folder: sides.after.folder, site: after.name };
  const none = weakenings.devices.length + weakenings.promises.length === 0 || !existsSync(approvalsFolder(place));
  if (none) return { approvals: [], notes: [] };
  // Beside the sites, where only the base's word counts.
  const allowedSigners = allowedSignersFile({ folder: sides.before.folder, allowedSigners: undefined });
  const authors = await changeAuthors(join(sides.repository.root, sides.repository.prefix), after.name, base);
  const people = peopleNeeded(environment, before, after);
  try {
    const demand = { site: after.name, environment, today, people, authors, weakenings };
    const { approved, counted, refusals } = await judgeRecords({ ...place, allowedSigners }, demand);
    return {
      approvals: approved ? counted : [],
      notes: refusals.map(({ where, what }) => `An approval does not count: ${where} ${what}.`),
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return {
      approvals: [],
      notes: ["There are approvals, and the base has no file that says who may approve (allowed-signers)."],
    };
  }
}
