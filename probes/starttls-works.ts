import { askControl, rejectedSession } from '../src/kit/control.ts';
import {
  type Cause,
  cite,
  citeShape,
  defineProbe,
  type Exchange,
  ehloKeywords,
  exchangeShape,
  fail,
  hindered,
  type Inconclusive,
  ignoreTrouble,
  inconclusive,
  isNegative,
  isPositive,
  type Judgement,
  meaningOf,
  notApplicable,
  offers,
  pass,
  type Reply,
  refusedBy,
  type Shaped,
  type TlsFacts,
  type Trouble,
  TroubleError,
  tlsFactsShape,
  troubleOf,
  troubleShape,
  type Wire,
  type Zod,
} from '../src/kit/index.ts';
import { checkStep } from '../src/kit/step.ts';
import { hello } from './hello.ts';

/** What STARTTLS led to. */
const data = (z: Zod) => {
  const asked = { exchange: exchangeShape(z) };
  /** What the server sent between its 220 and the handshake, printable. */
  const answered = { ...asked, leftover: z.string(), leftoverAt: citeShape(z).nullable() };
  return z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('refused'),
      ...asked,
      /** What was asked beside the refusal. */
      control: z.array(exchangeShape(z)).exactOptional(),
    }),
    z.object({
      kind: z.literal('failed'),
      ...answered,
      cut: troubleShape(z),
      /** A second handshake that offered suites without a certificate too, where it was done. */
      anonymous: tlsFactsShape(z).exactOptional(),
      /** What a second handshake, with a small ClientHello, met, where the first met silence. */
      again: troubleShape(z).exactOptional(),
    }),
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
  weighs:
    'High: who is offered TLS and cannot have it often delivers nothing at all. Low where STARTTLS is offered once more inside.',
  safety: 'passive',
  why: 'A STARTTLS that is offered and then breaks is worse than none: careful senders defer their mail, others send it in clear.',
  judged:
    'pass: 220 to STARTTLS, handshake done, EHLO answered inside TLS and STARTTLS no longer in it. fail: refused with 454 or 5xx although EHLO lists it, a TLS alert, something other than TLS or, twice, nothing at all after the 220, unless the 220 took half as long, STARTTLS offered again inside. A limiter, a hang-up or a version that our own TLS library cannot speak is inconclusive.',
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
      const control = [...(await askControl(session, wire.subject))];
      const slip = await checkStep(session);
      if (slip !== null) throw new TroubleError(slip);
      return { ...outcome, control };
    }
    if (outcome.kind === 'failed') {
      const { trouble: cut, ...rest } = outcome;
      const { facts } = cut.cause === 'tls-alert' ? await another(wire, { anonymous: true }) : nothing;
      const { met } = isSilent(cut) ? await another(wire, { version: 'TLSv1.2' }) : nothing;
      return { ...rest, cut, ...(facts === null ? {} : { anonymous: facts }), ...(met === null ? {} : { again: met }) };
    }
    try {
      return { ...outcome, ehlo: await session.hello(wire.subject.helo), after: null };
    } catch (error) {
      return { ...outcome, ehlo: null, after: troubleOf(error) };
    }
  },

  judge(outcome, { hello: seen }) {
    if (outcome.kind === 'refused') {
      const untold = unanswered(outcome);
      if (untold !== null) return untold;
      return offers(seen.ehlo.reply, 'STARTTLS')
        ? fail('EHLO lists STARTTLS, and the command is refused', cite(outcome.exchange.reply), { headline })
        : notApplicable('STARTTLS is not offered, and refused');
    }
    return outcome.kind === 'failed' ? judgeFailure(outcome) : judgeEstablished(outcome);
  },
});

const headline = 'It offers TLS, and the handshake fails: mail from who insists on TLS does not arrive';

type Refused = Extract<Data, { kind: 'refused' }>;
type Failed = Extract<Data, { kind: 'failed' }>;
type Established = Extract<Data, { kind: 'established' }>;

/** What a handshake came to: the facts, or what it met. */
interface Tried {
  readonly facts: TlsFacts | null;
  readonly met: Trouble | null;
}
const nothing: Tried = { facts: null, met: null };

/**
 * A second handshake, in a session of its own: as MTAs offer it, which do without a certificate (Postfix
 * `smtpd_tls_cert_file = none`), or with a version whose ClientHello is small enough for every path.
 */
async function another(wire: Wire, way: { anonymous: true } | { version: 'TLSv1.2' }): Promise<Tried> {
  try {
    await using session = await wire.session({ tls: false, forTls: true, mistakes: 1 });
    const outcome = await session.startTls(way);
    if (outcome.kind === 'established') return { facts: outcome.facts, met: null };
    return outcome.kind === 'failed' ? { facts: null, met: outcome.trouble } : nothing;
  } catch (error) {
    ignoreTrouble(error);
    return nothing;
  }
}

/** Seconds of silence, twice, in which every server that speaks TLS has begun to. */
const longSilence = 10;

/** Whether not an octet of TLS came in all that time. */
const isSilent = ({ cause, handshake }: Trouble): boolean =>
  cause === 'silence' && handshake?.heard === 0 && (handshake.waited ?? 0) >= longSilence;

/**
 * Whether a ClientHello of another kind may be answered where STARTTLS led to this: silence and clear text would be the
 * same again.
 */
