import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Device, DeviceAnswer, DeviceRequest } from "../device";
import { Store } from "../store";
import type { LabTiming } from "../timing";
import type { AclEntry } from "./acl-tree";
import { authenticate, hashOf } from "./authentication";
import type { PbsServer } from "./call";
import { Caller } from "./caller";
import { EMPTY_CHUNK_STORE } from "./chunk-store";
import { permits } from "./endpoint";
import { endpoints } from "./endpoints";
import { readParameters } from "./parameters";
import { Refusal } from "./refusal";
import { Router } from "./router";
import { type HandedSnapshot, registerSnapshot } from "./snapshot-registration";
import { freshState, type PbsState } from "./state";
import type { TaskRequest } from "./task";
import { addTask, finishDueTasks, hasDueTask } from "./task-queue";
import { workers } from "./workers";

export interface PbsOptions {
  /** Where the state lies: `pbs-<name>.json`. */
  readonly directory: string;
  /** Name of the node. */
  readonly name: string;
  /** Secret of the administrator's token `root@pam!bastide`. */
  readonly adminTokenSecret: string;
  /** PEM of the certificate that the server presents. */
  readonly certificate: string;
  readonly timing: LabTiming;
  /** Paths at which the disks hold a chunk store, whatever the configuration says. */
  readonly chunkStores?: readonly string[];
  /** Milliseconds since the epoch; absent: the machine's clock. */
  readonly clock?: () => number;
}

const ADMIN_TOKEN = "root@pam!bastide";
const router = new Router(endpoints);
/** The product writes its plain error texts with this type too. */
const JSON_TYPE = { "content-type": "application/json;charset=UTF-8" };

function bring(draft: PbsState, paths: readonly string[]): void {
  draft.chunkStores = { ...draft.chunkStores, ...Object.fromEntries(paths.map((path) => [path, EMPTY_CHUNK_STORE])) };
}

/** Proxmox Backup Server 4.2.3: one server with its state on disk. */
export class PbsDevice implements Device, PbsServer {
  readonly apiBase = "/api2/json";
  readonly name: string;
  readonly timing: LabTiming;
  readonly certificate: string;
  readonly #store: Store<PbsState>;
  readonly #clock: () => number;
  /** ACLs that were replaced a moment ago, the oldest first: the permission check still sees them. */
  #replaced: readonly { readonly acl: readonly AclEntry[]; readonly seenUntil: number }[] = [];

  constructor(options: PbsOptions) {
    this.name = options.name;
    this.timing = options.timing;
    this.certificate = options.certificate;
    this.#clock = options.clock ?? Date.now;
    const file = join(options.directory, `pbs-${options.name}.json`);
    this.#store = Store.open(file, () =>
      freshState(ADMIN_TOKEN, hashOf(options.adminTokenSecret), randomBytes(32).toString("hex")),
    );
    const brought = (options.chunkStores ?? []).filter((path) => !Object.hasOwn(this.#store.state.chunkStores, path));
    if (brought.length > 0) this.#store.update((draft) => bring(draft, brought));
  }

  now(): number {
    return this.#clock();
  }

  change<Result>(change: (draft: PbsState) => Result): Result {
    const before = this.#store.state.acl;
    const result = this.#store.update(change);
    const after = this.#store.state.acl;
    if (JSON.stringify(before) !== JSON.stringify(after)) {
      this.#replaced = [...this.#replaced, { acl: before, seenUntil: this.now() + this.timing.aclLagMs }];
    }
    return result;
  }

  startTask(authId: string, request: TaskRequest): string {
    return this.change((draft) => addTask(draft, this.name, authId, request, this.now()));
  }

  handle(request: DeviceRequest): Promise<DeviceAnswer> {
    return this.#answered(() => this.#call(request));
  }

  /** `POST /snapshot`: see `registerSnapshot`. */
  handleLab(request: DeviceRequest): Promise<DeviceAnswer> {
    return this.#answered(() => {
      const caller = this.#caller(request);
      if (request.method !== "POST" || request.path !== "/snapshot") throw new Refusal(404, "not found");
      return registerSnapshot({ caller, state: this.#store.state, server: this }, JSON.parse(request.body) as HandedSnapshot);
    });
  }

  async #answered(answer: () => unknown): Promise<DeviceAnswer> {
    const now = this.now();
    if (hasDueTask(this.#store.state, now)) this.change((draft) => finishDueTasks(draft, workers, now));
    try {
      return { status: 200, body: await answer(), headers: JSON_TYPE };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const answer = { status: error.status, body: error.message, headers: JSON_TYPE };
      return error.status === 401 ? { ...answer, delayMs: this.timing.authFailureMs } : answer;
    }
  }

  #call(request: DeviceRequest): unknown {
    const state = this.#store.state;
    const route = router.find(request.method, request.path);
    const caller = route?.endpoint.permission === "world" ? undefined : this.#caller(request);
    if (route === undefined) throw new Refusal(404, `Path '${this.apiBase}${request.path}' not found.`);
    const { endpoint, parts } = route;
    if (!permits(endpoint.permission, caller, parts)) throw new Refusal(403, "permission check failed");
    const parameters = readParameters(endpoint.parameters, request, parts);
    return endpoint.run({ parameters, state, server: this, caller: caller ?? new Caller("", []) });
  }

  /** @throws AuthenticationFailed */
  #caller(request: DeviceRequest): Caller {
    const authId = authenticate(this.#store.state, request, Math.floor(this.now() / 1000));
    const now = this.now();
    this.#replaced = this.#replaced.filter(({ seenUntil }) => seenUntil > now);
    return new Caller(authId, this.#replaced[0]?.acl ?? this.#store.state.acl);
  }
}
