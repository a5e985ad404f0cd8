import { createHash, randomUUID } from "node:crypto";
import { join } from "node:path";
import type { LabNetwork } from "../network";
import type { LabSeed } from "../seed";
import { Store } from "../store";
import type { LabTiming } from "../timing";
import type { AccessView } from "./acl";
import { addNewcomers, hasNewcomers, initialState } from "./initial-state";
import { endOrphans } from "./orphans";
import type { AccessState, Pool, PveState } from "./state";

export interface PveOptions {
  /** Where `pve.json` lies. */
  readonly directory: string;
  readonly seed: LabSeed;
  /** Secret of the administrator's token `root@pam!bastide`. */
  readonly adminTokenSecret: string;
  readonly network: LabNetwork;
  readonly timing: LabTiming;
  /** SHA-256 of the device's own certificate, pairs with colons. */
  readonly fingerprint: string;
  /** Milliseconds since 1970; absent: the machine's clock. */
  readonly clock?: () => number;
}

/** What all calls of the device share: its state, its clock, its place in the network. */
export class Hypervisor {
  readonly seed: LabSeed;
  readonly network: LabNetwork;
  readonly timing: LabTiming;
  readonly fingerprint: string;
  readonly bootedAt: number;
  readonly #store: Store<PveState>;
  readonly #clock: () => number;
  /** What the permission check knew before each recent change; kept only as long as it is still seen. */
  #formerly: { readonly seenUntil: number; readonly access: AccessState; readonly pools: Record<string, Pool> }[] = [];

  constructor(options: PveOptions) {
    this.seed = options.seed;
    this.network = options.network;
    this.timing = options.timing;
    this.fingerprint = options.fingerprint;
    this.#clock = options.clock ?? Date.now;
    this.bootedAt = this.now();
    this.#store = Store.open<PveState>(join(options.directory, "pve.json"), () =>
      initialState(options.seed, options.adminTokenSecret, this.now()),
    );
    if (hasNewcomers(this.state, options.seed)) this.update((draft) => addNewcomers(draft, options.seed, this.now()));
    if (this.state.tasks.some(({ endsAt }) => endsAt === null)) this.update((draft) => endOrphans(draft, this.now()));
  }

  get state(): Readonly<PveState> {
    return this.#store.state;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.#clock();
  }

  /** Seconds since 1970. */
  seconds(): number {
    return Math.floor(this.now() / 1000);
  }

  /** Changes the state; on disk when it returns. */
  update<Result>(change: (draft: PveState) => Result): Result {
    return this.#store.update(change);
  }

  /** As {@link update}, for users, tokens, roles, pools and access control: the permission check sees them only after a while. */
  updateAccess<Result>(change: (draft: PveState) => Result): Result {
    const { access, pools } = this.state;
    const result = this.#store.update(change);
    if (this.timing.aclLagMs > 0) this.#formerly.push({ seenUntil: this.now() + this.timing.aclLagMs, access, pools });
    return result;
  }

  /** What the permission check knows now: users and tokens as they are, everything else as it was a moment ago. */
  accessView(): AccessView {
    const now = this.now();
    this.#formerly = this.#formerly.filter(({ seenUntil }) => seenUntil > now);
    const former = this.#formerly[0];
    const { access, pools } = this.state;
    return former === undefined ? { ...access, pools } : { ...former.access, users: access.users, pools: former.pools };
  }

  /** The node that answers: the first one of the seed. */
  get nodeName(): string {
    return this.seed.hypervisor.nodes[0]?.name ?? "pve";
  }

  isNode(name: string): boolean {
    return this.seed.hypervisor.nodes.some((node) => node.name === name);
  }
}

/** The product's digest of a configuration: it changes with the content and means nothing else. */
export function digestOf(content: unknown): string {
  return createHash("sha1").update(JSON.stringify(content)).digest("hex");
}

/** A new token secret. */
export const newSecret = (): string => randomUUID();
