import {
  askTransactions,
  type Cite,
  cite,
  type DataOf,
  defineProbe,
  doubtOf,
  explain,
  fail,
  hindered,
  inconclusive,
  inWords,
  type Meaning,
  meaningOf,
  notApplicable,
  pass,
  type Reading,
  type Shaped,
  type Trouble,
  trouble,
  vantage,
  vantages,
  type Wire,
  type Zod,
} from '../src/kit/index.ts';
import { openingMeaning } from '../src/kit/relay/opening-reading.ts';
import { doubtOfMail, isOfSender, strangersOf } from '../src/kit/senders.ts';
import { domainOf } from '../src/kit/subject.ts';
import { readingOfAnswer } from '../src/kit/transactions/reading.ts';
import { type TransactionAnswer, transactionAnswerShape } from '../src/kit/transactions/transaction.ts';
import { hello } from './hello.ts';
import { openRelay } from './open-relay.ts';

/** Domains of one server that are asked for: one with more is a hoster's, and the first tell as much. */
const maxDomains = 20;

const data = (z: Zod) =>
  z.object({
    /** Those whose mail it should take, and how many more there are. */
    domains: z.array(z.string()),
    more: z.number(),
    /** The mailbox that the user named. */
    recipient: z.string().nullable(),
    helo: z.string(),
    /** One after the other, as long as it is we who are refused; the last is the one to judge. */
    rounds: z.array(z.object({ tls: z.boolean(), answers: z.array(transactionAnswerShape(z)) })),
    vantage: z.enum(vantages),
  });
type Data = Shaped<typeof data>;

export const takesItsMail = defineProbe({
  id: 'takes-its-mail',
  question: 'Does it take mail for the domains that lead to it?',
  severity: 'high',
  weighs: 'High: mail for the domain comes back to its senders, and the owner is the last to hear of it.',
  safety: 'active',
  why: 'An MX record sends the mail of a domain to a server that has to know the domain as its own. Where it does not, after a move or a typing error, all mail is refused as an attempt to relay.',
  judged:
    'RCPT to postmaster@ each domain whose MX record led here, and to the mailbox named with --recipient, never DATA; <postmaster> is the control. pass: one of them is taken, or the user alone is called unknown where an outside recipient is called a relay. fail: they are refused as relaying, or the domain as unknown. inconclusive: a refusal that fits both an unknown user and a domain of others (a mailbox that exists tells: --recipient), a server that takes mail for outside too, or one that refuses us. Without a domain, of a target or by --domain: not applicable.',
  refs: ['RFC 5321 §3.6.1, §4.5.1', 'Postfix mydestination, virtual_mailbox_domains, relay_domains'],
  cost: { connections: 1, commands: 6 },
  needs: { hello },
  wants: { relay: openRelay },
  applies: ({ role }) => role === 'mx' || 'MX records lead to port 25, and no other',
  data,

  async observe(wire, { hello: seen }) {
    const { subject } = wire;
    const domains = subject.domains.slice(0, maxDomains);
    const plain = {
      domains,
      more: subject.domains.length - domains.length,
      recipient: subject.recipient,
      helo: subject.helo,
    };
    const rounds = domains.length === 0 ? [] : await askRounds(wire, domains);
    return { ...plain, rounds, vantage: vantage(subject, seen) };
  },

  judge(seen, { relay }) {
    const { domains, rounds, vantage: from } = seen;
    const round = rounds.at(-1);
    if (round === undefined)
      return notApplicable('no domain is known whose mail it should take: name one with --domain');
    const told = domains.map((domain) => outcomeOf(domain, round.answers, seen, relay));
    const those = (kind: Outcome['kind']) => told.flatMap((one) => (one.kind === kind ? [one.domain] : []));
    const measured = {
      taken: those('taken'),
      refused: those('refused'),
      untold: those('untold'),
      ...(seen.more > 0 ? { notAsked: seen.more } : {}),
      vantage: from,
    };
    const refused = told.filter((one) => one.kind === 'refused');
    const [first, ...others] = refused;
    if (first !== undefined) {
      const names = inWords(measured.refused.slice(0, 3));
      const evidence = [first.at, ...others.map(({ at }) => at)] as const;
      const because = `it refuses mail for ${names}${first.isRelaying ? ' as relaying' : ', a domain that it does not know'}`;
      const about = { ...measured, domain: first.domain };
      return fail(because, evidence, {
        measured: about,
        headline: `It does not take the mail of ${names}, whose MX it is`,
      });
    }
    const doubtful = told.find((one) => one.kind === 'untold');
    if (doubtful !== undefined)
      return hindered(doubtful.trouble, { because: `${doubtful.domain}: ${doubtful.trouble.because}`, measured });
    const quotes = told.flatMap((one) => (one.kind === 'taken' ? [one.at] : []));
    const [quote = null, ...more] = quotes;
    return quote === null
      ? inconclusive('ambiguous', 'no reply to RCPT', [], { measured })
      : pass(`it takes mail for ${inWords(measured.taken.slice(0, 3))}`, [quote, ...more], { measured });
  },
});

/** Senders, and TLS where that is asked for. */
const roundLimit = 4;

