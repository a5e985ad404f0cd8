import { type Call, del, type Endpoint, get, post, put } from "./endpoint";
import { perm } from "./permission";
import type { Property } from "./property";
import { refuse, underLock } from "./refusal";
import { guestResource, storageResource } from "./resources";
import { flag, text } from "./table";

const POOLID = text({ format: "pve-poolid" });
const TYPE = text({ enum: ["qemu", "lxc", "storage"] });
const ALLOCATE = perm("/pool/{poolid}", "Pool.Allocate");
const UPDATE: Readonly<Record<string, Property>> = {
  poolid: POOLID,
  "comment?": text(),
  "vms?": text({ format: "pve-vmid-list" }),
  "storage?": text({ format: "pve-storage-id-list" }),
  "allow-move?": flag(),
  "delete?": flag(),
};
const MISSING = (pool: string) => `pool '${pool}' does not exist`;

/** Pools of guests and storages, in the present form (`/pools?poolid=`) and the former one (`/pools/{poolid}`). */
export function poolEndpoints(): Endpoint[] {
  return [
    get("/pools", "all", { "poolid?": POOLID, "type?": { ...TYPE, requires: "poolid" } }, (call) => {
      return call.has("poolid") ? [readPool(call)] : listPools(call);
    }),
    post("/pools", ALLOCATE, { poolid: POOLID, "comment?": text() }, createPool),
    put("/pools", ALLOCATE, UPDATE, updatePool),
    del("/pools", ALLOCATE, { poolid: POOLID }, deletePool),
    get("/pools/{poolid}", perm("/pool/{poolid}", "Pool.Audit"), { poolid: POOLID, "type?": TYPE }, readPool),
    put("/pools/{poolid}", ALLOCATE, UPDATE, updatePool),
    del("/pools/{poolid}", ALLOCATE, { poolid: POOLID }, deletePool),
  ];
}

function listPools(call: Call): unknown {
  const { pools } = call.pve.state;
  return Object.keys(pools)
    .sort()
    .filter((name) => call.caller.has(`/pool/${name}`, "Pool.Audit"))
    .map((poolid) => ({ poolid, ...comment(pools[poolid]?.comment) }));
}

function comment(text: string | undefined): { comment?: string } {
  return text === undefined ? {} : { comment: text };
}

function readPool(call: Call): unknown {
  const poolid = call.text("poolid");
  const { pve } = call;
  const pool = pve.state.pools[poolid] ?? refuse(MISSING(poolid));
  const type = call.maybe("type");
  const guests = pool.vms.flatMap((vmid) => (pve.state.guests[vmid] === undefined ? [] : [guestResource(pve, String(vmid))]));
  const storages = pool.storage.flatMap((id) =>
    pve.state.storages[id] === undefined ? [] : [storageResource(pve, id, pve.nodeName)],
  );
  const members = [...guests, ...storages].filter((member) => type === undefined || member.type === type);
  return { poolid, ...comment(pool.comment), members };
}

function createPool(call: Call): void {
  const name = call.text("poolid");
  const given = call.maybe("comment");
  underLock("create pool failed", () =>
    call.pve.updateAccess(({ pools }) => {
      if (pools[name] !== undefined) refuse(`pool '${name}' already exists`);
      const at = name.lastIndexOf("/");
      const parent = name.slice(0, Math.max(at, 0));
      if (at >= 0 && pools[parent] === undefined) refuse(`parent '${parent}' of pool '${name}' does not exist`);
      if (!/^[A-Za-z]/.test(name.slice(at + 1))) refuse("pool name must start with a letter");
      pools[name] = { vms: [], storage: [], ...(given ? { comment: given } : {}) };
    }),
  );
}

function updatePool(call: Call): void {
  const name = call.text("poolid");
  underLock("update pools failed", () =>
    call.pve.updateAccess(({ pools }) => {
      const pool = pools[name] ?? refuse(MISSING(name));
      const given = call.maybe("comment");
      if (given === "") delete pool.comment;
      else if (given !== undefined) pool.comment = given;
      for (const vmid of call.items("vms").map(Number)) {
        call.caller.demandModify(`/vms/${vmid}`);
        const isMember = pool.vms.includes(vmid);
        if (call.flag("delete")) {
          if (!isMember) refuse(`VM ${vmid} is not a pool member`);
          pool.vms = pool.vms.filter((member) => member !== vmid);
          continue;
        }
        if (isMember) refuse(`VM ${vmid} is already a pool member`);
        const former = Object.entries(pools).find(([, { vms }]) => vms.includes(vmid));
        if (former !== undefined) {
          if (!call.flag("allow-move")) refuse(`VM ${vmid} belongs already to pool '${former[0]}' and 'allow-move' is not set`);
          call.caller.demand(`/pool/${former[0]}`, "Pool.Allocate");
          former[1].vms = former[1].vms.filter((member) => member !== vmid);
        }
        pool.vms.push(vmid);
      }
      for (const id of call.items("storage")) {
        call.caller.demandModify(`/storage/${id}`);
        const isMember = pool.storage.includes(id);
        if (call.flag("delete")) {
          if (!isMember) refuse(`Storage '${id}' is not a pool member`);
          pool.storage = pool.storage.filter((member) => member !== id);
        } else {
          if (isMember) refuse(`Storage '${id}' is already a pool member`);
          pool.storage.push(id);
        }
      }
    }),
  );
}

function deletePool(call: Call): void {
  const name = call.text("poolid");
  underLock("delete pool failed", () =>
    call.pve.updateAccess((draft) => {
      const pool = draft.pools[name] ?? refuse(MISSING(name));
      const inner = Object.keys(draft.pools).find((other) => other.startsWith(`${name}/`));
      if (inner !== undefined) refuse(`pool '${name}' is not empty (contains pool '${inner}')`);
      const vmid = pool.vms.find((member) => draft.guests[member] !== undefined);
      if (vmid !== undefined) refuse(`pool '${name}' is not empty (contains VM ${vmid})`);
      const storage = pool.storage.find((member) => draft.storages[member] !== undefined);
      if (storage !== undefined) refuse(`pool '${name}' is not empty (contains storage '${storage}')`);
      delete draft.pools[name];
      draft.access.acl = draft.access.acl.filter(({ path }) => path !== `/pool/${name}`);
    }),
  );
}
