import { createHash, type X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { CertificateFacts, TlsFacts } from '../model/tls.ts';

import { visible } from '../model/visible.ts';
import { publicKeyInfo } from './public-key-info.ts';
import { signatureAlgorithm } from './signature-algorithm.ts';

/** Certificates read of one chain, and names of one certificate: a peer may send any number. */
const chainLimit = 10;
const namesLimit = 200;

/** Reads a finished handshake; to be called once on a socket, as Node takes the chain apart while it hands it out. */
export function tlsFactsOf(socket: TLSSocket, seconds: number, now: Date = new Date()): Omit<TlsFacts, 'at'> {
  const error: unknown = socket.authorizationError;
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher()?.name ?? 'unknown',
    trusted: socket.authorized,
    distrust: socket.authorized ? null : visible(error instanceof Error ? error.message : String(error)),
    chain: chainOf(socket.getPeerX509Certificate()),
    seconds,
    seenAt: now.toISOString(),
  };
}

/** One line that says what was agreed and whose certificate was shown. */
export function describeTls({ protocol, cipher, chain: [leaf] }: Omit<TlsFacts, 'at'>): string {
  const agreed = `TLS established: ${protocol} ${cipher}`;
  if (leaf === undefined) return `${agreed}, no certificate`;
  const { subject, issuer, validFrom, validTo } = leaf;
  return `${agreed}, certificate ${brief(subject)} by ${brief(issuer)}, ${validFrom.slice(0, 10)} to ${validTo.slice(0, 10)}`;
}

const brief = (name: string): string => (name.length > 120 ? `${name.slice(0, 119)}…` : name || '(no name)');

/** `getPeerCertificate(true)` would fill up the chain from the store here; this is what came over the wire. */
function chainOf(leaf: X509Certificate | undefined): CertificateFacts[] {
  const chain: X509Certificate[] = [];
  for (let next = leaf; next !== undefined && chain.length < chainLimit; next = next.issuerCertificate) {
    const { fingerprint256 } = next;
    // Some versions of Node hand out the leaf as its own issuer.
    if (chain.at(-1)?.fingerprint256 !== fingerprint256) chain.push(next);
  }
  return chainFacts(chain);
}

/** Certificates as a server sent them, which need not be in order (RFC 8446 §4.4.2), and who of them signed whom. */
export function chainFacts(chain: readonly X509Certificate[]): CertificateFacts[] {
  return chain.map((certificate) => ({
    ...certificateFacts(certificate),
    signedBy: chain.flatMap((issuer, place) => (isSignedBy(certificate, issuer) ? [place] : [])),
  }));
}

/** What Node reads of one certificate. */
export function certificateFacts(certificate: X509Certificate): CertificateFacts {
  return {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    altNames: altNamesOf(certificate.subjectAltName ?? ''),
    validFrom: isoDate(certificate.validFrom),
    validTo: isoDate(certificate.validTo),
    serial: certificate.serialNumber,
    sha256: certificate.fingerprint256,
    sha512: digest('sha512', certificate.raw),
    ...keyDigests(certificate),
    ...keyOf(certificate),
    signature: signatureAlgorithm(certificate.raw),
    selfSigned: isSelfSigned(certificate),
    ca: certificate.ca,
  };
}

/** A distinguished name in one line; Node gives an attribute a line. */
function nameOf(name: string | undefined): string {
  return visible((name ?? '').split('\n').join(', '));
}

/** Node lists them with commas between, and quotes a name that has a comma or another odd character of its own. */
function altNamesOf(text: string): string[] {
  const entries = text.match(/(?:[^,"]|"(?:[^"\\]|\\.?)*(?:"|$))+/g) ?? [];
  return entries.slice(0, namesLimit).map((entry) => visible(entry.trim()));
}

function isoDate(text: string): string {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? visible(text) : date.toISOString();
}

const curveBits: Readonly<Record<string, number>> = { ed25519: 256, ed448: 456 };

/** Node throws on keys that its OpenSSL does not know. */
function keyOf(certificate: X509Certificate): Pick<CertificateFacts, 'keyType' | 'bits'> {
  try {
    const { asymmetricKeyType: type = null, asymmetricKeyDetails: details } = certificate.publicKey;
    const ofCurve = /\d{3}/.exec(details?.namedCurve ?? '')?.[0];
    const bits = details?.modulusLength ?? (ofCurve === undefined ? curveBits[type ?? ''] : Number(ofCurve));
    return { keyType: type, bits: bits ?? null };
  } catch {
    return { keyType: null, bits: null };
  }
}

const digest = (algorithm: 'sha256' | 'sha512', octets: Uint8Array): string =>
  createHash(algorithm).update(octets).digest('hex');

function keyDigests({ raw }: X509Certificate): Pick<CertificateFacts, 'keySha256' | 'keySha512'> {
  const key = publicKeyInfo(raw);
  return key === null ? {} : { keySha256: digest('sha256', key), keySha512: digest('sha512', key) };
}

function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && hasSigned(certificate, certificate);
}

/** By name, key identifier and key usage, and by the signature itself. */
const isSignedBy = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  certificate.checkIssued(issuer) && hasSigned(certificate, issuer);

function hasSigned(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}
