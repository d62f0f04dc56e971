import type { TlsFacts } from '../../model/tls.ts';
import { type FlawKind, flawsOf } from '../certificate/flaws.ts';

/** What an address of an MX host showed when STARTTLS was asked for. */
export type ShownTls =
  | { readonly kind: 'facts'; readonly facts: TlsFacts }
  /** It has none to offer; `says` goes on a sentence that begins with the host. */
  | { readonly kind: 'none'; readonly says: string }
  | { readonly kind: 'untold' };

/** What keeps a sender of MTA-STS away (RFC 8461 §4.2); strength and dates to come are others' matter. */
const deterrents: readonly FlawKind[] = [
  'expired',
  'not-yet-valid',
  'wrong-name',
  'self-signed',
  'untrusted',
  'incomplete-chain',
];

/** What is wrong with it for a sender that looks for `host`: null where nothing is, and where nothing was seen. */
export function deterrentOf(shown: ShownTls, host: string): string | null {
  if (shown.kind === 'untold') return null;
  if (shown.kind === 'none') return shown.says;
  if (shown.facts.chain.length === 0) return 'shows no certificate';
  const flaws = flawsOf(shown.facts, host).filter(({ kind }) => deterrents.includes(kind));
  return flaws.length === 0
    ? null
    : `shows a certificate that senders refuse (${flaws.map(({ says }) => says).join('; ')})`;
}
