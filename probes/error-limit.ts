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
  type Shaped,
  withTimeline,
  type Zod,
} from '../src/kit/index.ts';
import { commandBudget } from '../src/kit/session-limits/budget.ts';
import { evidenceOfEnding, kindOfEnding, lastWords } from '../src/kit/session-limits/ending.ts';
import { inLockStep, lockStepShape } from '../src/kit/session-limits/lock-step.ts';
import { type SlowDown, slowDownOf } from '../src/kit/session-limits/slow-down.ts';

const data = (z: Zod) => lockStepShape(z).extend({ ehlo: exchangeShape(z), ...withTimeline(z) });

export type ErrorLimitData = Shaped<typeof data>;

/** Postfix stops at 20, Sendmail at 25, Exim at 3: whoever has not stopped by then has no limit worth the name. */
const usefulErrors = 60;
const secondsAllowed = 180;

export const errorLimit = defineProbe({
  id: 'error-limit',
  question: 'How many errors does one session stand?',
  severity: 'low',
  weighs: 'Low: what goes on for ever costs little by itself; it makes guessing cheaper.',
  safety: 'load',
  why: 'Clients that make error after error are broken or hostile. A server that slows them down and hangs up keeps its processes for others, and makes guessing dear.',
  judged: `Unknown verbs in one session, each after the answer to the last, ${usefulErrors} at most. pass: the server ends the session for its errors; measured: limit (errors answered before), soft (errors answered without delay) and sleepSeconds. fail: all were answered. inconclusive: it ends the session at the first error, which smtpd does under stress; it ends it in words that name no errors; it slows down beyond ${secondsAllowed} s.`,
  refs: [
    'Postfix smtpd_hard_error_limit, smtpd_soft_error_limit, smtpd_error_sleep_time, STRESS_README',
    'Exim smtp_max_unknown_commands',
    'Sendmail MAXBADCOMMANDS (25, compiled in)',
  ],
  cost: { connections: 1, commands: usefulErrors + 2, seconds: 12 },
  data,

  async observe(wire) {
    await wire.rested();
    await using session = await wire.own();
    const steps = await inLockStep(session, {
      command: (number) => `XPROBE${number}`,
      stage: 'other',
      most: commandBudget(wire, usefulErrors),
      seconds: secondsAllowed,
      isEnough: ({ reply }) => !isNegative(reply),
    });
    return { ehlo: session.ehlo, ...steps };
  },

  judge(data) {
    const { exchanges, ending, seconds } = data;
    const pace = paceOf(data);
    const slow = typeof pace === 'string' ? null : pace;
    const limit = limitOf(data);
    const measured = {
      // One may be the way of a server under stress.
      limit: limit === 1 ? null : limit,
      soft: slow?.after ?? null,
      sleepSeconds: slow?.sleepSeconds ?? null,
      kind: 'session',
      reply: lastWords(ending?.reply ?? null),
      tried: exchanges.length,
      seconds,
    };
    const taken = exchanges.find(({ reply }) => !isNegative(reply));
    if (taken !== undefined)
      return inconclusive('ambiguous', `it takes ${taken.command}, a verb that is none`, [cite(taken.reply)], {
        measured,
      });
    if (ending !== null) return judgeEnding(data, pace, measured);
    const last = exchanges.at(-1);
    if (last === undefined) return inconclusive('budget-spent', 'no error was tried', [], { measured });
    if (data.spent === 'seconds') {
      const because = `it slows down${inWords(slow)}: after ${seconds.toFixed(0)} s and ${exchanges.length} errors it had not hung up, and we stopped`;
      return inconclusive('budget-spent', because, [cite(last.reply)], { measured });
    }
    const evidence = [cite(last.reply)] as const;
    if (exchanges.length < usefulErrors) {
      const because = `${exchanges.length} errors were answered, and no more were allowed: ${usefulErrors} would tell (--max-events)`;
      return inconclusive('budget-spent', because, evidence, { measured });
    }
    const how = slow === null ? '' : `; it slows down${inWords(slow)}`;
    return fail(`it answered ${exchanges.length} errors in one session and did not hang up${how}`, evidence, {
      measured,
      headline: 'It does not hang up on a client that makes error after error',
    });
  },
});

/** Errors that a session stands here, the last included; null where nothing shows it. Under stress it is 1. */
export function limitOf({ exchanges, ending }: ErrorLimitData): number | null {
  const known = ending !== null && exchanges.length > 0 && kindOfEnding(ending, 'other') === 'errors';
  return known ? exchanges.length : null;
}

/**
 * It ended a session at the first error, as smtpd does under stress (Postfix STRESS_README): then its times are others,
 * too.
 */
export const isUnderStress = (errors: ErrorLimitData | undefined): boolean =>
  errors !== undefined && limitOf(errors) === 1;

function judgeEnding(
  { exchanges, ending }: ErrorLimitData,
  pace: ReturnType<typeof paceOf>,
  measured: Measured,
): Judgement {
  if (ending === null) throw new Error('the session has no ending');
  const count = exchanges.length;
  const [first, ...more] = evidenceOfEnding(ending);
  const error = exchanges.at(-1);
  const evidence = [
    ...(first === undefined ? [] : [first]),
    ...more,
    ...(error === undefined ? [] : [cite(error.reply)]),
  ];
  const kind = kindOfEnding(ending, 'other');
  if (kind === 'trouble' && ending.cut !== null) return hindered(ending.cut, { evidence, measured });
  if (kind === 'trouble') return inconclusive('ambiguous', 'no reply', evidence, { measured });
  if (kind === 'hang-up') {
    const because = `it hung up without a word after ${count} errors: a limit, or something between us`;
    return inconclusive('closed', because, evidence, { measured });
  }
  if (kind === 'other-421' || first === undefined || count === 0) {
    const because = `it ended the session after ${count} errors, in words that do not speak of them`;
    return inconclusive('ambiguous', because, evidence, { measured });
  }
  if (count === 1) {
    const because =
      'it ended the session at the first error: a limit of 1, or a server under stress, which is not how it usually is (Postfix STRESS_README); scan again in 20 minutes';
    return inconclusive('ambiguous', because, evidence, { measured });
  }
  const how =
    pace === 'none'
      ? '; nothing slows them down before'
      : pace === 'unclear'
        ? '; its answers came too irregularly to tell whether it slows down before'
        : `; it slows down${inWords(pace)}`;
  return pass(`it ends a session after ${count} errors${how}`, [first, ...evidence.slice(1)], { measured });
}

function paceOf({ ehlo, exchanges, ending }: ErrorLimitData): SlowDown | 'none' | 'unclear' {
  return slowDownOf({
    seconds: exchanges.map((exchange) => exchange.seconds),
    calm: [ehlo.seconds],
    ended: ending === null ? null : ending.unasked ? 'in one packet' : 'later',
  });
}

function inWords(slow: SlowDown | null): string {
  if (slow === null) return '';
  const { after, sleepSeconds } = slow;
  return after === null
    ? ' at the last of them'
    : ` after ${after}${sleepSeconds === null ? '' : `, by ${sleepSeconds} s each`}`;
}
