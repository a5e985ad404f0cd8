import type { GuestAspect, SiteAspect } from "../../review/aspects/aspect";
import { consistency } from "../../review/aspects/consistency";
import { copies, pulled } from "../../review/aspects/copies";
import { coverageChange, leftOut } from "../../review/aspects/coverage";
import { datastore } from "../../review/aspects/datastore";
import { detection } from "../../review/aspects/detection";
import { encryption } from "../../review/aspects/encryption";
import { history } from "../../review/aspects/history";
import { privileges } from "../../review/aspects/privileges";
import { promise } from "../../review/aspects/promise";
import { reachability } from "../../review/aspects/reachability";
import { retention } from "../../review/aspects/retention";
import { rpo } from "../../review/aspects/rpo";
import { verification } from "../../review/aspects/verification";
import type { Copy, EffectivePrivileges, GuestProtection, Protection, Reach } from "../../review/protection";
import { protectionOfSite, SITES } from "./sites";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const unknown = { unknown: "no plan" };
const site = protectionOfSite(SITES.ecosolar);
const [ad] = site.guests;
if (ad === undefined) throw new Error("a guest");

/** What an aspect says of a change of one guest: `weakened: 4h -> 6h`. */
const ofGuest = ({ compare }: GuestAspect, before: Partial<GuestProtection>, after: Partial<GuestProtection>): string[] =>
  compare({ ...ad, ...before }, { ...ad, ...after }).map((one) => `${one.class}: ${one.before} -> ${one.after}`);

/** What an aspect says of a change of the site: `weakened pbs: a -> b`. */
const ofSite = ({ compare }: SiteAspect, before: Partial<Protection>, after: Partial<Protection>): string[] =>
  compare({ ...site, ...before }, { ...site, ...after }).map(
    (one) => `${one.class} ${one.subject}: ${one.before} -> ${one.after}`,
  );

describe("copies", () => {
  const copy = (more: Partial<Copy> = {}): Copy => ({
    name: "b",
    place: "off-site",
    safeFromDeletion: false,
    gapMs: DAY,
    followsRemovals: false,
    restrictions: [],
    ...more,
  });
  const classes = (before: readonly Copy[], after: readonly Copy[]) =>
    ofGuest(copies, { copies: before }, { copies: after }).map((one) => one.split(":")[0]);
  const here = copy({ name: "a", place: "site", gapMs: 0 });

  test.each<[string, Copy[], Copy[], string[]]>([
    [
      "one less, however much better the other gets",
      [here, copy()],
      [copy({ safeFromDeletion: true, gapMs: HOUR })],
      ["weakened"],
    ],
    ["into the house", [copy()], [copy({ place: "site" })], ["weakened"]],
    ["onto the hypervisor", [copy({ place: "site" })], [copy({ place: "host" })], ["weakened"]],
    ["within reach", [copy({ safeFromDeletion: true })], [copy()], ["weakened"]],
    ["out of reach", [copy()], [copy({ safeFromDeletion: true })], ["gained"]],
    ["a restriction", [copy()], [copy({ restrictions: ["transfer-last"] })], ["weakened"]],
    ["a restriction less", [copy({ restrictions: ["transfer-last"] })], [copy()], ["gained"]],
    ["a first one of a part", [here], [here, copy({ restrictions: ["group-filter"] })], ["gained"]],
    ["the only one of a part given up", [here, copy({ restrictions: ["group-filter"] })], [here], ["weakened"]],
    ["a part in place of the whole", [here, copy()], [here, copy({ restrictions: ["group-filter"] })], ["weakened"]],
    [
      "two parts in place of the whole",
      [here, copy()],
      [here, copy({ restrictions: ["ns"] }), copy({ name: "c", restrictions: ["ns"] })],
      ["weakened"],
    ],
    [
      "a smaller part, beside a whole one",
      [copy(), copy({ name: "c", restrictions: ["ns"] })],
      [copy(), copy({ name: "c", restrictions: ["ns", "transfer-last"] })],
      ["weakened"],
    ],
    ["removals followed", [copy()], [copy({ followsRemovals: true })], ["weakened"]],
    [
      "the far one less often, beside a near one",
      [copy(), copy({ place: "site" })],
      [copy({ gapMs: 2 * DAY }), copy({ place: "site" })],
      ["weakened"],
    ],
    [
      "the safe one less often, beside another",
      [copy({ place: "site", safeFromDeletion: true }), copy({ place: "site" })],
      [copy({ place: "site", safeFromDeletion: true, gapMs: 2 * DAY }), copy({ place: "site" })],
      ["weakened"],
    ],
    [
      "less often, beside the backup itself",
      [here, copy({ place: "site" })],
      [here, copy({ place: "site", gapMs: 2 * DAY })],
      ["weakened"],
    ],
    ["another name", [copy()], [copy({ name: "c" })], []],
    ["the order", [here, copy()], [copy(), here], []],
  ])("%s", (_, before, after, expected) => {
    expect(classes(before, after)).toEqual(expected);
  });

  test("are shown with all that is said of them", () => {
    const narrow = copy({ safeFromDeletion: true, followsRemovals: true, restrictions: ["group-filter", "transfer-last"] });
    expect(ofGuest(copies, { copies: [here, narrow] }, { copies: [] })).toEqual([
      "weakened: a (on site) + b (off-site, every 1d, safe from deletion, follows removals, only group-filter, only transfer-last) -> no copy",
    ]);
  });

  test("for others are compared each with itself, in the order of their names", () => {
    const named = (name: string, gapMs: number) => copy({ name, gapMs });
    const found = ofSite(
      pulled,
      { pulled: [named("b", DAY), named("a", DAY)] },
      { pulled: [named("b", 2 * DAY), named("a", HOUR)] },
    );
    expect(found).toEqual([
      "gained a: a (off-site, every 1d) -> a (off-site, every 1h)",
      "weakened b: b (off-site, every 1d) -> b (off-site, every 2d)",
    ]);
    expect(ofSite(pulled, { pulled: [] }, { pulled: unknown })).toEqual([
      "unknown copies held for others: no copy -> unknown: no plan",
    ]);
  });
});

