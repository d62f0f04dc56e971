import { deed, deedShape, replyTo } from '../src/kit/deed.ts';
import {
  type Cite,
  cite,
  defineProbe,
  doubtOf,
  type Exchange,
  ehloKeywords,
  exchangeShape,
  fail,
  hindered,
  inconclusive,
  isPermanent,
  isPositive,
  type Meaning,
  type Measured,
  meaningOf,
  offers,
  pass,
  type Reply,
  type Shaped,
  seenFrom,
  type Vantage,
  vantage,
  vantages,
  type Wire,
  type Zod,
} from '../src/kit/index.ts';
import { hello } from './hello.ts';
import { starttlsWorks } from './starttls-works.ts';

const data = (z: Zod) =>
  z.object({
    /** The answers to EHLO that were read: in clear, and inside TLS where that came about. */
    ehlos: z.array(z.object({ tls: z.boolean(), ehlo: exchangeShape(z) })),
    /** XCLIENT without an address, where one of them lists it, and whether inside TLS. */
    asked: z.object({ tls: z.boolean(), ...deedShape(z).shape }).nullable(),
    vantage: z.enum(vantages),
  });
type Data = Shaped<typeof data>;

/** It claims nothing: that the name of the client is not known. */
const harmless = 'XCLIENT NAME=[UNAVAILABLE]';

export const xclient = defineProbe({
  id: 'xclient',
  question: 'May a stranger say who he is?',
  severity: 'critical',
  weighs:
    'Critical: who may say that he is 127.0.0.1, or that he has logged in, relays as he likes and is counted by no limiter. Low for XFORWARD alone, which falsifies what stands in the log.',
  safety: 'intrusive',
  why: 'XCLIENT is for a proxy in front of the server, which tells it who the client is. Where the list of such proxies holds the whole internet, every client is whoever he says, and no rule about addresses means anything.',
  judged:
    'EHLO, in clear and inside TLS; XCLIENT NAME=[UNAVAILABLE] only where it is listed, in a session of its own that is ended then. No address is ever claimed. fail: 220 to it (critical); XFORWARD listed without XCLIENT, which is not tried (low). pass: neither is listed, or XCLIENT is listed and refused. inconclusive: anything else where it is listed, and a vantage that the server may count among its proxies. What EHLO hides (Postfix smtpd_discard_ehlo_keywords) is not seen.',
  refs: ['Postfix XCLIENT_README, XFORWARD_README', 'Postfix smtpd_authorized_xclient_hosts'],
  cost: { connections: 1, commands: 3 },
  needs: { hello },
  wants: { starttls: starttlsWorks },
  data,

  async observe(wire, { hello: seen, starttls }) {
    const inside = starttls?.kind === 'established' ? starttls.ehlo : null;
    const ehlos = [{ tls: seen.tls, ehlo: seen.ehlo }, ...(inside === null ? [] : [{ tls: true, ehlo: inside }])];
    const listing = ehlos.find(({ ehlo }) => offers(ehlo.reply, 'XCLIENT'));
    return {
      ehlos,
      asked: listing === undefined ? null : await ask(wire, listing.tls),
      vantage: vantage(wire.subject, seen),
    };
  },

  judge({ ehlos, asked, vantage: from }) {
    const listed = (keyword: string) => ehlos.flatMap(({ ehlo }) => lineOf(ehlo, keyword)).slice(0, 1);
    const [xclientAt, xforwardAt] = [listed('XCLIENT')[0], listed('XFORWARD')[0]];
    const measured = {
      listed: [...(xclientAt ? ['XCLIENT'] : []), ...(xforwardAt ? ['XFORWARD'] : [])],
      insideTls: ehlos.some(({ tls }) => tls),
      vantage: from,
    };
    if (xclientAt !== undefined) return judgeAnswer(asked, xclientAt, xforwardAt, measured, from);
    if (xforwardAt !== undefined) return judgeForward(xforwardAt, measured, from);
    const [first, ...more] = ehlos.map(({ ehlo }) => wholeOf(ehlo.reply));
    if (first === undefined) return inconclusive('prerequisite', 'EHLO was not answered', [], { measured });
    return pass('EHLO lists neither XCLIENT nor XFORWARD to us', [...first, ...more.flat()], { measured });
  },
});

/** What is not between the first line and the last is not there. */
const wholeOf = (reply: Reply): [Cite, ...Cite[]] => [
  cite(reply),
  ...(reply.lines.length > 1 ? [cite(reply, reply.lines.length - 1)] : []),
];

const lineOf = ({ reply }: Exchange, keyword: string): Cite[] =>
  ehloKeywords(reply).flatMap((entry) => (entry.keyword === keyword ? [cite(reply, entry.line)] : []));

async function ask(wire: Wire, tls: boolean): Promise<NonNullable<Data['asked']>> {
  await using session = await wire.apart({ until: 'introduced', tls });
  return { tls, ...(await deed(session, harmless)) };
}

/** Refusals that say nothing of whether we may. */
const ofForm: readonly Meaning[] = ['command-syntax', 'bad-sequence', 'line-too-long', 'unintelligible', 'out-of-sync'];

function judgeAnswer(
  asked: Data['asked'],
  listedAt: Cite,
  forwardAt: Cite | undefined,
  measured: Measured,
  from: Vantage,
) {
  if (asked === null)
    return inconclusive('prerequisite', 'XCLIENT is listed, and was not tried', [listedAt], { measured });
  const reply = replyTo(asked);
  if (reply === null)
    return asked.cut === null
      ? inconclusive('ambiguous', 'XCLIENT is listed, and not answered', [listedAt], { measured })
      : hindered(asked.cut, {
          because: `EHLO lists XCLIENT to us, and its answer did not come: ${asked.cut.because}`,
          evidence: [listedAt, ...asked.cut.evidence],
          measured,
        });
  const evidence = [listedAt, cite(reply)] as const;
  const meaning = meaningOf(reply, { stage: 'other' });
  if (isPositive(reply) && meaning === 'accepted' && reply.code !== 221) {
    const because = `EHLO lists XCLIENT, and takes it: a client may claim any address, and a login${seenFrom(from)}`;
    return from === 'outside'
      ? fail(because, evidence, { measured, headline: 'Any client may say that he is somebody else, and is believed' })
      : inconclusive('ambiguous', because, evidence, { measured });
  }
  if (isPermanent(reply) && doubtOf(meaning) === 'ambiguous' && !ofForm.includes(meaning))
    return forwardAt === undefined
      ? pass('EHLO lists XCLIENT, and refuses it to us', evidence, { measured })
      : judgeForward(forwardAt, measured, from, [listedAt, cite(reply)]);
  return inconclusive(
    doubtOf(meaning),
    'EHLO lists XCLIENT to us, and the answer to it is neither a yes nor a clear no',
    evidence,
    { measured },
  );
}

/** Postfix hands what XFORWARD says to the log and to filters behind the queue, and to no access rule. */
function judgeForward(at: Cite, measured: Measured, from: Vantage, beside: readonly Cite[] = []) {
  const because = `EHLO lists XFORWARD to us: a client may write into the log who he was${seenFrom(from)}`;
  const evidence = [at, ...beside] as const;
  return from === 'outside'
    ? fail(because, evidence, {
        measured,
        severity: 'low',
        headline: 'Any client may have another name and address written into the log',
      })
    : inconclusive('ambiguous', because, evidence, { measured });
}
