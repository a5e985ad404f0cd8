import fc from "fast-check";
import {
  address,
  authId,
  authIdParts,
  cidr,
  contains,
  dataRate,
  duration,
  durationMs,
  fingerprint,
  formatDuration,
  guestId,
  overlaps,
  parseAddress,
  parseAuthId,
  parseCidr,
  parseDataRate,
  parseDuration,
  parseFingerprint,
  parseGuestId,
  parseNamespace,
  parsePbsId,
  parsePort,
  parseSecretName,
  parseTimeframe,
  parseTimeZone,
  port,
  secretName,
  timeframe,
  timeZone,
  UserError,
} from "../../../model";

const refused = { problem: { what: expect.any(String), repair: expect.any(String) } };
const refusedWith = (part: string) => ({ problem: expect.objectContaining({ repair: expect.stringContaining(part) }) });

describe("address", () => {
  test.each([
    ["192.168.100.220", "192.168.100.220"],
    ["0.0.0.0", "0.0.0.0"],
    ["255.255.255.255", "255.255.255.255"],
    ["2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
    ["::1", "::1"],
  ])("%s is read as %s", (text, canonical) => expect(address(text)).toBe(canonical));

  test.each([
    "",
    "192.168.100",
    "192.168.100.256",
    "10.1",
    "010.0.0.1",
    "0x7f.0.0.1",
    "1.2.3.4.5",
    "fe80::1%eth0",
    "pve1",
    ":::",
  ])("%j is refused", (text) => expect(parseAddress(text)).toMatchObject(refused));

  test("a prefix length is taken off in the repair", () =>
    expect(parseAddress("10.0.0.1/24")).toEqual(refusedWith('"10.0.0.1"')));
});

describe("network", () => {
  test.each(["192.168.100.0/24", "10.0.0.0/8", "0.0.0.0/0", "10.0.0.7/32", "2001:db8::/32", "::/0", "2001:db8::1/128"])(
    "%s is read",
    (text) => expect(cidr(text)).toBe(text),
  );

  test.each([
    "192.168.100.0",
    "192.168.100.0/33",
    "192.168.100.0/-1",
    "192.168.100.0/024",
    "192.168.100.0/",
    "2001:db8::/129",
    "lan/24",
    "",
  ])("%j is refused", (text) => expect(parseCidr(text)).toMatchObject(refused));

  test.each([
    ["192.168.100.1/24", "192.168.100.0/24"],
    ["10.20.9.63/26", "10.20.9.0/26"],
    ["10.20.9.64/25", "10.20.9.0/25"],
    ["2001:db8::5/64", "2001:db8::/64"],
  ])("%s is refused with %s", (text, network) => expect(parseCidr(text)).toEqual(refusedWith(`"${network}"`)));

  test.each([
    ["192.168.100.0/24", "192.168.100.0", true],
    ["192.168.100.0/24", "192.168.100.255", true],
    ["192.168.100.0/24", "192.168.101.0", false],
    ["192.168.100.0/24", "192.168.99.255", false],
    ["10.20.9.0/26", "10.20.9.63", true],
    ["10.20.9.0/26", "10.20.9.64", false],
    ["2001:db8::/64", "2001:db8::ffff", true],
    ["2001:db8::/64", "2001:db8:0:1::", false],
    ["0.0.0.0/0", "::1", false],
    ["::/0", "10.0.0.1", false],
  ])("%s contains %s: %s", (network, ip, inside) => expect(contains(cidr(network), address(ip))).toBe(inside));

  test.each([
    ["192.168.100.0/24", "192.168.100.128/25", true],
    ["192.168.100.128/25", "192.168.100.0/24", true],
    ["192.168.100.0/25", "192.168.100.128/25", false],
    ["10.0.0.0/8", "11.0.0.0/8", false],
    ["0.0.0.0/0", "2001:db8::/32", false],
  ])("%s and %s overlap: %s", (one, other, shared) => expect(overlaps(cidr(one), cidr(other))).toBe(shared));

  test("membership is what the bits say, for every address and prefix", () => {
    const bits = fc.integer({ min: 0, max: 0xffff_ffff });
    const text = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
    fc.assert(
      fc.property(bits, bits, fc.integer({ min: 0, max: 32 }), (one, other, prefix) => {
        const top = (value: number) => Math.floor(value / 2 ** (32 - prefix));
        const network = cidr(`${text(top(one) * 2 ** (32 - prefix))}/${prefix}`);
        expect(contains(network, address(text(one)))).toBe(true);
        expect(contains(network, address(text(other)))).toBe(top(one) === top(other));
      }),
      { numRuns: 200, seed: 21 },
    );
  });
});

describe("auth id", () => {
  test.each([
    ["root@pam", { user: "root", realm: "pam" }],
    ["pve-backup@pbs!pve-token", { user: "pve-backup", realm: "pbs", token: "pve-token" }],
    ["a@b", { user: "a", realm: "b" }],
  ])("%s has its parts", (text, parts) => expect(authIdParts(authId(text))).toEqual(parts));

  test.each(["", "root", "@pam", "root@", "root@pam!", "a b@pbs", "a@pbs!t!u", "a:b@pbs", "a@-pbs", "a@pbs!.x"])(
    "%j is refused",
    (text) => expect(parseAuthId(text)).toMatchObject(refused),
  );

  test("has 64 characters at most", () => {
    expect(parseAuthId(`${"u".repeat(60)}@pbs`)).toHaveProperty("value");
    expect(parseAuthId(`${"u".repeat(61)}@pbs`)).toEqual({
      problem: expect.objectContaining({ what: expect.stringContaining("65 characters") }),
    });
  });
});

describe("fingerprint", () => {
  const canonical = Array.from({ length: 32 }, (_, index) => index.toString(16).padStart(2, "0")).join(":");

  test.each([
    canonical,
    canonical.toUpperCase(),
    canonical.replaceAll(":", ""),
    `SHA256 Fingerprint=${canonical.toUpperCase()}`,
    ` ${canonical} `,
  ])("%s is read in one form", (text) => expect(fingerprint(text)).toBe(canonical));

  test.each(["", canonical.slice(3), `${canonical}:00`, canonical.replace("00", "0g"), canonical.replace("00:01", "0001")])(
    "%j is refused",
    (text) => expect(parseFingerprint(text)).toMatchObject(refused),
  );

  test("SHA-1 is named", () => {
    expect(parseFingerprint("a".repeat(40))).toEqual({
      problem: expect.objectContaining({ why: expect.stringContaining("SHA-1") }),
    });
  });
});

describe("numbers", () => {
  test.each([100, 101, 999_999_999])("guest id %d is read", (id) => expect(guestId(id)).toBe(id));
  test.each([99, 1_000_000_000, 100.5, -1, Number.NaN])("guest id %d is refused", (id) =>
    expect(parseGuestId(id)).toMatchObject(refused),
  );
  test.each([1, 8007, 65_535])("port %d is read", (number) => expect(port(number)).toBe(number));
  test.each([0, 65_536, 80.5, -1, Number.NaN])("port %d is refused", (number) =>
    expect(parsePort(number)).toMatchObject(refused),
  );
});

describe("data rate", () => {
  test.each([
    ["50MB", "50 MB"],
    ["50 MB", "50 MB"],
    ["50m", "50 MB"],
    ["50mb", "50 MB"],
    ["20MiB", "20 MiB"],
    ["20 mib", "20 MiB"],
    ["2Ki", "2 KiB"],
    ["14", "14 B"],
    ["1300b", "1300 B"],
    ["1.654321MB", "1.654 MB"],
    ["2.0GB", "2 GB"],
  ])("%s reads back as %s", (text, canonical) => {
    expect(dataRate(text)).toBe(canonical);
    expect(dataRate(canonical)).toBe(canonical);
  });
  test.each(["", "MB", "-5MB", "0", "0.0001 B", "5 XB", "5 iB", "1e3 MB", "5 MB/s"])("%j is refused", (text) =>
    expect(parseDataRate(text)).toMatchObject(refused),
  );
});

describe("duration", () => {
  test.each([
    ["4h", 14_400_000],
    ["30min", 1_800_000],
    ["1d", 86_400_000],
    ["1d12h", 129_600_000],
    ["1w", 604_800_000],
    ["90s", 90_000],
    ["1h 30min", 5_400_000],
  ])("%s is %d ms", (text, ms) => expect(durationMs(duration(text))).toBe(ms));

  test.each(["", "0h", "4", "4 hours", "-1h", "1.5h", "30min1h", "1h1h", "4H", "30m"])("%j is refused", (text) =>
    expect(parseDuration(text)).toMatchObject(refused),
  );

  test.each([
    [86_400_000, "1d"],
    [90_000_000, "25h"],
    [5_400_000, "90min"],
    [16_200_000, "4h30min"],
    [61_000, "1min1s"],
    [1_000, "1s"],
  ])("%d ms is written %s", (ms, text) => expect(formatDuration(ms)).toBe(text));

  test("what is written reads back the same", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), (seconds) => {
        expect(durationMs(duration(formatDuration(seconds * 1_000)))).toBe(seconds * 1_000);
      }),
      { seed: 22 },
    );
    expect(() => formatDuration(Number.POSITIVE_INFINITY)).toThrow(RangeError);
    expect(() => formatDuration(999)).toThrow(RangeError);
  });
});

