import { Refusal } from "./answers";
import type { Field } from "./field";
import { filterName } from "./firewall-alias";
import type { Context, Model } from "./model";
import { interfaceChoices } from "./references";
import type { InterfaceConfiguration } from "./state";

/** A tagged network on a card of the firewall; made at once, without an apply. */
export function interfaceVlan({ configuration }: Context): Model {
  const cards = Object.values(configuration.interfaces).map((one) => one.if);
  const fields: readonly Field[] = [
    { name: "if", type: "string", required: true, editable: false, maximumLength: 32 },
    { name: "tag", type: "integer", required: true, minimum: 1, maximum: 4094 },
    { name: "vlanif", type: "string", default: "", allowEmpty: true, readOnly: true },
    { name: "pcp", type: "integer", default: null, allowNull: true, minimum: 0, maximum: 7 },
    { name: "descr", type: "string", default: "", allowEmpty: true },
  ];
  return {
    name: "Interface VLAN",
    fields,
    alwaysApply: true,
    uniqueTogether: ["if", "tag"],
    checks: {
      if: (value) => {
        if (cards.includes(String(value))) return value;
        throw new Refusal(400, "VLAN_INTERFACE_PARENT_NOT_FOUND", `Parent interface \`${value}\` does not exist.`);
      },
      vlanif: (_value, values) => `${values.if}.${values.tag}`,
    },
  };
}

/** A name for several interfaces; rules on a group are evaluated before those on its members. */
export function interfaceGroup({ configuration }: Context): Model {
  const fields: readonly Field[] = [
    {
      name: "ifname",
      type: "string",
      required: true,
      unique: true,
      editable: false,
      maximumLength: 15,
      check: filterName("ifname", configuration),
    },
    {
      name: "members",
      type: "string",
      default: [],
      allowEmpty: true,
      delimiter: " ",
      choices: () => interfaceChoices(configuration).filter((name) => name in configuration.interfaces),
    },
    { name: "descr", type: "string", default: "", allowEmpty: true },
  ];
  return { name: "Interface Group", fields, alwaysApply: true };
}

/** Keys of an interface that this firewall never sets, in the order of the answer. */
const UNSET_DHCP =
  "dhcphostname alias_address alias_subnet dhcprejectfrom adv_dhcp_config_advanced adv_dhcp_pt_values adv_dhcp_pt_timeout adv_dhcp_pt_retry adv_dhcp_pt_select_timeout adv_dhcp_pt_reboot adv_dhcp_pt_backoff_cutoff adv_dhcp_pt_initial_interval adv_dhcp_send_options adv_dhcp_request_options adv_dhcp_required_options adv_dhcp_option_modifiers adv_dhcp_config_file_override adv_dhcp_config_file_override_path".split(
    " ",
  );
const UNSET_IPV6 =
  "gatewayv6 ipv6usev4iface slaacusev4iface prefix_6rd gateway_6rd prefix_6rd_v4plen track6_interface track6_prefix_id_hex".split(
    " ",
  );

/** The fields of an interface as the API gives them. */
export const INTERFACE_FIELDS: readonly Field[] = [
  ..."if enable descr spoofmac mtu mss media mediaopt blockpriv blockbogons typev4 ipaddr subnet gateway".split(" "),
  ...UNSET_DHCP,
  ...["typev6", "ipaddrv6", "subnetv6"],
  ...UNSET_IPV6,
].map((name) => ({ name, type: "string" }));

/** What the API shows of an interface. */
export function interfaceValues(configuration: InterfaceConfiguration): Record<string, unknown> {
  const { address, prefixLength, address6, prefixLength6 } = configuration;
  const known: Record<string, unknown> = {
    if: configuration.if,
    enable: address !== undefined,
    descr: configuration.description,
    blockpriv: false,
    blockbogons: false,
    typev4: address === undefined ? "none" : "static",
    ipaddr: address ?? null,
    subnet: prefixLength ?? null,
    typev6: address6 === undefined ? "none" : "staticv6",
    ipaddrv6: address6 ?? null,
    subnetv6: prefixLength6 ?? null,
  };
  return Object.fromEntries(INTERFACE_FIELDS.map(({ name }) => [name, known[name] ?? null]));
}
