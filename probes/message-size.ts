import { ceilingOf, weightAbove } from '../src/kit/ceilings.ts';
import {
  type Cite,
  cite,
  defineProbe,
  type Exchange,
  explain,
  fail,
  hindered,
  inconclusive,
  isPositive,
  type Judgement,
  type Measured,
  meaningOf,
  notApplicable,
  type Policy,
  pass,
} from '../src/kit/index.ts';
import { doubtOfMail } from '../src/kit/senders.ts';
import {
  askSizes,
  beyondReason,
  isExtended,
  isOutOfSpace,
  type SizeData,
  sizeShape,
} from '../src/kit/session-limits/size.ts';
import { hello } from './hello.ts';

/** RFC 5321 §4.5.3.1.7: 64K octets. */
const leastByRfc = 65_536;

export const messageSize = defineProbe({
  id: 'message-size',
  question: 'How large may a message be?',
  severity: 'low',
  weighs:
    'Low where nothing says where a message ends being too large; info where a limit exists and is only told late or not in numbers.',
  safety: 'active',
  why: 'Without a limit a few messages fill the disk of the queue. A limit that is announced, and kept when a client says how much it will send, spares both sides the bytes.',
  judged:
    'EHLO SIZE, then MAIL with SIZE= that number, and with one more; no message is sent. pass: the first is taken, the second refused with 552; measured.limit and enforced. fail: no limit is announced; or, as info: one more is taken, or the limit is above the ceiling of the policy (100 MiB). Below 64 KiB (RFC 5321 §4.5.3.1.7) is a fail too. Where SIZE is not announced, MAIL with 2 GiB shows whether there is a hidden limit.',
  refs: [
    'RFC 1870 §4, §6.1',
    'RFC 5321 §4.5.3.1.7',
    'Postfix message_size_limit',
    'Exim message_size_limit',
    'Sendmail MaxMessageSize',
    'OpenSMTPD smtp max-message-size',
  ],
  cost: { connections: 1, commands: 4 },
  needs: { hello },
  data: sizeShape,

  observe: (wire) => askSizes(wire),

  judge(data, _, policy) {
    const { ehlo, announced, trials, tls, sender, cut } = data;
    const of = (size: number | null) => trials.find((trial) => trial.size === size)?.exchange ?? null;
    const limit = typeof announced === 'number' ? announced : null;
    const beyond = of(limit === null ? beyondReason : limit + 1);
    const within = of(limit);
    const measured = {
      limit: null,
      announced: announced === 'unlimited' ? 0 : limit,
      enforced: beyond === null ? null : isTooBig(beyond),
      kind: 'message',
      reply: beyond?.reply.lines[0].text ?? null,
      tls,
    };
    if (ehlo !== null && !isExtended(ehlo))
      return notApplicable('EHLO is refused, and behind HELO nobody can say how large a message is (RFC 1870 §4)');
    if (ehlo === null || within === null || beyond === null) {
      if (cut !== null) return hindered(cut, { measured });
      return inconclusive('ambiguous', 'no reply', [], { measured });
    }
    const says = cite(ehlo.reply, sizeLine(ehlo));
    const heard = { within, beyond, says, sender };
    return limit === null ? judgeNone(heard, announced, measured) : judgeNumber(heard, limit, measured, policy);
  },
});

/** What was heard of a message within the limit, and of one beyond it. */
interface Heard {
  readonly within: Exchange;
  readonly beyond: Exchange;
  /** What EHLO says of it. */
  readonly says: Cite;
  readonly sender: string;
}

