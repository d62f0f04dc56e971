import { isYes } from '../../postfix/values.ts';
import { compareLimit } from '../compare-limit.ts';
import { confirmed, contradicted, defineRow, notTold } from '../row.ts';
import { figure, toldIn, untold } from '../untold.ts';
import { numberOf, timeOf } from '../values.ts';

/** Commands that no mail comes of, until they count as errors. */
export const junkCommandLimit = defineRow({
  directive: 'smtpd_junk_command_limit',
  probes: ['junk-limit', 'error-limit'],

  compare(value, context) {
    const told = toldIn(context.shown, 'junk-limit');
    const limit = numberOf(value);
    const errors =
      figure(told, 'errorLimit') ?? numberOf(context.service.setting('smtpd_hard_error_limit').value ?? '') ?? 20;
    const tried = figure(told, 'tried');
    const isNone = told?.verdict === 'fail' && figure(told, 'limit') === null;
    if (limit === null || told === null || tried === null || !isNone)
      return compareLimit(value, context, {
        probe: 'junk-limit',
        events: 'commands to no purpose',
        tried: 'tried',
        exceptions: null,
      });
    // As many more as a session stands errors, and one that is free (smtpd.c).
    const needed = limit + 1 + errors;
    const seen = `${tried} taken`;
    if (tried <= needed) return notTold(`it needs --max-events ${needed + 1}`, seen, told.evidence);
    return contradicted(seen, `the session should have ended after ${needed}`, told.evidence);
  },
});

/** Recipients of one message. */
export const recipientLimit = defineRow({
  directive: 'smtpd_recipient_limit',
  probes: ['recipients-per-message'],

  compare: (value, context) =>
    compareLimit(value, context, {
      probe: 'recipients-per-message',
      events: 'recipients in a message',
      tried: 'tried',
      exceptions: null,
    }),
});

/** Seconds of silence that a session stands. */
export const smtpdTimeout = defineRow({
  directive: 'smtpd_timeout',
  probes: ['idle-timeout'],

  compare(value, { shown }) {
    const seconds = timeOf(value);
    const told = toldIn(shown, 'idle-timeout');
    const limit = figure(told, 'limit');
    if (seconds === null) return notTold(`"${value}" is no time`);
    if (told === null) return untold(shown, 'idle-timeout');
    const { evidence } = told;
    if (limit === null) {
      const waited = figure(told, 'tried') ?? 0;
      if (told.verdict === 'fail' && waited > seconds + 1)
        return contradicted(`silent for ${waited} s, and still there`, `${seconds} s in the file`, evidence);
      return notTold(`${waited} s of silence do not tell`);
    }
    const words = `${limit} s of silence`;
    return Math.abs(limit - seconds) <= 1
      ? confirmed(words, 'it ends a silent session after that', evidence)
      : contradicted(words, `${seconds} s in the file`, evidence);
  },
});

/** Whether that time is for a whole command, or for each octet of it. */
export const requestDeadline = defineRow({
  directive: 'smtpd_per_request_deadline',
  probes: ['command-deadline', 'idle-timeout'],

  compare(value, { shown }) {
    const told = toldIn(shown, 'command-deadline');
    if (told === null) return untold(shown, 'command-deadline');
    const { because, evidence } = told;
    const isKept = told.verdict === 'pass';
    const words = isKept ? 'a slow command is cut off' : 'a slow command is waited for';
    return isKept === isYes(value) ? confirmed(words, because, evidence) : contradicted(words, because, evidence);
  },
});
