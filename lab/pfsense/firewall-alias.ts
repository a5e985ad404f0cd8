import { Refusal } from "./answers";
import type { Field, Values } from "./field";
import type { Context, Model } from "./model";
import { RESERVED_WORDS } from "./names";
import { isNumeric } from "./php";
import { aliasExists, notPort } from "./references";
import type { Configuration } from "./state";
import { isAddress4, isAddress6, isAliasName, isFqdn, isPort, isPortRange, isSubnet } from "./syntax";

/** A named set of hosts, networks or ports. Nothing keeps an alias from being deleted while rules use it. */
export function firewallAlias({ configuration }: Context): Model {
  const list = { type: "string", default: [], allowEmpty: true } as const;
  const fields: readonly Field[] = [
    {
      name: "name",
      type: "string",
      required: true,
      unique: true,
      editable: false,
      maximumLength: 31,
      check: filterName("name", configuration),
    },
    { name: "type", type: "string", required: true, choices: ["host", "network", "port"] },
    { name: "descr", type: "string", default: "", allowEmpty: true },
    { name: "address", ...list, delimiter: " " },
    { name: "detail", ...list, delimiter: "||" },
  ];
  return {
    name: "Firewall Alias",
    fields,
    subsystem: "aliases",
    checks: {
      name: (value) => {
        if (isAliasName(String(value))) return value;
        throw new Refusal(400, "INVALID_FIREWALL_ALIAS_NAME", `Invalid firewall alias name '${value}'.`);
      },
      address: (value, { type }) => checkedEntry(String(value), String(type), configuration),
      detail: notMoreDetailsThanAddresses,
    },
  };
}

/** A name that the filter's configuration may hold. */
export const filterName =
  (field: string, configuration: Configuration) =>
  (given: unknown): void => {
    const name = String(given);
    const refuse = (id: string, why: string) => {
      throw new Refusal(400, `FILTER_NAME_VALIDATOR_${id}`, `Field '${field}' cannot be '${name}' because it ${why}.`);
    };
    if (!/^[A-Za-z0-9_]+$/.test(name))
      refuse("INVALID_CHARACTERS", "contains invalid characters. Only A-Z, a-z, 0-9, and _ are allowed");
    const interfaces = Object.keys(configuration.interfaces);
    const groups = configuration.lists["Interface Group"].map(({ ifname }) => String(ifname));
    const tables = [...interfaces, ...groups].flatMap((one) => [one.toUpperCase(), `${one.toUpperCase()}__NETWORK`]);
    if (RESERVED_WORDS.has(name) || tables.includes(name)) refuse("RESERVED_NAME_USED", "is a name reserved by the system");
    if (name.startsWith("pkg_")) refuse("CANNOT_START_WITH_PKG", "starts with 'pkg_'");
    if (isNumeric(name)) refuse("CANNOT_BE_NUMERICAL", "is entirely numerical");
    if ([...interfaces, ...groups].includes(name)) refuse("NAME_IN_USE_BY_INTERFACE", "is in use by an existing interface");
  };

function checkedEntry(entry: string, type: string, configuration: Configuration): string {
  const refuse = (word: string, what: string): never => {
    throw new Refusal(400, `INVALID_${word}_ALIAS_ADDRESS`, `${what.replace("?", `'address' value '${entry}'`)}`);
  };
  const isAlias = aliasExists(configuration, entry, notPort);
  if (type === "port" && !isPort(entry) && !isPortRange(entry) && !aliasExists(configuration, entry, (kind) => kind === "port")) {
    refuse("PORT", "Port alias ? is not a valid port, range, or alias.");
  }
  if (type === "host" && !isAddress4(entry) && !isAddress6(entry) && !isFqdn(entry) && !isAlias) {
    refuse("HOST", "Host alias ? is not a valid IP, FQDN, or alias.");
  }
  if (type === "network" && isSubnet(entry) === false && !isFqdn(entry) && !isAlias) {
    refuse("NETWORK", "Network alias ? is not a valid CIDR, FQDN, or alias.");
  }
  return entry;
}

function notMoreDetailsThanAddresses(value: unknown, { detail, address }: Values): unknown {
  if (Array.isArray(detail) && Array.isArray(address) && detail.length > address.length) {
    throw new Refusal(400, "TOO_MANY_ALIAS_DETAILS", "Aliases cannot contain more 'detail' items than 'address' items.");
  }
  return value;
}
