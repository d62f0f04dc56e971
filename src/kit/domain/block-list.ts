import { familyOf } from '../../model/address.ts';
import { hostNameOf } from '../../model/host-name.ts';
import { answerShape } from '../../model/lookup.ts';
import type { Shaped, Zod } from '../../model/shape.ts';
import type { Names } from '../domain-probe.ts';
import { reverseLabels } from './reverse-name.ts';

export const blockListShape = (z: Zod) =>
  z.object({
    zone: z.string(),
    /** The entry for tests, and the address that no list has (RFC 5782 §5); null: no name to ask for. */
    control: z
      .object({
        listed: answerShape('A')(z),
        unlisted: answerShape('A')(z),
        /** The entry for tests of IPv6; null where no address is IPv6. */
        listed6: answerShape('A')(z).nullable(),
      })
      .nullable(),
    /** Of each address that the list can tell of. */
    answers: z.array(
      z.object({
        address: z.string(),
        a: answerShape('A')(z),
        /** The reason, where it is listed. */
        txt: answerShape('TXT')(z).nullable(),
      }),
    ),
  });

/** What one block list (RFC 5782) says of addresses. */
export type BlockList = Shaped<typeof blockListShape>;

/** Lists of one scan: each is asked about each address. */
export const mostLists = 10;
/** RFC 1035 §2.3.4, less 32 nibbles with their dots. */
const longestZone = 253 - 64;

/** Asks first whether the list works, and asks no more where it does not. `addresses`: in their normal form, public. */
export async function askBlockList(names: Names, zone: string, addresses: readonly string[]): Promise<BlockList> {
  const read = hostNameOf(zone);
  if (read.kind === 'problem' || read.name.length > longestZone) return { zone, control: null, answers: [] };
  const ask = (address: string) => names.ask(`${reverseLabels(address)}.${read.name}`, 'A');
  const hasIpv6 = addresses.some((address) => familyOf(address) === 6);
  const [listed, unlisted, listed6] = await Promise.all([
    ask('127.0.0.2'),
    ask('127.0.0.1'),
    hasIpv6 ? ask('::ffff:7f00:2') : null,
  ]);
  const list = { zone: read.name, control: { listed, unlisted, listed6 }, answers: [] };
  if (stateOfList(list) !== 'works') return list;
  const tellable = addresses.filter((address) => familyOf(address) === 4 || isListing(listed6));
  const answers = await Promise.all(
    tellable.map(async (address) => {
      const a = await ask(address);
      const txt = isListing(a) ? await names.ask(`${reverseLabels(address)}.${read.name}`, 'TXT') : null;
      return { address, a, txt };
    }),
  );
  return { ...list, answers };
}

/**
 * Whether the word of a list counts.
 * - `refuses`: it answers nobody who asks through this resolver. `failed`: no answer.
 * - `no-list`: its entry for tests is not there. `lists-all`: it has the address that no list has, as a domain that was
 *   given up and is parked. `no-name`: the zone is no name to ask for.
 */
export type ListState = 'works' | 'refuses' | 'failed' | 'no-list' | 'lists-all' | 'no-name';

export function stateOfList({ control }: Pick<BlockList, 'control'>): ListState {
  if (control === null) return 'no-name';
  const answers = [control.listed, control.unlisted];
  if (answers.some(({ kind }) => kind === 'failed' || kind === 'bogus')) return 'failed';
  if (answers.some(isRefusal)) return 'refuses';
  if (control.unlisted.kind === 'found') return 'lists-all';
  return isListing(control.listed) ? 'works' : 'no-list';
}

type AnswerA = BlockList['answers'][number]['a'];

/** Listed: an address in 127.0.0.0/8 (RFC 5782 §2.1), which is no refusal. */
export const isListing = (answer: AnswerA | null): boolean =>
  answer !== null &&
  answer.kind === 'found' &&
  !isRefusal(answer) &&
  answer.records.some((one) => one.startsWith('127.'));

/** What lists answer to resolvers that they do not serve: 127.255.255.x (Spamhaus and others), 127.0.0.1 (URIBL). */
const isRefusal = ({ records }: Pick<AnswerA, 'records'>): boolean =>
  records.some((record) => record.startsWith('127.255.255.') || record === '127.0.0.1');