describe("coverage", () => {
  const guest = (more: Partial<GuestProtection>): GuestProtection => ({ ...ad, ...more });
  const { exempt: _, ...none } = guest({ covered: false });

  test.each<[GuestProtection | undefined, GuestProtection | undefined, string | undefined]>([
    [guest({}), none, "lost: backed up -> not backed up: no enabled job takes it"],
    [guest({}), { ...none, uncovered: "the storage is off" }, "lost: backed up -> not backed up: the storage is off"],
    [guest({}), { ...none, exempt: "a bench" }, "lost: backed up -> exempt: a bench"],
    [undefined, none, "lost: not in the site -> not backed up: no enabled job takes it"],
    [{ ...none, exempt: "a bench" }, none, "lost: exempt: a bench -> not backed up: no enabled job takes it"],
    [none, { ...none, exempt: "a bench" }, undefined],
    [none, undefined, undefined],
    [undefined, { ...none, exempt: "a bench" }, undefined],
    [guest({ covered: unknown }), { ...none, exempt: "a bench" }, "unknown: unknown: no plan -> exempt: a bench"],
    [guest({ covered: unknown }), undefined, "unknown: unknown: no plan -> not in the site"],
    [guest({ covered: unknown }), guest({ covered: unknown }), undefined],
  ])("%#", (before, after, expected) => {
    const change = coverageChange(before, after);
    expect(change && `${change.class}: ${change.before} -> ${change.after}`).toBe(expected);
  });

  test.each<[string[], string[], string[]]>([
    [[], ["/srv", "scsi1"], ["lost: everything is backed up -> without /srv, scsi1"]],
    [["scsi1"], ["/srv"], ["lost: without scsi1 -> without /srv"]],
    [["/srv", "scsi1"], ["/srv"], ["gained: without /srv, scsi1 -> without /srv"]],
    [["/srv"], [], ["gained: without /srv -> everything is backed up"]],
    [["/srv"], ["/srv"], []],
  ])("without %j, then without %j", (before, after, expected) => {
    expect(ofGuest(leftOut, { leftOut: before }, { leftOut: after })).toEqual(expected);
  });
});

