import { type Element, elementAt } from './der.ts';

/** tbsCertificate (RFC 5280 §4.1): what stands before the key behind a version, which may be left out. */
const before = ['serialNumber', 'signature', 'issuer', 'validity', 'subject'];
const versionTag = 0xa0;

/**
 * The SubjectPublicKeyInfo of a certificate (DER), octet for octet as it stands there: to read the key and write it
 * anew may change it. Null where the bytes are no certificate.
 */
export function publicKeyInfo(der: Uint8Array): Uint8Array | null {
  const certificate = elementAt(der, 0);
  const signed = certificate && elementAt(der, certificate.from);
  const first = signed && elementAt(der, signed.from);
  let last: Element | null = first;
  for (const _ of first?.tag === versionTag ? before : before.slice(1)) last = last && elementAt(der, last.to);
  const key = last && elementAt(der, last.to);
  return last && key && der.subarray(last.to, key.to);
}
