import { familyOf, normalAddress, unmapped } from '../../model/address.ts';
import { answerShape } from '../../model/lookup.ts';
import type { Shaped, Zod } from '../../model/shape.ts';
import type { Cite } from '../../model/transcript.ts';
import type { Names } from '../domain-probe.ts';
import { isGenericName } from './generic-name.ts';
import { hostKindOf } from './host-kind.ts';
import { reverseName } from './reverse-name.ts';

export const reverseShape = (z: Zod) =>
  z.object({
    address: z.string(),
    ptr: answerShape('PTR')(z),
    /** Of the first names that may be asked for: A where the address is IPv4, else AAAA. */
    forward: z.array(z.object({ name: z.string(), answer: answerShape('A')(z) })),
  });

/** What an address is called, and where those names lead. */
export type Reverse = Shaped<typeof reverseShape>;

/** Names of one address that are looked up: receivers stop at 10, or at the first (RFC 8601 §3 has no figure). */
const mostNames = 5;

/** `address`: in its normal form. */
export async function askReverse(names: Names, address: string): Promise<Reverse> {
  const plain = unmapped(normalAddress(address) ?? address);
  const ptr = await names.ask(reverseName(plain), 'PTR');
  const asked = ptr.records.filter((name) => mayBeAsked.includes(hostKindOf(name))).slice(0, mostNames);
  const forward = await Promise.all(
    asked.map(async (name) => ({ name, answer: await names.ask(name, forwardType(plain)) })),
  );
  return { address: plain, ptr, forward };
}

/** What to ask a name for, to hold it against an address. */
export const forwardType = (address: string): 'A' | 'AAAA' => (familyOf(unmapped(address)) === 4 ? 'A' : 'AAAA');

const mayBeAsked: readonly string[] = ['name', 'underscore', 'one-label'];

/**
 * Whether an address is named, and the name leads back (RFC 8601 §3, `iprev`).
 * - `confirmed`: one name does. `generic`: one does, and all that do are made from the address.
 * - `none`: there is no name. `unconfirmed`: none leads back. `bogus`: validation fails.
 * - `unknown`: DNS gave no answer.
 */
export type ReverseState = 'confirmed' | 'generic' | 'none' | 'unconfirmed' | 'bogus' | 'unknown';

export function reverseState({ address, ptr, forward }: Reverse): ReverseState {
  if (ptr.kind === 'failed') return 'unknown';
  if (ptr.kind === 'bogus') return 'bogus';
  if (ptr.kind !== 'found') return 'none';
  const confirming = forward.filter(({ answer }) => leadsTo(answer, address));
  if (confirming.length > 0)
    return confirming.every(({ name }) => isGenericName(name, address)) ? 'generic' : 'confirmed';
  const kinds = forward.map(({ answer }) => answer.kind);
  if (kinds.includes('failed')) return 'unknown';
  return kinds.includes('bogus') ? 'bogus' : 'unconfirmed';
}

/** The answers that the state of an address rests on. */
export const quotesOfReverse = ({ ptr, forward }: Reverse): [Cite, ...Cite[]] => [
  ptr.at,
  ...forward.map(({ answer }) => answer.at),
];

/** Whether a name has this address, among others or alone. */
export const leadsTo = ({ kind, records }: Reverse['forward'][number]['answer'], address: string): boolean =>
  kind === 'found' && records.some((record) => unmapped(normalAddress(record) ?? record) === address);