describe("one guest", () => {
  test.each<[string, GuestAspect, Partial<GuestProtection>, Partial<GuestProtection>, string[]]>([
    [
      "mode",
      consistency,
      { mode: "stop" },
      { mode: "suspend" },
      ["weakened: of a guest that is shut down (stop) -> of a running guest (suspend)"],
    ],
    ["suspension", consistency, { mode: "suspend" }, { mode: "snapshot" }, []],
    [
      "encryption",
      encryption,
      {},
      { encrypted: false },
      ["weakened: encrypted before it leaves the hypervisor -> not encrypted"],
    ],
    ["the key", encryption, {}, { keyEscrowed: false }, ["weakened: the key is escrowed -> the key is on the hypervisor alone"]],
    ["a key of nothing", encryption, { encrypted: false }, { encrypted: false, keyEscrowed: false }, []],
    [
      "the certificate",
      encryption,
      {},
      { pinned: false },
      ["weakened: the server is known by its certificate -> any server is taken for the right one"],
    ],
    [
      "verification",
      verification,
      { verifiedWithinDays: 35 },
      { verifiedWithinDays: Infinity },
      ["weakened: verified within 35d -> never verified again"],
    ],
    ["two places, one of them left", history, { places: ["a", "b"] }, { places: ["b"] }, ["weakened: a, b -> b"]],
    ["a place more", history, { places: ["a"] }, { places: ["a", "b"] }, []],
    ["no place", history, { places: ["a"] }, { places: [] }, ["weakened: a -> nowhere"]],
    ["no writer", history, { writers: ["w"] }, { writers: [] }, ["weakened: written by w -> written by nobody"]],
    [
      "no pruning any more",
      retention,
      {},
      { kept: { points: Infinity, oldestMs: Infinity, recent: [], rule: "" }, gapMs: 1 },
      ["gained: 31 points, oldest 10d (hourly 24, daily 7) -> nothing is ever pruned"],
    ],
    [
      "the hypervisor prunes",
      retention,
      {},
      { prunedByClient: true },
      ["weakened: pruned by the backup server alone -> pruned by the hypervisor too"],
    ],
    [
      "the hypervisor prunes no more",
      retention,
      { prunedByClient: unknown },
      { prunedByClient: false },
      ["gained: unknown: no plan -> pruned by the backup server alone"],
    ],
    ["a gap that nobody knows", rpo, { gapMs: unknown, runs: 56 }, { gapMs: unknown, runs: 28 }, []],
    ["runs within the calendar's play", rpo, { gapMs: DAY, runs: 100 }, { gapMs: DAY, runs: 98 }, []],
    [
      "fewer runs",
      rpo,
      { gapMs: DAY, runs: 100 },
      { gapMs: DAY, runs: 97 },
      ["weakened: 1d, 100 runs in 28 days -> 1d, 97 runs in 28 days"],
    ],
    [
      "more runs",
      rpo,
      { gapMs: DAY, runs: 97 },
      { gapMs: DAY, runs: 100 },
      ["gained: 1d, 97 runs in 28 days -> 1d, 100 runs in 28 days"],
    ],
    ["promises of nobody", promise, { promise: {} }, { promise: {} }, []],
  ])("%s", (_, aspect, before, after, expected) => {
    expect(ofGuest(aspect, before, after)).toEqual(expected);
  });

  test("a promise that no source makes is none", () => {
    const { promise: _, ...bare } = ad;
    expect(promise.compare(bare, bare)).toEqual([]);
    expect(promise.compare(bare, { ...ad, promise: { rtoMs: HOUR } })).toEqual([
      { class: "gained", before: "no RTO is promised", after: "RTO 1h" },
    ]);
    expect(promise.compare({ ...ad, promise: { rtoMs: HOUR } }, bare)).toHaveLength(1);
  });

  test.each([
    ["a day, and two hours less", DAY, 22 * HOUR, []],
    ["a day, and more than two hours less", DAY, 22 * HOUR - 1, ["weakened"]],
    ["less than a day, and an hour less", DAY - 1, 23 * HOUR - 1, ["weakened"]],
    ["a thousand days, and twenty less", 1000 * DAY, 980 * DAY, []],
    ["a thousand days, and more than twenty less", 1000 * DAY, 980 * DAY - 1, ["weakened"]],
  ])("the oldest point of %s", (_, oldestMs, now, expected) => {
    const kept = { points: 5, oldestMs, recent: [], rule: "a" };
    const found = ofGuest(retention, { kept }, { kept: { ...kept, oldestMs: now, rule: "b" } });
    expect(found.map((one) => one.split(":")[0])).toEqual(expected);
  });
});