export function mayShakeHands(outcome: Data): boolean {
  if (outcome.kind !== 'failed' || outcome.anonymous !== undefined) return outcome.kind !== 'refused';
  return ofTheHandshake.includes(outcome.cut.cause);
}

const ofTheHandshake: readonly Cause[] = ['tls-alert', 'tls-here', 'name-wanted', 'hang-up', 'reset'];

/** Whether its replies take so long that it may have been about to go on. */
const isTarpit = ({ seconds }: Exchange, { handshake }: Trouble): boolean => 2 * seconds > (handshake?.waited ?? 0);

/** Why a refusal of STARTTLS is no answer to it; null where it is one. */
export function unanswered({ exchange: { reply }, control = [] }: Refused): Inconclusive | null {
  const at = cite(reply);
  const meaning = meaningOf(reply, { stage: 'starttls' });
  if (meaning.startsWith('limit-'))
    return inconclusive('throttled', 'a limiter refused STARTTLS', [at], { cause: 'reply' });
  if (!isNegative(reply)) return inconclusive('ambiguous', 'the answer to STARTTLS is neither yes nor no', [at]);
  const rejected = rejectedSession(reply, control);
  if (rejected !== null) return hindered(rejected);
  return meaning === 'client-blocked' || meaning === 'helo-rejected'
    ? hindered(refusedBy(reply, 'STARTTLS', 'client-blocked'))
    : null;
}

function judgeEstablished({ exchange, facts, ehlo, after }: Established): Judgement {
  const at = cite(exchange.reply);
  const { protocol, cipher } = facts;
  if (ehlo === null) {
    const because = `the handshake completed (${protocol} ${cipher}), then: ${after?.because ?? 'nothing'}`;
    const evidence = [at, facts.at, ...(after?.evidence ?? [])];
    const hint = after?.cause === 'hang-up' || after?.cause === 'reset' ? endsThere : '';
    return after === null
      ? inconclusive('tls-failed', because, [at])
      : hindered({ ...after, doubt: 'tls-failed' }, { because: `${because}${hint}`, evidence });
  }
  if (!isPositive(ehlo.reply))
    return inconclusive('ambiguous', `EHLO was refused inside TLS (${protocol} ${cipher})`, [cite(ehlo.reply)]);
  const again = ehloKeywords(ehlo.reply).find(({ keyword }) => keyword === 'STARTTLS');
  if (again !== undefined)
    return fail('STARTTLS is offered again inside TLS (RFC 3207 §4.2 forbids it)', cite(ehlo.reply, again.line), {
      severity: 'low',
      headline: 'It offers TLS again inside TLS, which the standard forbids',
    });
  return pass(`the handshake completes (${protocol} ${cipher}) and EHLO is answered inside`, [at, cite(ehlo.reply)], {
    measured: { protocol, cipher },
  });
}

/** Where a Postfix with `smtpd_tls_auth_only` looks for its mechanisms first. */
const endsThere =
  '; its own log names the cause, such as no SASL mechanism that its options leave (Postfix smtpd_sasl_path, smtpd_sasl_tls_security_options)';

/** What other probes say of TLS where STARTTLS led to none. */
export function withoutTls(outcome: Refused | Failed, ehlo: Reply): Judgement {
  const at = cite(outcome.exchange.reply);
  if (outcome.kind === 'failed') {
    const { cut } = outcome;
    return hindered(cut, { because: `no TLS to look at: ${cut.because}`, evidence: [at, ...cut.evidence] });
  }
  const untold = unanswered(outcome);
  if (untold !== null) return untold;
  if (!offers(ehlo, 'STARTTLS')) return notApplicable('STARTTLS is not offered, and refused');
  return inconclusive('tls-failed', 'no TLS to look at: EHLO lists STARTTLS, and the command is refused', [at]);
}

/** A broken handshake is the server's fault only where it said so, with an alert or with bytes that are no TLS. */
function judgeFailure({ exchange, cut, anonymous, again }: Failed): Judgement {
  const evidence = [cite(exchange.reply), ...cut.evidence] as const;
  const { cause, because, handshake } = cut;
  if (anonymous !== undefined) {
    const { protocol, cipher } = anonymous;
    const how = `the handshake completes without a certificate alone (${protocol} ${cipher}): other servers can do with that, mail programs and MTA-STS cannot`;
    return pass(how, [...evidence, anonymous.at], { measured: { protocol, cipher, certificate: false } });
  }
  if (isSilent(cut) && again !== undefined && isSilent(again) && !isTarpit(exchange, cut)) {
    const seconds = cut.handshake?.waited;
    const how = `STARTTLS is answered with 220, and nothing of TLS follows, twice in ${seconds} s: something on the way, or in front of the server, passes the command on and not the handshake`;
    return fail(how, [...evidence, ...again.evidence], { headline });
  }
  // An alert about versions is about those that the library here has offered.
  const isOurs = cause === 'tls-here' || handshake?.alert === 'protocol_version';
  const isTheirs = ['tls-alert', 'clear-text', 'tls-broken', 'name-wanted'].includes(cause);
  if (isTheirs && !isOurs)
    return fail(`STARTTLS is answered with 220, and the handshake breaks: ${because}`, evidence, { headline });
  return hindered(cut, { because: `${because}${isOurs ? ' (a limit of the TLS library here)' : ''}`, evidence });
}
