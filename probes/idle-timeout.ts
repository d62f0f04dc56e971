import { ceilingOf, weightAbove } from '../src/kit/ceilings.ts';
import { cite, defineProbe, exchangeShape, fail, inconclusive, pass, type Shaped, type Zod } from '../src/kit/index.ts';
import { secondsBudget } from '../src/kit/session-limits/budget.ts';
import { isOver, type Silence, silenceShape, waitInSilence } from '../src/kit/session-limits/silence.ts';
import { wholeSeconds } from '../src/kit/session-limits/whole-seconds.ts';
import { errorLimit, isUnderStress } from './error-limit.ts';

const data = (z: Zod) =>
  z.object({
    ...silenceShape(z),
    /** The last thing that was said before the silence. */
    ehlo: exchangeShape(z),
    /** The answer to NOOP, where the server outlasted us. */
    alive: exchangeShape(z).nullable(),
  });

export type IdleTimeoutData = Shaped<typeof data>;

/** Half a minute more than the default of most servers, and than what RFC 5321 wants. */
const usefulSeconds = 330;
/** How exactly a timeout can be met, and the most that a server may add of its own. */
const slack = 5;

export const idleTimeout = defineProbe({
  id: 'idle-timeout',
  question: 'How long may a session be silent?',
  severity: 'low',
  weighs: 'Low: held connections add up. info where it hangs up sooner than the RFC asks.',
  safety: 'load',
  waits: true,
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
  data,

  async observe(wire) {
    let limit: number | null = null;
    try {
      const until = secondsBudget(wire, usefulSeconds);
      await wire.rested();
      await using session = await wire.own({ dialogueSeconds: until + 60, waits: true });
      const { ehlo } = session;
      const silence = await waitInSilence(session, wire.clock, { since: wire.clock.now(), until });
      limit = idleLimitOf(silence);
      const isBroken = silence.reply !== null || silence.closedAt !== null;
      return { ...silence, ehlo, alive: isBroken ? null : await session.say('NOOP') };
    } finally {
      wire.service.noteIdle(limit);
    }
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
          headline: tooPatient,
        });
      const because = `it waited ${Math.round(seconds)} s for a silent client, and longer was not allowed`;
      return inconclusive('budget-spent', because, evidence, { measured });
    }
    const evidence = [reply === null ? (closedAt ?? cite(ehlo.reply)) : cite(reply), cite(ehlo.reply)] as const;
    if (limit === null)
      return inconclusive('ambiguous', 'it broke the silence for another reason', evidence, { measured });
    const how = reply === null ? 'hangs up on a silent client' : 'ends a silent session';
    if (isUnderStress(errors)) {
      const because = `it ${how} after ${limit} s, and sessions at the first error: it may be under stress, and wait longer at other times`;
      return inconclusive('ambiguous', because, evidence, { measured: { ...measured, limit: null } });
    }
    if (limit > ceiling + slack)
      return fail(`it ${how} after ${limit} s; ${ceiling} s is the most that the policy allows`, evidence, {
        ...weightAbove(policy, 'idle-timeout'),
        measured,
        headline: tooPatient,
      });
    if (limit < leastByRfc - slack)
      return fail(`it ${how} after ${limit} s; RFC 5321 §4.5.3.2.7 wants five minutes at least`, evidence, {
        severity: 'info',
        measured,
        headline: 'It hangs up on a silent client sooner than the standard asks',
      });
    return pass(`it ${how} after ${limit} s`, evidence, { measured });
  },
});

const tooPatient = 'It waits longer for a silent client than the policy allows';

/** RFC 5321 §4.5.3.2.7. */
const leastByRfc = 300;

/** Seconds that the server waits for a command; null where nothing shows it. */
const idleLimitOf = (silence: Silence): number | null => (isOver(silence) ? wholeSeconds(silence.seconds) : null);
