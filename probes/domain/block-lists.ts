import { askBlockList, blockListShape, mostLists } from '../../src/kit/domain/block-list.ts';
import { type Fault, failOf, naming } from '../../src/kit/domain/faults.ts';
import { type Listings, readLists } from '../../src/kit/domain/listings.ts';
import { isWithin } from '../../src/kit/domain/network.ts';
import { publicAddresses } from '../../src/kit/domain/reach.ts';
import {
  answerShape,
  type Cite,
  defineDomainProbe,
  type Inconclusive,
  inconclusive,
  type Measured,
  notApplicable,
  pass,
  type Shaped,
  type Zod,
} from '../../src/kit/index.ts';
import { isSpf, mechanismsOf, readSpf } from '../../src/kit/spf/record.ts';

const data = (z: Zod) =>
  z.object({
    domain: z.string(),
    /** Public addresses of the MX hosts. */
    addresses: z.array(z.string()),
    lists: z.array(blockListShape(z)),
    /** The TXT records of the domain, which say whether its MX hosts send, too; null where nobody asked. */
    txt: answerShape('TXT')(z).nullable(),
  });

export const blockLists = defineDomainProbe({
  id: 'block-lists',
  question: 'Are its MX hosts on a block list that you named?',
  severity: 'low',
  weighs:
    'Low: nobody looks up the address that mail is sent to, so what comes in is not hurt. Medium where SPF lets the same address send for the domain: receivers that ask the list refuse it.',
  why: 'A listing says what somebody has seen come from an address: spam, a relay, a machine at home. On a host that only takes mail it is a trace worth following; on one that sends it costs mail.',
  judged:
    'Zones named with --dnsbl, and no others. First the control: 127.0.0.2 must be listed, and 127.0.0.1 must not (RFC 5782 §5). Then up to 16 public addresses of the MX hosts; a listing is an answer in 127.0.0.0/8. pass: no address is listed. fail, low: one is. fail, medium: one is that SPF names (mx, ip4, ip6). inconclusive: the list does not answer, does not work, or refuses this resolver (127.255.255.x). not-applicable: no list is named.',
  refs: ['RFC 5782 §2.1, §2.4, §5', 'RFC 7208 §5.4, §5.6'],
  lookups: 7,
  data,

  async observe(names) {
    const { domain, blockLists: zones } = names.subject;
    const addresses = publicAddresses(names.subject);
    if (zones.length === 0 || addresses.length === 0) return { domain, addresses, lists: [], txt: null };
    const lists = await Promise.all(zones.slice(0, mostLists).map((zone) => askBlockList(names, zone, addresses)));
    const txt = readLists(lists).listed.length > 0 ? await names.ask(domain, 'TXT') : null;
    return { domain, addresses, lists, txt };
  },

  judge(observed) {
    const { addresses, lists } = observed;
    if (addresses.length === 0) return notApplicable('no MX host has a public address');
    if (lists.length === 0) return notApplicable('no block list is named (--dnsbl)');
    const read = readLists(lists);
    const measured = {
      lists: lists.map(({ zone }) => zone),
      listed: read.listed.map(({ title }) => title),
      untold: read.untold.map(({ zone }) => zone),
    };
    const [first, ...more] = faultsOf(read, observed);
    if (first !== undefined) return failOf([first, ...more], first.at[0], measured);
    const [doubt] = read.untold;
    const [at, ...others] = read.clear;
    if (doubt !== undefined || at === undefined) return untold(read, measured);
    const told = [...new Set(lists.flatMap(({ answers }) => answers.map(({ address }) => address)))];
    return pass(`${naming(told)}: not listed on ${naming(measured.lists)}`, [at, ...others], { measured });
  },
});

type Told = Fault & { readonly at: readonly [Cite, ...Cite[]] };

function faultsOf({ listed, untold }: Listings, observed: Shaped<typeof data>): Told[] {
  const doubts = untold.map(({ because }) => `; ${because}`).join('');
  return [true, false].flatMap((isSender) => {
    const these = listed.filter(({ address }) => sends(observed, address) === isSender);
    const [at, ...others] = these.flatMap((one) => one.at);
    if (at === undefined) return [];
    const spf = isSender && observed.txt !== null ? [observed.txt.at] : [];
    const what = these.map(({ title, reason }) => `${title}${reason}`).join(', ');
    return {
      ...weights[isSender ? 'sender' : 'receiver'],
      says: `${what}${isSender ? ' (SPF lets it send, too)' : ''}${doubts}`,
      at: [at, ...others, ...spf],
    };
  });
}

const weights = {
  sender: { severity: 'medium', headline: 'An MX host that SPF lets send mail is on a block list' },
  receiver: { severity: 'low', headline: 'An MX host is on a block list' },
} as const;

/** Whether SPF names the address of an MX host, or its network (RFC 7208 §5.4, §5.6): then it may send, too. */
function sends({ domain, txt }: Shaped<typeof data>, address: string): boolean {
  const record = txt?.records.find(isSpf);
  if (record === undefined) return false;
  return mechanismsOf(readSpf(record)).some(({ name, qualifier, value, bits4, bits6 }) => {
    if (qualifier !== '+') return false;
    if (name === 'mx') return (value ?? domain).toLowerCase() === domain;
    return (name === 'ip4' || name === 'ip6') && isWithin(address, value ?? '', name === 'ip4' ? bits4 : bits6);
  });
}

function untold({ untold: doubts }: Listings, measured: Measured): Inconclusive {
  const because = doubts.map((one) => one.because).join('; ');
  const evidence = doubts.flatMap(({ at }) => at);
  return inconclusive(doubts[0]?.doubt ?? 'dns-failed', because, evidence, { measured });
}
