import { BACKUP_SERVER_ROLES, hypervisorAuthIds, type Site } from "../../../model";
import { judged, type Rule, unknown, type Verdict } from "../../engine/rule";
import { type DeclaredEntry, declaredEntries, isAlmighty } from "../../reading/access-entry";
import { atLaterGates, notYet } from "../../reading/device-object";

/** What a hypervisor needs for backups, restores of its own and the display of the free space. */
const NEEDED: readonly string[] = ["Datastore.Backup", "Datastore.Audit"];

export const noDeletion: Rule = {
  sentence: "The hypervisor's token can write backups and restore its own; it cannot delete or change any",
  model: ({ site }) => {
    const { role } = site.access.hypervisorToken;
    return [judged("access.hypervisorToken.role", excessOf(role))];
  },
  ...atLaterGates((objects, { site }) =>
    declaredEntries(objects)
      .filter(({ object, subject }) => object.layer === "backup-server" && subject === hypervisorAuthIds(site).token)
      .flatMap((entry) => judgeEntry(entry, site)),
  ),
};

function judgeEntry({ object, role, path, open }: DeclaredEntry, site: Site): Verdict[] {
  if (open.length > 0) return notYet(object, open);
  const isOwn = Object.keys(site.backupServers[object.device]?.datastores ?? {}).some((name) => path === `/datastore/${name}`);
  // Where the site file itself says so, it was judged there.
  if (isOwn && role === site.access.hypervisorToken.role) return [judged(object.label, undefined)];
  if (!isAlmighty(role) && BACKUP_SERVER_ROLES[role] === undefined)
    return [unknown(object.label, `nothing is known here of the role ${role} on ${path}`)];
  return [judged(object.label, excessOf(role, ` on ${path}`))];
}

function excessOf(role: string, where = ""): string | undefined {
  if (isAlmighty(role)) return `${role}${where} may do everything`;
  const excess = (BACKUP_SERVER_ROLES[role] ?? []).filter((privilege) => !NEEDED.includes(privilege));
  return excess.length === 0 ? undefined : `${role}${where} adds ${excess.join(", ")} to what backups need`;
}
