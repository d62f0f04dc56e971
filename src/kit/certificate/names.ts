import type { CertificateFacts } from '../../model/tls.ts';

/**
 * Whether a certificate is for this host (RFC 9525 §6; RFC 6125 §6.4): one of its DNS names equals the host or covers
 * it with a wildcard in the place of the whole leftmost label, or, for an address, one of its IP addresses does. The
 * common name is not looked at.
 */
export function isNamed({ altNames }: Pick<CertificateFacts, 'altNames'>, host: string): boolean {
  const wanted = addressOf(host);
  return altNames.some((entry) => {
    const [, kind, value = ''] = /^(DNS|IP Address):(.*)$/s.exec(entry) ?? [];
    if (wanted !== null) return kind === 'IP Address' && addressOf(value) === wanted;
    return kind === 'DNS' && covers(value, host);
  });
}

/** The names and addresses that a certificate is for, without their kind. */
export function namesOf({ altNames }: Pick<CertificateFacts, 'altNames'>): string[] {
  return altNames.flatMap((entry) => /^(?:DNS|IP Address):(.*)$/s.exec(entry)?.[1] ?? []);
}

/** Whether a host is given by address. */
export function isAddress(host: string): boolean {
  return addressOf(host) !== null;
}

function covers(pattern: string, host: string): boolean {
  const presented = labelsOf(pattern);
  const wanted = labelsOf(host);
  if (presented.length !== wanted.length || wanted.includes('')) return false;
  // No wildcard covers a whole top-level domain.
  const wild = presented[0] === '*' && presented.length > 2;
  return presented.every((label, index) => (wild && index === 0) || label === wanted[index]);
}

const labelsOf = (name: string): string[] => name.toLowerCase().replace(/\.$/, '').split('.');

/** An address in its one canonical spelling, which a URL gives it; null for a name. */
function addressOf(text: string): string | null {
  const plain = text
    .toLowerCase()
    .replace(/^::ffff:(?=\d+\.)/, '')
    .replace(/%.*$/, '');
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(plain)) return plain;
  const url = `http://[${plain}]/`;
  return plain.includes(':') && URL.canParse(url) ? new URL(url).hostname : null;
}
