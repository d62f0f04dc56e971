import { unmapped } from '../model/address.ts';
import { bitsOf } from '../model/address-bits.ts';
import { listOf } from '../postfix/values.ts';

/**
 * Whether a list of networks holds an address: `everybody` where it holds every address there is; `unknown` where a
 * table or a name decides that is not in the file.
 */
export type Membership = 'in' | 'everybody' | 'out' | 'unknown';

/**
 * Reads a list as of `mynetworks`: `192.0.2.0/24`, `[2001:db8::]/32`, `!192.0.2.7`; the first that matches decides.
 * Null for the address: only what holds everybody, or nobody, can be told.
 */
export function membershipIn(list: string, address: string | null): Membership {
  // Postfix takes a client in IPv6 clothing for the IPv4 client that it is, and no pattern for one.
  const ours = address === null ? null : bitsOf(unmapped(address));
  const answers = listOf(list).map((item) => memberOf(item, ours));
  const first = answers.find((answer) => answer !== 'no match');
  return first ?? 'out';
}

/**
 * What one pattern says: `out` for one that excludes the address. Where one is unknown, whatever comes behind it is.
 */
function memberOf(item: string, ours: string | null): Membership | 'no match' {
  const isExclusion = item.startsWith('!');
  const matched = matches(isExclusion ? item.slice(1) : item, ours);
  if (matched === 'out') return 'no match';
  return isExclusion && matched !== 'unknown' ? 'out' : matched;
}

function matches(pattern: string, ours: string | null): Membership {
  const [, v6, host = v6 ?? '', bits] = /^(?:\[([^\]]*)\]|([\d.]+))(?:\/(\d+))?$/.exec(pattern) ?? [];
  const network = host === '' ? null : bitsOf(host);
  if (network === null) return 'unknown';
  const length = bits === undefined ? network.length : Number(bits);
  if (ours === null) return length === 0 ? 'everybody' : 'unknown';
  if (ours.length !== network.length || ours.slice(0, length) !== network.slice(0, length)) return 'out';
  return length === 0 ? 'everybody' : 'in';
}
