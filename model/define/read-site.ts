import * as z from "zod";
import { parseTimeZone } from "../values";
import type { SiteDraft } from "./draft";
import { address, closed, hostName, line, parsed, ruled } from "./fields";
import { RESTORE_TESTS, readAccess, readAcknowledgements, readNotifications } from "./read-access";
import { readBackupServers } from "./read-backup-server";
import { readEnvironments } from "./read-environment";
import { readFirewall, readHosts, readHypervisors, readNetworks } from "./read-machines";
import { readGuests, readTiers } from "./read-protection";
import { isRecord, type Reader } from "./reader";

const SITE = {
  name: ruled(
    (text) => /^[a-z][a-z0-9-]{1,18}[a-z0-9]$/.test(text),
    (text) => ({
      what: `"${text}" cannot be the name of a site`,
      repair: "choose 3 to 20 lower-case letters, digits and inner hyphens, beginning with a letter",
    }),
  ),
  client: line,
  timeZone: parsed(z.string(), parseTimeZone),
  dns: closed({ domain: hostName, servers: z.array(address).min(1).max(3) }),
  restoreTests: RESTORE_TESTS,
};

const NOUNS = [
  "networks",
  "hypervisors",
  "backupServers",
  "firewall",
  "hosts",
  "tiers",
  "guests",
  "access",
  "notifications",
  "acknowledgements",
  "environments",
] as const;

/** Reads a whole site file and fills its defaults; every fault is left with the reader. */
export function readSite(reader: Reader, input: unknown): SiteDraft {
  const scalars = reader.object("", input, SITE, NOUNS);
  const written = isRecord(input) ? input : {};
  for (const noun of ["networks", "hypervisors", "backupServers", "tiers", "guests"] as const) {
    const value = written[noun];
    if (isRecord(input) && (value === undefined || (isRecord(value) && Object.keys(value).length === 0))) {
      reader.fault(noun, { what: `the site has no ${noun}`, repair: `describe at least one under \`${noun}\`` });
    }
  }
  const networks = readNetworks(reader, written.networks);
  const hypervisors = readHypervisors(reader, written.hypervisors);
  const backupServers = readBackupServers(reader, written.backupServers);
  const ports = Object.values(backupServers).flatMap((server) => (server.port === undefined ? [] : [server.port]));
  const machines = {
    hypervisors,
    backupServers,
    ...(written.firewall === undefined ? {} : { firewall: readFirewall(reader, written.firewall, ports) }),
  };
  return {
    ...scalars,
    networks,
    ...machines,
    hosts: readHosts(reader, written.hosts),
    tiers: readTiers(reader, written.tiers, backupServers),
    guests: readGuests(reader, written.guests, Object.keys(hypervisors)),
    access: readAccess(reader, written.access),
    ...(written.notifications === undefined ? {} : { notifications: readNotifications(reader, written.notifications) }),
    acknowledgements: readAcknowledgements(reader, written.acknowledgements),
    environments: readEnvironments(reader, written.environments, machines),
  };
}
