import { suiteName } from '../model/cipher-suites.ts';
import { type HelloOffer, type HelloVersion, helloVersions } from '../model/tls-answer.ts';

export interface ClientHelloParts extends HelloOffer {
  /** The host's name (SNI, RFC 6066 §3); null sends none. */
  readonly name: string | null;
  /** 32 octets. */
  readonly random: Uint8Array;
}

/**
 * A ClientHello in its record (RFC 5246 §7.4.1.2), up to TLS 1.2, with the extensions that servers of today insist on.
 * Without any where SSL 3.0 is all that is offered: it knows none (RFC 6101 §5.6.1.2).
 */
export function encodeClientHello(parts: ClientHelloParts): Buffer {
  const hello = padded(parts, parts.newest === 'SSLv3' ? [] : extensionsOf(parts));
  // Some old servers take no record of a version that they do not know (RFC 5246 §E.1).
  return Buffer.concat([Buffer.from([22, 3, parts.newest === 'SSLv3' ? 0 : 1]), vector(2, hello)]);
}

/** One line for the transcript. */
export function describeOffer({ newest, suites }: HelloOffer): string {
  const versions = newest === 'SSLv3' ? newest : `${newest} and older`;
  const [first = 0] = suites;
  const which = suites.length === 1 ? suiteName(first) : `${suites.length} suites, first ${suiteName(first)}`;
  return `TLS ClientHello: ${versions}, ${which}`;
}

/** As it stands in a ClientHello: 0x0300 is SSL 3.0. */
const numberOf = (version: HelloVersion): number => 0x0300 + helloVersions.indexOf(version);

function messageOf({ newest, suites, random }: ClientHelloParts, extensions: readonly Buffer[]): Buffer {
  return Buffer.concat([
    Buffer.from([1]),
    vector(
      3,
      uint16(numberOf(newest)),
      Buffer.from(random),
      vector(1),
      vector(2, ...[...suites, renegotiationInfo].map(uint16)),
      vector(1, Buffer.from([0])),
      ...(extensions.length === 0 ? [] : [vector(2, ...extensions)]),
    ),
  ]);
}

/** Some load balancers hang at a ClientHello of 256 to 511 octets (RFC 7685 §1). */
function padded(parts: ClientHelloParts, extensions: readonly Buffer[]): Buffer {
  const hello = messageOf(parts, extensions);
  if (extensions.length === 0 || hello.length < 256 || hello.length > 511) return hello;
  return messageOf(parts, [...extensions, extension(21, Buffer.alloc(Math.max(0, 512 - hello.length - 4)))]);
}

/** TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746 §3.3): some servers take no one without it. */
const renegotiationInfo = 0x00ff;

function extensionsOf({ newest, name }: ClientHelloParts): Buffer[] {
  return [
    ...(name === null ? [] : [extension(0, vector(2, Buffer.from([0]), vector(2, Buffer.from(name, 'latin1'))))]),
    extension(10, vector(2, ...groups.map(uint16))),
    extension(11, vector(1, Buffer.from([0]))),
    ...(newest === 'TLSv1.2' ? [extension(13, vector(2, ...signatures.map(uint16)))] : []),
    // Extended master secret (RFC 7627).
    extension(23),
  ];
}

/** secp256r1, x25519, secp384r1, secp521r1 (RFC 8422 §5.1.1). Groups of DH are left to the server (RFC 7919 §4). */
const groups = [0x0017, 0x001d, 0x0018, 0x0019];

/** ECDSA, RSA-PSS, RSA and DSA, with hashes from SHA-512 down to SHA-1 (RFC 8446 §4.2.3). */
const signatures = [
  ...[0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601],
  ...[0x0203, 0x0201, 0x0402, 0x0202],
];

const extension = (type: number, ...body: readonly Buffer[]): Buffer =>
  Buffer.concat([uint16(type), vector(2, ...body)]);

function uint16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

/** Octets behind their length, which takes so many octets itself (RFC 5246 §4.3). */
function vector(lengthOctets: 1 | 2 | 3, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length = Buffer.alloc(lengthOctets);
  length.writeUIntBE(body.length, 0, lengthOctets);
  return Buffer.concat([length, body]);
}
