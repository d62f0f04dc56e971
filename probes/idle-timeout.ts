import { ceilingOf, weightAbove } from '../src/kit/ceilings.ts';
import { type Cite, cite, defineProbe, type Exchange, fail, inconclusive, pass, type Reply } from '../src/kit/index.ts';
import { secondsBudget } from '../src/kit/session-limits/budget.ts';
import { inOwnSession } from '../src/kit/session-limits/own-session.ts';
import { wholeSeconds } from '../src/kit/session-limits/whole-seconds.ts';
import { errorLimit, limitOf } from './error-limit.ts';

export interface IdleTimeoutData {
  /** The last thing that was said before the silence. */
  readonly ehlo: Exchange;
  /** What broke the silence; null where the server hung up without a word, or did not stir. */
  readonly reply: Reply | null;
  /** Our remark on a connection that was closed without a word. */
  readonly closedAt: Cite | null;
  /** The answer to NOOP, where the server outlasted us. */
  readonly alive: Exchange | null;
  readonly seconds: number;
}

/** Half a minute more than the default of most servers, and than what RFC 5321 wants. */
const usefulSeconds = 330;
/** How exactly a timeout can be met, and the most that a server may add of its own. */
const slack = 5;

export const idleTimeout = defineProbe({
  id: 'idle-timeout',
  question: 'How long may a session be silent?',
  severity: 'low',
  safety: 'load',
  why: 'Each silent session holds a process. RFC 5321 asks servers to wait five minutes for the next command; longer than that serves those who want to use up all processes.',
  judged: `Silence after EHLO, for ${usefulSeconds} s at most; measured.limit is in seconds. pass: about five minutes. fail: longer than the ceiling of the policy (300 s), or not ended by then; shorter than five minutes is info, as hardening guides want less than the RFC. inconclusive: too little time allowed, or error-limit saw a server under stress, which waits 10 s.`,
  refs: [
    'RFC 5321 §4.5.3.2.7',
    'Postfix smtpd_timeout, STRESS_README',
    'Exim smtp_receive_timeout',
    'Sendmail Timeout.command',
    'OpenSMTPD SMTPD_SESSION_TIMEOUT (300 s, compiled in)',
  ],
  cost: { connections: 1, commands: 2, seconds: 330 },
  wants: { errors: errorLimit },

  observe: (wire) => {
    const seconds = secondsBudget(wire, usefulSeconds);
    return inOwnSession(
      wire,
      async (session) => {
        const { ehlo } = session;
        if (ehlo === null) throw new Error('a session of its own is introduced');
        const began = wire.clock.now();
        const reply = await session.unasked(seconds);
        const waited = Math.round((wire.clock.now() - began) * 1000) / 1000;
        const said = { ehlo, reply, closedAt: null, alive: null, seconds: waited };
        if (reply !== null) return said;
        if (!session.isHealthy)
          return {
            ...said,
            closedAt: session.remark('closed', `closed by the server after ${waited.toFixed(1)} s of silence`),
          };
        return { ...said, alive: await session.say('NOOP') };
      },
      { dialogueSeconds: seconds + 60 },
    );
  },

  judge(data, { errors }, policy) {
    const { ehlo, reply, closedAt, alive, seconds } = data;
    const limit = idleLimitOf(data);
    const ceiling = ceilingOf(policy, 'idle-timeout');
    const measured = {
      limit,
      kind: 'session',
      reply: reply?.lines[0].text ?? null,
      tried: Math.round(seconds),
      seconds,
    };
    if (alive !== null) {
      const evidence = [cite(alive.reply)] as const;
      if (seconds >= ceiling + slack)
        return fail(`it waited ${Math.round(seconds)} s for a silent client, and did not end the session`, evidence, {
          ...weightAbove(policy, 'idle-timeout'),
          measured,
        });
      const because = `it waited ${Math.round(seconds)} s for a silent client, and longer was not allowed`;
      return inconclusive('budget-spent', because, evidence, { measured });
    }
    const evidence = [reply === null ? (closedAt ?? cite(ehlo.reply)) : cite(reply), cite(ehlo.reply)] as const;
    if (limit === null)
      return inconclusive('ambiguous', 'it broke the silence for another reason', evidence, { measured });
    const how = reply === null ? 'hangs up on a silent client' : 'ends a silent session';
    if (errors !== undefined && limitOf(errors) === 1) {
      const because = `it ${how} after ${limit} s, and sessions at the first error: it may be under stress, and wait longer at other times`;
      return inconclusive('ambiguous', because, evidence, { measured: { ...measured, limit: null } });
    }
    if (limit > ceiling + slack)
      return fail(`it ${how} after ${limit} s; ${ceiling} s is the most that the policy allows`, evidence, {
        ...weightAbove(policy, 'idle-timeout'),
        measured,
      });
    if (limit < leastByRfc - slack)
      return fail(`it ${how} after ${limit} s; RFC 5321 §4.5.3.2.7 wants five minutes at least`, evidence, {
        severity: 'info',
        measured,
      });
    return pass(`it ${how} after ${limit} s`, evidence, { measured });
  },
});

/** RFC 5321 §4.5.3.2.7. */
const leastByRfc = 300;

/** Seconds that the server waits for a command; null where nothing shows it. */
export function idleLimitOf({ reply, alive, seconds }: IdleTimeoutData): number | null {
  const ended = alive === null && (reply === null || (reply.code ?? 0) >= 400);
  return ended ? wholeSeconds(seconds) : null;
}
