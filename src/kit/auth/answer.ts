import type { Reply } from '../../model/reply.ts';
import { isServerTrouble } from '../../mta/meanings.ts';
import { meaningOf } from '../../mta/reply-meaning.ts';

/**
 * What the answer to a bare `AUTH <mechanism>` says of it.
 * - `works`: 334. `logged-in`: 235, with nothing asked.
 * - `not-here`: no AUTH at all in this state of the session (not enabled, STARTTLS first).
 * - `needs-tls`: this mechanism only inside TLS (538, 523, 504 "Encryption required").
 * - `no-mechanism`: also Postfix's 535 "Invalid authentication mechanism".
 * - `refused`: for good, in other words. A 535 is one of them: it proves neither that the mechanism is there nor that
 *   it is not.
 * - `down`: refused for now. `throttled`: a limiter. `blocked`: it is us that are refused.
 */
export type AuthAnswer =
  | 'works'
  | 'logged-in'
  | 'not-here'
  | 'needs-tls'
  | 'no-mechanism'
  | 'refused'
  | 'down'
  | 'throttled'
  | 'blocked'
  | 'unclear';

export function answerOf(reply: Reply): AuthAnswer {
  if (reply.code === 334) return 'works';
  if (reply.code === 235) return 'logged-in';
  if (reply.code === null || reply.code < 400) return 'unclear';
  const meaning = meaningOf(reply, { stage: 'auth' });
  if (meaning.startsWith('limit-')) return 'throttled';
  switch (meaning) {
    case 'auth-unavailable':
    case 'bad-sequence':
    case 'disabled-command':
      return 'not-here';
    case 'tls-required':
      return reply.code === 530 ? 'not-here' : 'needs-tls';
    case 'mechanism-unsupported':
      return 'no-mechanism';
    case 'client-blocked':
    case 'open-proxy':
    case 'helo-rejected':
      return 'blocked';
    // A server that wants a response in the same line answers like this, and would take a password.
    case 'command-syntax':
    case 'line-too-long':
    case 'unintelligible':
      return 'unclear';
    default:
      return reply.code < 500 || isServerTrouble(meaning) ? 'down' : 'refused';
  }
}

/** Refused, whatever the reason, by one who has heard what we asked for. */
export function isRefusal(answer: AuthAnswer): boolean {
  return answer === 'not-here' || answer === 'needs-tls' || answer === 'no-mechanism' || answer === 'refused';
}

/**
 * Postfix's own words in answer to `*` and to a mechanism that it does not have (smtpd_sasl_glue.c,
 * xsasl_dovecot_server.c, Cyrus SASL).
 */
export function isPostfix({ lines }: Reply): boolean {
  return /^501 5\.7\.0 Authentication aborted$|^535 5\.7\.8 Error: authentication failed: (Invalid authentication mechanism|no mechanism available)/.test(
    lines[0].text,
  );
}
