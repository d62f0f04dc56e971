/** A list as people say it: `PLAIN`, `PLAIN and LOGIN`, `PLAIN, LOGIN and NTLM`; `none` where it is empty. */
export function inWords(names: readonly string[], none = ''): string {
  const last = names.at(-1);
  if (last === undefined) return none;
  return names.length === 1 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** The same with its verb, for one and for more: `PLAIN works`, `PLAIN and LOGIN work`. */
export function saying(names: readonly string[], one: string, more: string): string {
  return `${inWords(names, 'none')} ${names.length > 1 ? more : one}`;
}

/** `PLAIN is`, `PLAIN and LOGIN are`. */
export const theyAre = (names: readonly string[]): string => saying(names, 'is', 'are');
