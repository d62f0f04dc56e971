import { listOf } from '../postfix/values.ts';

/** Whether a list of networks holds an address; `unknown` where a table or a name decides that is not in the file. */
export type Membership = 'in' | 'out' | 'unknown';

/**
 * Reads a list as of `mynetworks`: `192.0.2.0/24`, `[2001:db8::]/32`, `!192.0.2.7`; the first that matches decides. Null for the address:
 * only what holds everybody, or nobody, can be told.
 */
export function membershipIn(list: string, address: string | null): Membership {
  let doubtful = false;
  for (const item of listOf(list)) {
    const negated = item.startsWith('!');
    const matched = matches(negated ? item.slice(1) : item, address);
    if (matched === 'unknown') doubtful = true;
    else if (matched === 'in') return doubtful ? 'unknown' : negated ? 'out' : 'in';
  }
  return doubtful ? 'unknown' : 'out';
}

function matches(pattern: string, address: string | null): Membership {
  const [, v6, host = v6 ?? '', bits] = /^(?:\[([^\]]*)\]|([\d.]+))(?:\/(\d+))?$/.exec(pattern) ?? [];
  const network = host === '' ? null : bitsOf(host);
  if (network === null) return 'unknown';
  const length = bits === undefined ? network.length : Number(bits);
  if (address === null) return length === 0 ? 'in' : 'unknown';
  const ours = bitsOf(address);
  if (ours === null) return 'unknown';
  return ours.length === network.length && ours.slice(0, length) === network.slice(0, length) ? 'in' : 'out';
}

/** An address as a string of 32 or 128 zeros and ones; null where it is none. IPv4 in IPv6 clothing is IPv4. */
function bitsOf(address: string): string | null {
  const plain = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  if (!plain.includes(':')) return ipv4Bits(plain);
  const url = `http://[${plain}]/`;
  if (!URL.canParse(url)) return null;
  const [head = '', tail] = new URL(url).hostname.slice(1, -1).split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...(tail === undefined ? [] : zeros), ...right]
    .map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0'))
    .join('');
}

function ipv4Bits(text: string): string | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return null;
  return parts.map((part) => Number(part).toString(2).padStart(8, '0')).join('');
}
