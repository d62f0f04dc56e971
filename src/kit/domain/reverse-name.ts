import { familyOf } from '../../model/address.ts';

/**
 * The name under which DNS keeps what an address is called: `1.2.0.192.in-addr.arpa` (RFC 1035 §3.5), 32 nibbles below
 * `ip6.arpa` (RFC 3596 §2.5). `address`: in its normal form.
 */
export function reverseName(address: string): string {
  const zone = familyOf(unmapped(address)) === 4 ? 'in-addr.arpa' : 'ip6.arpa';
  return `${reverseLabels(address)}.${zone}`;
}

/** The numbers of an IPv4 address, or the nibbles of an IPv6 address, in reverse order (RFC 5782 §2.1, §2.4). */
export function reverseLabels(address: string): string {
  const plain = unmapped(address);
  const labels = familyOf(plain) === 4 ? plain.split('.') : [...nibblesOf(plain)];
  return labels.reverse().join('.');
}

/** The 32 hexadecimal digits of an IPv6 address. */
export function nibblesOf(address: string): string {
  const [left = [], right = []] = address.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  return [...left, ...zeros, ...right].map((group) => group.padStart(4, '0')).join('');
}

/** IPv4 in IPv6 clothing (`::ffff:192.0.2.1`) is IPv4. */
export const unmapped = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');
