import { groupedBy } from "../../engine/grouped-by";
import { judged, type Rule, type Verdict } from "../../engine/rule";
import { countsOn, type DeclaredEntry, declaredEntries, includesRole, userOf } from "../../reading/access-entry";
import { backupStorages } from "../../reading/backup-storage";
import { atLaterGates, type DeviceObject, notYet, synthesizedObjects } from "../../reading/device-object";
import { OPEN } from "../../reading/device-value";

const later = atLaterGates((objects) => judgeEntries(declaredEntries(objects)));

/** A backup server grants a token only what its user has too; with one of the two the storage stays inactive (ECO-07). */
export const grantedTwice: Rule = {
  sentence: "Every right of a token is granted twice, to the token and to its user",
  ...later,
  // A storage and its right stand in two stacks, of which a plan may hold one only.
  synthesized: (context) => [...later.synthesized(context), ...judgeStorages(synthesizedObjects(context.stacks))],
};

function judgeEntries(entries: readonly DeclaredEntry[]): Verdict[] {
  const ofSubject = groupedBy(entries, ({ object, open, subject }) => `${object.device} ${open.length > 0 ? "" : subject}`);
  return entries
    .filter(({ subject }) => subject.includes("!"))
    .flatMap((entry) => {
      const { object, subject, path, role } = entry;
      const user = userOf(subject);
      const { device } = object;
      const own = [...(ofSubject.get(`${device} ${user}`) ?? []), ...(ofSubject.get(`${device} `) ?? [])];
      const open = [...entry.open, ...own.flatMap((other) => other.open)];
      if (open.length > 0) return notYet(object, open);
      const isGranted = user === "root@pam" || own.some((other) => countsOn(other, path) && includesRole(other.role, role));
      return [judged(object.label, isGranted ? undefined : `${user} lacks ${role} on ${path}, so ${subject} has it in vain`)];
    });
}

function judgeStorages(objects: readonly DeviceObject[]): Verdict[] {
  const entries = declaredEntries(objects).filter(({ object }) => object.layer === "backup-server");
  if (!objects.some(({ layer }) => layer === "backup-server")) return [];
  return backupStorages(objects)
    .filter(({ body }) => body.username !== OPEN && body.datastore !== OPEN)
    .map(({ label, body }) => {
      const path = `/datastore/${String(body.datastore)}`;
      const token = String(body.username);
      const lacking = [...new Set([token, userOf(token)])].filter(
        (subject) =>
          !entries.some((entry) => entry.subject === subject && (countsOn(entry, path) || entry.path.startsWith(`${path}/`))),
      );
      return judged(label, lacking.length === 0 ? undefined : `${lacking.join(" and ")} may do nothing on ${path}`);
    });
}