/** EHLO names no number. */
function judgeNone({ within, beyond, says, sender }: Heard, announced: SizeData['announced'], measured: Measured) {
  if (!isPositive(within.reply) && !isOutOfSpace(within.reply)) return aside(within, sender, measured);
  const missing = announced === 'unlimited' ? 'it announces SIZE without a limit' : 'it announces no SIZE';
  const evidence = [says, cite(beyond.reply)] as const;
  if (isTooBig(beyond)) {
    const because = `${missing}, and refuses ${beyondReason} octets: there is a limit, and nobody is told which`;
    return fail(because, evidence, { severity: 'info', measured, headline: untoldSize });
  }
  if (isPositive(beyond.reply)) {
    const late = announced === 'unlimited' ? '' : ': any limit shows only after all of them are sent';
    return fail(`${missing}, and takes MAIL for ${beyondReason} octets${late}`, evidence, {
      measured,
      headline: untoldSize,
    });
  }
  if (isOutOfSpace(beyond.reply) || (beyond.reply.code ?? 0) === 452) {
    const because = `${missing}; ${beyondReason} octets are more than its disk has room for now`;
    return fail(because, evidence, { measured, headline: untoldSize });
  }
  const meaning = meaningOf(beyond.reply, { stage: 'mail', sender });
  if (announced === 'unlimited' || (meaning !== 'command-syntax' && beyond.reply.code !== 555))
    return aside(beyond, sender, measured);
  const because = 'it does not know SIZE (RFC 1870): any limit shows only after a message is sent';
  return fail(because, evidence, { severity: 'info', measured, headline: untoldSize });
}

const untoldSize = 'It does not say how large a message may be';

function judgeNumber(
  { within, beyond, says, sender }: Heard,
  limit: number,
  measured: Measured,
  policy: Policy,
): Judgement {
  const evidence = [says, cite(within.reply), cite(beyond.reply)] as const;
  if (isTooBig(within)) {
    const because = `it announces ${limit} octets, and refuses a message of that size`;
    return fail(because, evidence, { measured, headline: 'It refuses messages of the size that it announces' });
  }
  // Too little room for the largest message says nothing of the limit; queue-space judges it.
  if (!isPositive(within.reply) && !isOutOfSpace(within.reply)) return aside(within, sender, measured);
  if (isPositive(beyond.reply)) {
    const because = `it announces ${limit} octets, and takes MAIL for one more: who sends more learns of it only after all of it`;
    const headline = 'A message that is too large is refused only after all of it has been sent';
    return fail(because, evidence, { severity: 'info', measured, headline });
  }
  if (!isTooBig(beyond)) return aside(beyond, sender, measured);
  const found = { ...measured, limit };
  if (limit < leastByRfc)
    return fail(`a message may have ${limit} octets; RFC 5321 §4.5.3.1.7 wants 64 KiB at least`, evidence, {
      measured: found,
      headline: 'The largest message that it takes is smaller than the standard asks',
    });
  const ceiling = ceilingOf(policy, 'message-size');
  if (limit > ceiling)
    return fail(`a message may have ${limit} octets; ${ceiling} is the most that the policy allows`, evidence, {
      ...weightAbove(policy, 'message-size', { severity: 'info' }),
      measured: found,
      headline: 'It takes larger messages than the policy allows',
    });
  return pass(`a message may have ${limit} octets, and one more is refused at MAIL`, evidence, { measured: found });
}

/** An answer that speaks of something else than size. */
function aside({ reply, command }: Exchange, sender: string, measured: Measured): Judgement {
  const meaning = meaningOf(reply, { stage: 'mail', sender });
  if (meaning === 'auth-required') return notApplicable('it takes MAIL from nobody without AUTH, and we have none');
  return inconclusive(doubtOfMail(meaning), `${command} is refused: ${explain(meaning)}`, [cite(reply)], { measured });
}

/** The line of the EHLO reply that says SIZE; the first where none does. */
function sizeLine({ reply }: Exchange): number {
  return Math.max(
    0,
    reply.lines.findIndex(({ text }) => /^\d{3}[- ]SIZE\b/i.test(text)),
  );
}

const isTooBig = ({ reply }: Exchange): boolean => meaningOf(reply, { stage: 'mail' }) === 'too-big';
