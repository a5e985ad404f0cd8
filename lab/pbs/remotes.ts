import { type Answer, type Call, DONE } from "./call";
import type { Endpoint } from "./endpoint";
import { Refusal, refuseParameter } from "./refusal";
import { allOptional, boolean, integer, optional, type ParameterTable, required, type Values, without } from "./schema";
import { changed, checkDigest, digestOf, lookUp, trimmed, valuesOf } from "./sections";
import type { PbsState } from "./state";
import { authId, changeParameters, comment, fingerprint, hostOrAddress, line, objectId, removal } from "./types";

const REMOTE: ParameterTable = {
  name: required(objectId),
  "auth-id": required(authId),
  comment: optional(comment),
  fingerprint: optional(fingerprint),
  host: required(hostOrAddress),
  password: required(line(1, 1024)),
  port: optional(integer(0, 65535)),
  "use-node-proxy": optional(boolean),
};

export const remoteEndpoints: readonly Endpoint[] = [
  { method: "GET", path: "/config/remote", permission: "anybody", parameters: {}, run: list },
  {
    method: "POST",
    path: "/config/remote",
    permission: { on: "/remote", all: ["Remote.Modify"] },
    parameters: REMOTE,
    run: create,
  },
  {
    method: "GET",
    path: "/config/remote/:name",
    permission: { on: "/remote/{name}", all: ["Remote.Audit"] },
    parameters: { name: required(objectId) },
    run: ({ state, parameters }) => ({
      data: withoutPassword(lookUp(state.remotes, "remote", String(parameters.name))),
      digest: digest(state),
    }),
  },
  {
    method: "PUT",
    path: "/config/remote/:name",
    permission: { on: "/remote/{name}", all: ["Remote.Modify"] },
    parameters: {
      ...allOptional(without(REMOTE, "name")),
      name: required(objectId),
      ...changeParameters("comment", "fingerprint", "port", "use-node-proxy"),
    },
    run: update,
  },
  {
    method: "DELETE",
    path: "/config/remote/:name",
    permission: { on: "/remote/{name}", all: ["Remote.Modify"] },
    parameters: removal("name", objectId),
    run: remove,
  },
];

/** The password stands in the file as Base64. */
function digest(state: Readonly<PbsState>): string {
  const encoded = Object.entries(state.remotes).map(([name, { type, values }]) => [
    name,
    { type, values: { ...values, password: Buffer.from(String(values.password)).toString("base64") } },
  ]);
  return digestOf(Object.fromEntries(encoded), "name");
}

function withoutPassword({ password: _password, ...rest }: Values): Values {
  return rest;
}

function list({ state, caller }: Call): Answer {
  const visible = valuesOf(state.remotes, "remote").filter((one) => caller.hasAny(["remote", String(one.name)], "Remote.Audit"));
  return { data: visible.map(withoutPassword), digest: digest(state) };
}

function create({ state, server, parameters }: Call): Answer {
  const name = String(parameters.name);
  if (Object.hasOwn(state.remotes, name)) refuseParameter("name", `remote '${name}' already exists.`);
  server.change((draft) => {
    draft.remotes = { ...draft.remotes, [name]: { type: "remote", values: parameters } };
  });
  return DONE;
}

function update({ state, server, parameters }: Call): Answer {
  const { name, delete: deleted, digest: given, ...options } = parameters;
  checkDigest(given, digest(state));
  const remote = lookUp(state.remotes, "remote", String(name));
  const values = changed(remote, deleted, { ...options, ...trimmed(options.comment) });
  server.change((draft) => {
    draft.remotes = { ...draft.remotes, [String(name)]: { type: "remote", values } };
  });
  return DONE;
}

function remove({ state, server, parameters }: Call): Answer {
  const name = String(parameters.name);
  const user = valuesOf(state.syncJobs, "sync").find((job) => job.remote === name);
  if (user !== undefined) {
    refuseParameter("name", `remote '${name}' is used by sync job '${String(user.id)}' (datastore '${String(user.store)}')`);
  }
  checkDigest(parameters.digest, digest(state));
  if (!Object.hasOwn(state.remotes, name)) throw new Refusal(404, `remote '${name}' does not exist.`);
  server.change((draft) => {
    const { [name]: _removed, ...rest } = draft.remotes;
    draft.remotes = rest;
  });
  return DONE;
}
