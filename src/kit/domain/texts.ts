/**
 * TXT records as they were sent. An observation holds them printable, a tab as `\x09` (src/model/visible.ts): here they
 * have their characters again, of a byte that is no UTF-8 the one of its number. Not to be shown.
 */
export const textsOf = (records: readonly string[]): readonly string[] => records.map(unescaped);

const unescaped = (text: string): string =>
  text.replace(/\\x([0-9a-f]{2})|\\u\{(10[0-9a-f]{4}|[0-9a-f]{3,5})\}/g, (_, byte, code) =>
    String.fromCodePoint(Number.parseInt(byte ?? code, 16)),
  );
