/** Environments: where the devices of a site are reached, and where the engine keeps its state. */
import * as z from "zod";
import type { StateBackend } from "../site";
import type { Problem } from "../values";
import type { EnvironmentDraft, SiteDraft } from "./draft";
import { closed, fingerprint, line, ruled, secretName } from "./fields";
import { isRecord, member, type Reader } from "./reader";

const url = (schemes: readonly string[], example: string) =>
  ruled(
    (text) => {
      const found = URL.canParse(text) ? new URL(text) : undefined;
      return found !== undefined && schemes.includes(found.protocol.slice(0, -1)) && found.password === "";
    },
    (text) =>
      URL.canParse(text) && new URL(text).password !== ""
        ? {
            what: "the address holds a password",
            why: "a site file is no place for secrets",
            repair: "remove it; credentials come from the process environment",
          }
        : { what: `"${text}" is no address of this kind`, repair: `write it like "${example}"` },
  );

const pgSchema = ruled(
  (text) => /^[a-z_][a-z0-9_]{0,62}$/.test(text),
  (text) => ({ what: `"${text}" is no PostgreSQL schema`, repair: "write lower-case letters, digits and underscores" }),
);

const STATES: [z.core.$ZodTypeDiscriminable, ...z.core.$ZodTypeDiscriminable[]] = [
  closed({ kind: z.literal("local") }),
  closed({
    kind: z.literal("pg"),
    connection: url(["postgres", "postgresql"], "postgres://state.example/bastide"),
    schema: pgSchema,
  }),
  closed({
    kind: z.literal("s3"),
    bucket: line,
    prefix: line,
    region: line,
    endpoint: url(["https", "http"], "https://s3.example").exactOptional(),
  }),
  closed({ kind: z.literal("http"), address: url(["https", "http"], "https://state.example/bastide") }),
];

const STATE = z.discriminatedUnion("kind", STATES, {
  error: () => "this is no place for state; write localState(), pgState(…), s3State(…) or httpState(…)",
}) as z.ZodType<StateBackend>;

/** Base address of an API, without its path. */
const endpoint = ruled(
  (text) => {
    const found = URL.canParse(text) ? new URL(text) : undefined;
    return found !== undefined && found.protocol === "https:" && found.origin === text.replace(/\/$/, "").replace(/:443$/, "");
  },
  (text) => ({
    what: `"${text}" is no endpoint`,
    repair: 'write scheme, host and port without a path, like "https://192.168.100.220:8007"',
  }),
);

const DEVICE = {
  endpoint: endpoint.optional(),
  ca: line.optional(),
  fingerprint: fingerprint.optional(),
  credential: secretName.optional(),
};

export function readEnvironments(
  reader: Reader,
  input: unknown,
  site: Pick<SiteDraft, "hypervisors" | "backupServers" | "firewall">,
): SiteDraft["environments"] {
  const written = input ?? { lab: { kind: "lab" } };
  return reader.entries("environments", written, environmentName, (where, value): EnvironmentDraft => {
    const live = isRecord(value) && value.kind === "live";
    const read = reader.object(
      where,
      value,
      {
        kind: z.enum(["lab", "live"]),
        state: STATE.default({ kind: "local" }),
        protectData: z.boolean().default(live),
        encryptState: z.boolean().default(live),
        approvals: z.literal([1, 2]).default(1),
      },
      ["devices"],
    );
    const devices = isRecord(value) ? value.devices : undefined;
    if (!live) {
      if (devices !== undefined)
        reader.fault(member(where, "devices"), {
          what: "a lab finds its devices by itself",
          repair: "remove `devices`, or use production()",
        });
      return read;
    }
    return { ...read, devices: readDevices(reader, member(where, "devices"), devices, site) };
  });
}

function readDevices(
  reader: Reader,
  where: string,
  input: unknown,
  site: Pick<SiteDraft, "hypervisors" | "backupServers" | "firewall">,
): NonNullable<EnvironmentDraft["devices"]> {
  reader.object(where, input, {}, ["hypervisor", "backupServers", "firewall"]);
  const written = isRecord(input) ? input : {};
  const device = (
    path: string,
    value: unknown,
    fallback: { readonly endpoint: string | undefined; readonly credential: string },
  ) => {
    const read = reader.object(path, value, DEVICE);
    if (isRecord(value) && value.ca === undefined && value.fingerprint === undefined) {
      reader.fault(path, {
        what: "nothing says how to recognise this device",
        why: "without a pinned certificate anybody on the way could take the credential",
        repair: "give `fingerprint`, or `ca` with a PEM file beside the site file",
      });
    }
    return { ...fallback, ...read };
  };
  const servers = Object.keys(site.backupServers);
  const firstNode = Object.values(site.hypervisors)[0];
  const firewall = site.firewall;
  return {
    hypervisor: device(member(where, "hypervisor"), written.hypervisor, {
      endpoint: base(firstNode?.address, 8006),
      credential: "pve-admin",
    }),
    backupServers: reader.entries(
      member(where, "backupServers"),
      written.backupServers,
      () => undefined,
      (path, value, name) =>
        device(path, value, {
          endpoint: base(site.backupServers[name]?.address, site.backupServers[name]?.port ?? 8007),
          credential: servers.length > 1 ? `pbs-admin@${name.toLowerCase()}` : "pbs-admin",
        }),
    ),
    ...(firewall === undefined && written.firewall === undefined
      ? {}
      : {
          firewall: device(member(where, "firewall"), written.firewall, {
            endpoint: base(firewall?.address, 443),
            credential: "pfsense-admin",
          }),
        }),
  };
}

function base(address: string | undefined, port: number): string | undefined {
  if (address === undefined) return undefined;
  return new URL(`https://${address.includes(":") ? `[${address}]` : address}:${port}`).origin;
}

/** Without a hyphen: it stands between site and layer in the name of a stack, and two stacks must not get one name. */
function environmentName(name: string): Problem | undefined {
  if (/^[a-z][a-z0-9]{0,19}$/.test(name)) return undefined;
  return {
    what: `"${name}" cannot be the name of an environment`,
    repair: "choose 1 to 20 lower-case letters and digits",
  };
}
