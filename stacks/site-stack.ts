import { constructId } from "../constructs/construct-id";
import { type Construct, TerraformStack, TerraformVariable } from "../constructs/core";
import { NotificationMatcher } from "../constructs/proxmox/notification-matcher";
import type { ProxmoxDevice } from "../constructs/proxmox/proxmox-device";
import { SmtpEndpoint } from "../constructs/proxmox/smtp-endpoint";
import { type Endpoint, notificationNames, type ResolvedEnvironment, type Site } from "../model";
import type { DeviceReference, StackVariable, VariableSource } from "./stack-variable";
import { StackState } from "./state-backend";

export type Layer = "backup-server" | "hypervisor" | "firewall";

/** Blocks of one type, by name; a note of somebody's own may stand in one. */
type Blocks = Readonly<Record<string, { "//"?: { metadata?: unknown } }>>;

const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : one > other ? 1 : 0;

/** What every stack is made from. */
export interface SiteStackProps {
  readonly site: Site;
  readonly environment: ResolvedEnvironment;
}

/** `<site>-<environment>-<layer>`: names the stack, its state and its directory. */
function stackId(site: string, environment: string, layer: Layer): string {
  return `${site}-${environment}-${layer}`;
}

/** One layer of one site in one environment, with a state of its own. Reads the model, never another stack. */
export abstract class SiteStack extends TerraformStack {
  readonly #variables = new Map<string, StackVariable & { readonly reference: string }>();
  #configuration: Readonly<Record<string, unknown>> | undefined;
  /** Stands on the objects that take a comment, for whoever meets one on a device. */
  protected readonly comment: string;

  constructor(
    scope: Construct,
    readonly layer: Layer,
    protected readonly props: SiteStackProps,
  ) {
    const id = stackId(props.site.name, props.environment.name, layer);
    super(scope, id);
    this.comment = `Bastide - site ${props.site.name}`;
    new StackState(this, id, props.environment.state);
    // Older engines stop as soon as an object was deleted on a device.
    this.addOverride("terraform.required_version", ">= 1.12.0");
  }

  /**
   * The library resolves every value once before it writes it, to find references between stacks and features that need a newer
   * engine. No stack refers to another and each says which engine it needs, so that this is a third of the time for nothing.
   */
  override prepareStack(): void {}

  /**
   * Called by the library when it writes the file. Without its notes of where each block was made, which only its own command line
   * reads: a fifth of the file. The resources in the order of the file.
   */
  override toTerraform(): Readonly<Record<string, unknown>> {
    const { "//": _notes, resource = {}, ...rest } = super.toTerraform();
    const types = Object.entries<Blocks>(resource).sort(byName);
    const resources = Object.fromEntries(
      types.map(([type, named]) => [type, Object.fromEntries(Object.entries(named).sort(byName))]),
    );
    for (const named of Object.values(resources)) {
      for (const block of Object.values(named)) {
        delete block["//"]?.metadata;
        if (Object.keys(block["//"] ?? {}).length === 0) delete block["//"];
      }
    }
    const configuration = types.length === 0 ? rest : { ...rest, resource: resources };
    this.#configuration = configuration;
    return configuration;
  }

  /** What the file holds. @throws Error before it was written, which is a bug */
  get configuration(): Readonly<Record<string, unknown>> {
    if (this.#configuration === undefined) throw new Error(`${this.node.id} was not written yet`);
    return this.#configuration;
  }

  get variables(): readonly StackVariable[] {
    return [...this.#variables.values()].map(({ name, ephemeral, source }) => ({ name, ephemeral, source }));
  }

  /** Reference to a secret: a value that the engine passes on and keeps nowhere. */
  protected secret(name: string, source: VariableSource): string {
    return this.#variable(name, true, source);
  }

  /** Reference to the path of the file with a device's authority. */
  protected authority(name: string, device: DeviceReference): string {
    return this.#variable(name, false, { kind: "authority", device });
  }

  /** Who is told of failures, the same way on every device that has jobs. */
  protected addNotifications(device: ProxmoxDevice): void {
    const { site } = this.props;
    const { comment } = this;
    if (site.notifications === undefined) return;
    const { smtp, mailto } = site.notifications;
    const { endpoint: name, matcher } = notificationNames(site);
    const password =
      smtp.secret === undefined ? {} : { password: this.secret("smtp_password", { kind: "secret", secret: smtp.secret }) };
    const endpoint = new SmtpEndpoint(this, { device, name, smtp, mailto, comment, ...password });
    new NotificationMatcher(this, { device, name: matcher, target: name, endpoint, comment });
  }

  #variable(name: string, ephemeral: boolean, source: VariableSource): string {
    const known = this.#variables.get(name);
    if (known) return known.reference;
    const variable = new TerraformVariable(this, name, {
      type: "string",
      nullable: false,
      ...(ephemeral ? { sensitive: true } : {}),
    });
    if (ephemeral) variable.addOverride("ephemeral", true);
    const reference = variable.stringValue;
    this.#variables.set(name, { name, ephemeral, source, reference });
    return reference;
  }
}

/** `pbs_token_<server>`: a name of the model inside the name of a variable. */
export function variableName(prefix: string, ...names: readonly string[]): string {
  return [prefix, ...names.map((name) => constructId("", name).slice(2))].join("_");
}

/** Base address of a device, without a final slash. */
export function baseUrl({ url }: Endpoint): string {
  return url.replace(/\/$/, "");
}

/** @throws Error when it is missing: the model and the environment were checked before, so that is a bug */
export function located<Thing>(thing: Thing | undefined, name: string): Thing {
  if (thing === undefined) throw new Error(`neither model nor environment has "${name}"`);
  return thing;
}
