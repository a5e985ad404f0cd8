import type { SiteDraft } from "../define/draft";
import { member } from "../define/reader";
import type { Fault } from "../faults";
import { type CalendarEvent, recurs } from "../values";

export interface PlacedSchedule {
  readonly where: string;
  readonly schedule: CalendarEvent;
}

/** Every schedule of a site with its path in the file. */
export function schedulesOf(site: SiteDraft): readonly PlacedSchedule[] {
  const found: { readonly where: string; readonly schedule: CalendarEvent | undefined }[] = [];
  for (const [server, { datastores }] of Object.entries(site.backupServers)) {
    for (const [name, store] of Object.entries(datastores)) {
      const where = member(`${member("backupServers", server)}.datastores`, name);
      found.push({ where: `${where}.garbageCollection`, schedule: store.garbageCollection });
      found.push({ where: `${where}.prune`, schedule: store.prune });
      found.push({ where: `${where}.verification.schedule`, schedule: store.verification?.schedule });
      for (const [sync, { schedule }] of Object.entries(store.syncs))
        found.push({ where: `${member(`${where}.syncs`, sync)}.schedule`, schedule });
    }
  }
  for (const [name, { schedule }] of Object.entries(site.tiers))
    found.push({ where: `${member("tiers", name)}.schedule`, schedule });
  found.push({ where: "restoreTests.partial", schedule: site.restoreTests?.partial });
  found.push({ where: "restoreTests.full", schedule: site.restoreTests?.full });
  return found.flatMap(({ where, schedule }) => (schedule === undefined ? [] : [{ where, schedule }]));
}

/** A schedule that never runs, or that ends, protects nothing. */
export function* checkSchedules(site: SiteDraft): Generator<Fault> {
  for (const { where, schedule } of schedulesOf(site)) {
    if (recurs(schedule)) continue;
    yield {
      what: `"${schedule}" never runs, or not after its last year`,
      where,
      repair: 'write dates that come back, like "*-*-1 02:00" or "sat 06:00"',
    };
  }
}
