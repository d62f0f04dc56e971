import {
  cite,
  defineProbe,
  exchangeShape,
  fail,
  hindered,
  inconclusive,
  isNegative,
  type Judgement,
  type Measured,
  pass,
  type Reply,
  type Shaped,
  withTimeline,
  type Zod,
} from '../src/kit/index.ts';
import { batchesShape, inBatches } from '../src/kit/session-limits/batches.ts';
import { commandBudget } from '../src/kit/session-limits/budget.ts';
import { lastWords } from '../src/kit/session-limits/ending.ts';
import { speaksOfErrors } from '../src/kit/session-limits/lock-step.ts';
import { errorLimit, limitOf } from './error-limit.ts';

const data = (z: Zod) =>
  z.object({
    /** Commands before the first RSET that are junk as well: EHLO, again inside TLS, and what else the opening took. */
    hellos: z.number(),
    ehlo: exchangeShape(z),
    resets: batchesShape(z),
    ...withTimeline(z),
  });

export type JunkLimitData = Shaped<typeof data>;

/** RSET may stand anywhere in a group (RFC 2920 §3.1), NOOP may not. */
const junk = 'RSET';
/** What Postfix's defaults bear: EHLO and 120 RSETs. */
const usefulResets = 120;
/** Few enough that a server which hangs up has read them all: what it leaves unread could cost us its last words. */
const atOnce = 10;

export const junkLimit = defineProbe({
  id: 'junk-limit',
  question: 'How many commands to no purpose does one session stand?',
  severity: 'info',
  weighs: 'Info: an idle client costs a process and no more.',
  safety: 'load',
  why: 'RSET, NOOP and EHLO without end keep a process busy for nothing. Postfix counts them as errors beyond a limit, Exim hangs up.',
  judged:
    'RSET again and again in one session, pipelined. pass: the server ends the session; measured.limit is its limit on such commands: of the answered ones P, EHLO included, Postfix counts each after the first J + 1 as an error, so J = P − 1 − error-limit; Exim says 554 to the one beyond its limit, the first EHLO and RSET left out. fail: all that we may send were answered. inconclusive: the session ends in other words, or error-limit found no limit.',
  refs: [
    'Postfix smtpd_junk_command_limit (smtpd.c: RSET, NOOP, EHLO, HELO, VRFY, ETRN)',
    'Exim smtp_accept_max_nonmail',
    'RFC 2920 §3.1',
  ],
  cost: { connections: 1, commands: 122, seconds: 12 },
  needs: { errors: errorLimit },
  data,

  async observe(wire, { errors }) {
    await wire.rested();
    await using session = await wire.own();
    const { ehlo, tls, endpoint, spent } = session;
    // STARTTLS is no junk (smtpd.c).
    const hellos = spent.nonMail - (tls !== null && endpoint.tls === 'starttls' ? 1 : 0);
    const sleep = errors.exchanges.at(-1)?.seconds ?? 1;
    const { timeline, ...resets } = await inBatches(session, {
      command: junk,
      most: commandBudget(wire),
      atOnce,
      patience: Math.min(10, sleep + 0.5),
      isEnough: ({ reply }) => isNegative(reply),
    });
    return { hellos, ehlo, resets, timeline };
  },

  judge({ hellos, resets }, { errors }) {
    const { answered, enough, cut, seconds, last } = resets;
    const hard = limitOf(errors);
    const words = enough?.reply ?? resets.lastWords;
    const measured = {
      limit: null,
      errorLimit: hard,
      kind: 'session',
      reply: lastWords(words),
      tried: answered + hellos,
      seconds,
    };
    if (words !== null && speaksOfErrors(words))
      return judgeEnd({ words, answered, hellos, hard, isRefusal: enough !== null }, measured);
    if (enough !== null)
      return inconclusive('ambiguous', `RSET is refused after ${answered}, for no limit`, [cite(enough.reply)], {
        measured,
      });
    if (words !== null) {
      const because = `it ended the session after ${answered} RSETs, in words that do not speak of them`;
      return inconclusive('ambiguous', because, [cite(words)], { measured });
    }
    if (cut !== null) {
      return hindered(cut, { because: `after ${answered} RSETs: ${cut.because}`, measured });
    }
    if (last === null) return inconclusive('budget-spent', 'nothing was tried', [], { measured });
    if (answered < usefulResets) {
      const because = `it answered ${answered} RSETs in one session, and no more were allowed: ${usefulResets} would tell (--max-events)`;
      return inconclusive('budget-spent', because, [cite(last.reply)], { measured });
    }
    const more = hard === null ? '' : `; a limit above ${Math.max(0, answered + hellos - 1 - hard)} would not show yet`;
    return fail(`it answered ${answered} RSETs in one session, and did not mind${more}`, cite(last.reply), {
      measured,
      headline: 'It does not mind a client that only sends commands to no purpose',
    });
  },
});

interface End {
  readonly words: Reply;
  readonly answered: number;
  readonly hellos: number;
  readonly hard: number | null;
  /** The words are the answer to one RSET, which was not served. */
  readonly isRefusal: boolean;
}

function judgeEnd({ words, answered, hellos, hard, isRefusal }: End, measured: Measured): Judgement {
  const at = cite(words);
  if (isRefusal) {
    // Exim lets the first EHLO and the first RSET pass (smtp_in.c, TOO_MANY_NONMAIL_CMD).
    const limit = Math.max(0, answered - 1);
    return pass(`it ends a session after ${limit} commands that no mail comes of`, at, {
      measured: { ...measured, limit },
    });
  }
  if (hard === null) {
    const because = `it ended the session after ${answered + hellos} commands that no mail comes of; how many of them it took for errors is not known, as error-limit found no limit`;
    return inconclusive('prerequisite', because, [at], { measured });
  }
  const limit = answered + hellos - 1 - hard;
  if (limit < 0 || hard === 1) {
    const because = `it ended the session after ${answered} RSETs, though error-limit told of ${hard} errors: a server under stress, or one whose limits change`;
    return inconclusive('ambiguous', because, [at], { measured });
  }
  const because = `it counts what comes after ${limit} commands to no purpose as errors, and ended the session after ${answered + hellos}`;
  return pass(because, at, { measured: { ...measured, limit } });
}
