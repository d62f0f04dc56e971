import { rejectedSession } from '../src/kit/control.ts';
import { deed, deedShape, meaningOfDeed, replyTo, unanswered } from '../src/kit/deed.ts';
import {
  cite,
  defineProbe,
  doubtOf,
  explain,
  fail,
  hindered,
  inconclusive,
  isNegative,
  isPermanent,
  isPositive,
  isServerTrouble,
  type Meaning,
  type Measured,
  meaningOf,
  pass,
  type Reply,
  reservedDomains,
  type Shaped,
  type SmtpSession,
  seenFrom,
  vantage,
  vantages,
  type Wire,
  type Zod,
} from '../src/kit/index.ts';
import { hello } from './hello.ts';

const askedShape = (z: Zod) =>
  z.object({
    /** What stood behind ETRN: a name, or with `#` before it a queue of that name (RFC 1985 §5.3). */
    argument: z.string(),
    own: z.boolean(),
    ...deedShape(z).shape,
  });
type Asked = Shaped<typeof askedShape>;

const data = (z: Zod) =>
  z.object({
    tls: z.boolean(),
    /** Its own name first, and one more at most. */
    asked: z.array(askedShape(z)),
    /** RSET and MAIL in the same session, where ETRN was refused for good. */
    control: z.array(deedShape(z)),
    vantage: z.enum(vantages),
  });
type Data = Shaped<typeof data>;

export const etrn = defineProbe({
  id: 'etrn',
  question: 'May a stranger start its queue?',
  severity: 'low',
  weighs: 'Low: each ETRN is work for the server, and its answers tell whose mail lies there; no mail is lost or read.',
  safety: 'intrusive',
  why: 'ETRN was made for servers that are online now and then, to fetch what waits for them. Today hardly anybody uses it, and a stranger who may say it can keep a server busy with its queue.',
  judged:
    'ETRN for its own domain, once, and once more for a reserved outside name, or for a queue (#) where a plain name is a syntax error; in a session of its own, inside TLS where that is wanted first. fail: 250, 251, 252 or 253, which may really start a run of the queue. pass: refused (458, 459, 500, 502, 530, 550), remarked where own and outside names are told apart. inconclusive: put off, a limiter, a refusal of this client, and a vantage that it may trust.',
  refs: [
    'RFC 1985 §5',
    'Postfix smtpd_etrn_restrictions, fast_flush_domains',
    'Exim acl_smtp_etrn',
    'Sendmail PrivacyOptions noetrn',
  ],
  cost: { connections: 1, commands: 5 },
  needs: { hello },
  data,

  async observe(wire, { hello: seen }) {
    const own = wire.subject.domain ?? seen.serverName;
    const from = vantage(wire.subject, seen);
    const first = await askIn(wire, seen.tls, own);
    const wantsTls = !first.tls && first.asked.some((one) => meaningOfAsked(one) === 'tls-required');
    return { ...(wantsTls ? await askIn(wire, true, own) : first), vantage: from };
  },

  judge({ tls, asked, control, vantage: from }) {
    const [first] = asked;
    if (first === undefined)
      return inconclusive('prerequisite', 'no domain of its own is known: name one with --domain');
    const differ = areToldApart(asked);
    const measured = { codes: asked.map(codeOf), toldApart: differ, tls, vantage: from };
    const apart = differ ? `; other names are answered otherwise, which tells whose mail it holds` : '';
    const [started] = asked.filter(isStarted);
    const quotes = asked.flatMap((one) => replyTo(one) ?? []).map((reply) => cite(reply));
    const [quote, ...more] = quotes;
    if (started !== undefined && quote !== undefined) {
      const because = `ETRN ${started.argument} is taken from a client that nobody knows${apart}${seenFrom(from)}`;
      return from === 'outside'
        ? fail(because, [quote, ...more], { measured, headline: 'Any client may start a run of its queue' })
        : inconclusive('ambiguous', because, [quote, ...more], { measured });
    }
    const doubtful = asked.find((one) => !isRefused(one));
    if (doubtful !== undefined) return untold(doubtful, measured);
    const reply = replyTo(first);
    const answers = control.flatMap(({ exchange }) => exchange ?? []);
    const rejected = reply === null ? null : rejectedSession(reply, answers);
    if (rejected !== null) return hindered(rejected, { measured });
    return quote === undefined
      ? inconclusive('ambiguous', 'ETRN was not answered', [], { measured })
      : pass(`ETRN is refused${apart}`, [quote, ...more], { measured });
  },
});

