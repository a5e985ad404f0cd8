import { Refusal } from "./answers";
import type { Configuration } from "./state";
import { isAddress4, isAddress6, isPort, isPortRange, isSubnet } from "./syntax";

/** Checks of values that name something else on the firewall: an interface, an alias, a gateway. */

/** Names that a field may give for an interface. */
export const interfaceChoices = (configuration: Configuration): string[] => [
  ...Object.keys(configuration.interfaces),
  ...configuration.lists["Interface Group"].map(({ ifname }) => String(ifname)),
];

export const aliasExists = ({ lists }: Configuration, name: string, isOfType: (type: string) => boolean): boolean =>
  lists["Firewall Alias"].some((alias) => alias.name === name && isOfType(String(alias.type)));

export const notPort = (type: string): boolean => type !== "port";

const ADDRESS_OPTIONS =
  "an existing interface, an IP address, a subnet CIDR, an existing alias, `any`, `(self)`, `l2tp`, `pppoe`";

/** Source or destination of a rule. */
export const filterAddress =
  (name: string, configuration: Configuration) =>
  (given: unknown): void => {
    const value = String(given).replace(/^!/, "");
    if (value === "any") {
      if (value === given) return;
      throw new Refusal(
        400,
        "FILTER_RULE_ADDRESS_FIELD_WITH_INVERT_ANY",
        `Field \`${name}\` cannot use invert prefix (!) with value \`any\`.`,
      );
    }
    if (isAddress4(value) || isAddress6(value) || isSubnet(value) !== false) return;
    if (aliasExists(configuration, value, notPort) || ["(self)", "l2tp", "pppoe"].includes(value)) return;
    const network = value.replace(/:ip$/, "");
    if (interfaceChoices(configuration).includes(network)) return;
    throw new Refusal(
      400,
      "FILTER_ADDRESS_FIELD_INVALID",
      `Field \`${name}\` value \`${network}\` is invalid. Valid options are: ${ADDRESS_OPTIONS}`,
    );
  };

/** Port, range or port alias of a rule. */
export const port =
  (name: string, configuration: Configuration) =>
  (given: unknown): void => {
    const value = String(given);
    if (aliasExists(configuration, value, (type) => type === "port") || isPortRange(value) || isPort(value)) return;
    throw new Refusal(
      400,
      "PORT_FIELD_INVALID",
      `Field \`${name}\` contains invalid port value \`${value}\`. Valid options are: a TCP/UDP port number, a TCP/UDP port range separated by \`:\`, an existing port type firewall alias`,
    );
  };

/** The name of an object of a kind that this firewall has none of. */
export const foreignName =
  (name: string, models: string) =>
  (value: unknown): never => {
    throw new Refusal(
      404,
      "FOREIGN_MODEL_FIELD_VALUE_NOT_FOUND",
      `Field \`${name}\` could not locate \`${models}\` object with \`name\` set to \`${value}\``,
    );
  };
