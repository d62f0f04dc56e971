import { defineProbe, fixesFor, notApplicable, offers, type Reply } from '../src/kit/index.ts';
import { asksInsideTls, EventSource } from '../src/kit/limits/events.ts';
import { judgeRate, observeRate, type RateData } from '../src/kit/limits/rate-probe.ts';
import { hello } from './hello.ts';

export const authRate = defineProbe<RateData, { hello: typeof hello }>({
  id: 'auth-rate',
  question: 'How often may one client try to log in in a minute?',
  severity: 'medium',
  safety: 'load',
  why: 'Passwords are guessed by the thousand. A limit makes that slow before anything else has to notice.',
  judged:
    'AUTH without a mechanism, in lock step, at most nine in a session: counted as a try by Postfix, without a password and without a failed login in any log. pass: N are answered as usual (501, 503) and the next is refused, in a window proven fresh, and N is not above the policy. fail: no refusal within --max-events, or a limit far above the policy. not-applicable: AUTH is not known. inconclusive: another limiter came first, the burst was stretched past the window, or nothing tripped and the server may exempt us. A limit that counts failed passwords only, as fail2ban does, does not show here.',
  refs: ['RFC 4954 §4', 'Postfix smtpd_client_auth_rate_limit (3.1), anvil_rate_time_unit'],
  fix: fixesFor('auth-rate'),
  cost: { connections: 15, commands: 150, seconds: 134, secondsInKnownWindow: 62 },
  needs: { hello },

  async observe(wire, { hello: seen }) {
    // Without enhanced codes it may be Exim, which hangs up after three mistakes.
    const patient = offers(seen.ehlo.reply, 'ENHANCEDSTATUSCODES');
    const source = new EventSource(wire, {
      command: 'AUTH',
      after: null,
      before: null,
      stage: 'auth',
      limiter: 'limit-auth',
      isUsual: isTaken,
      perSession: patient ? 9 : 2,
      pipelined: false,
      tls: asksInsideTls(wire, seen.ehlo),
    });
    try {
      await source.prepare();
      return await observeRate(wire, (count) => source.ask(count), seen);
    } finally {
      await source.close();
    }
  },

  judge(data, _given, policy) {
    const { result } = data;
    if (
      result.outcome === 'doubt' &&
      result.doubt === 'prerequisite' &&
      /^50[02]/.test(result.evidence[0]?.quote ?? '')
    )
      return notApplicable(`AUTH is not known here: "${result.evidence[0]?.quote}"`);
    return judgeRate(data, { id: 'auth-rate', events: 'AUTH commands' }, policy);
  },
});

/** Postfix counts before it looks: a missing mechanism (501) and AUTH where there is none (503) are tries like any other. */
const isTaken = ({ code }: Reply): boolean => code !== null && [501, 503, 504, 535].includes(code);
