import { EMPTY_SEED } from "../../lab/seed";
import { PveLab } from "./pve";

const nodes = [
  { name: "pve1", address: "10.0.0.11", cores: 4, memoryMiB: 8192 },
  { name: "pve2", address: "10.0.0.12", cores: 8, memoryMiB: 16384 },
];

let pve: PveLab;
beforeEach(() => {
  pve = new PveLab({
    seed: { ...EMPTY_SEED, hypervisor: { nodes, guests: [{ id: 101, name: "ad", node: "pve2", kind: "vm" }] } },
  });
});
afterEach(() => pve.remove());

test("every node of the seed is there, each with settings of its own", async () => {
  expect(await pve.data("GET", "/nodes")).toMatchObject([
    { node: "pve1", status: "online", maxcpu: 4 },
    { node: "pve2", status: "online", maxcpu: 8 },
  ]);
  expect(await pve.data("GET", "/cluster/status")).toMatchObject([
    { type: "cluster", quorate: 1 },
    { name: "pve1" },
    { name: "pve2" },
  ]);
  await pve.data("PUT", "/nodes/pve2/time", { timezone: "Europe/Paris" });
  expect(await pve.data("GET", "/nodes/pve1/time")).toMatchObject({ timezone: "UTC" });
  const { time, localtime } = await pve.data<{ time: number; localtime: number }>("GET", "/nodes/pve2/time");
  expect(localtime - time).toBe(3600);
  expect((await pve.call("PUT", "/nodes/pve2/time", { timezone: "Europe/Nice" })).body.errors).toEqual({
    timezone: "No such timezone",
  });
});

test("hosts are written as a whole, only at the digest that is told", async () => {
  const { digest } = await pve.data<{ digest: string }>("GET", "/nodes/pve1/hosts");
  await pve.data("POST", "/nodes/pve1/hosts", { data: "127.0.0.1 localhost\n", digest });
  expect((await pve.call("POST", "/nodes/pve1/hosts", { data: "x", digest })).status).toBe(500);
  expect(await pve.data("GET", "/nodes/pve1/hosts")).toMatchObject({ data: "127.0.0.1 localhost\n" });
});

test("name servers that a change does not give are gone", async () => {
  await pve.data("PUT", "/nodes/pve1/dns", { search: "example.test", dns1: "10.0.0.1", dns2: "10.0.0.2" });
  await pve.data("PUT", "/nodes/pve1/dns", { search: "example.test", dns1: "10.0.0.1" });
  expect(await pve.data("GET", "/nodes/pve1/dns")).toEqual({ search: "example.test", dns1: "10.0.0.1" });
  expect((await pve.call("PUT", "/nodes/pve1/dns", { search: "x", dns1: "name" })).body.errors).toEqual({
    dns1: "invalid format - value does not look like a valid IP address\n",
  });
});

test("a guest answers on its own node only", async () => {
  expect((await pve.call("GET", "/nodes/pve1/qemu/101/config")).status).toBe(500);
  expect((await pve.call("GET", "/nodes/pve2/qemu/101/config")).status).toBe(200);
  expect(await pve.data("GET", "/nodes/pve1/qemu")).toEqual([]);
});

test("a storage meant for one node is unavailable on the other", async () => {
  await pve.data("POST", "/storage", { storage: "disk2", type: "dir", path: "/mnt/d", nodes: "pve2" });
  expect(await pve.data("GET", "/nodes/pve1/storage/disk2/status")).toMatchObject({ enabled: 0, active: 0 });
  expect(await pve.data("GET", "/nodes/pve2/storage/disk2/status")).toMatchObject({ enabled: 1, active: 1 });
  expect((await pve.call("GET", "/nodes/pve1/storage/disk2/content")).reason).toBe(
    "storage 'disk2' is not available on node 'pve1'",
  );
});

test("the version is the one that the recorded answers come from", async () => {
  expect(await pve.data("GET", "/version")).toMatchObject({ version: "9.1.8", release: "9.1" });
});
