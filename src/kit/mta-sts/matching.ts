/**
 * Whether an MX host is one that a pattern of a policy allows (RFC 8461 §4.1): the same name, or one label in the place
 * of `*`. Case and the dot of the root count for nothing.
 */
export function isCovered(pattern: string, host: string): boolean {
  const [first, ...rest] = labelsOf(host);
  const [presented, ...suffix] = labelsOf(pattern);
  const sameSuffix = rest.join('.') === suffix.join('.');
  return sameSuffix && first !== '' && (presented === '*' ? suffix.length > 0 : presented === first);
}

const labelsOf = (name: string): string[] => name.toLowerCase().replace(/\.$/, '').split('.');
