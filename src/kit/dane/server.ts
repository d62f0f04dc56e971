import type { CertificateFacts, TlsFacts } from '../../model/tls.ts';
import type { Cite } from '../../model/transcript.ts';
import { type Standing, standingOf } from './match.ts';
import { kindOf, matchings, type Tlsa, usages } from './records.ts';

/**
 * What was seen of port 25 at an address of a host. `named`: asked for by the TLSA base domain (SNI), not by another
 * name with the same address. `because` is part of a sentence.
 */
export type Seen =
  | { readonly kind: 'shown'; readonly facts: TlsFacts; readonly named: boolean; readonly at: Cite }
  | { readonly kind: 'no-tls'; readonly because: string; readonly at: readonly [Cite, ...Cite[]] }
  | { readonly kind: 'unseen'; readonly because: string };

/** What a sender that does DANE comes to at an address: it delivers, or keeps its mail. */
export type Outcome =
  | {
      readonly kind: 'match';
      /** Those of the decisive records that vouch for it; none where none can be used, and any certificate will do. */
      readonly by: readonly Tlsa[];
      readonly leaf: CertificateFacts;
      readonly facts: TlsFacts;
      readonly at: Cite;
    }
  | {
      readonly kind: 'stopped';
      readonly why: 'no-tls' | 'mismatch';
      readonly because: string;
      readonly leaf: CertificateFacts | null;
      readonly at: readonly [Cite, ...Cite[]];
    }
  | { readonly kind: 'unseen'; readonly because: string };

/** `records`: the decisive ones. `names`: those that the certificate may be for. */
export function outcomeOf(seen: Seen, records: readonly Tlsa[], names: readonly string[]): Outcome {
  if (seen.kind === 'unseen') return seen;
  if (seen.kind === 'no-tls') return { ...seen, kind: 'stopped', why: 'no-tls', leaf: null };
  const { facts, at } = seen;
  const [leaf] = facts.chain;
  if (leaf === undefined)
    return { kind: 'stopped', why: 'no-tls', because: 'shows no certificate', leaf: null, at: [at] };
  if (records.length === 0) return { kind: 'match', by: [], leaf, facts, at };
  if (leaf.keySha256 === undefined)
    return { kind: 'unseen', because: 'was looked at by a version that kept too little of its certificate' };
  const standings = records.map((record) => ({ record, standing: standingOf(record, { facts, names }) }));
  const by = standings.flatMap(({ record, standing }) => (standing === 'match' ? [record] : []));
  if (by.length > 0) return { kind: 'match', by, leaf, facts, at };
  const untold = untoldOf(seen.named, standings);
  if (untold !== null) return { kind: 'unseen', because: untold };
  return { kind: 'stopped', why: 'mismatch', because: wordsOf(standings), leaf, at: [at] };
}

interface Held {
  readonly record: Tlsa;
  readonly standing: Standing;
}

/** Why a record that does not match tells nothing; null where it does. */
function untoldOf(named: boolean, standings: readonly Held[]): string | null {
  if (!named) return 'was asked by another name than that of the record, and showed a certificate that does not match';
  const isWhole = ({ record: { usage, matching }, standing }: Held) =>
    usage === usages.anchor && matching === matchings.full && standing === 'no-match';
  return standings.some(isWhole)
    ? 'leaves out the authority that its record holds whole, and whether that has signed its certificate is not told here'
    : null;
}

/** How each record fails, those that come nearest first. */
function wordsOf(standings: readonly Held[]): string {
  const nearest = [...standings].sort((a, b) => Number(a.standing === 'no-match') - Number(b.standing === 'no-match'));
  const words = nearest.map(({ record, standing }) => `${kindOf(record)} ${failing[standing](record)}`);
  return [...new Set(words)].slice(0, 4).join(', ');
}

const failing: Readonly<Record<Standing, (record: Tlsa) => string>> = {
  match: () => 'matches',
  'no-match': ({ usage, selector }) => {
    if (usage === usages.anchor) return 'is of no authority that it sends';
    return selector === 1 ? 'is of another key' : 'is of another certificate';
  },
  'wrong-name': () => 'is of its authority, but the certificate is for another name',
  'out-of-date': () => 'is of its authority, but a certificate is out of date',
  'not-signed': () => 'is of an authority that it sends, and that has not signed its certificate',
  own: () => 'is of its own certificate, and usage 2 is for authorities',
};
