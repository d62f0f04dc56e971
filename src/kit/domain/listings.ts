import type { Cite } from '../../model/transcript.ts';
import type { Doubt } from '../../model/trouble.ts';
import { type BlockList, isListing, type ListState, stateOfList } from './block-list.ts';
import { nameShown } from './faults.ts';

interface Listing {
  readonly address: string;
  /** `192.0.2.1 on dnsbl.example.org: 127.0.0.4`. */
  readonly title: string;
  /** What the list says of it, `, "spam"`; empty where it says nothing. */
  readonly reason: string;
  readonly at: readonly Cite[];
}

export interface Listings {
  readonly listed: readonly Listing[];
  /** Where lists say that an address is not there, behind their controls. */
  readonly clear: readonly Cite[];
  readonly untold: readonly {
    readonly zone: string;
    readonly doubt: Doubt;
    /** Half a sentence. */
    readonly because: string;
    readonly at: readonly Cite[];
  }[];
}

/** What block lists say, of lists whose word counts. */
export function readLists(lists: readonly BlockList[]): Listings {
  return {
    listed: lists.flatMap(listingsOf),
    clear: lists.flatMap((list) => clearOf(list)),
    untold: lists.flatMap(untoldOf),
  };
}

function listingsOf({ zone, answers }: BlockList): Listing[] {
  return answers
    .filter(({ a }) => isListing(a))
    .map(({ address, a, txt }) => {
      const reason = txt?.records[0];
      return {
        address,
        title: `${address} on ${zone}: ${a.records.slice(0, 3).map(nameShown).join(', ')}`,
        reason: reason === undefined ? '' : `, "${nameShown(reason)}"`,
        at: [a.at, ...(txt === null || reason === undefined ? [] : [txt.at])],
      };
    });
}

function clearOf({ control, answers }: BlockList): Cite[] {
  const clear = answers.filter(({ a }) => a.kind === 'no-name' || a.kind === 'no-data');
  return control === null || clear.length === 0 ? [] : [control.listed.at, ...clear.map(({ a }) => a.at)];
}

function untoldOf(list: BlockList): Listings['untold'] {
  const { zone, control, answers } = list;
  const state = stateOfList(list);
  const name = nameShown(zone);
  if (state !== 'works') {
    const at = control === null ? [] : [control.listed.at, control.unlisted.at];
    const { doubt, words } = untoldWords[state];
    return [{ zone: name, doubt, because: `${name} ${words}`, at }];
  }
  if (answers.length === 0) {
    const because = `${name} lists no IPv6 addresses`;
    return [{ zone: name, doubt: 'prerequisite', because, at: [control?.listed6?.at ?? []].flat() }];
  }
  const silent = answers.filter(({ a }) => !isListing(a) && a.kind !== 'no-name' && a.kind !== 'no-data');
  if (silent.length === 0) return [];
  const because = `${name} gives no answer that counts for ${silent.map(({ address }) => address).join(', ')}`;
  return [{ zone: name, doubt: 'dns-failed', because, at: silent.map(({ a }) => a.at) }];
}

const untoldWords: Readonly<Record<Exclude<ListState, 'works'>, { readonly doubt: Doubt; readonly words: string }>> = {
  refuses: {
    doubt: 'dns-failed',
    words: 'answers nobody who asks through this resolver (public ones are refused): ask through one of your own',
  },
  failed: { doubt: 'dns-failed', words: 'does not answer' },
  'no-list': {
    doubt: 'prerequisite',
    words: 'is no block list that works: 127.0.0.2, its entry for tests, is not there',
  },
  'lists-all': { doubt: 'prerequisite', words: 'is no block list that works: it lists 127.0.0.1, and so everything' },
  'no-name': { doubt: 'prerequisite', words: 'is no name of a zone that can be asked' },
};
