/**
 * The text of a log as Docker sends it: frames of a stream number, three zeros, a length in four bytes, and as many
 * bytes of text.
 */
export function unframe(log: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= log.length; ) {
    const end = at + 8 + log.readUInt32BE(at + 4);
    parts.push(log.subarray(at + 8, end));
    at = end;
  }
  return Buffer.concat(parts).toString();
}
