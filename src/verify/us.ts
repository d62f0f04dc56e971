import { isPublicAddress } from '../model/vantage.ts';
import { type Membership, membershipIn } from './networks.ts';
import type { Shown } from './shown.ts';

/** As whom the server knows us, and how that is known. */
export interface Us {
  /** The server said so itself, or the user did, or there is no address between us that could be changed on the way. */
  readonly isSure: boolean;
  /** The server named our address. */
  readonly isTold: boolean;
  /**
   * Whether a list of networks in the file holds us. The server's own word comes first, then the user's (`--vantage`):
   * whoever is outside is in no list but one that holds everybody, whoever is trusted in any.
   */
  isIn(list: string): Membership;
  /** `our address 192.0.2.7`, or what is known in its place. */
  readonly words: string;
}

export function usIn(shown: Shown): Us {
  const told = toldByServer(shown);
  const local =
    shown
      .observed('hello')
      ?.localAddress.replace(/^::ffff:(?=\d+\.)/, '')
      .replace(/%.*$/, '') ?? null;
  const { vantage } = shown.options;
  if (told !== null) return { ...known(told, true, `our address ${told}, as the server has it,`), isTold: true };
  if (vantage === 'outside' || vantage === 'trusted') return placed(vantage === 'trusted' ? 'in' : 'out');
  const isSure = local !== null && isPublicAddress(local);
  return known(local, isSure, local === null ? 'our address' : `our address ${local}, as seen from here,`);
}

/** A list may be long, and is asked for by many rows. */
function remembered(isIn: Us['isIn']): Us['isIn'] {
  const answers = new Map<string, Membership>();
  return (list) => {
    const answer = answers.get(list) ?? isIn(list);
    answers.set(list, answer);
    return answer;
  };
}

const known = (address: string | null, isSure: boolean, words: string): Us => ({
  isSure,
  isTold: false,
  words,
  isIn: remembered((list) => membershipIn(list, address)),
});

const placed = (elsewhere: 'in' | 'out'): Us => ({
  isSure: true,
  isTold: false,
  words: 'our address',
  isIn: remembered((list) => (membershipIn(list, null) === 'everybody' ? 'everybody' : elsewhere)),
});

/** Replies in which smtpd names the client by its address. */
const naming = [
  /(?:too many (?:connections|recipients|AUTH commands)|too much mail) from ([\da-f.:]+)$/i,
  /<[^<>[\]]*\[([\da-f.:]+)\]>: Client host rejected/i,
  /Client host \[([\da-f.:]+)\]/i,
  /Client host rejected: cannot find your (?:reverse )?hostname, \[([\da-f.:]+)\]/i,
];

function toldByServer({ endpoint }: Shown): string | null {
  for (const { events } of endpoint.sessions) {
    for (const { from, text } of events) {
      if (from !== 'them') continue;
      const address = naming.map((words) => words.exec(text)?.[1]).find((one) => one !== undefined);
      if (address !== undefined) return address;
    }
  }
  return null;
}
