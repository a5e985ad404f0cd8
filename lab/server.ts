import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import fastify, { type FastifyReply, type FastifyRequest } from "fastify";
import type { Device, DeviceAnswer, DeviceRequest } from "./device";
import type { FaultPlan } from "./fault-plan";

const BODY_LIMIT = 4 * 1024 * 1024;
const LAB_BASE = "/lab";

export interface ServerOptions {
  /** PEM. */
  readonly key: string;
  /** PEM. */
  readonly cert: string;
  /** Absent: any free port. */
  readonly port?: number;
  /** Faults to inject; absent: none. */
  readonly faults?: FaultPlan;
}

export interface RunningDevice {
  readonly port: number;
  /** Base address without the API path. */
  readonly url: string;
  /** Stops listening; requests under way are cut off. */
  close(): Promise<void>;
}

/**
 * Serves a device over HTTPS on 127.0.0.1.
 * @throws an error with code `EADDRINUSE` where the port is taken
 */
export async function startDevice(device: Device, options: ServerOptions): Promise<RunningDevice> {
  const app = fastify({
    https: { key: options.key, cert: options.cert },
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 8192 },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  app.all("*", (request, reply) => serve(device, options.faults, request, reply));
  await app.listen({ host: "127.0.0.1", port: options.port ?? 0 });
  const { port } = app.server.address() as AddressInfo;
  return { port, url: `https://127.0.0.1:${port}`, close: () => app.close() };
}

async function serve(device: Device, faults: FaultPlan | undefined, request: FastifyRequest, reply: FastifyReply) {
  const { pathname, search } = splitUrl(request.raw.url ?? "/");
  const base = [device.apiBase, LAB_BASE].find((prefix) => pathname === prefix || pathname.startsWith(`${prefix}/`));
  const handle = base === LAB_BASE ? device.handleLab?.bind(device) : device.handle.bind(device);
  if (base === undefined || handle === undefined) return reply.code(404).send("not found");
  const path = pathname.slice(base.length) || "/";
  const planned = faults?.hits(request.method, path) ?? [];
  for (const fault of planned) {
    if (fault.kind === "delay") await sleep(fault.ms ?? 0);
    if (fault.kind === "reset") return drop(reply);
    if (fault.kind === "status") return reply.code(fault.status ?? 500).send("planned fault");
  }
  const answer = await handle(deviceRequest(request, path, search));
  if (answer.delayMs !== undefined && answer.delayMs > 0) await sleep(answer.delayMs);
  if (planned.some((fault) => fault.kind === "lose")) return drop(reply);
  return send(
    reply,
    answer,
    planned.some((fault) => fault.kind === "truncate"),
  );
}

function send(reply: FastifyReply, answer: DeviceAnswer, truncated: boolean) {
  const isText = typeof answer.body === "string";
  const text = isText ? (answer.body as string) : JSON.stringify(answer.body);
  if (answer.reason !== undefined) reply.raw.statusMessage = headerSafe(answer.reason);
  return reply
    .code(answer.status)
    .header("content-type", isText ? "text/plain; charset=UTF-8" : "application/json;charset=UTF-8")
    .headers(answer.headers ?? {})
    .send(truncated ? text.slice(0, Math.floor(text.length / 2)) : text);
}

/** A reason phrase may hold no line end and only Latin-1. */
function headerSafe(reason: string): string {
  return reason.replace(/[^\t\x20-\x7e\x80-\xff]+/g, " ").trim();
}

function drop(reply: FastifyReply) {
  reply.hijack();
  reply.raw.socket?.destroy();
}

function deviceRequest(request: FastifyRequest, path: string, search: string): DeviceRequest {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]);
  return {
    method: request.method,
    path,
    query: new URLSearchParams(search),
    headers: Object.fromEntries(headers),
    body: typeof request.body === "string" ? request.body : "",
  };
}

/** By hand, because `URL` would change the percent-encoding. */
function splitUrl(url: string): { pathname: string; search: string } {
  const at = url.indexOf("?");
  return at < 0 ? { pathname: url, search: "" } : { pathname: url.slice(0, at), search: url.slice(at + 1) };
}