describe("names", () => {
  test.each(["pve-token", "pve-token@pbs", "a1", "x".repeat(64)])("secret name %s is read", (text) =>
    expect(secretName(text)).toBe(text),
  );
  test.each(["", "a", "Pve", "a b", "-a", "x".repeat(65)])("secret name %j is refused", (text) =>
    expect(parseSecretName(text)).toMatchObject(refused),
  );
  test("a refused secret name is not repeated, since it may be the secret", () => {
    expect(JSON.stringify(parseSecretName("Hunter2!"))).not.toContain("Hunter2");
  });

  test.each(["abc", "a".repeat(32), "_a-.9"])("PBS id %s is read", (text) =>
    expect(parsePbsId(text, "datastore")).toEqual({ value: text }),
  );
  test.each(["ab", "a".repeat(33), ".abc", "-abc", "a/b", "a b", ""])("PBS id %j is refused", (text) =>
    expect(parsePbsId(text, "datastore")).toMatchObject(refused),
  );

  test.each(["", "a", "a/b", "1/2/3/4/5/6/7", "x".repeat(32)])("namespace %j is read", (text) =>
    expect(parseNamespace(text)).toEqual({ value: text }),
  );
  test.each(["/a", "a/", "a//b", "1/2/3/4/5/6/7/8", "x".repeat(33), "a b", "../a"])("namespace %j is refused", (text) =>
    expect(parseNamespace(text)).toMatchObject(refused),
  );
});

