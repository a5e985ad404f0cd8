import { Agent, request } from "undici";

/** An answer of a device, as curl would show it. */
export interface DeviceAnswer {
  readonly status: number;
  readonly text: string;
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A device of a lab, asked past the product: what a person does with curl or in the web interface. */
export class DeviceApi {
  readonly #agent: Agent;

  /**
   * @param url with the base of the API
   * @param header name and value that carry the credential
   */
  constructor(
    private readonly url: string,
    private readonly header: readonly [name: string, value: string],
    caPem: string,
  ) {
    this.#agent = new Agent({ connect: { ca: caPem } });
  }

  async call(method: Method, path: string, body?: object): Promise<DeviceAnswer> {
    const [name, value] = this.header;
    const answer = await request(this.url + path, {
      method,
      dispatcher: this.#agent,
      headers: { [name]: value, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      body: body === undefined ? null : JSON.stringify(body),
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  }

  /** The `data` of a call that must succeed. */
  async data<Data = unknown>(method: Method, path: string, body?: object): Promise<Data> {
    const { status, text } = await this.call(method, path, body);
    if (status !== 200) throw new Error(`${method} ${path}: ${status} ${text}`);
    return (JSON.parse(text) as { data: Data }).data;
  }

  get = <Data = unknown>(path: string) => this.data<Data>("GET", path);
  post = (path: string, body: object) => this.data("POST", path, body);
  put = (path: string, body: object) => this.data("PUT", path, body);
  patch = (path: string, body: object) => this.data("PATCH", path, body);
  delete = (path: string) => this.data("DELETE", path);

  close = () => this.#agent.close();
}
