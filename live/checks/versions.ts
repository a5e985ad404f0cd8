import { bad, type Check, good, judge, type Question, type Verification, warn } from "../check";

/** First and newest major release that Bastide was run against. */
const SUPPORTED = { hypervisor: { from: 9, tested: 9 }, backupServer: { from: 4, tested: 4 } };

/** Each product runs a version whose API Bastide knows. */
export function versions({ live }: Verification): Check[] {
  return [
    judge(question("hypervisor", SUPPORTED.hypervisor.from), live.hypervisor.version, (version) =>
      verdict(question("hypervisor", SUPPORTED.hypervisor.from), version, SUPPORTED.hypervisor),
    ),
    ...Object.entries(live.backupServers).map(([name, server]) =>
      judge(question(name, SUPPORTED.backupServer.from), server.version, (version) =>
        verdict(question(name, SUPPORTED.backupServer.from), version, SUPPORTED.backupServer),
      ),
    ),
  ];
}

const question = (subject: string, from: number): Question => ({ id: "version", subject, expected: `${from} or later` });

function verdict(asked: Question, version: string, supported: { from: number; tested: number }): Check {
  const major = Number.parseInt(version, 10);
  if (Number.isNaN(major) || major < supported.from)
    return bad(asked, version, "upgrade the device; its API lacks calls that Bastide needs");
  if (major > supported.tested)
    return warn(asked, version, "newer than any version Bastide was run against: apply to the lab first");
  return good(asked, version);
}
