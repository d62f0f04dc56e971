import { type Element, elementAt } from './der.ts';

/** RFC 4055, RFC 5758, RFC 8410, RFC 3279, and one old OIW arc that some certificates still carry. */
const names: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.2': 'RSA with MD2',
  '1.2.840.113549.1.1.4': 'RSA with MD5',
  '1.2.840.113549.1.1.5': 'RSA with SHA-1',
  '1.3.14.3.2.29': 'RSA with SHA-1',
  '1.2.840.113549.1.1.14': 'RSA with SHA-224',
  '1.2.840.113549.1.1.11': 'RSA with SHA-256',
  '1.2.840.113549.1.1.12': 'RSA with SHA-384',
  '1.2.840.113549.1.1.13': 'RSA with SHA-512',
  '1.2.840.10045.4.1': 'ECDSA with SHA-1',
  '1.2.840.10045.4.3.1': 'ECDSA with SHA-224',
  '1.2.840.10045.4.3.2': 'ECDSA with SHA-256',
  '1.2.840.10045.4.3.3': 'ECDSA with SHA-384',
  '1.2.840.10045.4.3.4': 'ECDSA with SHA-512',
  '1.2.840.10040.4.3': 'DSA with SHA-1',
  '2.16.840.1.101.3.4.3.1': 'DSA with SHA-224',
  '2.16.840.1.101.3.4.3.2': 'DSA with SHA-256',
  '1.3.101.112': 'Ed25519',
  '1.3.101.113': 'Ed448',
};

const rsaPss = '1.2.840.113549.1.1.10';
const hashes: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'SHA-1',
  '2.16.840.1.101.3.4.2.4': 'SHA-224',
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
  '2.16.840.1.101.3.4.2.2': 'SHA-384',
  '2.16.840.1.101.3.4.2.3': 'SHA-512',
};

/**
 * What a certificate (DER, RFC 5280 §4.1) is signed with, such as `RSA with SHA-256`; a dotted OID that is not known
 * here; null where the bytes are no certificate. Node says it from version 24 on only.
 */
export function signatureAlgorithm(der: Uint8Array): string | null {
  const certificate = elementAt(der, 0);
  const signed = certificate && elementAt(der, certificate.from);
  const algorithm = signed && elementAt(der, signed.to);
  const identifier = algorithm && elementAt(der, algorithm.from);
  if (!identifier || identifier.tag !== tags.oid) return null;
  const oid = dotted(der.subarray(identifier.from, identifier.to));
  if (oid !== rsaPss) return names[oid] ?? oid;
  return `RSA-PSS with ${pssHash(der, elementAt(der, identifier.to))}`;
}

/** RSASSA-PSS-params (RFC 4055 §3.1): the hash comes first under the tag [0], and is SHA-1 where it is left out. */
function pssHash(der: Uint8Array, params: Element | null): string {
  const explicit = params && params.to > params.from ? elementAt(der, params.from) : null;
  if (explicit?.tag !== tags.first) return 'SHA-1';
  const algorithm = elementAt(der, explicit.from);
  const identifier = algorithm && elementAt(der, algorithm.from);
  const oid = identifier === null ? '' : dotted(der.subarray(identifier.from, identifier.to));
  return hashes[oid] ?? oid;
}

const tags = { oid: 0x06, first: 0xa0 } as const;

function dotted(octets: Uint8Array): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const octet of octets) {
    arc = arc * 128 + (octet & 0x7f);
    if (octet < 0x80) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const [first = 0, ...rest] = arcs;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...rest].join('.');
}
