import { askBlockList, blockListShape, mostLists } from '../../src/kit/domain/block-list.ts';
import { type Fault, failOf, nameShown, naming } from '../../src/kit/domain/faults.ts';
import { hostKindOf } from '../../src/kit/domain/host-kind.ts';
import { readLists } from '../../src/kit/domain/listings.ts';
import { reachOf } from '../../src/kit/domain/reach.ts';
import {
  askReverse,
  forwardType,
  leadsTo,
  quotesOfReverse,
  type ReverseState,
  reverseShape,
  reverseState,
} from '../../src/kit/domain/reverse.ts';
import {
  answerShape,
  type Cite,
  defineDomainProbe,
  inconclusive,
  type Names,
  notApplicable,
  pass,
  type Shaped,
  type Zod,
} from '../../src/kit/index.ts';

const data = (z: Zod) =>
  z.object({
    /** Our name in EHLO. */
    helo: z.string(),
    /** As the user or this machine tells it. */
    egress: z.string().nullable(),
    /** Null where no public address of ours is known. */
    seen: z
      .object({
        reverse: reverseShape(z),
        /** Addresses of the name in EHLO, of the family of ours; null where it is no name to ask for. */
        forward: answerShape('A')(z).nullable(),
        lists: z.array(blockListShape(z)),
      })
      .nullable(),
  });

type Seen = NonNullable<Shaped<typeof data>['seen']>;

export const vantage = defineDomainProbe({
  id: 'vantage',
  question: 'What is our word worth from here?',
  severity: 'info',
  weighs: 'Info: it says nothing of the domain, and how far to trust what was refused.',
  why: 'Servers refuse, put off or watch clients whose address has no name, whose EHLO name leads nowhere, or which is on a block list. What they answer to us is then about us, and not what others get.',
  judged:
    'Our address as --vantage-address or a public address of this machine tells it. pass: it has a name that leads back, the name in EHLO leads to it, and no list that --dnsbl names has it. fail, info: one of these does not hold; the name of the address need not be the one in EHLO. not-applicable: no public address of ours is known. inconclusive: DNS does not answer.',
  refs: ['RFC 5321 §4.1.4', 'RFC 8601 §3 (iprev)', 'RFC 5782 §5', 'Postfix reject_unknown_helo_hostname'],
  lookups: 3,
  data,

  async observe(names) {
    const { helo, egress } = names.subject;
    const isSeen = egress !== null && reachOf(egress) === 'public';
    return { helo, egress, seen: isSeen ? await lookAt(names, egress) : null };
  },

  judge({ helo, egress, seen }) {
    if (seen === null)
      return notApplicable(egress === null ? unknown : `${egress} is no address that servers outside see: ${howTo}`);
    const lists = readLists(seen.lists);
    const { address, ptr } = seen.reverse;
    const measured = {
      address,
      helo,
      names: [...ptr.records],
      listed: lists.listed.map(({ title }) => title),
      untold: lists.untold.map(({ zone }) => zone),
    };
    const [first, ...more] = [...faultOfReverse(seen), ...faultOfHelo(seen, helo), ...faultOfLists(seen)];
    if (first !== undefined) return failOf([first, ...more, consequence], first.at[0] ?? ptr.at, measured);
    const quotes = quotesOf(seen);
    if (reverseState(seen.reverse) === 'unknown' || seen.forward?.kind === 'failed')
      return inconclusive('dns-failed', 'DNS does not tell what our address and our name in EHLO lead to', quotes, {
        measured,
      });
    const because = `${address} is ${naming(ptr.records)}, and ${nameShown(helo)} leads to it`;
    return pass(because, quotes, { measured });
  },
});

const howTo = 'tell the one they see with --vantage-address';
const unknown = `our address as servers see it is not known: ${howTo}`;

async function lookAt(names: Names, egress: string): Promise<Seen> {
  const { helo, blockLists } = names.subject;
  const name = helo.toLowerCase();
  const [reverse, forward, lists] = await Promise.all([
    askReverse(names, egress),
    hostKindOf(name) === 'name' ? names.ask(name, forwardType(egress)) : null,
    Promise.all(blockLists.slice(0, mostLists).map((zone) => askBlockList(names, zone, [egress]))),
  ]);
  return { reverse, forward, lists };
}

const quotesOf = ({ reverse, forward }: Seen): [Cite, ...Cite[]] => [
  ...quotesOfReverse(reverse),
  ...(forward === null ? [] : [forward.at]),
];

const note = (headline: string, says: string, at: readonly Cite[]): Fault => ({ severity: 'info', headline, says, at });

/** What all of them come to. */
const consequence = note('', 'refusals of the connection, EHLO and MAIL may be about us, and not about the domain', []);

const flaws: Readonly<Partial<Record<ReverseState, readonly [headline: string, says: string]>>> = {
  none: ['We scan from an address without a name (PTR): refusals may be about us', 'has no PTR record'],
  unconfirmed: [
    'The name (PTR) of our address does not lead back: refusals may be about us',
    'has a PTR that does not lead back',
  ],
  bogus: [
    'DNSSEC fails for the name of our address: refusals may be about us',
    'has a PTR that does not validate (DNSSEC)',
  ],
  generic: [
    'The name of our address is one of a line at home: refusals may be about us',
    'has a name made from the address',
  ],
};

function faultOfReverse({ reverse }: Seen): Fault[] {
  const flaw = flaws[reverseState(reverse)];
  if (flaw === undefined) return [];
  const names = reverse.ptr.records.length === 0 ? '' : ` (${naming(reverse.ptr.records)})`;
  return [note(flaw[0], `our address ${reverse.address} ${flaw[1]}${names}`, quotesOfReverse(reverse))];
}

function faultOfHelo({ reverse, forward }: Seen, helo: string): Fault[] {
  const headline = 'Our name in EHLO does not lead to our address: refusals may be about us';
  const name = nameShown(helo);
  if (forward === null)
    return [note(headline, `our name in EHLO, ${name}, is no host name with a domain (--helo)`, [reverse.ptr.at])];
  if (forward.kind === 'failed' || leadsTo(forward, reverse.address)) return [];
  const leads = forward.records.length === 0 ? 'nowhere' : `to ${naming(forward.records)}`;
  return [note(headline, `our name in EHLO, ${name}, leads ${leads} and not to ${reverse.address}`, [forward.at])];
}

function faultOfLists({ lists }: Seen): Fault[] {
  const { listed } = readLists(lists);
  const says = listed.map(({ title, reason }) => `${title}${reason}`).join(', ');
  const at = listed.flatMap((one) => one.at);
  return listed.length === 0 ? [] : [note('Our address is on a block list: refusals may be about us', says, at)];
}
