/**
 * What may be shown to a person: printable text in which every control byte, escape sequence, invalid UTF-8 byte and
 * invisible or direction-changing character stands as `\x1b` or `\u{202e}`. A peer's bytes never reach a terminal, a
 * report or a log by another way.
 */
export function visible(bytes: Uint8Array | string): string {
  return typeof bytes === 'string' ? escapeHidden(bytes) : fromBytes(bytes);
}

/** The first so many UTF-16 units of a text, and never half of a character. */
export const beginningOf = (text: string, most: number): string => text.slice(0, most).replace(/[\ud800-\udbff]$/, '');

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const hidden = /[\p{C}\p{Default_Ignorable_Code_Point}\u2028\u2029]/gu;

function escapeHidden(text: string): string {
  return text.replace(hidden, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

function fromBytes(bytes: Uint8Array): string {
  try {
    return escapeHidden(strict.decode(bytes));
  } catch {
    return pieceByPiece(bytes);
  }
}

/** Not UTF-8 as a whole: keep the sequences that are valid, show each other byte as `\xNN`. */
function pieceByPiece(bytes: Uint8Array): string {
  let out = '';
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0;
    const size = sequenceLength(first);
    try {
      out += escapeHidden(strict.decode(bytes.subarray(at, at + size)));
      at += size;
    } catch {
      out += `\\x${first.toString(16).padStart(2, '0')}`;
      at += 1;
    }
  }
  return out;
}

/** How long a sequence of UTF-8 is that begins with this byte (RFC 3629 §3); 1 for a byte that begins none. */
function sequenceLength(first: number): number {
  if (first < 0xc0) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}
