import { RestfulProvider } from "../../.gen/providers/restful/provider";
import type { Construct } from "../core";
import type { RestDevice } from "../rest-object";

export interface FirewallDeviceProps {
  /** Base address without the API path. */
  readonly url: string;
  /** Reference to the API key. */
  readonly key: string;
  /** Reference to the path of the PEM file with the authority of the device. */
  readonly caFile: string;
}

/** Sent with every write: act on it now, and answer when that is done. Neither is a property of the object. */
export const APPLY_NOW = { apply: true, async: false };

/** A pfSense firewall with its REST API package. No header for the content: with one, its reads ignore their query. */
export function firewallDevice(scope: Construct, { url, key, caFile }: FirewallDeviceProps): RestDevice {
  const provider = new RestfulProvider(scope, "restful_firewall", {
    baseUrl: `${url}/api/v2`,
    updateMethod: "PATCH",
    // The whole object is sent, or `apply` and `placement`, which never differ, would be left out.
    mergePatchDisabled: true,
    security: { apikey: [{ in: "header", name: "X-API-Key", value: key }] },
    client: { certificates: [], rootCaCertificateFiles: [caFile] },
  });
  return { provider, mutex: "firewall", idPrefix: [] };
}
