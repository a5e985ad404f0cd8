import { privilegesAt } from "../effective-privileges";
import { isUnknown } from "../known";
import type { EffectivePrivileges, Protection } from "../protection";
import { listed } from "../words";
import { type Change, changeOf, type SiteAspect, type SubjectChange } from "./aspect";

/** What each subject can do, by sets of privileges and not by names of roles. */
export const privileges: SiteAspect = {
  aspect: "privileges",
  compare: (before, after) => {
    if (isUnknown(before.privileges) || isUnknown(after.privileges)) {
      const show = (list: readonly EffectivePrivileges[]) =>
        `${new Set(list.map(({ subject }) => subject)).size} users and tokens`;
      const changes = changeOf(before.privileges, after.privileges, { judge: () => "same", show });
      return changes.map((change) => ({ ...change, subject: "users and tokens" }));
    }
    const renamed = writersRenamed(before, after);
    const former = before.privileges.map((one) => ({ ...one, subject: renamed.get(one.subject) ?? one.subject }));
    return compareLists(former, after.privileges, (device, path) => isOnBothSides(before, after, device, path));
  },
};

function compareLists(
  before: readonly EffectivePrivileges[],
  after: readonly EffectivePrivileges[],
  counts: (device: string, path: string) => boolean,
): SubjectChange[] {
  const keys = new Map([...before, ...after].map(({ device, subject }) => [`${device} ${subject}`, { device, subject }]));
  return [...keys.values()].flatMap(({ device, subject }) => {
    const mine = (list: readonly EffectivePrivileges[]) => list.filter((one) => one.device === device && one.subject === subject);
    const [had, has] = [mine(before), mine(after)];
    const paths = [...new Set([...had, ...has].map(({ path }) => path))].sort();
    return paths
      .filter((path) => counts(device, path))
      .flatMap((path) => {
        const here = judge(privilegesAt(had, path), privilegesAt(has, path));
        const inside = `${path === "/" ? "" : path}/*`;
        const below = judge(privilegesAt(had, inside), privilegesAt(has, inside));
        const same = here?.before === below?.before && here?.after === below?.after;
        return [
          ...named(here, `${subject} on ${device}:${path}`),
          ...(same ? [] : named(below, `${subject} on ${device}:${inside}`)),
        ];
      });
  });
}

const named = (change: Change | undefined, subject: string): SubjectChange[] =>
  change === undefined ? [] : [{ ...change, subject }];

/** A role whose privileges are not known here is compared by its name; one in the place of another says nothing. */
function judge(before: readonly string[], after: readonly string[]): Change | undefined {
  const added = after.filter((one) => !before.includes(one));
  const removed = before.filter((one) => !after.includes(one));
  if (added.length === 0 && removed.length === 0) return undefined;
  const isRole = (privilege: string) => privilege.startsWith("role ");
  const unclear = added.length > 0 && removed.length > 0 && [...added, ...removed].some(isRole);
  return {
    class: unclear ? "unknown" : added.length > 0 ? "weakened" : "gained",
    before: listed(before, "nothing"),
    after: listed(after, "nothing"),
  };
}

/** A right on a datastore that one side does not have opens nothing that was closed. */
function isOnBothSides(
  { datastores: before }: Protection,
  { datastores: after }: Protection,
  device: string,
  path: string,
): boolean {
  const store = /^\/datastore\/([^/]+)/.exec(path)?.[1];
  if (store === undefined || isUnknown(before) || isUnknown(after)) return true;
  return [before, after].every((list) => list.some(({ name }) => name === `${device}:${store}`));
}

/** A token in whose place all backups are written by another is the same under another name, and so is its user. */
function writersRenamed(before: Protection, after: Protection): ReadonlyMap<string, string> {
  const renamed = new Map<string, string>();
  const subjects = ({ privileges: list }: Protection) => new Set(isUnknown(list) ? [] : list.map(({ subject }) => subject));
  const [had, has] = [subjects(before), subjects(after)];
  const rename = (from: string, to: string) => {
    if (!has.has(from) && !had.has(to)) renamed.set(from, to);
  };
  for (const guest of before.guests) {
    const now = after.guests.find(({ id }) => id === guest.id);
    if (now === undefined || isUnknown(guest.writers) || isUnknown(now.writers)) continue;
    const [from, to] = [guest.writers[0], now.writers[0]];
    if (from === undefined || to === undefined || from === to) continue;
    rename(from, to);
    rename(userOf(from), userOf(to));
  }
  return renamed;
}

const userOf = (authId: string): string => authId.split("!")[0] ?? authId;
