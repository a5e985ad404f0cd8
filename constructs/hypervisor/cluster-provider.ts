import { ProxmoxProvider } from "../../.gen/providers/proxmox/provider";
import type { Construct } from "../core";

/**
 * The Proxmox VE cluster as the bpg provider drives it: guests, pools, firewall and node settings. It has no setting for an
 * authority; it trusts the file that SSL_CERT_FILE names. Verification is never switched off.
 *
 * @param url base address without the API path
 * @param token reference to the credential, `user@realm!id=secret`
 */
export function clusterProvider(scope: Construct, url: string, token: string): ProxmoxProvider {
  return new ProxmoxProvider(scope, "proxmox", { endpoint: `${url}/`, apiToken: token });
}
