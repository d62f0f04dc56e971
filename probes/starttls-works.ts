import {
  type Cite,
  cite,
  defineProbe,
  type Exchange,
  ehloKeywords,
  fail,
  fixesFor,
  inconclusive,
  isNegative,
  isPositive,
  type Judgement,
  meaningOf,
  notApplicable,
  offers,
  pass,
  type Reply,
  type TlsFacts,
  WireError,
} from '../src/kit/index.ts';
import { hello } from './hello.ts';

/** What STARTTLS led to. */
export type StartTlsData =
  | { readonly kind: 'refused'; readonly exchange: Exchange }
  | {
      readonly kind: 'failed';
      readonly exchange: Exchange;
      readonly leftover: string;
      readonly leftoverAt: Cite | null;
      readonly doubt: string;
      readonly because: string;
      readonly at: Cite | null;
    }
  | {
      readonly kind: 'established';
      readonly exchange: Exchange;
      readonly leftover: string;
      readonly leftoverAt: Cite | null;
      readonly facts: TlsFacts;
      readonly ehlo: Exchange | null;
      readonly after: string | null;
    };

export const starttlsWorks = defineProbe<StartTlsData, { hello: typeof hello }>({
  id: 'starttls-works',
  question: 'Does the TLS handshake after STARTTLS complete?',
  severity: 'high',
  safety: 'passive',
  why: 'A STARTTLS that is offered and then breaks is worse than none: careful senders defer their mail, others send it in clear.',
  judged:
    'pass: 220 to STARTTLS, handshake done, EHLO answered inside TLS and STARTTLS no longer in it. fail: refused with 454 or 5xx although EHLO lists it, a TLS alert or something other than TLS after the 220, STARTTLS offered again inside. A limiter, a hang-up or a version that our own TLS library cannot speak is inconclusive.',
  refs: ['RFC 3207 §4, §4.2', 'Postfix smtpd_tls_security_level, smtpd_tls_chain_files'],
  fix: fixesFor('starttls-works'),
  cost: { connections: 1, commands: 3 },
  needs: { hello },
  applies: (endpoint) =>
    endpoint.tls === 'starttls' || 'TLS comes first on this port (RFC 8314 §3.3): there is no STARTTLS',

  async observe(wire) {
    await using session = await wire.session({ tls: false, forTls: true, mistakes: 1 });
    const outcome = await session.startTls();
    if (outcome.kind === 'refused') {
      const slip = await session.leave();
      // A server that hangs up behind its refusal has sent no stray.
      if (slip !== null && slip.doubt !== 'closed' && slip.doubt !== 'throttled') throw slip;
      return outcome;
    }
    const { exchange, leftover, leftoverAt } = outcome;
    if (outcome.kind === 'failed') {
      const { doubt, message, evidence } = outcome.error;
      return { kind: 'failed', exchange, leftover, leftoverAt, doubt, because: message, at: evidence[0] ?? null };
    }
    try {
      return {
        kind: 'established',
        exchange,
        leftover,
        leftoverAt,
        facts: outcome.facts,
        ehlo: await session.hello(wire.subject.helo),
        after: null,
      };
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return {
        kind: 'established',
        exchange,
        leftover,
        leftoverAt,
        facts: outcome.facts,
        ehlo: null,
        after: error.message,
      };
    }
  },

  judge(data, { hello: seen }) {
    const offered = offers(seen.ehlo.reply, 'STARTTLS');
    const at = cite(data.exchange.reply);
    if (data.kind === 'refused') {
      const meaning = meaningOf(data.exchange.reply, { stage: 'starttls' });
      if (meaning.startsWith('limit-')) return inconclusive('throttled', 'a limiter refused STARTTLS', [at]);
      if (!isNegative(data.exchange.reply))
        return inconclusive('ambiguous', 'the answer to STARTTLS is neither yes nor no', [at]);
      if (!offered) return notApplicable('STARTTLS is not offered, and refused');
      return fail('EHLO lists STARTTLS, and the command is refused', at);
    }
    if (data.kind === 'failed') return judgeFailure(data);
    const protocol = `${data.facts.protocol} ${data.facts.cipher}`;
    if (data.ehlo === null)
      return inconclusive('tls-failed', `the handshake completed (${protocol}), then: ${data.after ?? 'nothing'}`, [
        at,
      ]);
    if (!isPositive(data.ehlo.reply))
      return inconclusive('ambiguous', `EHLO was refused inside TLS (${protocol})`, [cite(data.ehlo.reply)]);
    const again = ehloKeywords(data.ehlo.reply).find(({ keyword }) => keyword === 'STARTTLS');
    if (again !== undefined)
      return fail(
        'STARTTLS is offered again inside TLS (RFC 3207 §4.2 forbids it)',
        cite(data.ehlo.reply, again.line),
        { severity: 'low' },
      );
    return pass(`the handshake completes (${protocol}) and EHLO is answered inside`, [at, cite(data.ehlo.reply)], {
      measured: { protocol: data.facts.protocol, cipher: data.facts.cipher },
    });
  },
});

/** What other probes say of TLS where STARTTLS led to none. */
export function withoutTls(data: Exclude<StartTlsData, { kind: 'established' }>, ehlo: Reply): Judgement {
  const at = cite(data.exchange.reply);
  if (data.kind === 'failed') {
    const doubt = data.doubt === 'timeout' || data.doubt === 'budget-spent' ? data.doubt : 'tls-failed';
    return inconclusive(doubt, `no TLS to look at: ${data.because}`, data.at === null ? [at] : [at, data.at]);
  }
  if (meaningOf(data.exchange.reply, { stage: 'starttls' }).startsWith('limit-')) {
    return inconclusive('throttled', 'a limiter refused STARTTLS', [at]);
  }
  if (!isNegative(data.exchange.reply))
    return inconclusive('ambiguous', 'the answer to STARTTLS is neither yes nor no', [at]);
  if (!offers(ehlo, 'STARTTLS')) return notApplicable('STARTTLS is not offered, and refused');
  return inconclusive('tls-failed', 'no TLS to look at: EHLO lists STARTTLS, and the command is refused', [at]);
}

/** A broken handshake is the server's fault only where it said so, with an alert or with bytes that are no TLS. */
function judgeFailure(data: Extract<StartTlsData, { kind: 'failed' }>) {
  const evidence = [cite(data.exchange.reply), ...(data.at === null ? [] : [data.at])] as const;
  const ours = /UNSUPPORTED_PROTOCOL|NO_PROTOCOLS_AVAILABLE|TOO_SMALL|UNSAFE_LEGACY|PROTOCOL_VERSION/.test(
    data.because,
  );
  const theirs = /ALERT|WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNEXPECTED_MESSAGE|DECRYPT|BAD_/.test(data.because);
  if (theirs && !ours)
    return fail(`STARTTLS is answered with 220, and the handshake breaks: ${data.because}`, evidence);
  const doubt = data.doubt === 'timeout' || data.doubt === 'budget-spent' ? data.doubt : 'tls-failed';
  return inconclusive(doubt, `${data.because}${ours ? ' (a limit of the TLS library here)' : ''}`, evidence);
}
