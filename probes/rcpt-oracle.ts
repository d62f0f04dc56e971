import {
  cite,
  defineProbe,
  type Exchange,
  fail,
  inconclusive,
  isPositive,
  type Judgement,
  type Meaning,
  type Measured,
  meaningOf,
  pass,
  vantage,
} from '../src/kit/index.ts';
import { askRecipients } from '../src/kit/recipients/ask.ts';
import { demandsAuth } from '../src/kit/recipients/demands-auth.ts';
import { commonMeaning, type Heard, type HeardNames, hear } from '../src/kit/recipients/hear.ts';
import { lastRound, type RecipientsData, type RecipientsRound, recipientsShape } from '../src/kit/recipients/round.ts';
import { untoldName, untoldNames, untoldRound } from '../src/kit/recipients/untold.ts';
import { hello } from './hello.ts';

export const rcptOracle = defineProbe({
  id: 'rcpt-oracle',
  question: 'Does RCPT tell users from strangers?',
  severity: 'info',
  weighs:
    'Info: to refuse unknown users is right, and to tell them from known ones is its price; harvest-brake weighs how dear the guessing is made.',
  safety: 'active',
  why: 'Whoever may ask for recipients can try names until some are taken. Refusing unknown names is right all the same: the only other way is to accept them and bounce later. What matters is how fast somebody may guess.',
  judged:
    'One sender, and RCPT to the mailbox named with --recipient (else postmaster), two random names, postmaster and abuse, never DATA; inside TLS where the server wants it, and from the null sender where ours is refused. fail (info): a name is taken, or greylisted, and both random ones are refused. pass: known and random names are answered alike, or nothing is answered without AUTH. inconclusive: the domain is not its own, or the answers speak of us. How long the answers took is measured, never judged.',
  refs: ['RFC 5321 §3.3, §7.3', 'Postfix smtpd_reject_unlisted_recipient, smtpd_client_recipient_rate_limit'],
  cost: { connections: 1, commands: 14 },
  needs: { hello },

  data: recipientsShape,

  async observe(wire, { hello: seen }) {
    const { endpoint, domainGiven } = wire.subject;
    const rounds = await askRecipients(wire, seen.serverName);
    return { rounds, role: endpoint.role, vantage: vantage(wire.subject, seen), domainGiven };
  },

  judge(data) {
    const round = lastRound(data);
    const heard = hear(round);
    const measured = measure(data, round, heard);
    const closed = closedWithoutAuth(data, round, heard, measured);
    return closed ?? untoldRound(data, measured) ?? judgeNames(round, heard, measured);
  },
});

function judgeNames(round: RecipientsRound, heard: HeardNames, measured: Measured): Judgement {
  const { known, randoms, postmaster, abuse } = heard;
  const [random, other] = randoms;
  if (random === undefined) return untoldNames(round, measured);
  const strangers = commonMeaning(randoms);
  if (strangers === null) {
    const evidence = [random, ...(other === undefined ? [] : [other])].map(({ exchange }) => cite(exchange.reply));
    return inconclusive('ambiguous', 'it answers two random names differently', evidence, { measured });
  }
  // A mailbox that is refused as random names are, in words that do not call them unknown: these words are not about
  // names.
  if (known?.meaning === strangers && refusalsOfName.includes(strangers) && strangers !== 'unknown-user')
    return untoldName(random, measured);
  const users = [known, postmaster, abuse].filter((name) => name !== null);
  if (strangers === 'accepted') return strangersTaken(random, users, measured);
  return strangersRefused(random, strangers, users, measured);
}

function strangersTaken(random: Heard, users: readonly Heard[], measured: Measured): Judgement {
  const user = users.find(({ meaning }) => meaning === 'accepted');
  const evidence = [cite(random.exchange.reply), ...(user === undefined ? [] : [cite(user.exchange.reply)])] as const;
  if (users.length > 0 && user === undefined)
    return inconclusive('ambiguous', 'it takes random names, and refuses the others', evidence, { measured });
  const likeUsers = user === undefined ? '' : ` as it takes ${user.recipient}`;
  return pass(`it takes a random name${likeUsers}: RCPT tells nothing`, evidence, { measured });
}