describe("time zone", () => {
  test.each(["Europe/Paris", "UTC", "America/Argentina/Buenos_Aires", "America/Port-au-Prince", "Etc/GMT+5"])(
    "%s is read",
    (text) => expect(timeZone(text)).toBe(text),
  );
  test.each(["", "Paris", "europe/paris", "Europe/Pariss", "+02:00", "CEST", "Etc/Nowhere"])("%j is refused", (text) =>
    expect(parseTimeZone(text)).toMatchObject(refused),
  );
  test("the nearest is named", () => {
    expect(parseTimeZone("Europe/Pariss")).toEqual({
      problem: expect.objectContaining({ what: '"Europe/Pariss" is no time zone; did you mean "Europe/Paris"?' }),
    });
  });
});

describe("timeframe", () => {
  test.each(["8-12", "8:05-12:20", "8:05 - 12:20", "mon 8-12", "tue..fri 8-12", "sat,tue..thu,fri 8-12", "0:00-23:59", "8-8"])(
    "%s is read",
    (text) => expect(timeframe(text)).toBe(text),
  );
  test.each(["", " 8-12", "8:60-12", "8-25", "12-8", "8", "mon", "foo 8-12", "mon 8..12", "8-24"])("%j is refused", (text) =>
    expect(parseTimeframe(text)).toMatchObject(refused),
  );
});

test("every constructor throws what the user can repair", () => {
  for (const make of [address, cidr, authId, fingerprint, dataRate, duration, secretName, timeZone, timeframe])
    expect(() => make("?")).toThrow(UserError);
  for (const make of [guestId, port]) expect(() => make(-1)).toThrow(UserError);
});
