import type { Cite } from '../model/transcript.ts';
import { isPublicAddress } from '../model/vantage.ts';
import { type Membership, membershipIn } from './networks.ts';
import { helloShape, type Seen } from './seen.ts';

/** Where the scan stands for the server, and how that is known. */
export interface Standing {
  /** Our address as the server has it; null where nothing tells. */
  readonly address: string | null;
  /** The server said so itself, or there is no address between us that could be changed on the way. */
  readonly isSure: boolean;
  readonly said: Cite | null;
  /** Whether a list of networks in the file holds us. The user's own word (`--vantage`) comes first. */
  isIn(list: string): Membership;
  /** `our address 192.0.2.7`, or what is known in its place. */
  readonly words: string;
}

export function standingOf(seen: Seen): Standing {
  const told = toldByServer(seen);
  const hello = seen.observed('hello', helloShape);
  const local = hello?.localAddress.replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, '') ?? null;
  const { vantage } = seen.options;
  if (told !== null) {
    const { address, at } = told;
    return standing(address, true, at, `our address ${address}, as the server has it,`);
  }
  if (vantage === 'outside') {
    return {
      ...standing(null, true, null, 'our address'),
      // Whoever is outside is in no list but one that holds everybody.
      isIn: (list) => (membershipIn(list, null) === 'in' ? 'in' : 'out'),
    };
  }
  if (vantage === 'trusted') return { ...standing(local, true, null, 'our address'), isIn: () => 'in' };
  const isSure = local !== null && isPublicAddress(local);
  return standing(local, isSure, null, local === null ? 'our address' : `our address ${local}, as seen from here,`);
}

function standing(address: string | null, isSure: boolean, said: Cite | null, words: string): Standing {
  return { address, isSure, said, words, isIn: (list) => membershipIn(list, address) };
}

/** Replies in which smtpd names the client by its address. */
const naming = [
  /(?:too many (?:connections|recipients|AUTH commands)|too much mail) from ([\da-f.:]+)$/i,
  /<[^<>[\]]*\[([\da-f.:]+)\]>: Client host rejected/i,
  /Client host \[([\da-f.:]+)\]/i,
  /Client host rejected: cannot find your (?:reverse )?hostname, \[([\da-f.:]+)\]/i,
];

function toldByServer({ endpoint }: Seen): { address: string; at: Cite } | null {
  for (const { id, events } of endpoint.sessions) {
    for (const [event, { from, text }] of events.entries()) {
      if (from !== 'them') continue;
      const address = naming.map((words) => words.exec(text)?.[1]).find((one) => one !== undefined);
      if (address !== undefined) return { address, at: { session: id, event, quote: text } };
    }
  }
  return null;
}
