import {
  type Cite,
  cite,
  defineProbe,
  type Exchange,
  ehloKeywords,
  fail,
  hindered,
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
  type Trouble,
  TroubleError,
  troubleOf,
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
      readonly cut: Trouble;
    }
  | {
      readonly kind: 'established';
      readonly exchange: Exchange;
      readonly leftover: string;
      readonly leftoverAt: Cite | null;
      readonly facts: TlsFacts;
      readonly ehlo: Exchange | null;
      readonly after: Trouble | null;
    };

export const starttlsWorks = defineProbe({
  id: 'starttls-works',
  question: 'Does the TLS handshake after STARTTLS complete?',
  severity: 'high',
  safety: 'passive',
  why: 'A STARTTLS that is offered and then breaks is worse than none: careful senders defer their mail, others send it in clear.',
  judged:
    'pass: 220 to STARTTLS, handshake done, EHLO answered inside TLS and STARTTLS no longer in it. fail: refused with 454 or 5xx although EHLO lists it, a TLS alert or something other than TLS after the 220, STARTTLS offered again inside. A limiter, a hang-up or a version that our own TLS library cannot speak is inconclusive.',
  refs: ['RFC 3207 §4, §4.2', 'Postfix smtpd_tls_security_level, smtpd_tls_chain_files'],
  cost: { connections: 1, commands: 3 },
  needs: { hello },
  applies: (endpoint) =>
    endpoint.tls === 'starttls' || 'TLS comes first on this port (RFC 8314 §3.3): there is no STARTTLS',

  async observe(wire): Promise<StartTlsData> {
    await using session = await wire.session({ tls: false, forTls: true, mistakes: 1 });
    const outcome = await session.startTls();
    if (outcome.kind === 'refused') {
      const slip = await session.leave();
      // A server that hangs up behind its refusal has sent no stray.
      if (slip !== null && slip.doubt !== 'closed' && slip.doubt !== 'throttled') throw new TroubleError(slip);
      return outcome;
    }
    const { exchange, leftover, leftoverAt } = outcome;
    if (outcome.kind === 'failed') {
      return { kind: 'failed', exchange, leftover, leftoverAt, cut: outcome.trouble };
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
      return {
        kind: 'established',
        exchange,
        leftover,
        leftoverAt,
        facts: outcome.facts,
        ehlo: null,
        after: troubleOf(error),
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
      return inconclusive(
        'tls-failed',
        `the handshake completed (${protocol}), then: ${data.after?.because ?? 'nothing'}`,
        [at],
      );
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
    return hindered(data.cut, {
      because: `no TLS to look at: ${data.cut.because}`,
      evidence: [at, ...data.cut.evidence],
    });
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
function judgeFailure({ exchange, cut }: Extract<StartTlsData, { kind: 'failed' }>) {
  const evidence = [cite(exchange.reply), ...cut.evidence] as const;
  const { cause, because, handshake } = cut;
  // An alert about versions is about those that the library here has offered.
  const isOurs = cause === 'tls-here' || handshake?.alert === 'protocol_version';
  const isTheirs = cause === 'tls-alert' || cause === 'clear-text' || cause === 'tls-broken';
  if (isTheirs && !isOurs) return fail(`STARTTLS is answered with 220, and the handshake breaks: ${because}`, evidence);
  return hindered(cut, { because: `${because}${isOurs ? ' (a limit of the TLS library here)' : ''}`, evidence });
}
