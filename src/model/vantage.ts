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
  if (isLoopback(there) || here === there) return 'loopback';
  if (isPrivate(there) || isPrivate(here)) return 'private';
  return network(here) === network(there) ? 'same-network' : 'outside';
}

/**
 * An address that anyone on the Internet could reach: not loopback, private, link-local or shared (RFC 1918, 4193,
 * 4291, 6598).
 */
export function isPublicAddress(address: string): boolean {
  const text = plain(address);
  return !isLoopback(text) && !isPrivate(text);
}

/** IPv4 in IPv6 clothing (`::ffff:192.0.2.1`) is IPv4. */
const plain = (address: string): string =>
  address
    .toLowerCase()
    .replace(/^::ffff:(?=\d+\.)/, '')
    .replace(/%.*$/, '');

export const isLoopbackAddress = (address: string): boolean => isLoopback(plain(address));

const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';

function isPrivate(address: string): boolean {
  if (address.includes(':')) return /^(f[cd]|fe[89ab])/.test(address) || address === '::';
  const [a = 0, b = 0] = address.split('.').map(Number);
  return (
    a === 10 ||
    a === 0 ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254) ||
    (a === 100 && b >= 64 && b < 128)
  );
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
