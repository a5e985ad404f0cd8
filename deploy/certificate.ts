import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { connect } from "node:tls";
import { type Fault, type Fingerprint, fingerprint } from "../model";

/** What a device presents when somebody connects to it. */
export interface Presented {
  readonly pem: string;
  readonly fingerprint: Fingerprint;
  /** Why the certificate would be refused by the given authority; undefined when it is trusted. */
  readonly distrust: string | undefined;
  readonly certificate: X509Certificate;
}

const PATIENCE_MS = 5_000;

/**
 * Connects as far as the TLS handshake and takes the certificate; nothing is sent over the connection.
 * @param ca PEM of the authority that the certificate is checked against, where there is one
 * @throws the error of the connection
 */
export async function presentedCertificate(url: string, ca?: string): Promise<Presented> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, "");
  return await new Promise((resolve, reject) => {
    const name = isIP(host) === 0 ? { servername: host } : {};
    const socket = connect({
      host,
      port: Number(port || 443),
      rejectUnauthorized: false,
      ...name,
      ...(ca === undefined ? {} : { ca }),
    });
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" })));
    socket.once("error", reject);
    socket.once("secureConnect", () => {
      const certificate = socket.getPeerX509Certificate();
      const distrust = socket.authorized ? undefined : String(socket.authorizationError);
      socket.destroy();
      if (certificate === undefined) return reject(new Error("the device presents no certificate"));
      resolve({ pem: certificate.toString(), fingerprint: fingerprint(certificate.fingerprint256), distrust, certificate });
    });
  });
}

/** What the engine's providers would refuse about a certificate that is trusted as it is. */
export function certificateFaults(where: string, url: string, certificate: X509Certificate, now: Date): Fault[] {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
  const named = isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host);
  const faults: Fault[] = [];
  if (named === undefined) {
    faults.push({
      where,
      what: `the certificate does not name ${host}; it names ${certificate.subjectAltName ?? "nothing"}`,
      repair: "use an endpoint that it names, or give the device a certificate that names this one",
    });
  }
  if (now < new Date(certificate.validFrom) || now > new Date(certificate.validTo)) {
    faults.push({
      where,
      what: `the certificate is valid from ${certificate.validFrom} to ${certificate.validTo}, and it is ${now.toUTCString()} here`,
      repair: "compare the clocks of the device and of this machine, and renew the certificate if it has expired",
    });
  }
  return faults;
}
