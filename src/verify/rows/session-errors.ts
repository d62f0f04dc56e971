import { cite } from '../../model/reply.ts';
import { compareLimit } from '../compare-limit.ts';
import { confirmed, contradicted, defineRow, notTold, notVisible, type RowContext } from '../row.ts';
import { figure, toldIn, untold } from '../untold.ts';
import { numberOf, timeOf } from '../values.ts';

/** Errors after which a session is ended. */
export const hardErrorLimit = defineRow({
  directive: 'smtpd_hard_error_limit',
  probes: ['error-limit'],
  compare: (value, context) =>
    compareLimit(value, context, {
      probe: 'error-limit',
      events: 'errors in a session',
      tried: 'tried',
      exceptions: null,
    }),
});

/** Errors after which each answer is held back. */
export const softErrorLimit = defineRow({
  directive: 'smtpd_soft_error_limit',
  probes: ['error-limit'],

  compare(value, context) {
    const soft = numberOf(value);
    const told = toldIn(context.shown, 'error-limit');
    if (soft === null) return notTold(`"${value}" is no number`);
    if (told === null) return untold(context.shown, 'error-limit');
    const { evidence } = told;
    const slow = figure(told, 'soft');
    if (slow !== null) {
      const seen = `slower after ${slow} errors`;
      return slow === soft
        ? confirmed(seen, 'the answers after that are held back', evidence)
        : contradicted(seen, `${soft} in the file`, evidence);
    }
    return notSlowed(context, soft, 'it would slow down');
  },
});

/** Seconds by which they are held back. */
export const errorSleepTime = defineRow({
  directive: 'smtpd_error_sleep_time',
  probes: ['error-limit'],

  compare(value, context) {
    const sleep = timeOf(value);
    const told = toldIn(context.shown, 'error-limit');
    if (sleep === null) return notTold(`"${value}" is no time`);
    if (told === null) return untold(context.shown, 'error-limit');
    const { evidence } = told;
    const sleepSeconds = figure(told, 'sleepSeconds');
    if (sleepSeconds !== null) {
      const seen = `${sleepSeconds} s later each`;
      return sleepSeconds === sleep
        ? confirmed(seen, 'answers are held back as long as that', evidence)
        : contradicted(seen, `${sleep} s in the file`, evidence);
    }
    const soft = numberOf(context.service.setting('smtpd_soft_error_limit').value ?? '');
    if (soft === null) return notTold('smtpd_soft_error_limit is not known');
    return notSlowed(context, soft, `answers would be held back by ${sleep} s`);
  },
});

/**
 * Nothing was held back: it should have been, unless the session ends before or the time is nought. An answer at once
 * is the proof.
 */
function notSlowed({ shown, service }: RowContext, soft: number, should: string) {
  const { exchanges } = shown.observed('error-limit') ?? { exchanges: [] };
  const sleep = timeOf(service.setting('smtpd_error_sleep_time').value ?? '') ?? 0;
  const hard = numberOf(service.setting('smtpd_hard_error_limit').value ?? '') ?? 0;
  const after = exchanges.slice(soft);
  const quick = after.find(({ seconds }) => seconds < sleep);
  const last = exchanges.at(-1);
  if (last === undefined) return notTold('no error was answered');
  const words = `${exchanges.length} errors, none held back`;
  if (sleep === 0 || soft >= hard) {
    const late = exchanges.find(({ seconds }) => seconds >= 1);
    if (late !== undefined) return notTold('an answer came late, too irregularly to tell', null, [cite(late.reply)]);
    if (soft >= hard && sleep > 0)
      return confirmed(words, `sessions end after ${hard} errors, before ${should}`, cite(last.reply));
    return confirmed(words, 'nothing is to be held back', cite(last.reply));
  }
  if (quick !== undefined)
    return contradicted(words, `after ${soft} errors ${should}, and an answer came at once`, cite(quick.reply));
  return notVisible(`the session ended before ${should}`, words, [cite(last.reply)]);
}
