/** What macros stand for, of one mail (RFC 7208 §7.2): `i` and `v` of its client, `d` of the record that is read. */
export type MacroValues = Readonly<Record<'s' | 'l' | 'o' | 'd' | 'i' | 'p' | 'v' | 'h', string>>;

/** Macros of names, and those that only explanations may have besides (RFC 7208 §7.2). */
const nameString = /^(?:%\{[slodipvh](?:[1-9]\d{0,2})?r?[.\-+,/_=]*\}|%[%_-]|[\x21-\x24\x26-\x7e])*$/i;
const macroString = /^(?:%\{[slodipvhcrt](?:[1-9]\d{0,2})?r?[.\-+,/_=]*\}|%[%_-]|[\x21-\x24\x26-\x7e])*$/i;
const endsInMacro = /(?:%\{[slodipvh](?:[1-9]\d{0,2})?r?[.\-+,/_=]*\}|%[%_-])$/i;

/** `domain-spec` of RFC 7208 §7.1: text and macros, which ends in a macro or in a label that is no number. */
export function isDomainSpec(text: string): boolean {
  const top = /\.([^.]*)\.?$/.exec(text)?.[1] ?? '';
  const isTopLabel = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i.test(top) && !/^\d+$/.test(top);
  return nameString.test(text) && (isTopLabel || endsInMacro.test(text));
}

/** `macro-string` of RFC 7208 §7.1, with the macros that only explanations may have. */
export const isMacroString = (text: string): boolean => macroString.test(text);

/** Whether `%{p}` is in it: the name that a client's address claims. */
export const asksForPtr = (text: string): boolean => /%\{p/i.test(text);

/**
 * The name that a domain-spec stands for: macros put in, lower case, no dot at its end, at most 253 octets, of which
 * the labels on the left go first (RFC 7208 §7.3). Null where it is no name that one could ask for.
 */
export function expand(spec: string, values: MacroValues): string | null {
  const text = spec.replace(
    /%(?:\{([slodipvh])(\d*)(r?)([.\-+,/_=]*)\}|([%_-]))/gi,
    (_, letter, digits, reverse, delimiters, sign) =>
      sign === undefined
        ? transformed(values[letter.toLowerCase() as keyof MacroValues], Number(digits), reverse !== '', delimiters)
        : (signs[sign] ?? ''),
  );
  const labels = text.toLowerCase().replace(/\.$/, '').split('.');
  while (labels.join('.').length > 253) labels.shift();
  return labels.length > 0 && labels.every(({ length }) => length > 0 && length < 64) ? labels.join('.') : null;
}

const signs: Readonly<Record<string, string>> = { '%': '%', _: ' ', '-': '%20' };

function transformed(value: string, keep: number, reverse: boolean, delimiters: string): string {
  const parts = delimiters === '' ? value.split('.') : splitAt(value, delimiters);
  const ordered = reverse ? parts.reverse() : parts;
  return (keep === 0 ? ordered : ordered.slice(-keep)).join('.');
}

function splitAt(value: string, delimiters: string): string[] {
  const parts = [''];
  for (const char of value) {
    if (delimiters.includes(char)) parts.push('');
    else parts[parts.length - 1] += char;
  }
  return parts;
}
