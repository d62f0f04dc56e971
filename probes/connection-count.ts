import { ceilingOf, weightAbove } from '../src/kit/ceilings.ts';
import {
  type Cite,
  defineProbe,
  fail,
  inconclusive,
  type LoadWire,
  pass,
  type SmtpSession,
  type Vantage,
  vantage,
} from '../src/kit/index.ts';
import type { KnownRate } from '../src/kit/limits/concurrency-run.ts';
import { knock, type Opening } from '../src/kit/limits/connections.ts';
import { type Concurrency, measureConcurrency } from '../src/kit/limits/measure-concurrency.ts';
import { afterWindow, silenceFor } from '../src/kit/limits/polls.ts';
import { maybeExempt, type RateData } from '../src/kit/limits/rate-probe.ts';
import { connectionRate } from './connection-rate.ts';
import { hello } from './hello.ts';

export interface ConnectionCountData {
  readonly result: Concurrency;
  readonly vantage: Vantage;
  /** A limiter of this service has refused us, here or before: we are counted, wherever we stand. */
  readonly counted: boolean;
}

export const connectionCount = defineProbe({
  id: 'connection-count',
  question: 'How many connections may one client hold at once?',
  severity: 'medium',
  safety: 'load',
  why: 'A server has so many processes and no more. One client that may hold all of them keeps everybody else out, with no effort and no trace but silence.',
  judged:
    'Connections held open, one more at a time, after a silence as long as the window. Where connection-rate has found their rate, a refusal before that is used up is the number, and if it is used up all are held until its window is over. Else, at the first refusal, one is closed and another tried: refused still, it is their rate (Postfix says the same of both), and the number stays open. Taken, all are held for longer than the dialogue took, so that any window which ended meanwhile ends again, and one more is tried: refused, it is the number at once; taken, it was their rate. pass: N are held and the next is refused, and N is not above the policy. fail: no refusal within --max-events; a limit far above the policy; or silence instead of a greeting: then all processes of the server were ours, and everything is closed at once. inconclusive: the rate limiter came first, or nothing tripped and the server may exempt us (loopback, private or near addresses, unless --vantage outside).',
  refs: ['Postfix smtpd_client_connection_count_limit, default_process_limit', 'Exim smtp_accept_max_per_host'],
  cost: { connections: 123, commands: 123, seconds: 75, secondsInKnownWindow: 64 },
  needs: { hello },
  wants: { connectionRate },

  async observe(wire, { hello: seen, connectionRate: rates }): Promise<ConnectionCountData> {
    const held = new Held(wire);
    try {
      const { maxEvents, assumedWindowSeconds, loadProbeSeconds: seconds } = wire.load;
      const { service, clock, quiet } = wire;
      const silence = service.window === null ? silenceFor(assumedWindowSeconds) : afterWindow(service.window);
      const result = await measureConcurrency({
        clock,
        quiet,
        silence,
        held,
        maxEvents,
        rate: knownRate(rates),
        seconds,
      });
      const tripped = result.outcome === 'found' || result.outcome === 'rate-first';
      service.tripped ||= tripped || result.outcome === 'process-pool';
      service.counted ||= tripped;
      return { result, vantage: vantage(wire.subject, seen), counted: service.counted };
    } finally {
      await held.releaseAll();
    }
  },

  judge({ result, vantage: from, counted }, _given, policy) {
    const measured = {
      limit: result.outcome === 'found' ? result.limit : null,
      kind: kinds[result.outcome],
      ...('at' in result && result.at !== null ? { reply: result.at.quote } : {}),
      held: result.held,
      tried: result.tried,
      seconds: result.seconds,
      vantage: from,
    };
    const trusted = from !== 'outside' && !counted;
    switch (result.outcome) {
      case 'found': {
        const ceiling = ceilingOf(policy, 'connection-count');
        // Reports saved by earlier versions have no `last`.
        const others = [result.again, result.last ?? null].filter((cite) => cite !== null);
        const evidence: [Cite, ...Cite[]] = [result.at, ...others];
        if (result.limit <= ceiling)
          return pass(`it lets one client hold ${result.limit} connections and refuses the next`, evidence, {
            measured,
          });
        const because = `there is a limit, ${result.limit} at once, but far above what the policy asks for (${ceiling})`;
        return fail(because, evidence, { ...weightAbove(policy, 'connection-count', { severity: 'info' }), measured });
      }
      case 'process-pool': {
        const because = `with ${result.held} connections of ours open the next was taken and never greeted: all processes of the service were ours, and no limit per client stood before that`;
        const evidence: [Cite, ...Cite[]] = [result.at, ...(result.last === null ? [] : [result.last])];
        if (trusted) return inconclusive('ambiguous', `${because}; ${maybeExempt(from)}`, evidence, { measured });
        return fail(because, evidence, { measured });
      }
      case 'rate-first': {
        const because =
          result.refused === 'all the same'
            ? `the limit on connections a minute came first: ${result.held} were held, and with one closed the next was refused all the same`
            : 'a limit on their rate, in a window of seconds, came first: one was refused, and taken a little later with as many held';
        return inconclusive('throttled', because, [result.at], { measured });
      }
      case 'none': {
        const because = `${result.held} connections at once, and none was refused`;
        if (trusted) return inconclusive('ambiguous', `${because}; ${maybeExempt(from)}`, [result.last], { measured });
        return fail(because, result.last, { measured });
      }
      case 'doubt':
        return inconclusive(result.doubt, result.because, result.evidence, { measured });
    }
  },
});

function knownRate(rates: RateData | undefined): KnownRate | null {
  if (rates?.result.outcome !== 'found') return null;
  const { limit, window } = rates.result;
  return window === null ? null : { limit, window };
}

const kinds: Readonly<Record<Concurrency['outcome'], string | null>> = {
  found: 'concurrency',
  'process-pool': 'process-pool',
  'rate-first': 'rate',
  none: null,
  doubt: null,
};

/** A greeting that takes longer than any before it by this much is taken for silence. */
const patience = { times: 10, atLeastSeconds: 5 };

/** The connections that are held. */
class Held {
  readonly #wire: LoadWire;
  readonly #sessions: SmtpSession[] = [];
  #slowest = 0;

  constructor(wire: LoadWire) {
    this.#wire = wire;
  }

  get count(): number {
    return this.#sessions.filter(({ isHealthy }) => isHealthy).length;
  }

  async open(): Promise<Opening> {
    const { clock, load } = this.#wire;
    const usual = Math.ceil(this.#slowest * patience.times + patience.atLeastSeconds);
    const most = this.#sessions.length === 0 ? load.replySeconds : usual;
    const began = clock.now();
    const { session, heard } = await knock(this.#wire, { replySeconds: most });
    if (heard.kind === 'greeted' && session !== null) {
      this.#slowest = Math.max(this.#slowest, clock.now() - began);
      this.#sessions.push(session);
      return heard;
    }
    // Whoever waits for a process gets it when ours are gone, not when this one is.
    if (heard.kind === 'silent') await this.releaseAll();
    await session?.release(session);
    return heard;
  }

  async closeOne(): Promise<void> {
    const session = this.#sessions.pop();
    await session?.release(session);
  }

  async releaseAll(): Promise<void> {
    await Promise.all(this.#sessions.splice(0).map((session) => session.release(session)));
  }
}
