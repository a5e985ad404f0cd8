import { RestfulProvider } from "../../.gen/providers/restful/provider";
import { constructId } from "../construct-id";
import type { Construct } from "../core";
import type { RestDevice } from "../rest-object";

/** A Proxmox VE cluster or a Proxmox Backup Server: the same API in two dialects. */
export interface ProxmoxDevice extends RestDevice {
  readonly product: "hypervisor" | "backup-server";
}

export interface ProxmoxDeviceProps {
  readonly product: ProxmoxDevice["product"];
  /** Name of the device in the model. */
  readonly name: string;
  /** See {@link RestDevice.idPrefix}. */
  readonly idPrefix: readonly string[];
  /** Base address without the API path. */
  readonly url: string;
  /** Reference to the credential: `user@realm!id=secret` of Proxmox VE, `user@realm!name:secret` of Proxmox Backup Server. */
  readonly token: string;
  /** Reference to the path of the PEM file with the authority of the device. */
  readonly caFile: string;
}

export function proxmoxDevice(scope: Construct, props: ProxmoxDeviceProps): ProxmoxDevice {
  const scheme = props.product === "hypervisor" ? "PVEAPIToken" : "PBSAPIToken";
  const provider = new RestfulProvider(scope, constructId("restful", props.name), {
    alias: constructId("device", props.name),
    baseUrl: `${props.url}/api2/json`,
    security: { apikey: [{ in: "header", name: "Authorization", value: `${scheme}=${props.token}` }] },
    // The provider refuses an authority without a list of client certificates.
    client: { certificates: [], rootCaCertificateFiles: [props.caFile] },
  });
  return { provider, mutex: props.name, idPrefix: props.idPrefix, product: props.product };
}

/** Proxmox VE writes and answers 1 and 0, Proxmox Backup Server true and false. */
export function flag(device: ProxmoxDevice, value: boolean): boolean | number {
  return device.product === "hypervisor" ? Number(value) : value;
}
