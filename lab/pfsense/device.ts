import { join } from "node:path";
import type { Device, DeviceAnswer, DeviceRequest } from "../device";
import type { LabSeed } from "../seed";
import { Store } from "../store";
import type { LabTiming } from "../timing";
import { NO_SUCH_PAGE, Refusal, success } from "./answers";
import { authenticate } from "./authentication";
import { ENDPOINTS, type Endpoint, type WriteOnce } from "./endpoints";
import type { Context } from "./model";
import { readRequest } from "./request-data";
import { adminKeyEntry, type Configuration, freshConfiguration, keyHash } from "./state";

/** Imitates pfSense CE with the REST API package 2.10.0: its lists, its checks in their order, its words. */
export class PfsenseDevice implements Device {
  readonly apiBase = "/api/v2";
  readonly #store: Store<Configuration>;

  constructor(options: {
    /** Its state is `<directory>/pfsense.json`. */
    readonly directory: string;
    readonly seed: LabSeed;
    /** Key of the administrator for `X-API-Key`. */
    readonly adminKey: string;
    /** As the other devices have it; the package answers everything at once, a wrong key too. */
    readonly timing: LabTiming;
  }) {
    const { directory, seed, adminKey } = options;
    this.#store = Store.open(join(directory, "pfsense.json"), () => freshConfiguration(seed, adminKey));
    const isKnown = this.#store.state.lists["REST API Key"].some(({ hash }) => hash === keyHash(adminKey));
    if (!isKnown) this.#store.update(({ lists }) => lists["REST API Key"].push(adminKeyEntry(adminKey)));
  }

  /** How often the filter was loaded, so that a test sees a forgotten apply. */
  get applies(): number {
    return this.#store.state.applies;
  }

  async handle(request: DeviceRequest): Promise<DeviceAnswer> {
    const endpoint = ENDPOINTS[request.path.replace(/\/$/, "")];
    if (endpoint === undefined) return NO_SUCH_PAGE;
    try {
      return this.#answer(endpoint, request);
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      throw error;
    }
  }

  #answer(endpoint: Endpoint, request: DeviceRequest): DeviceAnswer {
    const user = authenticate(request, endpoint.onlyBasic ? ["basic"] : ["basic", "key"], this.#store.state);
    refuseAccept(request.headers.accept);
    const call = endpoint.calls[request.method];
    if (call === undefined) {
      throw new Refusal(
        405,
        "ENDPOINT_METHOD_NOT_ALLOWED",
        `Resource at ${this.apiBase}${request.path} does not support the requested HTTP method '${request.method}'`,
      );
    }
    const fields = endpoint.fields(this.#context(this.#store.state as Configuration, user));
    const data = readRequest(request, request.method === "PUT", fields, endpoint.limit ?? 0);
    const write: WriteOnce = (change) => this.#store.update((draft) => change(this.#context(draft, user)));
    return success(call(data, this.#context(this.#store.state as Configuration, user), write));
  }

  #context(configuration: Configuration, user: string): Context {
    return { configuration, user, now: Math.floor(Date.now() / 1000) };
  }
}

function refuseAccept(accept: string | undefined): void {
  const mime = (accept ?? "").toLowerCase().split(";")[0] ?? "";
  if (["", "*/*", "application/json"].includes(mime)) return;
  throw new Refusal(
    406,
    "CONTENT_HANDLER_ENCODE_NOT_FOUND",
    `No content handler exists for \`${mime}\`. Change the value of your \`Accept\` header to a valid option and try again.`,
  );
}
