import { ceilingOf, weightAbove } from '../src/kit/ceilings.ts';
import {
  cite,
  defineProbe,
  doubtOf,
  type Exchange,
  ehloKeywords,
  exchangeShape,
  explain,
  fail,
  hindered,
  inconclusive,
  isPositive,
  type Judgement,
  type Measured,
  meaningOf,
  notApplicable,
  offers,
  type Policy,
  pass,
  type Reply,
  roles,
  type Shaped,
  seenFrom,
  vantage,
  vantages,
  withTimeline,
  type Zod,
} from '../src/kit/index.ts';
import { demandsAuth } from '../src/kit/recipients/demands-auth.ts';
import { type Batches, batchesShape, inBatches } from '../src/kit/session-limits/batches.ts';
import { commandBudget } from '../src/kit/session-limits/budget.ts';
import { lastWords } from '../src/kit/session-limits/ending.ts';

const data = (z: Zod) =>
  z.object({
    ehlo: exchangeShape(z),
    mail: exchangeShape(z),
    recipient: z.string(),
    rcpts: batchesShape(z).nullable(),
    /**
     * The same recipient in a new transaction, right after the refusal: taken again where the limit is one of the
     * message.
     */
    again: exchangeShape(z).nullable(),
    role: z.enum(roles),
    vantage: z.enum(vantages),
    ...withTimeline(z),
  });

export type RecipientsPerMessageData = Shaped<typeof data>;

/** RFC 5321 §4.5.3.1.8. */
const leastByRfc = 100;
const atOnce = 20;

export const recipientsPerMessage = defineProbe({
  id: 'recipients-per-message',
  question: 'How many recipients does one message take?',
  severity: 'low',
  weighs: 'Low: it is the total that hurts, and recipient-rate weighs that.',
  safety: 'load',
  why: 'One message to thousands is what a hijacked account sends; each recipient costs memory and a delivery. Fewer than 100, on the other hand, splits honest mail (RFC 5321 §4.5.3.1.8).',
  judged:
    'One transaction, RCPT to one mailbox of its own, pipelined, never DATA, until it is refused; then RSET and the same recipient once more: taken again, it was a limit on the message, refused again, one on the client. pass: a limit of 100 or more, and not above the ceiling of the policy (1000). fail: below 100, or above the ceiling. inconclusive: not reached with the commands allowed (--max-events), a rate limiter came first, or the recipient is refused.',
  refs: [
    'RFC 5321 §4.5.3.1.8, §4.5.3.1.10',
    'RFC 9422 (LIMITS RCPTMAX)',
    'Postfix smtpd_recipient_limit',
    'Exim recipients_max',
    'Sendmail MaxRecipientsPerMessage',
    'OpenSMTPD smtp max-recipients',
  ],
  cost: { connections: 1, commands: 125 },
  data,

  async observe(wire) {
    await wire.rested();
    await using session = await wire.own();
    const { sender, recipient: given, endpoint } = wire.subject;
    const recipient = given ?? 'postmaster';
    const mail = await session.say(`MAIL FROM:<${sender}>`);
    const from = vantage(wire.subject, session);
    const known = { ehlo: session.ehlo, mail, recipient, role: endpoint.role, vantage: from };
    if (!isPositive(mail.reply)) return { ...known, rcpts: null, again: null };
    const { timeline, ...rcpts } = await inBatches(session, {
      command: `RCPT TO:<${recipient}>`,
      most: commandBudget(wire),
      atOnce,
      patience: 0,
      isEnough: ({ reply }) => !isPositive(reply),
    });
    wire.service.noteReply(rcpts.enough?.reply);
    const refused = rcpts.enough !== null && rcpts.cut === null;
    if (!refused || rcpts.answered === 0) return { ...known, rcpts, again: null, timeline };
    const { exchanges } = await session.flight(['RSET', `MAIL FROM:<${sender}>`, `RCPT TO:<${recipient}>`]);
    return { ...known, rcpts, timeline, again: exchanges[2] ?? exchanges[1] ?? null };
  },

  judge(data, _, policy) {
    const { ehlo, mail, rcpts } = data;
    const words = rcpts?.enough?.reply ?? rcpts?.lastWords ?? null;
    const measured = {
      limit: null,
      advertised: recipientsAnnounced(ehlo.reply),
      kind: 'message',
      reply: lastWords(words),
      tried: rcpts?.answered ?? 0,
      seconds: rcpts?.seconds ?? 0,
      vantage: data.vantage,
    };
    if (!isPositive(mail.reply)) return judgeNone(data, mail, measured);
    if (rcpts === null || rcpts.answered === 0 || rcpts.last === null) {
      if (rcpts !== null && rcpts.enough !== null) return judgeNone(data, rcpts.enough, measured);
      if (rcpts !== null && rcpts.cut !== null) return hindered(rcpts.cut, { measured });
      return inconclusive('ambiguous', 'no reply', [], { measured });
    }
    if (rcpts.enough !== null) return judgeRefusal(data, rcpts, rcpts.enough, measured, policy);
    if (rcpts.cut !== null)
      return hindered(rcpts.cut, { because: `after ${rcpts.answered} recipients: ${rcpts.cut.because}`, measured });
    return judgeNoLimit(data, rcpts.answered, rcpts.last, measured, policy);
  },
});

