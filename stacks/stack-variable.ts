/** A device of a site, as the runner finds its address, its authority and its credential. */
export type DeviceReference =
  | { readonly kind: "hypervisor" }
  | { readonly kind: "backup-server"; readonly name: string }
  | { readonly kind: "firewall" };

/** Where the value of a variable comes from. */
export type VariableSource =
  /** The credential that provisions the device, as its API takes it. */
  | { readonly kind: "credential"; readonly device: DeviceReference }
  /** An entry of the secret store. */
  | { readonly kind: "secret"; readonly secret: string }
  /** Path of a PEM file with the authority of the device, or with its pinned certificate. */
  | { readonly kind: "authority"; readonly device: DeviceReference };

/** A variable of a synthesized stack, to be given as `TF_VAR_<name>` at every plan and apply. */
export interface StackVariable {
  readonly name: string;
  /** Ephemeral: in no plan file and no state, so it must be given again for the apply, and may then be another one. */
  readonly ephemeral: boolean;
  readonly source: VariableSource;
}
