import { familyOf, unmapped } from '../../model/address.ts';
import { bitsOf } from '../../model/address-bits.ts';

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
export const nibblesOf = (address: string): string =>
  (bitsOf(address) ?? '').replace(/[01]{4}/g, (four) => Number.parseInt(four, 2).toString(16));
