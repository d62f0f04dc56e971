/** An address as a string of 32 or 128 zeros and ones; null where it is none. IPv4 in IPv6 clothing is IPv6. */
export function bitsOf(address: string): string | null {
  if (!address.includes(':')) return ipv4Bits(address);
  const url = `http://[${address}]/`;
  if (!URL.canParse(url)) return null;
  const [head = '', tail] = new URL(url).hostname.slice(1, -1).split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...(tail === undefined ? [] : zeros), ...right]
    .map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0'))
    .join('');
}

/** The addresses that begin with the same bits: `192.0.2.0/24`. */
export interface Network {
  /** Bits of an address of its family. */
  readonly size: number;
  readonly prefix: string;
}

/** `text`: an address and the number of its bits that count. */
export function networkOf(text: string): Network {
  const [address = '', length] = text.split('/');
  const bits = bitsOf(address);
  if (bits === null) throw new Error(`${text} is no network`);
  return { size: bits.length, prefix: bits.slice(0, Number(length)) };
}

/** `bits`: of an address, as `bitsOf` gives them. */
export const isIn = (bits: string, { size, prefix }: Network): boolean =>
  bits.length === size && bits.startsWith(prefix);

function ipv4Bits(text: string): string | null {
  const [, ...parts] = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text) ?? [];
  const octets = parts.map((part) => octetBits[Number(part)]);
  return octets.length === 0 || octets.includes(undefined) ? null : octets.join('');
}

const octetBits: readonly string[] = Array.from({ length: 256 }, (_, octet) => octet.toString(2).padStart(8, '0'));
