import type { Judgement } from '../../model/judgement.ts';
import type { Exchange } from '../../model/reply.ts';
import type { Zod } from '../../model/shape.ts';
import { timelineOf } from '../../model/timeline.ts';
import type { Cite } from '../../model/transcript.ts';
import type { Limited } from '../ceilings.ts';
import { type CatalogueEntry, type DefinedProbe, defineProbe, type LoadWire } from '../probe.ts';
import { vantage } from '../subject.ts';
import type { AuthOffer } from './auth-offer.ts';
import { judgeRate } from './judge-rate.ts';
import { measureRate } from './measure-rate.ts';
import { type RateData, rateShape } from './rate-data.ts';
import type { Trial } from './rate-question.ts';
import type { RateSource } from './rate-source.ts';

/** What `hello` saw, as far as it matters here. */
interface Opened {
  readonly ehlo: Exchange;
  readonly localAddress: string;
  readonly remoteAddress: string;
}

interface RateProbe extends Omit<CatalogueEntry, 'id' | 'safety' | 'fix' | 'cost'> {
  readonly id: Limited;
  /** What is counted, such as `MAIL commands`. */
  readonly events: string;
  /** What the limit is on, for people, such as `how often one client may connect`. */
  readonly limitOn: string;
  readonly cost: Pick<CatalogueEntry['cost'], 'connections' | 'commands'>;
  readonly hello: DefinedProbe<Opened>;
  /** Looks where AUTH is offered. */
  offer?(wire: LoadWire, seen: Opened): Promise<AuthOffer>;
  /** How to put its events before the server. Null: there are none on this port. */
  source(wire: LoadWire, seen: Opened, offer: AuthOffer | undefined): RateSource | null;
  /** Says what the data mean where they speak of something else than a limit. Null: of the limit. */
  aside?(data: RateData | null): Judgement | null;
}

const data = (z: Zod) => rateShape(z).nullable();

/** To find a window of a minute and see it end; to wait for one that is known. */
const waits = { seconds: 134, secondsInKnownWindow: 62 };

/** A probe that asks how many events of one kind a client may cause in a window. */
export function defineRateProbe({ events, limitOn, hello, offer: look, source: sourceOf, aside, ...about }: RateProbe) {
  return defineProbe({
    ...about,
    safety: 'load',
    cost: { ...about.cost, ...waits },
    needs: { hello },
    data,

    async observe(wire, { hello: seen }) {
      const offer = await look?.(wire, seen);
      const source = sourceOf(wire, seen, offer);
      if (source === null) return null;
      try {
        await source.prepare?.();
        const first = await measure(wire, source);
        const deeper = first.result.outcome === 'none' ? ((await source.deeper?.()) ?? null) : null;
        const measured = deeper === null ? first : await measure(wire, deeper);
        return { ...measured, vantage: vantage(wire.subject, seen), ...(offer === undefined ? {} : { offer }) };
      } finally {
        await source.close?.();
      }
    },

    judge(data, _given, policy) {
      const other = aside?.(data) ?? null;
      if (other !== null) return other;
      if (data === null) throw new Error('nothing was measured, and nothing is said of that');
      return judgeRate(data, { id: about.id, events, limitOn }, policy);
    },
  });
}

/**
 * In a fresh window, or in one that an earlier probe has seen begin, where none of these events was counted. The
 * service keeps what it tells for the probes that follow.
 */
async function measure(wire: LoadWire, source: RateSource): Promise<Pick<RateData, 'result' | 'counted' | 'timeline'>> {
  const { load, clock, quiet, service } = wire;
  const heard: Trial<Cite>[] = [];
  const result = await measureRate<Cite>({
    clock,
    quiet,
    ask: async (count) => {
      const asked = await source.ask(count);
      heard.push(...asked.trials);
      return asked;
    },
    maxEvents: load.maxEvents,
    assumedWindow: load.assumedWindowSeconds,
    window: service.window,
    windowLasts: mayShareWindow(source, wire) ? service.windowLasts : null,
    emptyUntil: service.emptyUntil,
    looksFirst: service.isWorthALook,
    noteWindow: (until) => service.noteWindow(until),
    seconds: load.loadProbeSeconds,
  });
  service.noteRate(result);
  const timeline = timelineOf(heard.map(({ at, accepted }) => ({ at, isRefused: !accepted })));
  return { result, counted: service.counts, timeline };
}

/** Whether none of these events was counted yet in the window that another limiter of the service has begun. */
function mayShareWindow({ counts }: RateSource, { service, handshakesSince }: LoadWire): boolean {
  const { window, windowLasts } = service;
  if (counts !== 'handshakes' || window === null || windowLasts === null) return counts === 'commands';
  // A second more, as a window of whole seconds may have begun so much sooner.
  return handshakesSince(windowLasts - window.low - 1) === 0;
}
