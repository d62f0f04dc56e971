/** Names as a sentence holds them: `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** The same with what is said of them, of one or of several: `PLAIN is listed`, `PLAIN and LOGIN are listed`. */
export function saidOf(names: readonly string[], ofOne: string, ofSeveral: string): string {
  return `${listed(names)} ${names.length === 1 ? ofOne : ofSeveral}`;
}
