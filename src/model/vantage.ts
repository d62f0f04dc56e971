import { normalAddress } from './address.ts';

/**
 * Where the scan stands, seen from the server. Postfix's `mynetworks`, and its kin elsewhere, often trust `loopback`,
 * `private` and `same-network` clients: what such a client may do says nothing of strangers. `trusted` is the user's
 * own word (`--vantage`).
 */
export const vantages = ['outside', 'loopback', 'private', 'same-network', 'trusted'] as const;
export type Vantage = (typeof vantages)[number];

/** Judges the two ends of a connection. Addresses as the socket shows them, IPv4 or IPv6. */
export function vantageOf(local: string, remote: string): Vantage {
  const here = plain(local);
  const there = plain(remote);
  if (isLoopbackAddress(there) || here === there) return 'loopback';
  if (!isPublicAddress(there) || !isPublicAddress(here)) return 'private';
  return network(here) === network(there) ? 'same-network' : 'outside';
}

/**
 * An address that anyone on the Internet could reach, and all the same host: not of this machine, of a network of one's
 * own, of a link, of many, or kept for later (RFC 6890, RFC 4193, RFC 6598), neither by itself nor by the IPv4 address
 * inside it. The documentation blocks (RFC 5737, RFC 3849) count as public: they stand for public ones. False for what
 * is no address.
 */
export function isPublicAddress(address: string): boolean {
  const all = bothForms(address);
  return all.length > 0 && all.every((bits) => !isWithin(bits, [...unspecified, ...loopback, ...notPublic]));
}

/** An address of this machine alone (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3), IPv4 inside IPv6 too. */
export const isLoopbackAddress = (address: string): boolean =>
  bothForms(address).some((bits) => isWithin(bits, loopback));

/** No address of anyone, which systems take for their own: 0.0.0.0/8 and `::` (RFC 1122 §3.2.1.3, RFC 4291 §2.5.2). */
export const isUnspecifiedAddress = (address: string): boolean =>
  bothForms(address).some((bits) => isWithin(bits, unspecified));

/** IPv4 in IPv6 clothing (`::ffff:192.0.2.1`) is IPv4. */
const plain = (address: string): string =>
  address
    .toLowerCase()
    .replace(/^::ffff:(?=\d+\.)/, '')
    .replace(/%.*$/, '');

/** Blocks of addresses, as the bits that all of them begin with. */
const blocks = (...texts: readonly string[]): readonly string[] =>
  texts.map((text) => {
    const [address = '', length] = text.split('/');
    return bitsOf(address).slice(0, 1 + Number(length));
  });

const unspecified = blocks('0.0.0.0/8', '::/128');
const loopback = blocks('127.0.0.0/8', '::1/128');
const notPublic = blocks(
  '10.0.0.0/8',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
  '64:ff9b:1::/48',
  '100::/64',
  'fc00::/7',
  'fe80::/9',
  'ff00::/8',
);
/**
 * Where an IPv6 address holds an IPv4 address, at which the packets may end: mapped (RFC 4291 §2.5.5.2), compatible
 * (§2.5.5.1), by NAT64 (RFC 6052 §2.1) and by 6to4 (RFC 3056 §2).
 */
const holdIpv4 = blocks('::ffff:0:0/96', '::/96', '64:ff9b::/96', '2002::/16');

/** The bits of an address, and those of the IPv4 address inside it; none of what is no address. */
function bothForms(address: string): string[] {
  const normal = normalAddress(plain(address));
  if (normal === null) return [];
  const bits = bitsOf(normal);
  const holder = isWithin(bits, [...unspecified, ...loopback]) ? undefined : holderOf(bits);
  return holder === undefined ? [bits] : [bits, `4${bits.slice(holder.length, holder.length + 32)}`];
}

const holderOf = (bits: string): string | undefined => holdIpv4.find((block) => bits.startsWith(block));

const isWithin = (bits: string, some: readonly string[]): boolean => some.some((block) => bits.startsWith(block));

/** Of an address in its normal form: its family, and 32 or 128 binary digits. */
function bitsOf(address: string): string {
  if (!address.includes(':')) return `4${inBits(address.split('.').map(Number), 8)}`;
  const [, front, tail] = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address) ?? [];
  const [a = 0, b = 0, c = 0, d = 0] = tail?.split('.').map(Number) ?? [];
  const hex = front === undefined ? address : `${front}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  const numbers = groups(hex).map((group) => Number.parseInt(group, 16));
  return `6${inBits(numbers, 16)}`;
}

function inBits(numbers: readonly number[], width: number): string {
  return numbers.map((number) => number.toString(2).padStart(width, '0')).join('');
}

/** The /24 or the /64: near enough to share a `mynetworks_style = subnet`. */
function network(address: string): string {
  return address.includes(':') ? groups(address).slice(0, 4).join(':') : address.split('.').slice(0, 3).join('.');
}

function groups(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  return [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16).toString(16));
}
