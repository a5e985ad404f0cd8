import type { Authentication } from "./authentication";
import { splitList } from "./formats";
import type { Hypervisor } from "./hypervisor";
import type { Caller, Permission } from "./permission";
import type { Properties, Property, Values } from "./property";
import { table } from "./table";

/** One call of the API: who may make it, what it takes, what it does. */
export interface Endpoint {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** `/access/users/{userid}`; `{name...}` takes the rest of the address with its slashes. */
  readonly path: string;
  readonly permission: Permission;
  readonly parameters: Properties;
  /** False: needs a ticket; tokens are refused. */
  readonly token: boolean;
  run(call: Call): unknown;
}

type Options = { readonly token?: boolean };

const define = (method: Endpoint["method"]) => {
  return (
    path: string,
    permission: Permission,
    parameters: Readonly<Record<string, Property>>,
    run: (call: Call) => unknown,
    { token = true }: Options = {},
  ): Endpoint => ({ method, path, permission, parameters: table(parameters), token, run });
};

export const get = define("GET");
export const post = define("POST");
export const put = define("PUT");
export const del = define("DELETE");

/** A call under way: the device, who calls, and the checked parameters. */
export class Call {
  /** Number of entries before a limit was applied, for lists that tell it. */
  total: number | undefined;

  constructor(
    readonly pve: Hypervisor,
    readonly caller: Caller,
    readonly values: Values,
    readonly authentication: Authentication,
  ) {}

  has(name: string): boolean {
    return this.values[name] !== undefined;
  }

  /** A parameter that the table demands. */
  text(name: string): string {
    const value = this.maybe(name);
    if (value === undefined) throw new Error(`parameter "${name}" is not in the table of this call`);
    return value;
  }

  maybe(name: string): string | undefined {
    const value = this.values[name];
    return typeof value === "string" ? value : undefined;
  }

  number(name: string): number | undefined {
    const value = this.maybe(name);
    return value === undefined ? undefined : Number(value);
  }

  flag(name: string): boolean | undefined {
    const value = this.maybe(name);
    return value === undefined ? undefined : value === "1";
  }

  /** The entries of a list that the product takes as one string. */
  items(name: string): string[] {
    return splitList(this.maybe(name));
  }

  /** A parameter that the product takes as a list. */
  list(name: string): readonly string[] | undefined {
    const value = this.values[name];
    return Array.isArray(value) ? value : undefined;
  }
}
