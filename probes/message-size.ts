import { ceilingOf, weightAbove } from '../src/kit/ceilings.ts';
import {
  cite,
  defineProbe,
  doubtOf,
  type Exchange,
  explain,
  fail,
  inconclusive,
  isPositive,
  type Judgement,
  type Measured,
  meaningOf,
  notApplicable,
  type Policy,
  pass,
} from '../src/kit/index.ts';
import { askSizes, beyondReason, isOutOfSpace, type SizeData } from '../src/kit/session-limits/size.ts';
import { hello } from './hello.ts';

/** RFC 5321 §4.5.3.1.7: 64K octets. */
const leastByRfc = 65_536;

export const messageSize = defineProbe({
  id: 'message-size',
  question: 'How large may a message be?',
  severity: 'low',
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

  observe: (wire) => askSizes(wire),

  judge(data, _, policy) {
    const { ehlo, announced, trials, tls, sender, cut } = data;
    const of = (size: number | null) => trials.find((trial) => trial.size === size)?.exchange ?? null;
    const limit = typeof announced === 'number' ? announced : null;
    const beyond = of(limit === null ? beyondReason : limit + 1);
    const within = of(limit);
    const measured = {
      limit: null,
      announced: limit === null ? (announced === 'unlimited' ? 0 : null) : limit,
      enforced: beyond === null ? null : isTooBig(beyond),
      kind: 'message',
      reply: beyond?.reply.lines[0].text ?? null,
      tls,
    };
    if (ehlo === null || within === null || beyond === null) {
      const { doubt, because, evidence } = cut ?? { doubt: 'ambiguous' as const, because: 'no reply', evidence: [] };
      return inconclusive(doubt, because, evidence, { measured });
    }
    const says = cite(ehlo.reply, sizeLine(data));
    if (limit !== null) return judgeNumber({ limit, within, beyond, says, sender }, measured, policy);

    if (!isPositive(within.reply) && !isOutOfSpace(within.reply)) return aside(within, sender, measured);
    const missing = announced === 'unlimited' ? 'it announces SIZE without a limit' : 'it announces no SIZE';
    const evidence = [says, cite(beyond.reply)] as const;
    if (isTooBig(beyond)) {
      const because = `${missing}, and refuses ${beyondReason} octets: there is a limit, and nobody is told which`;
      return fail(because, evidence, { severity: 'info', measured });
    }
    if (isPositive(beyond.reply)) {
      const because =
        announced === 'unlimited'
          ? `${missing}, and takes MAIL for ${beyondReason} octets`
          : `${missing}, and takes MAIL for ${beyondReason} octets: any limit shows only after all of them are sent`;
      return fail(because, evidence, { measured });
    }
    if (isOutOfSpace(beyond.reply) || (beyond.reply.code ?? 0) === 452) {
      const because = `${missing}; ${beyondReason} octets are more than its disk has room for now`;
      return fail(because, evidence, { measured });
    }
    const meaning = meaningOf(beyond.reply, { stage: 'mail', sender });
    if (announced === 'nothing' && (meaning === 'command-syntax' || beyond.reply.code === 555)) {
      return fail('it does not know SIZE (RFC 1870): any limit shows only after a message is sent', evidence, {
        severity: 'info',
        measured,
      });
    }
    return aside(beyond, sender, measured);
  },
});

interface Numbered {
  readonly limit: number;
  readonly within: Exchange;
  readonly beyond: Exchange;
  readonly says: ReturnType<typeof cite>;
  readonly sender: string;
}

function judgeNumber({ limit, within, beyond, says, sender }: Numbered, measured: Measured, policy: Policy): Judgement {
  const evidence = [says, cite(within.reply), cite(beyond.reply)] as const;
  if (isTooBig(within)) {
    const because = `it announces ${limit} octets, and refuses a message of that size`;
    return fail(because, evidence, { measured });
  }
  // Too little room for the largest message says nothing of the limit; queue-space judges it.
  if (!isPositive(within.reply) && !isOutOfSpace(within.reply)) return aside(within, sender, measured);
  if (isPositive(beyond.reply)) {
    const because = `it announces ${limit} octets, and takes MAIL for one more: who sends more learns of it only after all of it`;
    return fail(because, evidence, { severity: 'info', measured });
  }
  if (!isTooBig(beyond)) return aside(beyond, sender, measured);
  const found = { ...measured, limit };
  if (limit < leastByRfc)
    return fail(`a message may have ${limit} octets; RFC 5321 §4.5.3.1.7 wants 64 KiB at least`, evidence, {
      measured: found,
    });
  const ceiling = ceilingOf(policy, 'message-size');
  if (limit > ceiling)
    return fail(`a message may have ${limit} octets; ${ceiling} is the most that the policy allows`, evidence, {
      ...weightAbove(policy, 'message-size', { severity: 'info' }),
      measured: found,
    });
  return pass(`a message may have ${limit} octets, and one more is refused at MAIL`, evidence, { measured: found });
}

/** An answer that speaks of something else than size. */
function aside({ reply, command }: Exchange, sender: string, measured: Measured): Judgement {
  const meaning = meaningOf(reply, { stage: 'mail', sender });
  if (meaning === 'auth-required') return notApplicable('it takes MAIL from nobody without AUTH, and we have none');
  return inconclusive(doubtOf(meaning), `${command} is refused: ${explain(meaning)}`, [cite(reply)], { measured });
}

/** The line of the EHLO reply that says SIZE; the first where none does. */
function sizeLine({ ehlo }: SizeData): number {
  const line = ehlo?.reply.lines.findIndex(({ text }) => /^\d{3}[- ]SIZE\b/i.test(text)) ?? 0;
  return Math.max(0, line);
}

const isTooBig = ({ reply }: Exchange): boolean =>
  (reply.code ?? 0) >= 500 && meaningOf(reply, { stage: 'mail' }) === 'too-big';
