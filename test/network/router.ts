import { type ChildProcessByStdio, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

/** A host network behind the router: its interface there, the addresses of its hosts, and the router's own. */
export interface Segment {
  readonly name: string;
  readonly router: readonly string[];
  /** With prefix length. */
  readonly hosts: readonly string[];
  /** Addresses that are reached over this segment but lie outside its networks. */
  readonly beyond: readonly string[];
}

export interface Connection {
  readonly source: string;
  readonly destination: string;
  readonly port: number;
}

/** What is missing to run it here; undefined: nothing. */
export function whyNot(): string | undefined {
  if (process.getuid?.() !== 0) return "needs root for network namespaces";
  for (const program of ["nft", "ip", "unshare", "nsenter"]) {
    try {
      execFileSync("which", [program], { stdio: "ignore" });
    } catch {
      return `${program} is not installed (apt install nftables iproute2 util-linux)`;
    }
  }
  try {
    execFileSync("unshare", ["-n", "nft", "list", "ruleset"], { stdio: "ignore", timeout: 10_000 });
  } catch {
    return "this kernel gives no network namespace with nftables";
  }
  return undefined;
}

/** A router in a network namespace of its own, with one namespace of hosts behind each of its interfaces. */
export class Router {
  readonly #namespaces = new Map<string, ChildProcessByStdio<Writable, Readable, null>>();
  readonly #answers = new Map<string, AsyncIterator<string>>();

  /** @param ports on which every host listens */
  static async start(segments: readonly Segment[], ports: readonly number[]): Promise<Router> {
    const router = new Router();
    try {
      router.#spawn("router", "cat", []);
      for (const { name } of segments)
        router.#spawn(name, process.execPath, [join(__dirname, "prober.cjs"), ...ports.map(String)]);
      for (const { name } of segments) await router.#line(name);
      for (const name of router.#namespaces.keys()) router.#in(name, "sh", "-c", NO_DUPLICATE_CHECK);
      for (const segment of segments) router.#connect(segment);
      router.#in("router", "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding");
      return router;
    } catch (error) {
      await router.stop();
      throw error;
    }
  }

  /** Replaces the rule set of the router. */
  load(ruleset: string): void {
    this.#in("router", "nft", "flush", "ruleset");
    execFileSync("nsenter", [...this.#target("router"), "nft", "-f", "-"], { input: ruleset, timeout: 10_000 });
  }

  /** Opens the connections from hosts of a segment, all at once: `open`, `refused`, or what else happened. */
  async probe(segment: string, connections: readonly Connection[]): Promise<string[]> {
    this.#namespaces.get(segment)?.stdin.write(`${JSON.stringify(connections)}\n`);
    return this.#line(segment);
  }

  /** Ends every process; the namespaces and all that is in them go with it. */
  async stop(): Promise<void> {
    const running = [...this.#namespaces.values()].filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    await Promise.all(
      running.map((child) => {
        const ended = once(child, "exit");
        child.kill("SIGKILL");
        return ended;
      }),
    );
  }

  #spawn(name: string, program: string, parameters: string[]): void {
    const child = spawn("unshare", ["-n", program, ...parameters], { stdio: ["pipe", "pipe", "inherit"] });
    this.#namespaces.set(name, child);
    // An iterator keeps the lines that come before somebody waits for them.
    this.#answers.set(name, createInterface({ input: child.stdout })[Symbol.asyncIterator]());
  }

  async #line(name: string): Promise<string[]> {
    const line = await this.#answers.get(name)?.next();
    if (line === undefined || line.done) throw new Error(`the hosts of ${name} are gone`);
    return JSON.parse(line.value);
  }

  #target = (name: string): string[] => ["-t", String(this.#namespaces.get(name)?.pid), "-n"];

  #in(name: string, ...command: string[]): void {
    execFileSync("nsenter", [...this.#target(name), ...command], { timeout: 10_000, stdio: ["ignore", "pipe", "inherit"] });
  }

  #connect({ name, router, hosts, beyond }: Segment): void {
    const pid = (namespace: string) => String(this.#namespaces.get(namespace)?.pid);
    this.#in("router", "ip", "link", "add", "name", name, "type", "veth", "peer", "name", "eth0", "netns", pid(name));
    for (const address of router) this.#in("router", "ip", "address", "add", address, "dev", name);
    for (const address of hosts) this.#in(name, "ip", "address", "add", address, "dev", "eth0");
    this.#in("router", "ip", "link", "set", name, "up");
    for (const device of ["lo", "eth0"]) this.#in(name, "ip", "link", "set", device, "up");
    for (const address of router) this.#in(name, "ip", "route", "replace", "default", "via", address.split("/")[0] ?? "");
    for (const address of beyond) {
      const via = hosts.find((host) => host.includes(":") === address.includes(":")) ?? "";
      this.#in(name, "ip", "address", "add", address, "dev", "lo");
      this.#in("router", "ip", "route", "add", address, "via", via.split("/")[0] ?? "");
    }
  }
}

/**
 * An address that is still checked for duplicates cannot ask for its neighbours: a router with a link-local address that young
 * forwards nothing, and after three seconds answers "no route to host". Interfaces that are made later take over `default`.
 */
const NO_DUPLICATE_CHECK = "for of in all default; do echo 0 > /proc/sys/net/ipv6/conf/$of/accept_dad; done";