describe("datastores", () => {
  const store = (name: string, more: object = {}) => ({
    name,
    path: "/x",
    inService: true,
    collectedWithinDays: 1,
    guests: [],
    ...more,
  });

  test("each is compared with itself, in the order of their names", () => {
    const found = ofSite(
      datastore,
      { datastores: [store("b"), store("a"), store("d", { path: unknown })] },
      { datastores: [store("a", { inService: false }), store("b", { collectedWithinDays: Infinity }), store("c")] },
    );
    expect(found).toEqual([
      "weakened a: in service -> in maintenance",
      "weakened b: space is freed every 1d -> space is never freed",
      "gained c: no such datastore -> /x",
      "lost d: unknown: no plan -> no such datastore",
    ]);
  });

  test("those that one side does not know are unknown, by their names", () => {
    expect(ofSite(datastore, { datastores: [store("a"), store("b")] }, { datastores: unknown })).toEqual([
      "unknown datastores: a, b -> unknown: no plan",
    ]);
    expect(ofSite(datastore, { datastores: unknown }, { datastores: [store("a")] })).toEqual([
      "unknown datastores: unknown: no plan -> a",
    ]);
    expect(ofSite(datastore, { datastores: unknown }, { datastores: unknown })).toEqual([]);
  });
});

describe("detection", () => {
  const alert = (device: string, ...recipients: string[]) => ({ device, recipients });

  test("a device that one side does not have is neither better nor worse off", () => {
    expect(ofSite(detection, { alerts: [alert("pbs", "a")] }, { alerts: [] })).toEqual([]);
    expect(ofSite(detection, { alerts: [] }, { alerts: [alert("pbs", "a")] })).toEqual([]);
  });

  test("a datastore without an entry of its own reports as its server does, each device in the order of the names", () => {
    const before = [alert("pbs:data", "a"), alert("other", "z"), alert("pbs", "a", "b")];
    const after = [alert("other", "z", "y"), alert("pbs", "a", "b")];
    expect(ofSite(detection, { alerts: before }, { alerts: after })).toEqual([
      "gained other: z -> z, y",
      "gained pbs:data: a -> a, b",
    ]);
  });

  test("alerts that one side does not know are unknown, with everybody who was told", () => {
    const before = [alert("hypervisor", "a"), alert("pbs", "a", "b")];
    expect(ofSite(detection, { alerts: before }, { alerts: unknown })).toEqual(["unknown failures: a, b -> unknown: no plan"]);
    expect(ofSite(detection, { alerts: unknown }, { alerts: [] })).toEqual([
      "unknown failures: unknown: no plan -> nobody is told",
    ]);
  });

  test("a step more is better, whoever it is, and the first that comes later is worse", () => {
    const step = (afterMs: number, owner = "N2") => ({ afterMs, owner });
    expect(ofSite(detection, { escalation: [step(HOUR)] }, { escalation: [step(HOUR), step(DAY, "N3")] })).toEqual([
      "gained escalation: N2 after 1h -> N2 after 1h, N3 after 1d",
    ]);
    expect(ofSite(detection, { escalation: [step(HOUR), step(DAY)] }, { escalation: [step(2 * HOUR), step(2 * HOUR)] })).toEqual([
      "weakened escalation: N2 after 1h, N2 after 1d -> N2 after 2h, N2 after 2h",
    ]);
    expect(ofSite(detection, { escalation: [step(HOUR)] }, { escalation: [step(HOUR, "N9")] })).toEqual([]);
  });
});

