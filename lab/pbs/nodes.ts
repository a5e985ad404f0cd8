import { createHash, X509Certificate } from "node:crypto";
import { DateTime, IANAZone } from "luxon";
import { fingerprintOf } from "../certificate";
import { type Answer, type Call, DONE } from "./call";
import type { Endpoint } from "./endpoint";
import { refuse } from "./refusal";
import { optional, type ParameterTable, required, text, type Values } from "./schema";
import { changed, checkDigest } from "./sections";
import { address, changeParameters, line, node } from "./types";

const NODE: ParameterTable = { node: required(node) };
const GIB = 1024 ** 3;

export const nodeEndpoints: readonly Endpoint[] = [
  // The list of nodes is the superuser's; permits() lets nobody else through.
  {
    method: "GET",
    path: "/nodes",
    permission: { or: [] },
    parameters: {},
    run: ({ server }) => ({ data: [{ node: server.name }] }),
  },
  {
    method: "GET",
    path: "/version",
    permission: "anybody",
    parameters: {},
    run: () => ({ data: { version: "4.2", release: "3", repoid: "pbs" } }),
  },
  { method: "GET", path: "/ping", permission: "world", parameters: {}, run: () => ({ data: { pong: true } }) },
  { method: "GET", path: "/nodes/:node/time", permission: "anybody", parameters: NODE, run: time },
  {
    method: "PUT",
    path: "/nodes/:node/time",
    permission: { on: "/system/time", all: ["Sys.Modify"] },
    parameters: { ...NODE, timezone: required(line(2, 64)) },
    run: setTimezone,
  },
  {
    method: "GET",
    path: "/nodes/:node/dns",
    permission: { on: "/system/network/dns", all: ["Sys.Audit"] },
    parameters: NODE,
    run: ({ state }) => ({ data: { ...state.dns, digest: dnsDigest(state.dns) } }),
  },
  {
    method: "PUT",
    path: "/nodes/:node/dns",
    permission: { on: "/system/network/dns", all: ["Sys.Modify"] },
    parameters: {
      ...NODE,
      search: optional(text()),
      ...{ dns1: optional(address), dns2: optional(address), dns3: optional(address) },
      ...changeParameters("dns1", "dns2", "dns3"),
    },
    run: setDns,
  },
  {
    method: "GET",
    path: "/nodes/:node/status",
    permission: { on: "/system/status", all: ["Sys.Audit"] },
    parameters: NODE,
    run: status,
  },
  {
    method: "GET",
    path: "/nodes/:node/certificates/info",
    permission: { on: "/system/certificates", all: ["Sys.Modify"] },
    parameters: NODE,
    run: certificates,
  },
];

function time({ state, server }: Call): Answer {
  const now = Math.floor(server.now() / 1000);
  const offset = DateTime.fromSeconds(now, { zone: state.timezone }).offset * 60;
  return { data: { localtime: now + offset, time: now, timezone: state.timezone } };
}

function setTimezone({ server, parameters }: Call): Answer {
  const timezone = String(parameters.timezone);
  if (!IANAZone.isValidZone(timezone)) refuse("No such timezone.");
  server.change((draft) => {
    draft.timezone = timezone;
  });
  return DONE;
}

function setDns({ state, server, parameters }: Call): Answer {
  const { node: _node, delete: deleted, digest, ...given } = parameters;
  checkDigest(digest, dnsDigest(state.dns));
  server.change((draft) => {
    draft.dns = changed(state.dns, deleted, given);
  });
  return DONE;
}

function dnsDigest(dns: Values): string {
  const lines = Object.keys(dns)
    .sort()
    .map((name) => `${name === "search" ? "search" : "nameserver"} ${String(dns[name])}\n`);
  return createHash("sha256").update(lines.join("")).digest("hex");
}

/** A small machine at rest; only its fingerprint says something about this server. */
function status({ server }: Call): Answer {
  const kernel = { machine: "x86_64", release: "6.14.11-4-pve", sysname: "Linux", version: "#1 SMP PREEMPT_DYNAMIC" };
  return {
    data: {
      "boot-info": { mode: "efi", secureboot: false },
      cpu: 0.01,
      cpuinfo: { cpus: 4, model: "QEMU Virtual CPU", sockets: 1 },
      "current-kernel": kernel,
      info: { fingerprint: fingerprintOf(server.certificate) },
      kversion: `${kernel.sysname} ${kernel.release} ${kernel.version}`,
      loadavg: [0, 0, 0],
      memory: { free: 6 * GIB, total: 8 * GIB, used: 2 * GIB },
      root: { avail: 24 * GIB, total: 32 * GIB, used: 8 * GIB },
      swap: { free: 0, total: 0, used: 0 },
      uptime: 86_400,
      wait: 0,
    },
  };
}

function certificates({ server }: Call): Answer {
  const certificate = new X509Certificate(server.certificate);
  const names = (certificate.subjectAltName ?? "").split(", ").map((name) => name.replace(/^(?:DNS|IP Address):/, ""));
  return {
    data: [
      {
        filename: "proxy.pem",
        fingerprint: fingerprintOf(server.certificate),
        issuer: oneLine(certificate.issuer),
        notafter: Math.floor(Date.parse(certificate.validTo) / 1000),
        notbefore: Math.floor(Date.parse(certificate.validFrom) / 1000),
        pem: server.certificate,
        "public-key-bits": 256,
        "public-key-type": "id-ecPublicKey",
        san: names,
        subject: oneLine(certificate.subject),
      },
    ],
  };
}

/** `O=Proxmox\nCN=pbs` as `O = Proxmox, CN = pbs`. */
function oneLine(name: string): string {
  return name.replaceAll("=", " = ").replaceAll("\n", ", ");
}
