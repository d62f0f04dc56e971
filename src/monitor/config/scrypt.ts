/** A password as the file has it. */
interface Scrypt {
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

/** What it takes to find a hash (RFC 7914 §2): 16 MB, five times over. */
export const cost = { N: 16_384, r: 8, p: 5 } as const;

/** `salt:hash` in hex, 16 bytes and 32. */
export const scryptForm = '^[0-9a-f]{32}:[0-9a-f]{64}$';

/** Null where it is none. */
export function scryptOf(text: string): Scrypt | null {
  if (!new RegExp(scryptForm).test(text)) return null;
  const [salt = '', hash = ''] = text.split(':');
  return { salt: Buffer.from(salt, 'hex'), hash: Buffer.from(hash, 'hex') };
}
