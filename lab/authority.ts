import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { isIP } from "node:net";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  X509Certificate as X509Reader,
} from "@peculiar/x509";
import type { KeyPair } from "./certificate";

export { fingerprintOf, type KeyPair } from "./certificate";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/** Creates the lab's own certificate authority, valid for ten years. */
export async function createAuthority(): Promise<KeyPair> {
  const keys = await newKeys();
  const cert = await X509CertificateGenerator.createSelfSigned({
    name: "CN=Bastide lab authority",
    keys,
    signingAlgorithm: ALGORITHM,
    ...validity(10),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  return { certPem: pemOf(cert), keyPem: await privatePem(keys) };
}

/** Issues a device's certificate, valid for two years. @param names DNS names and addresses */
export async function issueCertificate(authority: KeyPair, device: string, names: readonly string[]): Promise<KeyPair> {
  const keys = await newKeys();
  const cert = await X509CertificateGenerator.create({
    subject: `CN=${device}`,
    issuer: new X509Reader(authority.certPem).subject,
    publicKey: keys.publicKey,
    signingKey: await signingKey(authority.keyPem),
    signingAlgorithm: ALGORITHM,
    ...validity(2),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(names.map((value) => ({ type: isIP(value) === 0 ? "dns" : "ip", value }))),
    ],
  });
  return { certPem: pemOf(cert), keyPem: await privatePem(keys) };
}

/** A little in the past, so that a client whose clock runs behind accepts it. */
function validity(years: number): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - 24 * 60 * 60 * 1000), notAfter: new Date(now + years * YEAR_MS) };
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]) as Promise<webcrypto.CryptoKeyPair>;
}

async function privatePem(keys: webcrypto.CryptoKeyPair): Promise<string> {
  const der = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return `${PemConverter.encode(der, "PRIVATE KEY")}\n`;
}

function signingKey(pem: string): Promise<webcrypto.CryptoKey> {
  const [der] = PemConverter.decode(pem);
  if (der === undefined) throw new Error("the authority's key file holds no PEM block");
  return webcrypto.subtle.importKey("pkcs8", der, ALGORITHM, false, ["sign"]) as Promise<webcrypto.CryptoKey>;
}

function pemOf(cert: X509Reader): string {
  return `${cert.toString("pem")}\n`;
}
