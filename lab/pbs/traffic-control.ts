import { isIP } from "node:net";
import { type Answer, type Call, DONE } from "./call";
import { dailyDurationFault } from "./daily-duration";
import type { Endpoint } from "./endpoint";
import { canonicalByte, humanByte } from "./human-byte";
import { Refusal, refuseParameter } from "./refusal";
import { allOptional, arrayOf, optional, type ParameterTable, required, text, type Values, without } from "./schema";
import { changed, checkDigest, digestOf, lookUp, trimmed, valuesOf } from "./sections";
import type { PbsState } from "./state";
import { changeParameters, comment, objectId, removal, userId } from "./types";

const RATES = ["rate-in", "burst-in", "rate-out", "burst-out"];

const network = text({ max: 43 }, (value) => {
  const [, address = "", digits = ""] = /^(.*)\/(\d{1,3})$/.exec(value) ?? [];
  const isValid = isIP(address) === 6 || (isIP(address) === 4 && digits.length <= 2);
  return isValid && digits !== "" ? undefined : "value does not match the regex pattern";
});

const RULE: ParameterTable = {
  name: required(objectId),
  comment: optional(comment),
  network: required(arrayOf(network)),
  timeframe: optional(arrayOf(text({}, dailyDurationFault))),
  users: optional(arrayOf(userId)),
  ...Object.fromEntries(RATES.map((rate) => [rate, optional(humanByte)])),
};

export const trafficControlEndpoints: readonly Endpoint[] = [
  {
    method: "GET",
    path: "/config/traffic-control",
    permission: { on: "/", all: ["Sys.Modify"] },
    parameters: {},
    run: ({ state }) => ({ data: valuesOf(state.trafficControls, "rule"), digest: digest(state) }),
  },
  {
    method: "POST",
    path: "/config/traffic-control",
    permission: { on: "/", all: ["Sys.Modify"] },
    parameters: RULE,
    run: create,
  },
  {
    method: "GET",
    path: "/config/traffic-control/:name",
    permission: { on: "/", all: ["Sys.Audit"] },
    parameters: { name: required(objectId) },
    run: ({ state, parameters }) => ({
      data: lookUp(state.trafficControls, "rule", String(parameters.name)),
      digest: digest(state),
    }),
  },
  {
    method: "PUT",
    path: "/config/traffic-control/:name",
    permission: { on: "/", all: ["Sys.Modify"] },
    parameters: {
      ...allOptional(without(RULE, "name")),
      name: required(objectId),
      ...changeParameters(...RATES, "comment", "timeframe", "users"),
    },
    run: update,
  },
  {
    method: "DELETE",
    path: "/config/traffic-control/:name",
    permission: { on: "/", all: ["Sys.Modify"] },
    parameters: removal("name", objectId),
    run: remove,
  },
  {
    method: "GET",
    path: "/admin/traffic-control",
    permission: { on: "/", all: ["Sys.Audit"] },
    parameters: {},
    run: ({ state }) => ({
      data: valuesOf(state.trafficControls, "rule").map((rule) => ({ ...rule, "cur-rate-in": 0, "cur-rate-out": 0 })),
      digest: digest(state),
    }),
  },
];

function digest(state: Readonly<PbsState>): string {
  return digestOf(state.trafficControls, "name");
}

/** Rates as the product writes them back. */
export function canonicalRates(values: Values): Values {
  const rates = RATES.flatMap((rate) => (values[rate] === undefined ? [] : [[rate, canonicalByte(String(values[rate]))]]));
  return { ...values, ...Object.fromEntries(rates) };
}

function create({ state, server, parameters }: Call): Answer {
  const name = String(parameters.name);
  if (Object.hasOwn(state.trafficControls, name)) refuseParameter("name", `traffic control rule '${name}' already exists.`);
  server.change((draft) => {
    draft.trafficControls = { ...draft.trafficControls, [name]: { type: "rule", values: canonicalRates(parameters) } };
  });
  return DONE;
}

function update({ state, server, parameters }: Call): Answer {
  const { name, delete: deleted, digest: given, ...options } = parameters;
  checkDigest(given, digest(state));
  const rule = lookUp(state.trafficControls, "rule", String(name));
  const values = changed(rule, deleted, { ...canonicalRates(options), ...trimmed(options.comment) });
  server.change((draft) => {
    draft.trafficControls = { ...draft.trafficControls, [String(name)]: { type: "rule", values } };
  });
  return DONE;
}

function remove({ state, server, parameters }: Call): Answer {
  const name = String(parameters.name);
  checkDigest(parameters.digest, digest(state));
  if (!Object.hasOwn(state.trafficControls, name)) throw new Refusal(404, `traffic control rule '${name}' does not exist.`);
  server.change((draft) => {
    const { [name]: _removed, ...rest } = draft.trafficControls;
    draft.trafficControls = rest;
  });
  return DONE;
}
