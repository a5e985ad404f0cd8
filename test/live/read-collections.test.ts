import type { DeviceClient } from "../../live/client";
import { readCollections } from "../../live/read-collections";
import { UserError } from "../../model";

const ALL = new Set([
  "Datastore.Audit",
  "VM.Audit",
  "Permissions.Modify",
  "User.Modify",
  "Mapping.Audit",
  "Remote.Audit",
  "Sys.Audit",
]);

/** A device that answers every list with one object. */
class FakeDevice {
  readonly asked: string[] = [];
  readonly held = new Set(ALL);
  /** Calls that it refuses. */
  readonly refused = new Set<string>();
  readonly answers: Record<string, unknown> = {};

  constructor(readonly device: string) {}

  get client(): DeviceClient {
    return { device: this.device, get: (path: string, query?: Record<string, string>) => this.#get(path, query) } as DeviceClient;
  }

  async #get(path: string, query: Record<string, string> = {}): Promise<unknown> {
    this.asked.push(`${path}${Object.entries(query).map(([name, value]) => ` ${name}=${value}`)}`);
    if (this.refused.has(path)) throw new UserError({ where: `${this.device} GET ${path}`, what: "403", repair: "-" });
    const { path: probed } = query;
    if (path === "/access/permissions" && probed !== undefined) {
      return { [probed]: Object.fromEntries([...this.held].map((privilege) => [privilege, 1])) };
    }
    return this.answers[path] ?? (path.includes("/time") || path.includes("/included_volumes") ? { of: path } : [{ id: "x" }]);
  }
}

async function read(change: (pve: FakeDevice, pbs: FakeDevice) => void = () => undefined) {
  const pve = new FakeDevice("hypervisor");
  const pbs = new FakeDevice("coffre");
  pve.answers["/nodes"] = [{ node: "nord-a" }, { node: "nord-b" }];
  pve.answers["/cluster/backup"] = [{ id: "a" }, { id: "b/c" }];
  change(pve, pbs);
  const { collections } = await readCollections({ hypervisor: pve.client, backupServers: { coffre: pbs.client } });
  const of = (device: string, collection: string) =>
    collections.filter((one) => one.device === device && one.collection === collection).map(({ answer }) => answer);
  return { of, collections, pve, pbs };
}

describe("the lists of the devices", () => {
  it("are asked for as a whole: sync jobs of both directions, users with their tokens", async () => {
    const { pve, pbs, collections } = await read();
    expect(pbs.asked).toEqual(expect.arrayContaining(["/config/sync sync-direction=all", "/access/users include_tokens=true"]));
    expect(pve.asked).toEqual(expect.arrayContaining(["/cluster/resources type=vm", "/access/users full=1"]));
    expect(collections.every(({ answer }) => answer.ok)).toBe(true);
  });

  it("come with the clock of every node and with what every job takes", async () => {
    const { of } = await read();
    expect(of("hypervisor", "/nodes/{node}/time")).toEqual(
      ["/nodes/nord-a/time", "/nodes/nord-b/time"].map((path) => ({ ok: true, value: [{ of: path }] })),
    );
    expect(of("hypervisor", "/cluster/backup/{id}/included_volumes")).toEqual(
      ["a", "b%2Fc"].map((id) => ({ ok: true, value: [{ of: `/cluster/backup/${id}/included_volumes` }] })),
    );
    expect(of("coffre", "/nodes/{node}/time")).toHaveLength(1);
  });

  it("that are refused are told as such, and the others are read", async () => {
    const { of } = await read((pve, pbs) => {
      pve.refused.add("/cluster/backup");
      pbs.refused.add("/config/prune");
    });
    const fault = (where: string) => [{ ok: false, fault: { where, what: "403", repair: "-" } }];
    expect(of("hypervisor", "/cluster/backup")).toEqual(fault("hypervisor GET /cluster/backup"));
    expect(of("hypervisor", "/cluster/backup/{id}/included_volumes")).toEqual([]);
    expect(of("coffre", "/config/prune")).toEqual(fault("coffre GET /config/prune"));
    expect(of("coffre", "/config/verify")).toMatchObject([{ ok: true }]);
  });

  it("of another shape are told as such", async () => {
    const { of } = await read((_, pbs) => Object.assign(pbs.answers, { "/config/datastore": { no: "list" } }));
    expect(of("coffre", "/config/datastore")).toMatchObject([{ ok: false }]);
  });

  it.each([
    ["hypervisor", "/storage", ["Datastore.Audit"]],
    ["hypervisor", "/cluster/resources", ["VM.Audit"]],
    ["hypervisor", "/access/acl", ["Permissions.Modify"]],
    ["hypervisor", "/access/users", ["User.Modify", "Sys.Audit"]],
    ["hypervisor", "/cluster/notifications/matchers", ["Mapping.Audit"]],
    ["coffre", "/config/datastore", ["Datastore.Audit"]],
    ["coffre", "/config/sync", ["Datastore.Audit"]],
    ["coffre", "/config/remote", ["Remote.Audit"]],
    ["coffre", "/access/acl", ["Sys.Audit"]],
    ["coffre", "/access/users", ["Sys.Audit", "Permissions.Modify"]],
  ])("that a credential sees in part are not taken for the whole: %s %s without %j", async (device, collection, without) => {
    const { of } = await read((...devices) => {
      for (const one of devices) if (one.device === device) for (const privilege of without) one.held.delete(privilege);
    });
    expect(of(device, collection)).toMatchObject([
      { ok: false, fault: { what: expect.stringContaining(`only a part of the list, without ${without[0]?.split(" ")[0]}`) } },
    ]);
  });
});
