/** The ports from `first` to `last`, both included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Names of `/etc/services` that a rule may give instead of a number. */
const SERVICES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ftp: 21,
    ssh: 22,
    telnet: 23,
    smtp: 25,
    domain: 53,
    tftp: 69,
    http: 80,
    pop3: 110,
    ntp: 123,
    imap: 143,
    snmp: 161,
    ldap: 389,
    https: 443,
    "microsoft-ds": 445,
    submission: 587,
    ldaps: 636,
    imaps: 993,
    pop3s: 995,
    openvpn: 1194,
    mysql: 3306,
    rdp: 3389,
    postgresql: 5432,
    sip: 5060,
  }),
);

/** Reads a port, a range `a:b` or a known service name. A range whose end is before its start holds no port. */
export function parsePort(text: string): PortRange | undefined {
  const [first, last = first, ...rest] = text.split(":").map(portNumber);
  return first === undefined || last === undefined || rest.length > 0 ? undefined : { first, last };
}

function portNumber(text: string): number | undefined {
  if (!/^\d+$/.test(text)) return SERVICES.get(text);
  const port = Number(text);
  return port >= 1 && port <= 65535 ? port : undefined;
}

export const portsHold = (ranges: readonly PortRange[], port: number): boolean =>
  ranges.some(({ first, last }) => first <= port && port <= last);
