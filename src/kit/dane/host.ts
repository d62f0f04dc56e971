import type { Cite } from '../../model/transcript.ts';
import type { DaneHost } from './ask.ts';
import { decisive, type Tlsa } from './records.ts';

/**
 * What DNS says of a host to a sender that does DANE (RFC 7672 §2.2).
 * - `lost`: it has no address. `unknown`: DNS did not answer. `broken`: it fails to, so that senders wait.
 * - `unsigned`: its addresses are not signed. `none`: no TLSA records. `in-vain`: they are not signed.
 * - `unusable`: all of them are, so that TLS is wanted, and nothing tells whose. `usable`: some can be used.
 */
type HostSays = 'lost' | 'unknown' | 'broken' | 'unsigned' | 'none' | 'in-vain' | 'unusable' | 'usable';

export interface HostRead {
  readonly host: string;
  readonly says: HostSays;
  /** The TLSA base domain (RFC 7672 §2.2.3). */
  readonly base: string;
  readonly addresses: readonly string[];
  /** There may be more: of one family DNS did not tell. */
  readonly isPartial: boolean;
  /** As published, and those of them that senders go by. */
  readonly records: readonly Tlsa[];
  readonly decisive: readonly Tlsa[];
  /** The answer that tells. */
  readonly at: Cite;
}

/** `told`: whether the resolver may be believed; else what it says is taken for signed, to be shown as a guess. */
export function readHost({ host, a, aaaa, tlsa }: DaneHost, told: boolean): HostRead {
  const found = [a, aaaa].filter(({ kind }) => kind === 'found');
  const last = tlsa.at(-1);
  const isSigned = (secure: boolean | null) => secure === true || (secure === null && !told);
  const unsigned = found.find(({ secure }) => !isSigned(secure));
  const records = last?.answer.kind === 'found' ? last.answer.records : [];
  const best = decisive(records);
  const first = found[0] ?? [a, aaaa].find(({ kind }) => kind === 'bogus' || kind === 'failed') ?? a;
  return {
    host,
    base: last?.base ?? host,
    addresses: found.flatMap((answer) => answer.records),
    isPartial: found.length === 1 && [a, aaaa].some(({ kind }) => kind === 'failed' || kind === 'bogus'),
    records,
    decisive: best,
    ...(found.length > 0 && unsigned === undefined && last !== undefined
      ? { says: saidOf(last.answer, isSigned(last.answer.secure), best), at: last.answer.at }
      : { says: withoutTlsa[first.kind], at: (unsigned ?? first).at }),
  };
}

type Answer = DaneHost['tlsa'][number]['answer'];

/** What validates answers SERVFAIL where the zone's servers fail at TLSA alone; silence may be the network's doing. */
function saidOf({ kind, rcode }: Answer, isSigned: boolean, best: readonly Tlsa[]): HostSays {
  if (kind === 'failed') return rcode === 'SERVFAIL' ? 'broken' : 'unknown';
  if (kind !== 'found') return kind === 'bogus' ? 'broken' : 'none';
  if (!isSigned) return 'in-vain';
  return best.length > 0 ? 'usable' : 'unusable';
}

/** By what was found of its addresses. */
const withoutTlsa: Readonly<Record<Answer['kind'], HostSays>> = {
  found: 'unsigned',
  bogus: 'broken',
  failed: 'unknown',
  'no-data': 'lost',
  'no-name': 'lost',
};
