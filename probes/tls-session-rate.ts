import {
  type Cite,
  cite,
  defineProbe,
  type LoadWire,
  meaningOf,
  notApplicable,
  offers,
  type Reply,
  type SmtpSession,
  type TlsFacts,
  troubleOf,
} from '../src/kit/index.ts';
import { openSession, stopOf } from '../src/kit/limits/events.ts';
import { judgeRate, observeRate, type RateData } from '../src/kit/limits/rate-probe.ts';
import type { Asked, Stop, Trial } from '../src/kit/limits/rate-question.ts';
import { hello } from './hello.ts';

/** Null: neither STARTTLS nor TLS from the first byte. */
export type TlsRateData = RateData | null;

export const tlsSessionRate = defineProbe({
  id: 'tls-session-rate',
  question: 'How many TLS handshakes may one client have in a minute?',
  severity: 'low',
  safety: 'load',
  why: 'A handshake costs the server far more than the client: without a limit one machine can keep all its processors busy.',
  judged:
    'One connection and one full handshake after the other, none resumed, after a silence as long as the window. Postfix lets the one too many succeed and then says 421 unasked; after that it answers STARTTLS with 454, and on 465 closes without a word: all three count as the refusal, and a handshake that fails for another reason does not. pass: N are taken and the next is refused, in a window proven fresh, and N is not above the policy. fail: no refusal within --max-events, or a limit far above the policy. inconclusive: a limit on connections came first, the burst was stretched past the window, or nothing tripped and the server may exempt us.',
  refs: ['Postfix smtpd_client_new_tls_session_rate_limit, anvil_rate_time_unit'],
  cost: { connections: 130, commands: 390, seconds: 134, secondsInKnownWindow: 62 },
  needs: { hello },

  async observe(wire, { hello: seen }): Promise<TlsRateData> {
    const implicit = wire.subject.endpoint.tls === 'implicit';
    if (!implicit && !offers(seen.ehlo.reply, 'STARTTLS')) return null;
    const handshake = implicit ? handshakeAtOnce : handshakeAfterStartTls;
    return await observeRate(wire, (count) => askHandshakes(wire, count, handshake), seen, { shares: false });
  },

  judge(data, _given, policy) {
    if (data === null) return notApplicable('STARTTLS is not offered');
    return judgeRate(data, { id: 'tls-session-rate', events: 'TLS handshakes' }, policy);
  },
});

/** What one handshake came to, and whether a limiter of handshakes spoke. */
type Handshake = { readonly accepted: boolean; readonly inItsWords: boolean; readonly at: Cite } | Stop<Cite>;

/** The same, and when that was clear: QUIT, which comes after, has no part in it. */
type Heard = Handshake & { readonly answeredAt: number };

async function askHandshakes(
  wire: LoadWire,
  count: number,
  handshake: (wire: LoadWire) => Promise<Heard>,
): Promise<Asked<Cite>> {
  const trials: Trial<Cite>[] = [];
  while (trials.length < count) {
    const sentAt = wire.clock.now();
    const told = await handshake(wire);
    if ('doubt' in told) return { trials, stop: told };
    trials.push({ sentAt, ...told });
    if (!told.accepted) break;
  }
  return { trials, stop: null };
}

async function handshakeAfterStartTls(wire: LoadWire): Promise<Heard> {
  const session = await openSession(wire);
  if ('doubt' in session) return heardBy(wire, session);
  try {
    return heardBy(wire, await startTls(session));
  } finally {
    await session.release(session);
  }
}

async function startTls(session: SmtpSession): Promise<Handshake> {
  try {
    const started = await session.startTls();
    if (started.kind === 'failed') return stopOf(started.trouble);
    if (started.kind === 'established') {
      const { facts, exchange } = started;
      return await afterHandshake(session, facts, Math.max(facts.seconds / 2, exchange.seconds));
    }
    const { reply } = started.exchange;
    const inItsWords = meaningOf(reply, { stage: 'starttls' }) === 'limit-tls';
    if (inItsWords || reply.code === 454) return { accepted: false, inItsWords, at: cite(reply) };
    return { doubt: 'prerequisite', because: `STARTTLS was answered "${cite(reply).quote}"`, evidence: [cite(reply)] };
  } catch (error) {
    return stopOf(troubleOf(error));
  }
}

/** On 465 the handshake that is one too many finds nobody to answer. */
async function handshakeAtOnce(wire: LoadWire): Promise<Heard> {
  let session: SmtpSession;
  try {
    session = await wire.raw();
  } catch (error) {
    const met = troubleOf(error);
    const [at] = met.evidence;
    const silent = met.handshake !== undefined && met.handshake.heard === 0 && at !== undefined;
    return heardBy(wire, silent && met.doubt !== 'timeout' ? { accepted: false, inItsWords: false, at } : stopOf(met));
  }
  try {
    return heardBy(wire, await greetInside(session));
  } finally {
    await session.release(session);
  }
}

async function greetInside(session: SmtpSession): Promise<Handshake> {
  try {
    await session.greet();
    return session.tls === null ? stopOf(null) : { accepted: true, inItsWords: false, at: session.tls.at };
  } catch (error) {
    // Other limiters greet with 421 too, and inside TLS as well.
    const met = troubleOf(error);
    const { reply } = met;
    const limited = reply !== undefined && meaningOf(reply, { stage: 'starttls' }) === 'limit-tls';
    return (limited ? refusedInside(reply) : null) ?? stopOf(met);
  }
}

const heardBy = ({ clock }: LoadWire, told: Handshake): Heard => ({ ...told, answeredAt: clock.now() });

/**
 * What is said inside before anything is asked: the 421 of a limiter would be lost if a command of ours met the closed door. Then one command, as
 * silence proves nothing. A server that closes without a word may have said 421 all the same: a refusal, until the window tells.
 */
async function afterHandshake(session: SmtpSession, facts: TlsFacts, roundTrip: number): Promise<Handshake> {
  try {
    const early = await session.unasked(Math.max(leastListening, 3 * roundTrip));
    if (early !== null) return refusedInside(early) ?? stopOf(null);
    await session.say('NOOP');
    return { accepted: true, inItsWords: false, at: facts.at };
  } catch (error) {
    const met = troubleOf(error);
    const [at] = met.evidence;
    if (met.doubt === 'closed' && at !== undefined) return { accepted: false, inItsWords: false, at };
    return (met.reply === undefined ? null : refusedInside(met.reply)) ?? stopOf(met);
  }
}

/** Seconds; a server checks its limit within a few milliseconds of the handshake. */
const leastListening = 0.05;

function refusedInside(reply: Reply): Handshake | null {
  const inItsWords = meaningOf(reply, { stage: 'starttls' }) === 'limit-tls';
  return inItsWords || reply.code === 421 ? { accepted: false, inItsWords, at: cite(reply) } : null;
}
