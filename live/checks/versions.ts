import { bad, type Check, good, judge, type Question, type Verification, warn } from "../check";

/** Releases of a product as numbers, `major * 100 + minor`. */
interface Line {
  /** The first whose API Bastide knows. */
  readonly since: string;
  readonly from: number;
  /** The first that it was not run against. */
  readonly untested: number;
}

const HYPERVISOR: Line = { since: "9", from: 900, untested: 1000 };
const BACKUP_SERVER: Line = { since: "4", from: 400, untested: 500 };
/** pfSense CE counts its releases, pfSense Plus is numbered by year; the REST API package 2.10 is built for these. */
const FIREWALL_CE: Line = { since: "2.8", from: 208, untested: 209 };
const FIREWALL_PLUS: Line = { since: "25.11", from: 2511, untested: 2604 };
const FIRST_YEAR = 2000;

/** Each product runs a version whose API Bastide knows. */
export function versions({ live }: Verification): Check[] {
  const devices = [
    { subject: "hypervisor", version: live.hypervisor.version, lineOf: () => HYPERVISOR },
    ...Object.entries(live.backupServers).map(([subject, { version }]) => ({ subject, version, lineOf: () => BACKUP_SERVER })),
    ...(live.firewallVersion === undefined
      ? []
      : [
          {
            subject: "firewall",
            version: live.firewallVersion,
            lineOf: (release: number) => (release < FIRST_YEAR ? FIREWALL_CE : FIREWALL_PLUS),
          },
        ]),
  ];
  return devices.map(({ subject, version, lineOf }) => {
    const release = version.ok ? releaseOf(version.value) : 0;
    const line = lineOf(release);
    const asked: Question = { id: "version", subject, expected: `${line.since} or later` };
    return judge(asked, version, (value) => verdict(asked, value, release, line));
  });
}

function verdict(asked: Question, version: string, release: number, { from, untested }: Line): Check {
  if (release < from) return bad(asked, version, "upgrade the device; its API lacks calls that Bastide needs");
  if (release >= untested) return warn(asked, version, "newer than any version Bastide was run against: apply to the lab first");
  return good(asked, version);
}

/** 0 for a text that begins with no release. */
function releaseOf(version: string): number {
  const [, major = "0", minor = "0"] = /^(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  return Number(major) * 100 + Number(minor);
}
