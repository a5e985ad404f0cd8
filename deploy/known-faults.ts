import type { Fault } from "../model";
import { deviceWords } from "./device-words";
import type { EngineDiagnostic } from "./events";

/** What is known about the place of a fault, for the texts. */
export interface FaultPlace {
  readonly site: string;
  readonly environment: string;
  readonly layer: string;
  /** As the plan names it, or undefined where no object is concerned. */
  readonly construct: string | undefined;
  /** Base address of the device. */
  readonly device: string | undefined;
  /** Committed file with the hashes of the providers. */
  readonly lockFile: string;
  /** Who holds the lock of the state, where the database could tell. */
  readonly lockHolder: string | undefined;
}

type Explanation = Omit<Fault, "where">;

interface KnownFault {
  /** Tried on the summary and the detail together. */
  readonly matches: RegExp;
  readonly explain: (diagnostic: EngineDiagnostic, place: FaultPlace, match: RegExpExecArray) => Explanation;
}

const CONTINUE = "then run the same command again: it continues where it stopped";

/** Every fault that has an own text and repair. The first one that matches counts. */
const KNOWN_FAULTS: readonly KnownFault[] = [
  {
    matches: /Error acquiring the state lock[\s\S]*?Error message: (.*)/,
    explain: ({ detail }, place, [, message = ""]) => lockedState(message, detail, place),
  },
  {
    matches: /Saved plan is stale/,
    explain: () => ({
      what: "the state has changed since the plan was made, so the plan was not applied",
      why: "somebody else has applied in the meantime",
      repair: "run the same command again: it plans anew",
    }),
  },
  {
    matches: /Provider dependency changes detected|does not match any of the checksums|lock file[\s\S]*out of date/i,
    explain: (_diagnostic, { lockFile }) => ({
      what: "the providers are not those of the lock file",
      why: "the version or the files of a provider have changed since the lock file was kept",
      repair: `if the change is meant, delete ${lockFile}, run the command again and commit the new file`,
    }),
  },
  {
    matches: /Backend configuration changed|Backend initialization required|migrate existing state|backend type changed/i,
    explain: () => ({
      what: "the state of this layer lies in another place than the environment says now",
      why: "the environment's `state` was changed; planning with an empty state would create everything once more",
      repair: "give --migrate-state once to move the state, or put `state` back as it was",
    }),
  },
  {
    matches:
      /encountered unencrypted payload without unencrypted method|decryption failed|failed to decrypt|message authentication failed/i,
    explain: ({ detail }) => ({
      what: /unencrypted payload/i.test(detail)
        ? "the state is not encrypted, and the environment demands encryption"
        : "the state cannot be decrypted with the secret state-passphrase",
      repair: "take back the store of secrets, or the state, that belong together (both have a .bak or .backup beside them)",
    }),
  },
  {
    matches: /unexpected (?:"|\\")?(?:plain|encrypted)|state file .*encrypted|unsupported state file format/i,
    explain: () => ({
      what: "the state cannot be read: it is encrypted, or damaged",
      repair: "set encryptState as it was when the state was written; a damaged state is replaced by its .backup",
    }),
  },
  {
    matches: /x509: certificate signed by unknown authority|certificate is not trusted|unable to verify/i,
    explain: (_diagnostic, { device }) => ({
      what: "the device's certificate is not signed by the authority of the environment, nor is it the pinned one",
      why: "nothing was sent: somebody else may answer in its place",
      repair: `compare the fingerprint on the device's console with the one it presents (bastide doctor shows it), and correct "ca" or "fingerprint" of ${device ?? "the device"} in the environment`,
    }),
  },
  {
    matches: /x509: certificate (?:has expired or is not yet valid[^\n"]*)/i,
    explain: (_diagnostic, _place, [text]) => ({
      what: `the device's certificate is not valid at this time (${text.replace(/^x509: /, "")})`,
      repair: `compare the clocks of the device and of this machine, renew the certificate if it has expired, ${CONTINUE}`,
    }),
  },
  {
    matches: /x509: ([^\n"]*)/,
    explain: (_diagnostic, _place, [, text = ""]) => ({
      what: `the device's certificate is refused: ${text}`,
      repair: "use an endpoint that the certificate names, or give the device a certificate that names its address",
    }),
  },
  {
    matches: /connection refused/,
    explain: () => ({
      what: "the device refuses the connection: no service listens there",
      repair: `start the device or its API service, check the endpoint of the environment, ${CONTINUE}`,
    }),
  },
  {
    matches: /no such host|no route to host|network is unreachable/,
    explain: (_diagnostic, _place, [text]) => ({
      what: `the device cannot be reached: ${text}`,
      repair: `check the endpoint of the environment, DNS, route and VPN, ${CONTINUE}`,
    }),
  },
  {
    matches: /i\/o timeout|Client\.Timeout|deadline exceeded|TLS handshake timeout|timeout awaiting response/,
    explain: ({ summary }) => ({
      what: /^no answer within/.test(summary) ? `the device gave ${summary}` : "the device did not answer in time",
      repair: `look at the load of the device and the network to it, ${CONTINUE}`,
    }),
  },
  {
    matches: /connection reset by peer|broken pipe|unexpected EOF|: EOF\b/,
    explain: () => ({
      what: "the connection was cut in the middle of a call",
      why: "the device may have done what the call asked: the next run looks before it does it again",
      repair: `check whether the device is restarting, ${CONTINUE}`,
    }),
  },
  {
    matches: /returns 401|HTTP 401|401 (?:Unauthorized|authentication|No ticket)|authentication (?:failed|failure)/i,
    explain: (diagnostic, { site, environment }) => ({
      what: `the device does not accept the credential: ${saidBy(diagnostic)}`,
      why: "it is wrong, expired, disabled or belongs to another device",
      repair: `create a new token on the device and store it: ./bastide secrets set ${site} --env ${environment}, ${CONTINUE}`,
    }),
  },
  {
    matches: /returns 403|HTTP 403|403 (?:Forbidden|Permission)|permission check failed/i,
    explain: (diagnostic) => ({
      what: `the credential lacks a right for this: ${saidBy(diagnostic)}`,
      why: "a right of a token counts only as far as its user has it too",
      repair: `give the provisioning token, and its user, the rights listed in the README, ${CONTINUE}`,
    }),
  },
  {
    matches: /unable to open chunk store[\s\S]*No such file/i,
    explain: (diagnostic, { construct }) => ({
      what: `there is no chunk store at the path that is to be adopted: ${saidBy(diagnostic)}`,
      why: '"reuse: true" adopts the backups of an earlier installation; nothing was created',
      repair: `mount the disk that holds it, or correct the path; for a new, empty datastore remove "reuse: true" (${construct ?? "see above"}), ${CONTINUE}`,
    }),
  },
  {
    matches: /unable to create chunk store[\s\S]*(?:EEXIST|File exists)|datastore path[^\n]*not empty/i,
    explain: (diagnostic, { construct }) => ({
      what: `a chunk store, or other files, lie at the path already: ${saidBy(diagnostic)}`,
      why: "nothing was overwritten; it may hold the backups of another installation",
      repair: `set "reuse: true" at the datastore (${construct ?? "see above"}) to adopt it with its backups, or give it another path`,
    }),
  },
  {
    matches: /already (?:exists|defined|in use)|duplicate(?:d)? (?:entry|id|name)|must be unique/i,
    explain: (diagnostic, { site, environment, construct }) => ({
      what: `an object of this name exists on the device and does not belong to this site's state: ${saidBy(diagnostic)}`,
      why: "nothing was overwritten; somebody else may rely on it",
      repair: `to take it over as it is described in the site file: ./bastide apply ${site} --env ${environment} --adopt '${construct ?? "<object>"}'; otherwise rename it in the site file, or remove it from the device`,
    }),
  },
  {
    matches: /Polling failure|unexpected status[^\n]*polling/i,
    explain: (diagnostic) => ({
      what: `the device began the work as a task, and the task failed: ${saidBy(diagnostic)}`,
      repair: `read the log of the task on the device (Administration, Tasks), repair what it names, ${CONTINUE}`,
    }),
  },
  {
    matches: /Instance cannot be destroyed/,
    explain: () => ({
      what: "the change would destroy an object that holds data or keys, which the environment protects",
      repair:
        "undo the change in the site file that removes or replaces it; to give it up on purpose, remove it on the device by hand first",
    }),
  },
  {
    matches: /Failed to (?:persist|save) state|Error saving state|errored\.tfstate/i,
    explain: (diagnostic) => ({
      what: `the devices were changed, but the state could not be written: ${firstLine(diagnostic.detail)}`,
      why: "the engine has put it beside the stack, and the next run brings it to its place",
      repair: `make the place of the state writable again (disk full? database down?), ${CONTINUE}`,
    }),
  },
];

/** The fault behind a diagnostic in our words; undefined when it is not a known one. */
export function explainKnown(diagnostic: EngineDiagnostic, place: FaultPlace): Explanation | undefined {
  const text = `${diagnostic.summary}\n${diagnostic.detail}`;
  for (const { matches, explain } of KNOWN_FAULTS) {
    const match = matches.exec(text);
    if (match) return explain(diagnostic, place, match);
  }
  return undefined;
}

/** The device's words, which can be searched for; the provider's where the device says nothing. */
export function saidBy({ summary, detail }: EngineDiagnostic): string {
  const status = /returns (\d{3})$/.exec(summary)?.[1];
  const words = deviceWords(detail) || summary;
  return status === undefined ? words : `${status} ${words}`;
}

function lockedState(message: string, detail: string, { site, environment, layer, lockHolder }: FaultPlace): Explanation {
  const field = (name: string) => new RegExp(`^\\s*${name}:\\s*(.+)$`, "m").exec(detail)?.[1]?.trim();
  const why = "two applies at once would lose each other's objects; this run has changed nothing in this layer";
  const waiting = "wait until that run has ended, or give --wait";
  // PostgreSQL knows only that its lock is taken: what the engine prints then describes this run, not the holder.
  if (/already locked/i.test(message)) {
    return {
      what: `the state is locked by ${lockHolder ?? "another run"}`,
      why,
      repair: `${waiting}; the lock ends with the holder's connection`,
    };
  }
  const holder = `${field("Who") ?? "somebody"} since ${field("Created") ?? "an unknown time"} (${field("Operation") ?? "?"}, lock ${field("ID") ?? "?"})`;
  const release = `./bastide apply ${site} --env ${environment} --release-lock ${layer}=${field("ID") ?? "<id>"}`;
  if (field("Who") === undefined) return { what: `the state cannot be locked: ${message}`, why, repair: waiting };
  return { what: `the state is locked by ${holder}`, why, repair: `${waiting}; if it is certain that it is dead: ${release}` };
}

const firstLine = (text: string): string => text.trim().split("\n")[0] ?? "";