function strangersRefused(random: Heard, strangers: Meaning, users: readonly Heard[], measured: Measured): Judgement {
  const ofRandom = cite(random.exchange.reply);
  const user = users.find(
    ({ meaning }) => meaning === 'accepted' || (meaning === 'greylisted' && strangers === 'unknown-user'),
  );
  if (user !== undefined && refusalsOfName.includes(strangers)) {
    const how = user.meaning === 'accepted' ? 'takes' : 'only defers';
    const because = `it ${how} ${user.recipient} and refuses random names, as it should; so names can be tried out, and harvest-brake tells what slows that down`;
    return fail(because, [cite(user.exchange.reply), ofRandom], {
      measured,
      headline: 'Whoever asks learns which addresses exist, as on every server that refuses wrong ones',
    });
  }
  if (strangers !== 'unknown-user') return untoldName(random, measured);
  const evidence = [ofRandom, ...users.slice(0, 1).map(({ exchange }) => cite(exchange.reply))];
  const tried = users.map(({ recipient }) => recipient).join(', ');
  const because = `it calls random names unknown, and no name was found that it takes (tried: ${tried}): name a mailbox that exists with --recipient`;
  return inconclusive('prerequisite', because, evidence, { measured });
}

const refusalsOfName: readonly Meaning[] = ['unknown-user', 'relay-or-unknown', 'relay-denied', 'refused-permanent'];

/** A port that refuses every name alike for want of AUTH, or the sender already: it tells strangers nothing. */
function closedWithoutAuth(
  { role }: RecipientsData,
  { mail, sender, helo, auth }: RecipientsRound,
  { known, randoms, postmaster }: HeardNames,
  measured: Measured,
): Judgement | null {
  if (mail !== null && !isPositive(mail.reply)) {
    const meaning = meaningOf(mail.reply, { stage: 'mail', sender, helo });
    return demandsAuth(mail.reply, meaning, auth)
      ? pass('without AUTH it takes no sender, and so tells nothing of recipients', cite(mail.reply), { measured })
      : null;
  }
  const [first, ...rest] = [known ?? postmaster, ...randoms].filter((name) => name !== null);
  if (first === undefined || rest.length === 0) return null;
  const demands = [first, ...rest].every(({ exchange, meaning }) =>
    demandsAuth(exchange.reply, meaning, auth && role !== 'mx'),
  );
  if (!demands) return null;
  return pass(
    'without AUTH it refuses known and random names alike',
    [cite(first.exchange.reply), ...rest.slice(0, 1).map(({ exchange }) => cite(exchange.reply))],
    { measured },
  );
}

function measure(
  data: RecipientsData,
  { tls, sender, domain, answers }: RecipientsRound,
  { known, postmaster, randoms }: HeardNames,
) {
  const user = known ?? postmaster;
  const slowest = (names: readonly Heard[]) => {
    const seconds = names.map(({ exchange }) =>
      secondsOf(
        exchange,
        answers.map((answer) => answer.exchange),
      ),
    );
    return seconds.length === 0 ? null : Math.max(...seconds);
  };
  return {
    known: user === null ? null : user.exchange.reply.code,
    unknown: randoms.map(({ exchange }) => String(exchange.reply.code ?? '')),
    tried: answers.map(({ recipient }) => recipient),
    domain,
    sender,
    tls,
    vantage: data.vantage,
    secondsKnown: user === null ? null : slowest([user]),
    secondsUnknown: slowest(randoms),
  };
}

/** Seconds that an answer took: in one flight, since the answer before it. */
function secondsOf(exchange: Exchange, all: readonly Exchange[]): number {
  const before = all[all.indexOf(exchange) - 1];
  const waited =
    before !== undefined && before.sentAt === exchange.sentAt ? exchange.seconds - before.seconds : exchange.seconds;
  return Math.round(waited * 10_000) / 10_000;
}
