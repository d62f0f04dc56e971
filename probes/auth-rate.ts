import { type Cite, hindered, notApplicable, offers, type Reply } from '../src/kit/index.ts';
import { findAuth } from '../src/kit/limits/auth-offer.ts';
import { defineRateProbe } from '../src/kit/limits/define-rate-probe.ts';
import { asksInsideTls } from '../src/kit/limits/event-kind.ts';
import { EventSource } from '../src/kit/limits/event-source.ts';
import type { RateData } from '../src/kit/limits/rate-data.ts';
import { hello } from './hello.ts';

export const authRate = defineRateProbe({
  id: 'auth-rate',
  question: 'How often may one client try to log in in a minute?',
  severity: 'medium',
  weighs: 'Medium: passwords can be tried out as fast as the line carries them.',
  why: 'Passwords are guessed by the thousand. A limit makes that slow before anything else has to notice.',
  judged:
    'AUTH without a mechanism, inside TLS where it is offered only there, in lock step, at most nine in a session: counted as a try by Postfix, without a password and without a failed login in any log. pass: N are answered as usual (501, 503) and the next is refused, in a window proven fresh, and N is not above the policy. fail: no refusal within --max-events, or a limit far above the policy. not-applicable: AUTH is offered neither in clear nor inside TLS, and refused as often as we ask. inconclusive: it is not offered in clear and TLS fails, another limiter came first, the burst was stretched past the window, or nothing tripped and the server may exempt us. A limit that counts failed passwords only, as fail2ban does, does not show here.',
  refs: ['RFC 4954 §4', 'Postfix smtpd_client_auth_rate_limit (3.1), anvil_rate_time_unit'],
  cost: { connections: 15, commands: 150 },
  events: 'AUTH commands',
  limitOn: 'how often one client may try to log in',
  hello,
  offer: (wire, seen) => findAuth(wire, seen.ehlo),
  source: (wire, seen, offer) =>
    new EventSource(wire, {
      command: 'AUTH',
      after: null,
      before: null,
      stage: 'auth',
      limiter: 'limit-auth',
      isUsual: isTaken,
      // Without enhanced codes it may be Exim, which hangs up after three mistakes.
      perSession: offers(seen.ehlo.reply, 'ENHANCEDSTATUSCODES') ? 9 : 2,
      pipelined: false,
      tls:
        asksInsideTls(wire, seen.ehlo) || (offer?.where === 'inside TLS' && wire.subject.endpoint.tls === 'starttls'),
    }),

  aside(data) {
    if (data?.offer === undefined) return null;
    const { result, offer } = data;
    const usual = unlimitedAnswer(result);
    if (usual === null || !isUnknown(usual)) return null;
    if (offer.where === 'nowhere')
      return notApplicable(`no AUTH is offered, in clear or inside TLS, and the command is refused: "${usual.quote}"`);
    if (offer.where !== 'unknown') return null;
    const because = `no AUTH is offered in clear, and what is offered inside TLS could not be seen: ${offer.because}`;
    return hindered(offer, { because, evidence: [usual, ...offer.evidence] });
  },
});

/** What AUTH was answered to the last, by a server that did not count it. */
function unlimitedAnswer(result: RateData['result']): Cite | null {
  if (result.outcome === 'none') return result.last;
  return result.outcome === 'doubt' && result.doubt === 'prerequisite' ? (result.evidence[0] ?? null) : null;
}

/** The command is not known, or not now; 501 and 504 miss a mechanism, and come from servers that have AUTH. */
const isUnknown = ({ quote }: Cite): boolean => /^50[023]/.test(quote);

/**
 * Postfix counts before it looks: a missing mechanism (501) and AUTH where there is none (503) are tries like any
 * other.
 */
const isTaken = ({ code }: Reply): boolean => code !== null && [501, 503, 504, 535].includes(code);
