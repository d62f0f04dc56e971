import { isYes } from '../../postfix/values.ts';
import { compareLimit } from '../compare-limit.ts';
import { confirmed, contradicted, defineRow, notTold, quoted } from '../row.ts';
import { figure, untold } from '../untold.ts';
import { numberOf, timeOf } from '../values.ts';

/** Commands that no mail comes of, until they count as errors. */
export const junkCommandLimit = defineRow({
  directive: 'smtpd_junk_command_limit',
  probes: ['junk-limit', 'error-limit'],

  compare(value, context) {
    const finding = context.seen.finding('junk-limit');
    const limit = numberOf(value);
    const errors =
      figure(finding, 'errorLimit') ?? numberOf(context.service.setting('smtpd_hard_error_limit').value ?? '') ?? 20;
    const tried = figure(finding, 'tried');
    if (
      limit === null ||
      finding === null ||
      tried === null ||
      figure(finding, 'limit') !== null ||
      finding.verdict !== 'fail'
    )
      return compareLimit(value, context, {
        probe: 'junk-limit',
        events: 'commands to no purpose',
        tried: 'tried',
        exceptions: null,
      });
    // As many more as a session stands errors, and one that is free (smtpd.c).
    const needed = limit + 1 + errors;
    const seen = `${tried} taken`;
    const evidence = quoted(finding.evidence);
    if (tried <= needed || evidence === null)
      return notTold(`it needs --max-events ${needed + 1}`, seen, finding.evidence);
    return contradicted(seen, `the session should have ended after ${needed}`, evidence);
  },
});

/** Recipients of one message. */
export const recipientLimit = defineRow({
  directive: 'smtpd_recipient_limit',
  probes: ['recipients-per-message'],

  compare(value, context) {
    const finding = context.seen.finding('recipients-per-message');
    const limit = numberOf(value);
    const tried = figure(finding, 'tried') ?? 0;
    if (finding?.doubt === 'budget-spent' && limit !== null && tried > 0) {
      const evidence = quoted(finding.evidence);
      if (tried <= limit || evidence === null)
        return notTold(`it needs --max-events ${limit + 1}`, `none within ${tried} recipients`, finding.evidence);
      return contradicted(`none within ${tried} recipients`, `number ${limit + 1} should have been refused`, evidence);
    }
    return compareLimit(value, context, {
      probe: 'recipients-per-message',
      events: 'recipients in a message',
      tried: 'tried',
      exceptions: null,
    });
  },
});

/** Seconds of silence that a session stands. */
export const smtpdTimeout = defineRow({
  directive: 'smtpd_timeout',
  probes: ['idle-timeout'],

  compare(value, { seen }) {
    const seconds = timeOf(value);
    const finding = seen.finding('idle-timeout');
    const limit = figure(finding, 'limit');
    const evidence = quoted(finding?.evidence ?? []);
    if (seconds === null) return notTold(`"${value}" is no time`);
    if (finding === null || evidence === null) return untold('idle-timeout', finding) ?? notTold('');
    if (limit === null) {
      const waited = figure(finding, 'tried') ?? 0;
      if (finding.verdict === 'fail' && waited > seconds + 1)
        return contradicted(`silent for ${waited} s, and still there`, `${seconds} s in the file`, evidence);
      return untold('idle-timeout', finding) ?? notTold(`${waited} s of silence do not tell`);
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

  compare(value, { seen }) {
    const finding = seen.finding('command-deadline');
    const evidence = quoted(finding?.evidence ?? []);
    const not = untold('command-deadline', finding);
    if (not !== null || finding === null || evidence === null) return not ?? notTold('');
    const isKept = finding.verdict === 'pass';
    const words = isKept ? 'a slow command is cut off' : 'a slow command is waited for';
    return isKept === isYes(value)
      ? confirmed(words, finding.because, evidence)
      : contradicted(words, finding.because, evidence);
  },
});
