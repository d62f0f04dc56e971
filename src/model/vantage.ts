import { normalAddress, unmapped } from './address.ts';
import { bitsOf, isIn, type Network, networkOf } from './address-bits.ts';

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
  return all.length > 0 && all.every((bits) => !isInAny(bits, [...unspecified, ...loopback, ...notPublic]));
}

/** An address of this machine alone (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3), IPv4 inside IPv6 too. */
export const isLoopbackAddress = (address: string): boolean =>
  bothForms(address).some((bits) => isInAny(bits, loopback));

/** No address of anyone, which systems take for their own: 0.0.0.0/8 and `::` (RFC 1122 §3.2.1.3, RFC 4291 §2.5.2). */
export const isUnspecifiedAddress = (address: string): boolean =>
  bothForms(address).some((bits) => isInAny(bits, unspecified));

/** Without IPv6 clothing and zone. */
const plain = (address: string): string => unmapped(address.toLowerCase()).replace(/%.*$/, '');

const networks = (...texts: readonly string[]): readonly Network[] => texts.map(networkOf);

const unspecified = networks('0.0.0.0/8', '::/128');
const loopback = networks('127.0.0.0/8', '::1/128');
const notPublic = networks(
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
const holdIpv4 = networks('::ffff:0:0/96', '::/96', '64:ff9b::/96', '2002::/16');

/** The bits of an address, and those of the IPv4 address inside it; none of what is no address. */
function bothForms(address: string): string[] {
  const bits = bitsOf(normalAddress(plain(address)) ?? '');
  if (bits === null) return [];
  const holder = isInAny(bits, [...unspecified, ...loopback]) ? undefined : holdIpv4.find((one) => isIn(bits, one));
  const inside = holder?.prefix.length;
  return inside === undefined ? [bits] : [bits, bits.slice(inside, inside + 32)];
}

const isInAny = (bits: string, some: readonly Network[]): boolean => some.some((one) => isIn(bits, one));

/** The /24 or the /64: near enough to share a `mynetworks_style = subnet`. */
function network(address: string): string {
  const bits = bitsOf(address) ?? address;
  return bits.slice(0, address.includes(':') ? 64 : 24);
}
