import { ceilingOf, weightAbove } from '../src/kit/ceilings.ts';
import {
  type Cite,
  defineProbe,
  fail,
  hindered,
  inconclusive,
  type Judgement,
  type Measured,
  type Policy,
  pass,
  type Severity,
  vantage,
} from '../src/kit/index.ts';
import { type ConcurrencyData, concurrencyShape } from '../src/kit/limits/concurrency-data.ts';
import type { KnownRate } from '../src/kit/limits/concurrency-run.ts';
import { HeldSessions } from '../src/kit/limits/held-connections.ts';
import { maybeExempt, noLimit, tooHigh } from '../src/kit/limits/judge-rate.ts';
import { measureConcurrency } from '../src/kit/limits/measure-concurrency.ts';
import type { RateData } from '../src/kit/limits/rate-data.ts';
import { connectionRate } from './connection-rate.ts';
import { hello } from './hello.ts';

export const connectionCount = defineProbe({
  id: 'connection-count',
  question: 'How many connections may one client hold at once?',
  severity: 'medium',
  weighs:
    'Medium: one client can take all connections there are, and nobody else gets in. info where the number is above the ceiling but there is one.',
  safety: 'load',
  why: 'A server has so many processes and no more. One client that may hold all of them keeps everybody else out, with no effort and no trace but silence.',
  judged:
    'Connections held open, one more at a time, after a silence as long as the window. Where connection-rate has found their rate, a refusal before that is used up is the number, and if it is used up all are held until its window is over. Else, at the first refusal, one is closed and another tried: refused still, it is their rate (Postfix says the same of both), and the number stays open. Taken, all are held for longer than the dialogue took, so that any window which ended meanwhile ends again, and one more is tried: refused, it is the number at once; taken, it was their rate. pass: N are held and the next is refused, and N is not above the policy. fail: no refusal within --max-events; a limit far above the policy; or, low, silence instead of a greeting: then every process may have been ours, which one address cannot tell from a limit that keeps silent, and everything is closed at once. inconclusive: the rate limiter came first, or nothing tripped and the server may exempt us (loopback, private or near addresses, unless --vantage outside).',
  refs: ['Postfix smtpd_client_connection_count_limit, default_process_limit', 'Exim smtp_accept_max_per_host'],
  cost: { connections: 123, commands: 123, seconds: 75, secondsInKnownWindow: 64 },
  needs: { hello },
  wants: { connectionRate },
  data: concurrencyShape,

  async observe(wire, { hello: seen, connectionRate: rates }) {
    const held = new HeldSessions(wire);
    const { load, service, clock, quiet } = wire;
    try {
      const result = await measureConcurrency({
        clock,
        quiet,
        silence: service.silence,
        held,
        maxEvents: load.maxEvents,
        rate: knownRate(rates),
        seconds: load.loadProbeSeconds,
      });
      if (result.outcome === 'found' || result.outcome === 'rate-first') service.noteRefusal();
      if (result.outcome === 'process-pool') service.noteFull();
      const { timeline } = held;
      return { result, vantage: vantage(wire.subject, seen), counted: service.counts, timeline };
    } finally {
      await held.releaseAll();
    }
  },

  judge(data, _given, policy) {
    const { result, vantage: from } = data;
    const measured = {
      limit: result.outcome === 'found' ? result.limit : null,
      kind: kinds[result.outcome],
      ...('at' in result ? { reply: result.at.quote } : {}),
      held: result.held,
      tried: result.tried,
      seconds: result.seconds,
      vantage: from,
    };
    switch (result.outcome) {
      case 'found':
        return judgeNumber(result, measured, policy);
      case 'process-pool': {
        const evidence = [result.at, ...(result.last ? [result.last] : [])] as const;
        return judgeNone(data, poolWords(result), evidence, measured, result.shut ? undefined : 'low');
      }
      case 'rate-first': {
        const because =
          result.refused === 'all the same'
            ? `the limit on connections a minute came first: ${result.held} were held, and with one closed the next was refused all the same`
            : 'a limit on their rate, in a window of seconds, came first: one was refused, and taken a little later with as many held';
        return inconclusive('throttled', because, [result.at], { measured });
      }
      case 'none':
        return judgeNone(data, `${result.held} connections at once, and none was refused`, [result.last], measured);
      case 'doubt':
        return hindered(result, { measured });
    }
  },
});

function poolWords({ held, shut }: Extract<ConcurrencyData['result'], { outcome: 'process-pool' }>): string {
  const ours = `with ${held} connections of ours open`;
  if (shut)
    return `${ours} the server took no more, and not at once again when one was closed, as one does whose processes are all taken (Sendmail MaxDaemonChildren)`;
  return `${ours} the next was taken and never greeted, where a limit on clients would refuse it: every process may have been ours, or something in front of the server keeps back what is too many from one address; another address, at that moment, tells which`;
}

type Found = Extract<ConcurrencyData['result'], { outcome: 'found' }>;

function judgeNumber({ limit, at, again, last }: Found, measured: Measured, policy: Policy): Judgement {
  const ceiling = ceilingOf(policy, 'connection-count');
  const evidence: [Cite, ...Cite[]] = [at, ...[again, last ?? null].filter((cite) => cite !== null)];
  if (limit <= ceiling)
    return pass(`it lets one client hold ${limit} connections and refuses the next`, evidence, { measured });
  const because = `there is a limit, ${limit} at once, but far above what the policy asks for (${ceiling})`;
  return fail(because, evidence, {
    ...weightAbove(policy, 'connection-count', { severity: 'info' }),
    measured,
    headline: tooHigh(limitOn),
  });
}

const limitOn = 'how many connections one client may hold at once';

/** No limit was seen: a fail, unless the server may know us. */
function judgeNone(
  { vantage: from, counted }: ConcurrencyData,
  because: string,
  evidence: readonly [Cite, ...Cite[]],
  measured: Measured,
  severity?: Severity,
): Judgement {
  if (from === 'outside' || counted)
    return fail(because, evidence, {
      measured,
      headline: noLimit(limitOn),
      ...(severity === undefined ? {} : { severity }),
    });
  return inconclusive('ambiguous', `${because}; ${maybeExempt(from)}`, evidence, { measured });
}

function knownRate(rates: RateData | null | undefined): KnownRate | null {
  if (rates?.result.outcome !== 'found') return null;
  const { limit, window } = rates.result;
  return window === null ? null : { limit, window };
}

const kinds: Readonly<Record<ConcurrencyData['result']['outcome'], string | null>> = {
  found: 'concurrency',
  'process-pool': 'process-pool',
  'rate-first': 'rate',
  none: null,
  doubt: null,
};
