import type { DeviceAnswer } from "../device";

const STATUS_TEXT: Readonly<Record<number, string>> = {
  200: "ok",
  400: "bad request",
  401: "unauthorized",
  403: "forbidden",
  404: "not found",
  405: "method not allowed",
  406: "not acceptable",
  415: "unsupported media type",
  500: "internal server error",
  501: "not implemented",
};

/** A call that the package refuses. The message may hold quotes as its source does; it always answers with backquotes. */
export class Refusal extends Error {
  constructor(
    readonly status: 400 | 401 | 403 | 404 | 405 | 406 | 415 | 500 | 501,
    readonly responseId: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message.replace(/["']/g, "`"));
  }

  get answer(): DeviceAnswer {
    const body = envelope(this.status, this.responseId, this.message, []);
    return { status: this.status, body, headers: { ...JSON_TYPE, ...this.headers } };
  }
}

/** A fault of PHP itself, for example a wrong type where the package does not look: it answers with its stack. */
export const phpFault = (message: string): Refusal => new Refusal(500, "ENDPOINT_RECEIVED_UNEXPECTED_ERROR", message);

export const success = (data: unknown): DeviceAnswer => ({
  status: 200,
  body: envelope(200, "SUCCESS", "", data),
  headers: JSON_TYPE,
});

/** What nginx answers where no endpoint of the package lies. */
export const NO_SUCH_PAGE: DeviceAnswer = {
  status: 404,
  body: "<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
  headers: { "content-type": "text/html" },
};

const JSON_TYPE = { "content-type": "application/json" };

const envelope = (code: number, responseId: string, message: string, data: unknown) => ({
  code,
  status: STATUS_TEXT[code] ?? "unknown",
  response_id: responseId,
  message,
  data,
});
