import { X509Certificate } from "node:crypto";

/** A certificate with its private key, both PEM. */
export interface KeyPair {
  readonly certPem: string;
  readonly keyPem: string;
}

/** The names under which a device of the lab is reached, beside its own: loopback always, then its addresses at the site. */
export function certificateNames(device: string, siteAddresses: readonly string[]): readonly string[] {
  return [...new Set(["127.0.0.1", "::1", "localhost", device, ...siteAddresses])];
}

/** SHA-256 of a certificate, 32 lower-case pairs with colons, as PVE and PBS write it. */
export function fingerprintOf(certPem: string): string {
  return new X509Certificate(certPem).fingerprint256.toLowerCase();
}
