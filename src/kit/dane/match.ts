import { createHash } from 'node:crypto';
import type { CertificateFacts, TlsFacts } from '../../model/tls.ts';
import { isNamed } from '../certificate/names.ts';
import { matchings, type Tlsa, usages } from './records.ts';

/** A handshake, and the names by which a sender knows the server: one of them has to be in its certificate. */
export interface Shown {
  readonly facts: Pick<TlsFacts, 'chain' | 'seenAt'>;
  readonly names: readonly string[];
}

/**
 * How a record stands to what a server showed.
 * - `match`: it vouches for it. `no-match`: it is of no certificate that was sent.
 * - Of usage 2, whose certificate was sent: `wrong-name`; `out-of-date`: the server's own, or one between.
 *   `not-signed`: no signatures lead from the server's own to it. `own`: it is the server's own, and no authority.
 */
export type Standing = 'match' | 'no-match' | 'wrong-name' | 'out-of-date' | 'not-signed' | 'own';

/**
 * Holds a usable record against what a server showed. Usage 3 looks at the key or the certificate alone, at no name and
 * no date (RFC 7671 §5.1); usage 2 at an authority above it, and at everything (RFC 7671 §5.2, RFC 7672 §3.1.2).
 */
export function standingOf(record: Tlsa, { facts, names }: Shown): Standing {
  const { chain, seenAt } = facts;
  const places = chain.flatMap((certificate, place) => (isOf(record, certificate) ? [place] : []));
  if (record.usage === usages.endEntity) return places.includes(0) ? 'match' : 'no-match';
  if (places.length === 0) return 'no-match';
  const above = places.filter((place) => place > 0);
  if (above.length === 0) return 'own';
  const leadsUp = (may: (certificate: CertificateFacts) => boolean) => {
    const reached = reachedFrom(chain, may);
    return above.some((place) => reached.has(place));
  };
  if (!leadsUp(() => true)) return 'not-signed';
  if (!leadsUp((certificate) => isInDate(certificate, seenAt))) return 'out-of-date';
  return names.some((name) => isFor(chain[0], name)) ? 'match' : 'wrong-name';
}

/** Whether a record is of this certificate or its key. */
function isOf({ selector, matching, data }: Tlsa, certificate: CertificateFacts): boolean {
  const isKey = selector === 1;
  if (matching === matchings.sha512) return data === (isKey ? certificate.keySha512 : certificate.sha512);
  const digest =
    matching === matchings.full ? createHash('sha256').update(Buffer.from(data, 'hex')).digest('hex') : data;
  return digest === (isKey ? certificate.keySha256 : certificate.sha256.replaceAll(':', '').toLowerCase());
}

/**
 * Places of the certificates to which signatures lead from the first, each from one that may be used. What is reached
 * is not asked for its own date: the record vouches for an authority, as a root store does (RFC 5280 §6.1).
 */
function reachedFrom(
  chain: readonly CertificateFacts[],
  may: (certificate: CertificateFacts) => boolean,
): ReadonlySet<number> {
  const reached = new Set<number>();
  const open = [0];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const certificate = chain[place];
    if (certificate === undefined || reached.has(place) || (place > 0 && !certificate.ca)) continue;
    reached.add(place);
    if (may(certificate)) open.push(...(certificate.signedBy ?? []));
  }
  return reached;
}

const isInDate = ({ validFrom, validTo }: CertificateFacts, seenAt: string): boolean =>
  Date.parse(validFrom) <= Date.parse(seenAt) && Date.parse(seenAt) <= Date.parse(validTo);

/** The common name counts where there is no DNS name (RFC 6125 §6.4.4), as senders of mail read it. */
function isFor(certificate: CertificateFacts | undefined, name: string): boolean {
  if (certificate === undefined) return false;
  if (certificate.altNames.some((entry) => entry.startsWith('DNS:'))) return isNamed(certificate, name);
  const common = certificate.subject.split(', ').filter((part) => part.startsWith('CN='));
  return isNamed({ altNames: common.map((part) => `DNS:${part.slice('CN='.length)}`) }, name);
}
