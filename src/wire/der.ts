/** Where the content of a DER element stands. */
export interface Element {
  readonly tag: number;
  readonly from: number;
  readonly to: number;
}

/** The element that begins at an offset; null where none can. */
export function elementAt(der: Uint8Array, offset: number): Element | null {
  const tag = der[offset];
  const first = der[offset + 1];
  if (tag === undefined || first === undefined) return null;
  const more = first < 0x80 ? 0 : first - 0x80;
  if (more > 4) return null;
  const length =
    more === 0 ? first : der.subarray(offset + 2, offset + 2 + more).reduce((sum, octet) => sum * 256 + octet, 0);
  const from = offset + 2 + more;
  return from + length > der.length ? null : { tag, from, to: from + length };
}
