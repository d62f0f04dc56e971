import {
  askTransactions,
  defineProbe,
  fail,
  hindered,
  inconclusive,
  inWords,
  notApplicable,
  pass,
  type Shaped,
  vantage,
  vantages,
  type Wire,
  type Zod,
} from '../src/kit/index.ts';
import { type DomainOutcome, domainOutcome, recipientsAt } from '../src/kit/recipients/domain-outcome.ts';
import { isOfSender, strangersOf } from '../src/kit/senders.ts';
import { readingOfAnswer } from '../src/kit/transactions/reading.ts';
import { transactionAnswerShape } from '../src/kit/transactions/transaction.ts';
import { hello } from './hello.ts';
import { openRelay } from './open-relay.ts';
import { rcptOracle } from './rcpt-oracle.ts';

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
    'RCPT to postmaster@ each domain whose MX record led here, and to the mailbox named with --recipient, never DATA; <postmaster> is the control. pass: one of them is taken, or the user alone is called unknown where an outside recipient is called a relay. fail: they are refused as relaying, or the domain as unknown. inconclusive: a refusal that fits both an unknown user and a domain of others (a mailbox that exists tells: --recipient), a server that takes mail for outside too, or one that refuses us, or more than 20 domains. Without a domain, of a target or by --domain: not applicable.',
  refs: ['RFC 5321 §3.6.1, §4.5.1', 'Postfix mydestination, virtual_mailbox_domains, relay_domains'],
  cost: { connections: 1, commands: 6 },
  needs: { hello },
  wants: { relay: openRelay, recipients: rcptOracle },
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

  judge(seen, { relay, recipients }) {
    const { domains, rounds, vantage: from } = seen;
    const round = rounds.at(-1);
    if (round === undefined)
      return notApplicable('no domain is known whose mail it should take: name one with --domain');
    const told = domains.map((domain) =>
      domainOutcome({ domain, known: seen.recipient, helo: seen.helo, answers: round.answers }, { relay, recipients }),
    );
    const those = (kind: DomainOutcome['kind']) => told.flatMap((one) => (one.kind === kind ? [one.domain] : []));
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
      const names = namesOf(measured.refused);
      const evidence = [first.at, ...others.map(({ at }) => at)] as const;
      const because = `it refuses mail for ${names}${howRefused(refused.map(({ isRelaying }) => isRelaying))}`;
      const about = { ...measured, domain: first.domain };
      return fail(because, evidence, {
        measured: about,
        headline: `It does not take the mail of ${names}, whose MX it is`,
      });
    }
    const doubtful = told.find((one) => one.kind === 'untold');
    if (doubtful !== undefined)
      return hindered(doubtful.trouble, { because: `${doubtful.domain}: ${doubtful.trouble.because}`, measured });
    if (seen.more > 0) {
      const because = `it takes mail for ${namesOf(measured.taken)}; ${seen.more} more domains that lead here were not asked for`;
      const at = told.flatMap((one) => (one.kind === 'taken' ? [one.at] : []));
      return inconclusive('budget-spent', because, at, { measured, cause: 'many-domains' });
    }
    const quotes = told.flatMap((one) => (one.kind === 'taken' ? [one.at] : []));
    const [quote = null, ...more] = quotes;
    return quote === null
      ? inconclusive('ambiguous', 'no reply to RCPT', [], { measured })
      : pass(`it takes mail for ${namesOf(measured.taken)}`, [quote, ...more], { measured });
  },
});

/** What a headline has room for. */
const namesOf = (domains: readonly string[]): string =>
  inWords(domains.length > 3 ? [...domains.slice(0, 2), `${domains.length - 2} more`] : domains);

/** The rest of a sentence. */
function howRefused(areRelaying: readonly boolean[]): string {
  const unknown = areRelaying.length === 1 ? 'a domain that it does not know' : 'domains that it does not know';
  if (areRelaying.every(Boolean)) return ' as relaying';
  return areRelaying.some(Boolean) ? ` as relaying, or as ${unknown}` : `, ${unknown}`;
}

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
