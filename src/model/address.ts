/**
 * An IP address in its one normal form, or null where the text is none: IPv4 as four decimal numbers, IPv6 in lower
 * case and compressed, with an IPv4 tail only where the address is IPv4-mapped (RFC 5952 §4 and §5). No brackets, no
 * zone, no port.
 */
export function normalAddress(text: string): string | null {
  if (isIpv4(text)) return text;
  if (!/^[0-9a-f:.]{2,45}$/i.test(text) || !text.includes(':')) return null;
  const url = `http://[${text}]/`;
  return URL.canParse(url) ? withIpv4Tail(new URL(url).hostname.slice(1, -1)) : null;
}

/** The family of an address that `normalAddress` gave. */
export function familyOf(address: string): 4 | 6 {
  return address.includes(':') ? 6 : 4;
}

/** IPv4 in IPv6 clothing (`::ffff:192.0.2.1`) is IPv4. */
export const unmapped = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

/**
 * Strict: `1.2.3` and `010.0.0.1` are readings of inet_aton, not addresses; a typo must not become someone else's host.
 */
function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

function withIpv4Tail(address: string): string {
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(address);
  if (mapped === null) return address;
  const [high, low] = mapped.slice(1).map((group) => Number.parseInt(group, 16)) as [number, number];
  return `::ffff:${high >> 8}.${high & 0xff}.${low >> 8}.${low & 0xff}`;
}
