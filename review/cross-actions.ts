import type { Configuration, DatastoreFacts, GuestFacts } from "./configuration";
import type { ProtectionFinding, Reversibility } from "./finding";
import { isUnknown, type Known } from "./known";

/** Changes that are each what they are, and together worse: one takes away what the other could have been taken back from. */
export interface CrossAction {
  readonly severity: "severe" | "warning";
  readonly what: string;
  readonly reversibility: Reversibility;
  /** What `reversibility` rests on. */
  readonly evidence: string;
}

/** Objects that get worse in one change: from this many on it is told, or severe. */
const MANY = 10;
const VERY_MANY = 50;

/** Looks for them in what is compared and in what the comparison found. */
export function crossActions(before: Configuration, after: Configuration, findings: readonly ProtectionFinding[]): CrossAction[] {
  return [
    ...guestsWithTheirBackups(before, after, findings),
    ...copiesWithTheirSource(before, after),
    ...keysWithTheirData(before, after, findings),
    ...prunedEverywhere(after, findings),
    ...inBulk(findings),
  ];
}

function guestsWithTheirBackups(
  before: Configuration,
  after: Configuration,
  findings: readonly ProtectionFinding[],
): CrossAction[] {
  const left = new Set(known(after.guests).map(({ id }) => id));
  const uncovered = new Set(
    findings.filter(({ class: kind, aspect }) => kind === "lost" && aspect === "coverage").flatMap(({ subjects }) => subjects),
  );
  const destroyed = isUnknown(after.guests)
    ? []
    : known(before.guests).filter(({ id, owned }) => owned && !left.has(id) && [...uncovered].some(isGuest(id)));
  if (destroyed.length === 0) return [];
  return [
    {
      severity: "severe",
      what: `${list(destroyed.map(nameOf))}: the virtual machine is destroyed, and its backup ends with it`,
      reversibility: "needs review",
      evidence: "whether a verified recovery point of it exists is not seen in a site file: look before this is applied",
    },
  ];
}

const isGuest = (id: number) => (subject: string) => subject === String(id) || subject.startsWith(`${id} `);
const nameOf = ({ id, name }: GuestFacts): string => (name === undefined ? String(id) : `${id} ${name}`);

function copiesWithTheirSource(before: Configuration, after: Configuration): CrossAction[] {
  const gone = goneDatastores(before, after);
  const kept = new Set(known(after.syncJobs).map(({ backupServer, id }) => `${backupServer} ${id}`));
  const ended = isUnknown(after.syncJobs)
    ? []
    : known(before.syncJobs).filter((job) => !kept.has(`${job.backupServer} ${job.id}`));
  return ended.flatMap(({ id, backupServer, datastore, remoteDatastore }): CrossAction[] => {
    const source = gone.find(
      (one) => one.name === remoteDatastore || (one.name === datastore && one.backupServer === backupServer),
    );
    if (source === undefined) return [];
    return [
      {
        severity: "severe",
        what: `the copy job ${id} and the datastore ${storeOf(source)} that it copies end together`,
        reversibility: "needs review",
        evidence: "what was copied last, and when, is not seen in a site file: look on the other side before this is applied",
      },
    ];
  });
}

function keysWithTheirData(before: Configuration, after: Configuration, findings: readonly ProtectionFinding[]): CrossAction[] {
  const gone = goneDatastores(before, after);
  const decrypted = findings.some(({ class: kind, aspect }) => aspect === "encryption" && kind !== "gained");
  if (gone.length === 0 || !decrypted) return [];
  return [
    {
      severity: "severe",
      what: `encryption ends, and the datastore ${list(gone.map(storeOf))} with it`,
      reversibility: "unrecoverable",
      evidence: "other copies of the backups cannot be read without the key: keep it as long as one of them exists",
    },
  ];
}

function prunedEverywhere(after: Configuration, findings: readonly ProtectionFinding[]): CrossAction[] {
  const shorter = findings.some(({ class: kind, aspect }) => aspect === "retention" && (kind === "lost" || kind === "weakened"));
  const following = known(after.syncJobs).filter(({ removeVanished, enabled }) => enabled && removeVanished === true);
  if (!shorter || following.length === 0) return [];
  return [
    {
      severity: "severe",
      what: `retention is shortened, and ${list(following.map(({ id }) => id))} removes from the copy what has vanished here`,
      reversibility: "unrecoverable",
      evidence: "the recovery points that are pruned here vanish from the copy at its next run",
    },
  ];
}

function inBulk(findings: readonly ProtectionFinding[]): CrossAction[] {
  const worse = findings.filter(({ class: kind }) => kind === "lost" || kind === "weakened");
  const subjects = new Set(worse.flatMap((finding) => finding.subjects));
  if (subjects.size < MANY) return [];
  return [
    {
      severity: subjects.size >= VERY_MANY ? "severe" : "warning",
      what: `${subjects.size} guests and objects are protected worse by one change`,
      reversibility: "needs review",
      evidence: "a change of so many at once is more often a slip than a wish: look whether each of them is meant",
    },
  ];
}

function goneDatastores(before: Configuration, after: Configuration): DatastoreFacts[] {
  if (isUnknown(after.datastores)) return [];
  const kept = new Map(after.datastores.map((one) => [storeOf(one), one]));
  return known(before.datastores).filter((one) => {
    const now = kept.get(storeOf(one));
    return now === undefined || (!isUnknown(now.path) && !isUnknown(one.path) && now.path !== one.path);
  });
}

const storeOf = ({ backupServer, name }: DatastoreFacts): string => `${backupServer}:${name}`;
const known = <Value>(values: Known<readonly Value[]>): readonly Value[] => (isUnknown(values) ? [] : values);
const list = (names: readonly string[]): string =>
  names.length <= 5 ? names.join(", ") : `${names.slice(0, 5).join(", ")} and ${names.length - 5} more`;
