import type { Site } from "../../model";
import type { PlannedStack } from "../../policies/engine/planned-stack";
import type { Rule, Verdict } from "../../policies/engine/rule";
import type { SynthesizedStack } from "../../policies/engine/synthesized-stack";
import { type Loose, siteWith } from "../model/base-site";

/** Objects by layer and name: `path`, `body`, `secrets` (what is sent and not kept), `device`. */
export type Objects = Loose;

const rule = (type: string, source: string, placement: number, more = {}) => ({
  path: "/firewall/rule",
  body: {
    type,
    interface: ["lan"],
    ipprotocol: type === "pass" ? "inet" : "inet46",
    protocol: "tcp",
    source,
    destination: "alpha_pbs_to",
    destination_port: "8007",
    descr: type === "pass" ? "Autoriser PBS - Port 8007" : "Bloquer PBS - Port 8007",
    disabled: false,
    placement,
    ...more,
  },
});

const storage = (id: string, more = {}) => ({
  path: "/storage",
  body: {
    storage: id,
    type: "pbs",
    datastore: "data",
    username: "pve-backup@pbs!pve-token",
    fingerprint: Array.from({ length: 32 }, () => "a0").join(":"),
    "prune-backups": "keep-all=1",
    ...more,
  },
  secrets: { password: "${var.storage_secret_pbs}", "encryption-key": "${var.encryption_key}" },
});

const prune = (id: string, more = {}) => ({
  path: "/config/prune",
  body: { id, store: "data", "max-depth": 0, schedule: "daily", "keep-daily": 7, disable: false, ...more },
});

const right = (subject: Loose, role: Loose, path = "/datastore/data") => ({
  path: "/access/acl",
  body: { path, ...subject, ...role, propagate: true },
});

/** What the stacks of the base site hold, as far as the rules look at it, and a monitoring token beside. */
export function baseObjects(): Objects {
  const [user, token] = ["pve-backup@pbs", "pve-backup@pbs!pve-token"];
  return {
    "backup-server": {
      store: { path: "/config/datastore", body: { name: "data", "gc-schedule": "daily", "verify-new": true } },
      critical: { path: "/admin/datastore/data/namespace", body: { name: "critical" } },
      prune: prune("data-prune"),
      prune_critical: prune("data-critical-prune", { ns: "critical" }),
      verify: {
        path: "/config/verify",
        body: {
          id: "data-verify",
          store: "data",
          schedule: "weekly",
          "ignore-verified": true,
          "outdated-after": 30,
          "max-depth": 7,
        },
      },
      token: { path: `/access/users/${user}/token/pve-token`, body: { comment: "c", enable: true, expire: 0 } },
      right_user: right({ "auth-id": user }, { role: "DatastoreBackup" }),
      right_token: right({ "auth-id": token }, { role: "DatastoreBackup" }),
    },
    hypervisor: {
      storage: storage("pbs-data"),
      storage_critical: storage("pbs-data-critical", { namespace: "critical" }),
      job: { path: "/cluster/backup", body: { id: "alpha-critical", remove: 0 } },
      probe: { path: "/access/users/probe@pve/token/t", body: { comment: "c", privsep: 1, expire: 0 } },
      probe_user: right({ users: "probe@pve" }, { roles: "PVEAuditor" }, "/"),
      probe_token: right({ tokens: "probe@pve!t" }, { roles: "PVEAuditor" }, "/"),
    },
    firewall: {
      from: {
        path: "/firewall/alias",
        body: { name: "alpha_pbs_from", type: "host", address: ["10.1.0.10", "10.1.0.11", "10.1.0.30"] },
      },
      to: { path: "/firewall/alias", body: { name: "alpha_pbs_to", type: "host", address: ["10.2.0.20"] } },
      pass: rule("pass", "alpha_pbs_from", 0),
      block: rule("block", "any", 1),
    },
  };
}

const DEVICES: Readonly<Record<string, string>> = { "backup-server": "pbs", hypervisor: "hypervisor", firewall: "firewall" };

const attributesOf = (layer: string, { path, body, secrets, device = DEVICES[layer] }: Loose) => ({
  path,
  body,
  precheck_create: [{ mutex: device }],
  ...(secrets === undefined ? {} : { ephemeral_body: secrets }),
});

/** The objects as synthesized stacks. @param configuration what stands in each of them beside the resources */
export const synthesizedFrom = (objects: Objects, configuration: Loose = {}): SynthesizedStack[] =>
  Object.entries<Loose>(objects).map(([layer, named]) => ({
    id: layer,
    layer,
    configuration: {
      ...configuration[layer],
      resource: {
        restful_resource: Object.fromEntries(Object.entries(named).map(([name, object]) => [name, attributesOf(layer, object)])),
      },
    },
  }));

/** The objects as plans: without what is not kept, and without references, whose values come with the apply. */
export const plannedFrom = (objects: Objects): PlannedStack[] =>
  Object.entries<Loose>(objects).map(([layer, named]) => ({
    layer,
    plan: {
      resource_changes: Object.entries<Loose>(named).map(([name, object]) => {
        const { ephemeral_body: _, ...after } = attributesOf(layer, object);
        const entries = Object.entries(object.body);
        const open = entries.filter(([, value]) => String(value).startsWith("${"));
        return {
          address: `restful_resource.${name}`,
          mode: "managed",
          type: "restful_resource",
          name,
          change: {
            actions: ["create"],
            before: null,
            after: { ...after, body: Object.fromEntries(entries.filter((entry) => !open.includes(entry))) },
            after_unknown: { body: Object.fromEntries(open.map(([key]) => [key, true])) },
          },
        };
      }),
    },
  }));

const faults = (verdicts: readonly Verdict[] | undefined): string[] =>
  (verdicts ?? []).flatMap((verdict) =>
    verdict.state === "compliant" ? [] : [`${verdict.object}: ${verdict.state === "unknown" ? "unknown: " : ""}${verdict.what}`],
  );

const BASE = siteWith(() => undefined);

const context = (site: Site) => ({ site, environment: "live", today: "2026-11-21" });

/** What a rule finds in the synthesized objects after a change. */
export function inFiles(rule: Rule, change: (objects: Objects) => void = () => undefined, site = BASE): string[] {
  const objects = baseObjects();
  change(objects);
  return faults(rule.synthesized?.({ ...context(site), stacks: synthesizedFrom(objects) }));
}

/** What a rule finds in the plan of the objects after a change. */
export function inPlan(rule: Rule, change: (objects: Objects) => void = () => undefined, site = BASE): string[] {
  const objects = baseObjects();
  change(objects);
  return faults(rule.plan?.({ ...context(site), stacks: plannedFrom(objects) }));
}

/** What a rule finds at both later gates, which must say the same. */
export function inBoth(rule: Rule, change: (objects: Objects) => void = () => undefined, site = BASE): string[] {
  const found = inFiles(rule, change, site);
  expect(inPlan(rule, change, site)).toEqual(found);
  return found;
}
