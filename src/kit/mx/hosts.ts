import type { Cite } from '../../model/transcript.ts';
import { type HostKind, hostKindOf } from '../domain/host-kind.ts';
import { type Reach, reachOf } from '../domain/reach.ts';
import { exchangesOf, type HostAnswers, type MxData } from './ask.ts';

/**
 * What an MX record comes to.
 * - `found`: there are addresses. `lost`: there are none, or the name is none to ask for. `bogus`: validation fails.
 * - `unknown`: DNS gave no answer. `unasked`: one too many.
 */
type State = 'found' | 'lost' | 'bogus' | 'unknown' | 'unasked';

export interface MxHost {
  readonly host: string;
  /** The best that it is listed with. */
  readonly preference: number;
  readonly kind: HostKind;
  readonly state: State;
  /** Whether DNS knows the name, with whatever records. */
  readonly exists: boolean;
  readonly addresses: readonly { readonly address: string; readonly reach: Reach }[];
  /** Where mail may go: public addresses, and private ones in a network of one's own; never an unspecified one. */
  readonly usable: readonly string[];
  /** What it is an alias of, in order. */
  readonly aliases: readonly string[];
  readonly at: readonly Cite[];
}

/** The hosts of the MX records, by preference. */
export function readHosts({ mx, hosts, mayBePrivate }: MxData): MxHost[] {
  return exchangesOf(mx.records).map((host) => {
    const answers = hosts.find((one) => one.host === host);
    const kind = hostKindOf(host);
    const preference = Math.min(
      ...mx.records.filter(({ exchange }) => exchange === host).map((record) => record.preference),
    );
    const addresses = answers === undefined ? [] : addressesOf(answers);
    const usable = addresses.filter(({ reach }) => reach === 'public' || (mayBePrivate && reach !== 'unspecified'));
    return {
      host,
      preference,
      kind,
      state: answers === undefined ? stateUnasked(kind) : stateOf(answers),
      exists: answers !== undefined && [answers.a, answers.aaaa].some(({ kind: said }) => said !== 'no-name'),
      addresses,
      usable: usable.map(({ address }) => address),
      aliases: answers === undefined ? [] : aliasesOf(answers),
      at: answers === undefined ? [mx.at] : quotesOf(answers),
    };
  });
}

/** The addresses of a host, and where they lead. */
export const addressesOf = ({ a, aaaa }: HostAnswers) =>
  [a, aaaa]
    .flatMap(({ kind, records }) => (kind === 'found' ? records : []))
    .map((address) => ({ address, reach: reachOf(address) }));

function stateUnasked(kind: HostKind): State {
  if (kind === 'localhost') return 'found';
  return kind === 'address' || kind === 'no-name' ? 'lost' : 'unasked';
}

function stateOf({ a, aaaa }: HostAnswers): State {
  const kinds = [a.kind, aaaa.kind];
  if (kinds.includes('bogus')) return 'bogus';
  if (kinds.includes('found')) return 'found';
  return kinds.includes('failed') ? 'unknown' : 'lost';
}

function aliasesOf({ a, aaaa, cname }: HostAnswers): readonly string[] {
  const told = [a.aliases, aaaa.aliases].find((aliases) => aliases.length > 0);
  return told ?? (cname.kind === 'found' ? cname.records : []);
}

/** The answers that tell something; where none does, that there is none. */
function quotesOf({ a, aaaa, cname }: HostAnswers): Cite[] {
  const telling = [a, aaaa].filter(({ kind }) => kind === 'found' || kind === 'bogus' || kind === 'failed');
  const alias = cname.kind === 'found' && a.aliases.length === 0 && aaaa.aliases.length === 0 ? [cname.at] : [];
  return [...alias, ...(telling.length > 0 ? telling : [a, aaaa]).map(({ at }) => at)];
}
