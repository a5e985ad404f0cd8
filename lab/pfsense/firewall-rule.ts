import { phpFault, Refusal } from "./answers";
import type { Field, Values } from "./field";
import type { Context, Model } from "./model";
import { filterAddress, foreignName, interfaceChoices, port } from "./references";

const PORT_PROTOCOLS = ["tcp", "udp", "tcp/udp"];
const TCP_FLAGS = ["fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"];
const PROTOCOLS = "tcp udp tcp/udp icmp esp ah gre ipv6 igmp pim ospf carp pfsync".split(" ");
const ICMP_TYPES =
  "any althost dataconv echorep echoreq inforep inforeq ipv6-here ipv6-where maskrep maskreq mobredir mobregrep mobregreq paramprob photuris redir routeradv routersol skip squench timerep timereq timex trace unreach".split(
    " ",
  );
const DSCP = ["", ..."af11 af12 af13 af21 af22 af23 af31 af32 af33 af41 af42 af43 VA EF cs1 cs2 cs3 cs4 cs5 cs6 cs7".split(" ")];

const nullable = { default: null, allowNull: true } as const;
const words = { type: "string", default: "", allowEmpty: true } as const;
const flag = { type: "boolean", default: false } as const;
const stamp = { type: "integer", readOnly: true } as const;

/** A firewall rule. Its position in the list is its meaning and its id. */
export function firewallRule(context: Context): Model {
  const { configuration } = context;
  const onlyWithPorts = { protocol: PORT_PROTOCOLS };
  const anyPort = {
    type: "string",
    ...nullable,
    namespaced: true,
    conditions: onlyWithPorts,
    maximumLength: Number.MAX_SAFE_INTEGER,
  };
  const author = { type: "string", readOnly: true, namespaced: true } as const;
  const fields: readonly Field[] = [
    { name: "type", type: "string", required: true, choices: ["pass", "block", "reject"] },
    {
      name: "interface",
      type: "string",
      required: true,
      delimiter: ",",
      choices: () => [...interfaceChoices(configuration), "enc0", "openvpn", "any"],
    },
    { name: "ipprotocol", type: "string", required: true, choices: ["inet", "inet6", "inet46"] },
    { name: "protocol", type: "string", ...nullable, choices: PROTOCOLS },
    {
      name: "icmptype",
      type: "string",
      default: ["any"],
      delimiter: ",",
      choices: ICMP_TYPES,
      conditions: { protocol: "icmp" },
    },
    { name: "source", type: "string", required: true, check: filterAddress("source", configuration) },
    { ...anyPort, name: "source_port", type: "string", check: port("source_port", configuration) },
    { name: "destination", type: "string", required: true, check: filterAddress("destination", configuration) },
    { ...anyPort, name: "destination_port", type: "string", check: port("destination_port", configuration) },
    { name: "descr", ...words },
    { name: "disabled", ...flag },
    { name: "log", ...flag },
    { name: "dscp", type: "string", ...nullable, allowEmpty: true, choices: [...DSCP, "0x01", "0x02", "0x04"] },
    { name: "tag", ...words },
    {
      name: "statetype",
      type: "string",
      default: "keep state",
      choices: ["keep state", "sloppy state", "synproxy state", "none"],
    },
    { name: "tcp_flags_any", ...flag },
    ...["tcp_flags_out_of", "tcp_flags_set"].map(
      (name): Field => ({
        name,
        type: "string",
        ...nullable,
        delimiter: ",",
        choices: TCP_FLAGS,
        conditions: { tcp_flags_any: false },
      }),
    ),
    reference("gateway", "Routing Gateway or Routing Gateway Group or Routing Gateway Status"),
    reference("sched", "Firewall Schedule"),
    { name: "dnpipe", type: "string", ...nullable },
    { name: "pdnpipe", type: "string", ...nullable },
    reference("defaultqueue", "Traffic Shaper Queue"),
    reference("ackqueue", "Traffic Shaper Queue"),
    { name: "floating", ...flag, editable: false },
    { name: "quick", ...flag, conditions: { floating: true } },
    { name: "direction", type: "string", default: "any", choices: ["any", "in", "out"], conditions: { floating: true } },
    { name: "tracker", ...stamp, editable: false, clock: "created" },
    { name: "associated_rule_id", type: "string", unique: true, editable: false, readOnly: true },
    { name: "created_time", ...stamp, namespaced: true, editable: false, clock: "created" },
    { name: "created_by", ...author, editable: false, default: "@127.0.0.1 (API)" },
    { name: "updated_time", ...stamp, namespaced: true, clock: "updated" },
    { name: "updated_by", ...author, default: "@127.0.0.1 (API)" },
  ];
  return {
    name: "Firewall Rule",
    fields,
    minimum: 1,
    checks: {
      interface: oneInterface,
      statetype: synproxyOnlyForTcp,
      tcp_flags_set: flagIsLookedAt,
      dnpipe: (value) => noLimiter("dnpipe", value),
      pdnpipe: (value, { dnpipe }) => {
        if (dnpipe === null)
          throw refuse("PDNPIPE_SET_WITHOUT_DNPIPE", "Field `pdnpipe` cannot be set unless `dnpipe` is also set.");
        return noLimiter("pdnpipe", value);
      },
      updated_by: (_value, _values, { user }) => `${user}@127.0.0.1 (API)`,
    },
  };
}

const refuse = (id: string, message: string) => new Refusal(400, `FIREWALL_RULE_${id}`, message);

const reference = (name: string, models: string): Field => ({
  name,
  type: "string",
  ...nullable,
  maximumLength: Number.MAX_SAFE_INTEGER,
  check: foreignName(name, models),
});

function oneInterface(value: unknown, { floating, interface: all }: Values): unknown {
  if (floating !== true && Array.isArray(all) && all.length > 1) {
    throw refuse(
      "MULTIPLE_INTERFACE_WITHOUT_FLOATING",
      "Field `interface` cannot contain more than one value unless `floating` is enabled.",
    );
  }
  return value;
}

function synproxyOnlyForTcp(value: unknown, { protocol }: Values): unknown {
  if (value === "synproxy state" && protocol !== "tcp") {
    throw refuse(
      "SYNPROXY_STATE_TYPE_WITH_NON_TCP_PROTOCOL",
      "Field `statetype` cannot be set to `synproxy state` unless `protocol` is set to `tcp`.",
    );
  }
  return value;
}

function flagIsLookedAt(value: unknown, { tcp_flags_out_of: outOf }: Values): unknown {
  if (!Array.isArray(outOf)) throw phpFault("in_array(): Argument #2 ($haystack) must be of type array, null given");
  if (!outOf.includes(value)) {
    throw refuse(
      "TCP_FLAGS_SET_NOT_IN_TCP_FLAGS_OUT_OF",
      `Field \`tcp_flags_set\` value \`${value}\` is not present in \`tcp_flags_out_of\`.`,
    );
  }
  return value;
}

function noLimiter(name: string, value: unknown): never {
  throw new Refusal(
    404,
    `FIREWALL_RULE_${name.toUpperCase()}_NOT_FOUND`,
    `Field \`${name}\` must be an existing Traffic Shaper Limiter or Limiter Queue. Could not locate object with \`name\` value \`${value}\``,
  );
}
