import {
  type Cite,
  cite,
  inTrouble,
  type LoadWire,
  meaningOf,
  notApplicable,
  offers,
  type Reply,
  type SmtpSession,
  type TlsFacts,
  TroubleError,
  troubleOf,
} from '../src/kit/index.ts';
import { defineRateProbe } from '../src/kit/limits/define-rate-probe.ts';
import type { Trial } from '../src/kit/limits/rate-question.ts';
import { inTheWay, notUsual, type RateSource } from '../src/kit/limits/rate-source.ts';
import { hello } from './hello.ts';

export const tlsSessionRate = defineRateProbe({
  id: 'tls-session-rate',
  question: 'How many TLS handshakes may one client have in a minute?',
  severity: 'low',
  weighs: 'Low: handshakes cost the server more than the client, and modern machines bear many.',
  why: 'A handshake costs the server far more than the client: without a limit one machine can keep all its processors busy.',
  judged:
    'One connection and one full handshake after the other, none resumed, after a silence as long as the window. Postfix lets the one too many succeed and then says 421 unasked; after that it answers STARTTLS with 454, and on 465 closes without a word: all three count as the refusal, and a handshake that fails for another reason does not. pass: N are taken and the next is refused, in a window proven fresh, and N is not above the policy. fail: no refusal within --max-events, or a limit far above the policy. inconclusive: a limit on connections came first, the burst was stretched past the window, or nothing tripped and the server may exempt us.',
  refs: ['Postfix smtpd_client_new_tls_session_rate_limit, anvil_rate_time_unit'],
  cost: { connections: 130, commands: 390 },
  events: 'TLS handshakes',
  limitOn: 'how many TLS handshakes one client may have',
  hello,
  source(wire, seen) {
    if (wire.subject.endpoint.tls === 'implicit') return handshakeSource(wire, handshakeAtOnce);
    return offers(seen.ehlo.reply, 'STARTTLS') ? handshakeSource(wire, handshakeAfterStartTls) : null;
  },
  aside: (data) => (data === null ? notApplicable('STARTTLS is not offered') : null),
});

/**
 * What one handshake came to, when that was clear, and whether a limiter of handshakes spoke: QUIT, which comes after,
 * has no part in it.
 */
type Handshake = Omit<Trial<Cite>, 'sentAt'>;

/** Fails with a `TroubleError` where something else came between. */
type Shake = (wire: LoadWire) => Promise<Handshake>;

const handshakeSource = (wire: LoadWire, handshake: Shake): RateSource => ({
  counts: 'handshakes',
  async ask(count) {
    const trials: Trial<Cite>[] = [];
    try {
      while (trials.length < count) {
        const sentAt = wire.clock.now();
        const trial = { sentAt, ...(await handshake(wire)) };
        trials.push(trial);
        if (!trial.accepted) break;
      }
      return { trials, stop: null };
    } catch (error) {
      return { trials, stop: inTheWay(troubleOf(error)) };
    }
  },
});

const handshakeAfterStartTls: Shake = async (wire) => {
  await using session = await wire.own({ tls: false });
  const started = await session.startTls();
  if (started.kind === 'failed') throw new TroubleError(started.trouble);
  if (started.kind === 'established') {
    const { facts, exchange } = started;
    return await afterHandshake(wire, session, facts, Math.max(facts.seconds / 2, exchange.seconds));
  }
  const { reply } = started.exchange;
  const inItsWords = isOfHandshakes(reply);
  if (!inItsWords && reply.code !== 454) throw new TroubleError(notUsual('STARTTLS', reply));
  return { accepted: false, inItsWords, at: cite(reply), answeredAt: wire.clock.now() };
};

/** On 465 the handshake that is one too many finds nobody to answer. */
const handshakeAtOnce: Shake = async (wire) => {
  const opened = await wire.raw().catch(troubleOf);
  if ('doubt' in opened) {
    const [at] = opened.evidence;
    const nobodySpoke = opened.handshake?.heard === 0 && opened.doubt !== 'timeout';
    if (!nobodySpoke || at === undefined) throw new TroubleError(opened);
    return { accepted: false, inItsWords: false, at, answeredAt: wire.clock.now() };
  }
  await using session = opened;
  try {
    await session.greet();
    if (session.tls === null) throw new Error('TLS comes first on this port');
    return { accepted: true, inItsWords: false, at: session.tls.at, answeredAt: wire.clock.now() };
  } catch (error) {
    // Other limiters greet with 421 too, and inside TLS as well.
    const met = troubleOf(error);
    if (met.reply === undefined || !isOfHandshakes(met.reply)) throw error;
    return { accepted: false, inItsWords: true, at: cite(met.reply), answeredAt: wire.clock.now() };
  }
};

/**
 * What is said inside before anything is asked: the 421 of a limiter would be lost if a command of ours met the closed
 * door. Then one command, as silence proves nothing. A server that closes without a word may have said 421 all the
 * same: a refusal, until the window tells.
 */
async function afterHandshake(
  { clock }: LoadWire,
  session: SmtpSession,
  facts: TlsFacts,
  roundTrip: number,
): Promise<Handshake> {
  const refused = (at: Cite, inItsWords: boolean) => ({ accepted: false, inItsWords, at, answeredAt: clock.now() });
  try {
    const early = await session.unasked(Math.max(leastListening, 3 * roundTrip));
    if (early !== null && isRefusalInside(early)) return refused(cite(early), isOfHandshakes(early));
    if (early !== null)
      throw inTrouble(
        'ambiguous',
        'unasked',
        `the server said "${early.lines[0].text}" without being asked`,
        [cite(early)],
        { reply: early },
      );
    await session.say('NOOP');
    return { accepted: true, inItsWords: false, at: facts.at, answeredAt: clock.now() };
  } catch (error) {
    const { doubt, evidence, reply } = troubleOf(error);
    const [at] = evidence;
    if (doubt === 'closed' && at !== undefined) return refused(at, false);
    if (reply === undefined || !isRefusalInside(reply)) throw error;
    return refused(cite(reply), isOfHandshakes(reply));
  }
}

/** Seconds; a server checks its limit within a few milliseconds of the handshake. */
const leastListening = 0.05;

const isOfHandshakes = (reply: Reply): boolean => meaningOf(reply, { stage: 'starttls' }) === 'limit-tls';

const isRefusalInside = (reply: Reply): boolean => isOfHandshakes(reply) || reply.code === 421;
