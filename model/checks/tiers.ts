import type { SiteDraft, TierDraft } from "../define/draft";
import { member } from "../define/reader";
import type { Fault } from "../faults";
import {
  type CalendarEvent,
  durationMs,
  formatDuration,
  gapExample,
  largestGap,
  largestPointDistance,
  type Retention,
  readableTime,
  recurs,
} from "../values";
import { datastoreOf } from "./datastore-of";
import { suggestSchedule } from "./suggest-schedule";

/** A tier's schedule and retention keep its RPO, and tiers that share a namespace agree on what PBS and PVE hold once for it. */
export function* checkTiers(site: SiteDraft): Generator<Fault> {
  for (const [name, tier] of Object.entries(site.tiers)) {
    const where = member("tiers", name);
    if (tier.schedule !== undefined && tier.rpo !== undefined && site.timeZone !== undefined) {
      yield* checkGap(where, tier.schedule, durationMs(tier.rpo), site.timeZone);
      yield* checkRetention(site, where, tier, tier.schedule, durationMs(tier.rpo));
    }
  }
  yield* checkSharing(site);
}

function* checkGap(where: string, schedule: CalendarEvent, rpo: number, timeZone: string): Generator<Fault> {
  const gap = largestGap(schedule, timeZone);
  if (gap <= rpo || !recurs(schedule)) return;
  const [from, to] = gapExample(schedule, timeZone);
  const ordinary = largestGap(schedule, "UTC");
  const suggestion = suggestSchedule(rpo, timeZone);
  const clocks =
    ordinary < gap ? `; on ordinary days it is ${formatDuration(ordinary)}, but the clocks of ${timeZone} change` : "";
  const inUtc = ordinary <= rpo ? `write it in UTC ("${schedule} UTC"), ` : "";
  const oftener = suggestion === undefined || ordinary <= rpo ? "" : `run it more often ("${suggestion}"), `;
  yield {
    what: `the schedule "${schedule}" leaves ${formatDuration(gap)} between two runs, more than the RPO of ${formatDuration(rpo)}`,
    where: `${where}.schedule`,
    why: `for example from ${readableTime(from, timeZone)} to ${readableTime(to, timeZone)}${clocks}`,
    repair: `${inUtc}${oftener}or set \`rpo\` to "${formatDuration(gap)}"`,
  };
}

function* checkRetention(
  site: SiteDraft,
  where: string,
  tier: TierDraft,
  schedule: CalendarEvent,
  rpo: number,
): Generator<Fault> {
  const store = datastoreOf(site, tier);
  const retention = tier.retention ?? store?.retention;
  const pace = largestGap(schedule, "UTC");
  if (retention === undefined || !recurs(schedule)) return;
  const distance = largestPointDistance(retention, schedule);
  if (distance <= Math.max(rpo, pace)) return;
  const single = distance === Number.POSITIVE_INFINITY;
  yield {
    what: single
      ? "the retention keeps a single recovery point"
      : `the retention leaves up to ${formatDuration(distance)} between the two newest recovery points, more than the RPO of ${formatDuration(rpo)}`,
    where: tier.retention === undefined ? where : `${where}.retention`,
    why: `when the newest point turns out to be unusable, ${single ? "there is no other" : "the one before it is that much older"}`,
    repair: `keep some points at the pace of the schedule: \`last: ${Math.max(2, Math.ceil(86_400_000 / pace))}\``,
  };
}

/** PBS prunes by namespace and PVE encrypts by storage, so within one namespace there is one retention and one key. */
function* checkSharing(site: SiteDraft): Generator<Fault> {
  const seen = new Map<string, { readonly name: string; readonly tier: TierDraft; readonly retention: Retention | undefined }>();
  for (const [name, tier] of Object.entries(site.tiers)) {
    const store = datastoreOf(site, tier);
    if (store === undefined || tier.namespace === undefined) continue;
    const where = member("tiers", name);
    const retention = tier.retention ?? store.retention;
    const place =
      tier.namespace === "" ? `the root namespace of ${tier.datastore}` : `namespace "${tier.namespace}" of ${tier.datastore}`;
    if (
      tier.namespace === "" &&
      tier.retention !== undefined &&
      store.retention !== undefined &&
      !same(tier.retention, store.retention)
    ) {
      yield {
        what: `the tier's retention differs from that of ${place}, in which it lies`,
        where: `${where}.retention`,
        why: "Proxmox Backup Server prunes by namespace",
        repair: `remove \`namespace\` (its default "${name}" is the tier's own), or remove \`retention\``,
      };
      continue;
    }
    const key = `${tier.backupServer} ${tier.datastore} ${tier.namespace}`;
    const other = seen.get(key);
    seen.set(key, other ?? { name, tier, retention });
    if (other === undefined) continue;
    if (retention !== undefined && other.retention !== undefined && !same(retention, other.retention)) {
      yield {
        what: `the tiers "${other.name}" and "${name}" share ${place} with different retentions`,
        where: `${where}.namespace`,
        why: "Proxmox Backup Server prunes by namespace",
        repair: "give one of them another namespace, or both the same retention",
      };
    }
    if (tier.encryption !== other.tier.encryption) {
      yield {
        what: `the tiers "${other.name}" and "${name}" share ${place}, one encrypted and one not`,
        where: `${where}.encryption`,
        why: "Proxmox VE encrypts by storage, and a namespace has one storage",
        repair: "give one of them another namespace, or encrypt both",
      };
    }
  }
}

function same(one: Retention, other: Retention): boolean {
  return (["last", "hourly", "daily", "weekly", "monthly", "yearly"] as const).every((keep) => one[keep] === other[keep]);
}