describe("rights", () => {
  const right = (
    subject: string,
    path: string,
    names: string[],
    more: Partial<EffectivePrivileges> = {},
  ): EffectivePrivileges => ({
    device: "pbs",
    subject,
    path,
    propagate: true,
    privileges: names,
    ...more,
  });

  test("those that one side does not know are unknown, by the number of who has them", () => {
    const two = [right("a@pbs", "/", ["x"]), right("a@pbs", "/datastore", ["x"]), right("b@pbs", "/", ["x"])];
    expect(ofSite(privileges, { privileges: two }, { privileges: unknown })).toEqual([
      "unknown users and tokens: 2 users and tokens -> unknown: no plan",
    ]);
  });

  test("of one user are compared path by path and device by device, above and below where they differ", () => {
    const before = [right("a@pbs", "/b", ["x"]), right("a@pbs", "/a", ["x"], { device: "hypervisor" })];
    const after = [
      right("a@pbs", "/b", ["x", "y"]),
      right("a@pbs", "/a", ["x"], { propagate: false }),
      right("a@pbs", "/a", ["x"], { device: "hypervisor" }),
    ];
    expect(ofSite(privileges, { privileges: before }, { privileges: after })).toEqual([
      "weakened a@pbs on pbs:/a: nothing -> x",
      "weakened a@pbs on pbs:/b: x -> x, y",
    ]);
    const narrower = [right("a@pbs", "/b", ["x"], { propagate: false }), ...before.slice(1)];
    expect(ofSite(privileges, { privileges: before }, { privileges: narrower })).toEqual([
      "gained a@pbs on pbs:/b/*: x -> nothing",
    ]);
  });

  test("of a token in whose place another writes are those of the other, and so with its user, unless both were there", () => {
    const [first, second] = site.guests;
    if (first === undefined || second === undefined) throw new Error("two guests");
    const written = (writer: string, list: EffectivePrivileges[]) => ({
      guests: [
        { ...first, writers: [writer] },
        { ...second, writers: ["z@pbs!z"] },
      ],
      privileges: list,
    });
    const both = (name: string) => [right(`${name}@pbs`, "/b", ["x"]), right(`${name}@pbs!t`, "/b", ["x"])];
    expect(ofSite(privileges, written("a@pbs!t", both("a")), written("b@pbs!t", both("b")))).toEqual([]);
    const stays = written("b@pbs!t", [...both("a"), ...both("b")]);
    expect(ofSite(privileges, written("a@pbs!t", both("a")), stays)).toEqual([
      "weakened b@pbs on pbs:/b: nothing -> x",
      "weakened b@pbs!t on pbs:/b: nothing -> x",
    ]);
    expect(ofSite(privileges, written("a@pbs!t", [...both("a"), ...both("b")]), written("b@pbs!t", both("b")))).toEqual([
      "gained a@pbs on pbs:/b: x -> nothing",
      "gained a@pbs!t on pbs:/b: x -> nothing",
    ]);
  });

  test("a role in the place of another is unknown, one more or one less is not", () => {
    const of = (before: string[], after: string[]) =>
      ofSite(privileges, { privileges: [right("a@pbs", "/b", before)] }, { privileges: [right("a@pbs", "/b", after)] });
    expect(of(["role A"], ["role B"])).toEqual(["unknown a@pbs on pbs:/b: role A -> role B"]);
    expect(of(["x"], ["x", "role B"])).toEqual(["weakened a@pbs on pbs:/b: x -> x, role B"]);
    expect(of(["x", "role B"], ["x"])).toEqual(["gained a@pbs on pbs:/b: x, role B -> x"]);
    expect(of(["rolex"], ["y"])).toEqual(["weakened a@pbs on pbs:/b: rolex -> y"]);
  });
});

