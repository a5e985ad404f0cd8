import type { Device, DeviceAnswer, DeviceRequest } from "../device";
import { Authentication } from "./authentication";
import { Call } from "./endpoint";
import { ENDPOINTS } from "./endpoints";
import { Hypervisor, type PveOptions } from "./hypervisor";
import { Caller } from "./permission";
import { checkProperties } from "./property";
import { Refusal, refuseParameters, refusePermission } from "./refusal";
import { Router } from "./router";
import { refused, refusesTransport, success, type Wire, wireParameters } from "./transport";
import { settle } from "./workers";

export type { PveOptions } from "./hypervisor";

const ROUTER = new Router(ENDPOINTS);

/** Proxmox VE 9.1.8: one cluster with the nodes and guests of the seed. */
export class PveDevice implements Device {
  readonly apiBase = "/api2/json";
  readonly #pve: Hypervisor;
  readonly #authentication: Authentication;

  constructor(options: PveOptions) {
    this.#pve = new Hypervisor(options);
    this.#authentication = new Authentication(this.#pve);
  }

  async handle(request: DeviceRequest): Promise<DeviceAnswer> {
    const transport = refusesTransport(request);
    if (transport !== undefined) return transport;
    settle(this.#pve);
    try {
      return await this.#answer(request);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const answer = refused(error);
      return error.status === 401 ? { ...answer, delayMs: this.#pve.timing.authFailureMs } : answer;
    }
  }

  async #answer(request: DeviceRequest): Promise<DeviceAnswer> {
    const authenticated = this.#caller(request);
    if ("status" in authenticated) return authenticated;
    const { id, byToken } = authenticated;
    const given = wireParameters(request);
    const route = ROUTER.find(request.method, request.path);
    if (route === undefined) throw new Refusal(`Method '${request.method} ${request.path}' not implemented`, 501);
    const parameters = merged(route.parameters, given);
    const { endpoint } = route;
    if (byToken && !endpoint.token) refusePermission(`URI '${request.path}' not available with API token, need proper ticket.\n`);
    const caller = new Caller(id, this.#pve.accessView());
    caller.check(endpoint.permission, parameters);
    const node = route.parameters.node;
    if (node !== undefined && node !== "localhost" && !this.#pve.isNode(node)) {
      throw new Refusal(`hostname lookup '${node}' failed - failed to get address info for: ${node}: Name or service not known`);
    }
    const { values, faults } = checkProperties(endpoint.parameters, parameters);
    if (Object.keys(faults).length > 0) refuseParameters(faults);
    const call = new Call(
      this.#pve,
      caller,
      node === "localhost" ? { ...values, node: this.#pve.nodeName } : values,
      this.#authentication,
    );
    return success(await endpoint.run(call), call.total);
  }

  /** A wrong credential is answered without a body, as the product does before it knows what is asked. */
  #caller(request: DeviceRequest): { readonly id: string; readonly byToken: boolean } | DeviceAnswer {
    try {
      return this.#authentication.caller(request) ?? { id: "", byToken: false };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { status: error.status, reason: error.text, body: "", delayMs: this.#pve.timing.authFailureMs };
    }
  }
}

/** A parameter of the address may be given again, but not with another value. */
function merged(fromPath: Readonly<Record<string, string>>, given: Readonly<Record<string, Wire>>): Record<string, Wire> {
  for (const [name, value] of Object.entries(fromPath)) {
    if (given[name] !== undefined && String(given[name]) !== value) {
      refuseParameters({ [name]: "duplicate parameter (already defined in URI) with conflicting values!" });
    }
  }
  return { ...fromPath, ...given };
}
