import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { visible } from '../model/visible.ts';

/** One certificate as the server sent it. Names are printable; dates ISO 8601. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  readonly altNames: readonly string[];
  readonly validFrom: string;
  readonly validTo: string;
  readonly sha256: string;
  /** RSA modulus or curve size in bits; null where the runtime does not say. */
  readonly bits: number | null;
}

/** What the handshake settled. JSON-safe. */
export interface TlsFacts {
  /** As OpenSSL names it, such as `TLSv1.3`. */
  readonly protocol: string;
  readonly cipher: string;
  /** Whether the chain leads to a trusted root (`--tls-ca`, else the runtime's own) and the name fits. */
  readonly trusted: boolean;
  /** OpenSSL's reason where it does not. */
  readonly distrust: string | null;
  /** Leaf first; as sent. */
  readonly chain: readonly CertificateFacts[];
  readonly seconds: number;
}

/** Certificates read of one chain: a peer may send any number. */
const chainLimit = 10;

export function tlsFactsOf(socket: TLSSocket, seconds: number): TlsFacts {
  const error: unknown = socket.authorizationError;
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher()?.name ?? 'unknown',
    trusted: socket.authorized,
    distrust: socket.authorized ? null : visible(error instanceof Error ? error.message : String(error)),
    chain: chainOf(socket.getPeerCertificate(true)),
    seconds,
  };
}

function chainOf(leaf: DetailedPeerCertificate): CertificateFacts[] {
  const chain: CertificateFacts[] = [];
  const seen = new Set<string>();
  let next: DetailedPeerCertificate | undefined = leaf;
  while (next?.fingerprint256 !== undefined && !seen.has(next.fingerprint256) && chain.length < chainLimit) {
    seen.add(next.fingerprint256);
    chain.push(certificateFacts(next));
    next = next.issuerCertificate;
  }
  return chain;
}

function certificateFacts(certificate: DetailedPeerCertificate): CertificateFacts {
  return {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    altNames: (certificate.subjectaltname ?? '').split(/,\s*/).filter(Boolean).map(visible),
    validFrom: isoDate(certificate.valid_from),
    validTo: isoDate(certificate.valid_to),
    sha256: certificate.fingerprint256,
    bits: certificate.bits ?? null,
  };
}

/** A distinguished name in one line; attributes may occur more than once. */
function nameOf(name: object | undefined): string {
  const parts = Object.entries(name ?? {}).flatMap(([key, value]: [string, unknown]) =>
    (Array.isArray(value) ? value : [value]).map((one) => `${key}=${String(one)}`),
  );
  return visible(parts.join(', '));
}

function isoDate(text: string): string {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? visible(text) : date.toISOString();
}