/** The sender or the very first recipient was refused. */
function judgeNone({ ehlo, mail, recipient, role }: RecipientsPerMessageData, first: Exchange, measured: Measured) {
  const meaning = meaningOf(first.reply, { stage: first === mail ? 'mail' : 'rcpt', recipient });
  if (demandsAuth(first.reply, meaning, offers(ehlo.reply, 'AUTH') && role !== 'mx'))
    return notApplicable('without AUTH it takes no recipient: the limit is one for its users');
  const because = `${first.command} is refused: ${explain(meaning)}`;
  return inconclusive(doubtOf(meaning), because, [cite(first.reply)], { measured });
}

function judgeNoLimit(
  { ehlo, vantage: from }: RecipientsPerMessageData,
  answered: number,
  last: Exchange,
  measured: Measured,
  policy: Policy,
): Judgement {
  const ceiling = ceilingOf(policy, 'recipients-per-message');
  if (answered >= ceiling) {
    const because = `it takes ${answered} recipients in one message, and ${ceiling} is the most that the policy allows${seenFrom(from)}`;
    return fail(because, cite(last.reply), {
      ...weightAbove(policy, 'recipients-per-message'),
      measured,
      headline: tooMany,
    });
  }
  const advertised = recipientsAnnounced(ehlo.reply);
  const said = advertised === null ? '' : `, and announces ${advertised}`;
  const because = `it took ${answered} recipients in one message, all that we may try${said}: --max-events ${ceiling + 1} finds a limit up to ${ceiling}`;
  return inconclusive('budget-spent', because, [cite(last.reply)], { measured });
}

const tooMany = 'One message may have more recipients than the policy allows';

/** The first refused recipient is one too many: of the message, or of the minute. */
function judgeRefusal(
  { again, recipient }: RecipientsPerMessageData,
  { answered }: Batches,
  refused: Exchange,
  measured: Measured,
  policy: Policy,
): Judgement {
  const at = cite(refused.reply);
  const meaning = meaningOf(refused.reply, { stage: 'rcpt', recipient });
  if (meaning === 'limit-recipient-rate' || (again !== null && !isPositive(again.reply))) {
    const first = `a limit on the client came first, after ${answered} recipients`;
    if (again === null) return inconclusive('throttled', first, [at], { measured });
    const because = `${first}: a new message was not taken either`;
    return inconclusive('throttled', because, [at, cite(again.reply)], { measured });
  }
  if (again === null && meaning !== 'limit-recipients-per-message') {
    return inconclusive('ambiguous', `it refused recipient ${answered + 1}, and ended the session`, [at], { measured });
  }
  const limit = { measured: { ...measured, limit: answered } };
  const evidence = [at, ...(again === null ? [] : [cite(again.reply)])] as const;
  const ceiling = ceilingOf(policy, 'recipients-per-message');
  if (answered < leastByRfc)
    return fail(
      `one message takes ${answered} recipients; RFC 5321 §4.5.3.1.8 wants ${leastByRfc} at least`,
      evidence,
      { ...limit, headline: 'One message may have fewer recipients than the standard asks, which splits honest mail' },
    );
  if (answered > ceiling)
    return fail(`one message takes ${answered} recipients; ${ceiling} is the most that the policy allows`, evidence, {
      ...weightAbove(policy, 'recipients-per-message'),
      ...limit,
      headline: tooMany,
    });
  return pass(`one message takes ${answered} recipients`, evidence, limit);
}

/** RCPTMAX of the EHLO keyword LIMITS (RFC 9422 §4.2). */
function recipientsAnnounced(ehlo: Reply): number | null {
  const params = ehloKeywords(ehlo).find(({ keyword }) => keyword === 'LIMITS')?.params ?? [];
  const value = params.map((param) => /^RCPTMAX=(\d{1,6})$/i.exec(param)?.[1]).find((digits) => digits !== undefined);
  return value === undefined ? null : Number(value);
}