async function askIn(wire: Wire, tls: boolean, own: string | null): Promise<Omit<Data, 'vantage'>> {
  if (own === null) return { tls, asked: [], control: [] };
  await using session = await wire.apart({ until: 'introduced', tls });
  const first = await ask(session, own, true);
  const next = secondFor(first, own);
  const asked = next === null ? [first] : [first, await ask(session, next.argument, next.own)];
  const isFinal = first.exchange !== null && isPermanent(first.exchange.reply);
  const control = isFinal
    ? [await deed(session, 'RSET'), await deed(session, `MAIL FROM:<${wire.subject.sender}>`)]
    : [];
  return { tls, asked, control };
}

const ask = async (session: SmtpSession, argument: string, own: boolean): Promise<Asked> => ({
  argument,
  own,
  ...(await deed(session, `ETRN ${argument}`)),
});

/** Exim takes no plain name unless it has a command of its own for ETRN. None where no other name could fare better. */
function secondFor(first: Asked, own: string): { readonly argument: string; readonly own: boolean } | null {
  const meaning = meaningOfAsked(first);
  if (first.exchange === null || meaning === null || sayNoMore.includes(meaning)) return null;
  if (first.exchange.reply.code === 501) return { argument: `#${own}`, own: true };
  return { argument: reservedDomains.find((name) => name !== own) ?? reservedDomains[0], own: false };
}

const sayNoMore: readonly Meaning[] = [
  'tls-required',
  'auth-required',
  'disabled-command',
  'client-blocked',
  'out-of-sync',
  'unintelligible',
];

const meaningOfAsked = (asked: Asked): Meaning | null => meaningOfDeed(asked, { stage: 'other' });

const codeOf = (asked: Asked): string => `ETRN ${asked.argument}: ${replyTo(asked)?.code ?? 'no answer'}`;

const isStarted = (asked: Asked): boolean => {
  const reply = replyTo(asked);
  return reply !== null && isPositive(reply) && reply.code !== 221 && meaningOfAsked(asked) === 'accepted';
};

/** RFC 1985 §5.3: 458 and 459 are refusals, though their first digit says "later". */
function isRefused(asked: Asked): boolean {
  const reply = replyTo(asked);
  const meaning = meaningOfAsked(asked);
  if (reply === null || meaning === null) return false;
  if (reply.code === 458 || reply.code === 459) return true;
  if (isServerTrouble(meaning) || meaning === 'bad-sequence') return false;
  return isPermanent(reply) && (meaning === 'auth-required' || doubtOf(meaning) === 'ambiguous');
}

/** The same answer but for the name is the same answer. */
function areToldApart(asked: readonly Asked[]): boolean {
  const [own, other] = asked;
  if (own === undefined || other === undefined || other.own) return false;
  const [one, two] = [replyTo(own), replyTo(other)];
  if (one === null || two === null || !(isTelling(one) && isTelling(two))) return false;
  return one.code !== two.code || withoutName(one, own) !== withoutName(two, other);
}

const isTelling = (reply: Reply): boolean => isPositive(reply) || isNegative(reply);

const withoutName = (reply: Reply, { argument }: Asked): string =>
  reply.text.toLowerCase().replaceAll(argument.toLowerCase(), '');

function untold(asked: Asked, measured: Measured) {
  const reply = replyTo(asked);
  if (reply === null) return unanswered(`ETRN ${asked.argument}`, asked, measured);
  const meaning = meaningOf(reply, { stage: 'other' });
  return inconclusive(doubtOf(meaning), `ETRN ${asked.argument}: ${explain(meaning)}`, [cite(reply)], { measured });
}