describe("who comes through", () => {
  const reach = (source: string, more: Partial<Reach> = {}): Reach => ({
    source,
    destination: "pbs",
    family: "inet",
    port: 8007,
    through: "firewall",
    ...more,
  });
  const through = (...reaches: Reach[]) => ({ reachability: { reaches, cutOff: [], onSite: ["pbs", "two"] } });
  const both = { servers: { pbs: ["10.0.0.1"], two: ["10.0.0.2"] } };
  const said = (before: Reach[], after: Reach[]) =>
    ofSite(reachability, { ...both, ...through(...before) }, { ...both, ...through(...after) });

  test("what one side does not know is unknown, by the number of those who came through", () => {
    const { reachability: known } = through(reach("a"), reach("a", { family: "inet6" }), reach("b"));
    expect(ofSite(reachability, { reachability: known }, { reachability: unknown })).toEqual([
      "unknown backup servers' port: 2 sources come through -> unknown: no plan",
    ]);
  });

  test.each<[string, Reach[], Reach[], string[]]>([
    [
      "over IPv6 only",
      [reach("a")],
      [reach("a"), reach("a", { family: "inet6" })],
      ["weakened a: stopped by the firewall -> let through to pbs:8007 over IPv6"],
    ],
    [
      "over both families is told once",
      [],
      [reach("a"), reach("a", { family: "inet6" })],
      ["weakened a: stopped by the firewall -> let through to pbs:8007"],
    ],
    [
      "by both filters",
      [],
      [reach("a"), reach("a", { through: "server" })],
      ["weakened a: stopped by the firewall and by pbs itself -> let through to pbs:8007"],
    ],
    [
      "to another server",
      [reach("a")],
      [reach("a"), reach("a", { destination: "two" })],
      ["weakened a: stopped by the firewall -> let through to two:8007"],
    ],
    ["who was let through with everybody", [reach("everybody")], [reach("everybody"), reach("a", { address: "10.0.0.9" })], []],
    ["under another name", [reach("a", { address: "10.0.0.9" })], [reach("b", { address: "10.0.0.9" })], []],
    [
      "who was let through with his network",
      [reach("a stranger on lan", { network: "lan" })],
      [reach("a stranger on lan", { network: "lan" }), reach("a", { address: "10.0.0.9", network: "lan" })],
      [],
    ],
    [
      "beside a network that was let through",
      [reach("a stranger on dmz", { network: "dmz" })],
      [reach("a stranger on dmz", { network: "dmz" }), reach("a", { address: "10.0.0.9", network: "lan" })],
      ["weakened a (10.0.0.9): stopped by the firewall -> let through to pbs:8007"],
    ],
    [
      "of no network, beside somebody else of none",
      [reach("the internet")],
      [reach("the internet"), reach("a", { address: "10.0.0.9" })],
      ["weakened a (10.0.0.9): stopped by the firewall -> let through to pbs:8007"],
    ],
  ])("%s", (_, before, after, expected) => {
    expect(said(before, after)).toEqual(expected);
  });

  test("a server that one side does not have was closed to nobody", () => {
    const [had, has] = [through(), through(reach("a"), reach("a", { through: "server" }))];
    const one = { ...has.reachability, onSite: ["two"] };
    const servers = { two: ["10.0.0.2"] };
    expect(ofSite(reachability, { reachability: { ...one, reaches: [] }, servers }, { ...both, ...has })).toEqual([]);
    expect(
      ofSite(reachability, { ...both, ...has }, { reachability: { ...had.reachability, onSite: ["two"] }, servers }),
    ).toEqual([]);
  });

  test("a hypervisor that is cut off loses its backups, and one that is not any more gets them back", () => {
    const cut = (...cutOff: string[]) => ({ ...both, reachability: { ...through().reachability, cutOff } });
    expect(ofSite(reachability, cut(), cut("pve1 -> pbs", "pve1 -> far"))).toEqual([
      "lost pve1 -> pbs: comes through the firewall -> stopped by the firewall: its backups fail",
    ]);
    expect(ofSite(reachability, cut("pve1 -> pbs"), cut())).toEqual([
      "gained pve1 -> pbs: stopped by the firewall: its backups fail -> comes through the firewall",
    ]);
    expect(ofSite(reachability, cut("pve1 -> pbs"), cut("pve1 -> pbs"))).toEqual([]);
  });
});