async function askRounds(wire: Wire, domains: readonly string[]): Promise<Data['rounds']> {
  const { subject } = wire;
  const rounds: Data['rounds'][number][] = [];
  let tls = subject.endpoint.tls === 'implicit';
  const senders = strangersOf(subject);
  while (rounds.length < roundLimit) {
    const answers = await askTransactions(wire, transactionsOf(domains, senders[0] ?? '', wire), {
      tls,
      control: 'postmaster',
      wary: false,
      doubtful: false,
      oddPerSession: Number.POSITIVE_INFINITY,
      perSession: Number.POSITIVE_INFINITY,
    });
    rounds.push({ tls, answers });
    const readings = answers.map((answer) => ({ answer, reading: readingOfAnswer(answer, subject.helo) }));
    if (!tls && readings.some(({ reading }) => reading?.meaning === 'tls-required')) tls = true;
    else if (
      senders.length > 1 &&
      readings.every(({ answer, reading }) => reading !== null && isOfSender(answer.mail, reading))
    )
      senders.shift();
    else break;
  }
  return rounds;
}

function transactionsOf(domains: readonly string[], sender: string, { subject: { recipient, helo } }: Wire) {
  return domains.flatMap((domain) =>
    recipientsAt(domain, recipient).map((to) => ({ id: to, sender, recipient: to, helo, odd: false })),
  );
}

const recipientsAt = (domain: string, known: string | null): string[] => [
  ...(known !== null && domainOf(known) === domain ? [known] : []),
  `postmaster@${domain}`,
];

type Outcome =
  | { readonly kind: 'taken'; readonly domain: string; readonly at: Cite }
  | { readonly kind: 'refused'; readonly domain: string; readonly at: Cite; readonly isRelaying: boolean }
  | { readonly kind: 'untold'; readonly domain: string; readonly trouble: Trouble };

type Relay = DataOf<typeof openRelay> | undefined;

/** What the answers to all recipients of a domain come to. */
function outcomeOf(
  domain: string,
  answers: readonly TransactionAnswer[],
  { recipient, helo }: Data,
  relay: Relay,
): Outcome {
  const own = recipientsAt(domain, recipient).flatMap((to) => answers.filter(({ id }) => id === to));
  const heard = own.flatMap((answer) => {
    const reading = readingOfAnswer(answer, helo);
    return answer.rcpt === null || reading === null ? [] : [{ ...reading, at: cite(answer.rcpt.reply) }];
  });
  const untold = (met: Trouble): Outcome => ({ kind: 'untold', domain, trouble: met });
  const outside = outsideMeaning(relay);
  const taken = heard.find(({ meaning }) => meaning === 'accepted');
  if (taken !== undefined) {
    return outside === 'accepted'
      ? untold(trouble('ambiguous', 'reply', 'it takes mail for outside too, so that this says nothing', [taken.at]))
      : { kind: 'taken', domain, at: taken.at };
  }
  const refused = heard.find(isOfDomain);
  if (refused !== undefined)
    return { kind: 'refused', domain, at: refused.at, isRelaying: refused.meaning === 'relay-denied' };
  // It knows who is a user there and who is not, and calls what lies outside a relay.
  const unknown = heard.find(({ meaning }) => meaning === 'unknown-user');
  if (unknown !== undefined && outside === 'relay-denied') return { kind: 'taken', domain, at: unknown.at };
  const [first] = heard;
  if (first !== undefined) return untold(ofRefusal(first.meaning, first.at));
  const [mail] = own.flatMap(({ mail, sender }) => (mail === null ? [] : [{ mail, sender }]));
  if (mail !== undefined && own.every(({ cut }) => cut === null)) {
    const meaning = meaningOf(mail.mail.reply, { stage: 'mail', sender: mail.sender, helo });
    return untold(
      trouble(doubtOfMail(meaning), 'reply', `MAIL is refused: ${explain(meaning)}`, [cite(mail.mail.reply)]),
    );
  }
  return untold(own.find(({ cut }) => cut !== null)?.cut ?? trouble('ambiguous', 'unknown', 'no reply to RCPT'));
}

/** The domain is what is refused: as one of others, or as one that does not exist or takes no mail. */
const isOfDomain = ({ meaning, about }: Pick<Reading, 'meaning' | 'about'>): boolean =>
  meaning === 'relay-denied' || (meaning === 'our-domain' && about === 'recipient');
/** Either the user or the domain. */
const ofEither: readonly Meaning[] = ['relay-or-unknown', 'unknown-user', 'refused-permanent', 'address-syntax'];

function ofRefusal(meaning: Meaning, at: Cite): Trouble {
  return ofEither.includes(meaning)
    ? trouble(
        'prerequisite',
        'reply',
        'its refusal fits both an unknown user and a domain of others: name a mailbox that exists with --recipient',
        [at],
      )
    : trouble(doubtOf(meaning), 'reply', explain(meaning), [at]);
}

/** What a plain recipient outside was told. */
function outsideMeaning(relay: Relay): Meaning | null {
  const meanings = (relay?.phases ?? []).flatMap(({ openings }) => openings.map(openingMeaning));
  return meanings.includes('accepted') ? 'accepted' : (meanings.find((one) => one !== null) ?? null);
}
