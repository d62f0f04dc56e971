import {
  cite,
  citeShape,
  defineProbe,
  ehloKeywords,
  exchangeShape,
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
  type Shaped,
  TroubleError,
  tlsFactsShape,
  troubleOf,
  troubleShape,
  type Zod,
} from '../src/kit/index.ts';
import { hello } from './hello.ts';

/** What STARTTLS led to. */
const data = (z: Zod) => {
  const asked = { exchange: exchangeShape(z) };
  /** What the server sent between its 220 and the handshake, printable. */
  const answered = { ...asked, leftover: z.string(), leftoverAt: citeShape(z).nullable() };
  return z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('refused'), ...asked }),
    z.object({ kind: z.literal('failed'), ...answered, cut: troubleShape(z) }),
    z.object({
      kind: z.literal('established'),
      ...answered,
      facts: tlsFactsShape(z),
      /** The answer to EHLO inside TLS, or what came instead. */
      ehlo: exchangeShape(z).nullable(),
      after: troubleShape(z).nullable(),
    }),
  ]);
};
type Data = Shaped<typeof data>;

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
  data,

  async observe(wire) {
    await using session = await wire.session({ tls: false, forTls: true, mistakes: 1 });
    const outcome = await session.startTls();
    if (outcome.kind === 'refused') {
      const slip = await session.leave();
      // A server that hangs up behind its refusal has sent no stray.
      if (slip !== null && slip.doubt !== 'closed' && slip.doubt !== 'throttled') throw new TroubleError(slip);
      return outcome;
    }
    if (outcome.kind === 'failed') {
      const { trouble: cut, ...rest } = outcome;
      return { ...rest, cut };
    }
    try {
      return { ...outcome, ehlo: await session.hello(wire.subject.helo), after: null };
    } catch (error) {
      return { ...outcome, ehlo: null, after: troubleOf(error) };
    }
  },

  judge(outcome, { hello: seen }) {
    const offered = offers(seen.ehlo.reply, 'STARTTLS');
    const at = cite(outcome.exchange.reply);
    if (outcome.kind === 'refused') {
      const meaning = meaningOf(outcome.exchange.reply, { stage: 'starttls' });
      if (meaning.startsWith('limit-')) return inconclusive('throttled', 'a limiter refused STARTTLS', [at]);
      if (!isNegative(outcome.exchange.reply))
        return inconclusive('ambiguous', 'the answer to STARTTLS is neither yes nor no', [at]);
      if (!offered) return notApplicable('STARTTLS is not offered, and refused');
      return fail('EHLO lists STARTTLS, and the command is refused', at);
    }
    if (outcome.kind === 'failed') return judgeFailure(outcome);
    const protocol = `${outcome.facts.protocol} ${outcome.facts.cipher}`;
    if (outcome.ehlo === null)
      return inconclusive(
        'tls-failed',
        `the handshake completed (${protocol}), then: ${outcome.after?.because ?? 'nothing'}`,
        [at],
      );
    if (!isPositive(outcome.ehlo.reply))
      return inconclusive('ambiguous', `EHLO was refused inside TLS (${protocol})`, [cite(outcome.ehlo.reply)]);
    const again = ehloKeywords(outcome.ehlo.reply).find(({ keyword }) => keyword === 'STARTTLS');
    if (again !== undefined)
      return fail(
        'STARTTLS is offered again inside TLS (RFC 3207 §4.2 forbids it)',
        cite(outcome.ehlo.reply, again.line),
        { severity: 'low' },
      );
    return pass(`the handshake completes (${protocol}) and EHLO is answered inside`, [at, cite(outcome.ehlo.reply)], {
      measured: { protocol: outcome.facts.protocol, cipher: outcome.facts.cipher },
    });
  },
});

/** What other probes say of TLS where STARTTLS led to none. */
export function withoutTls(outcome: Exclude<Data, { kind: 'established' }>, ehlo: Reply): Judgement {
  const at = cite(outcome.exchange.reply);
  if (outcome.kind === 'failed') {
    return hindered(outcome.cut, {
      because: `no TLS to look at: ${outcome.cut.because}`,
      evidence: [at, ...outcome.cut.evidence],
    });
  }
  if (meaningOf(outcome.exchange.reply, { stage: 'starttls' }).startsWith('limit-')) {
    return inconclusive('throttled', 'a limiter refused STARTTLS', [at]);
  }
  if (!isNegative(outcome.exchange.reply))
    return inconclusive('ambiguous', 'the answer to STARTTLS is neither yes nor no', [at]);
  if (!offers(ehlo, 'STARTTLS')) return notApplicable('STARTTLS is not offered, and refused');
  return inconclusive('tls-failed', 'no TLS to look at: EHLO lists STARTTLS, and the command is refused', [at]);
}

/** A broken handshake is the server's fault only where it said so, with an alert or with bytes that are no TLS. */
function judgeFailure({ exchange, cut }: Extract<Data, { kind: 'failed' }>) {
  const evidence = [cite(exchange.reply), ...cut.evidence] as const;
  const { cause, because, handshake } = cut;
  // An alert about versions is about those that the library here has offered.
  const isOurs = cause === 'tls-here' || handshake?.alert === 'protocol_version';
  const isTheirs = cause === 'tls-alert' || cause === 'clear-text' || cause === 'tls-broken';
  if (isTheirs && !isOurs) return fail(`STARTTLS is answered with 220, and the handshake breaks: ${because}`, evidence);
  return hindered(cut, { because: `${because}${isOurs ? ' (a limit of the TLS library here)' : ''}`, evidence });
}
