import { outOfTime } from './burst.ts';
import type { Opening } from './connections.ts';
import { stopOf } from './events.ts';
import { afterWindow } from './measure-rate.ts';
import type { Clock, RateQuestion, Stop, Window } from './rate-question.ts';

/** What to open and close connections with. */
export interface HeldConnections {
  /** Those still open. */
  readonly count: number;
  /** One more. It is held where it is greeted; where it stays silent all are let go. Fails with a `WireError`. */
  open(): Promise<Opening>;
  closeOne(): Promise<void>;
}

export interface ConcurrencyQuestion {
  readonly clock: Clock;
  readonly quiet: RateQuestion<unknown>['quiet'];
  /** Seconds of silence before the first: the count of a rate limiter must not reach from before. */
  readonly silence: number;
  readonly held: HeldConnections;
  readonly maxEvents: number;
  /** How many connections may be made in a window, where that was measured on this service. */
  readonly rate: KnownRate | null;
  /** Seconds that the whole may take. */
  readonly seconds: number;
}

export interface KnownRate {
  readonly limit: number;
  readonly window: Window;
}

type Effort = { readonly held: number; readonly tried: number; readonly seconds: number };

export type Concurrency<At> = Effort &
  /** `at`: the refusal; `again`: the second one, where it took two; `last`: the latest that was greeted. */
  (
    | {
        readonly outcome: 'found';
        readonly limit: number;
        readonly at: At;
        readonly again: At | null;
        readonly last: At | null;
      }
    /** Silence: every process of the service was ours. */
    | { readonly outcome: 'process-pool'; readonly at: At; readonly last: At | null }
    /** Refused whether or not one was closed, or taken later though as many were held: their rate. */
    | { readonly outcome: 'rate-first'; readonly at: At; readonly refused: 'all the same' | 'for a while' }
    | { readonly outcome: 'none'; readonly last: At }
    | {
        readonly outcome: 'doubt';
        readonly doubt: Stop<At>['doubt'];
        readonly because: string;
        readonly evidence: readonly At[];
      }
  );

type At = Extract<Opening, { at: unknown }>['at'];

/** Seconds that a server gets to notice that a connection has ended. */
const settleSeconds = 0.5;

/**
 * Seconds after which a limiter of their rate has forgotten everything, if it forgot anything at all in the `seen` seconds from the first
 * connection to the one that was taken after the refusal: its window can be no longer than those, or a fifth longer where it slides in six
 * parts; and it may end a second late where it counts whole seconds.
 */
const forgetSeconds = (seen: number): number => seen * 1.2 + 1.1;

/**
 * Finds how many connections one client may hold. The first refusal says no more than that some limiter tripped, of their number or of their rate.
 *
 * Where their rate is known, no more than that can tell: what is refused before the rate is used up is refused for their number. If the rate was
 * used up, all are held until its window is over, and the next is the first of a new one.
 *
 * Else one connection is closed and another tried. Refused, it is their rate. Taken, it is either their number, or their rate in a window that was
 * over just then: so all are held until such a window must be over again, and one more is tried. Refused, with as many held as before, it can only be
 * their number. Neither of the two can be spared: the first tells a rate in a long window, the second one in a short window or a bucket that leaks.
 */
export async function measureConcurrency(question: ConcurrencyQuestion): Promise<Concurrency<At>> {
  const seen: Seen = { most: 0, tried: 0, began: question.clock.now(), refused: null };
  try {
    return await measure(question, seen);
  } catch (error) {
    // The scan was ended, or its time is over, while this waited.
    const { doubt, because } = stopOf(error);
    const told =
      seen.refused === null
        ? because
        : `${seen.most} were held and the next was refused, which was not proven by then to be the limit: ${because}`;
    return {
      ...effortOf(question, seen),
      outcome: 'doubt',
      doubt,
      because: told,
      evidence: seen.refused === null ? [] : [seen.refused],
    };
  }
}

/** What is known so far. */
interface Seen {
  most: number;
  tried: number;
  began: number;
  refused: At | null;
}

const effortOf = ({ clock }: ConcurrencyQuestion, { most, tried, began }: Seen): Effort => ({
  held: most,
  tried,
  seconds: Math.round((clock.now() - began) * 1000) / 1000,
});

async function measure(question: ConcurrencyQuestion, seen: Seen): Promise<Concurrency<At>> {
  const { clock, quiet, silence, held, maxEvents, rate, seconds } = question;
  await quiet(silence, 'for a window with nothing of ours in it');
  seen.began = clock.now();
  /** Connections that were refused while their rate was used up. */
  let overRate = 0;
  let inWindow = 0;
  let last: At | null = null;
  const effort = (): Effort => effortOf(question, seen);
  const next = async (): Promise<Opening | Concurrency<At>> => {
    seen.tried += 1;
    inWindow += 1;
    try {
      const heard = await held.open();
      if (heard.kind === 'greeted') {
        seen.most = Math.max(seen.most, held.count);
        last = heard.at;
      }
      if (!('error' in heard)) return heard;
      const [at] = heard.error.evidence;
      if (heard.kind === 'silent' && seen.most > 0 && at !== undefined)
        return { ...effort(), outcome: 'process-pool', at, last };
      return { ...effort(), outcome: 'doubt', ...stopOf(heard.error) };
    } catch (error) {
      return { ...effort(), outcome: 'doubt', ...stopOf(error) };
    }
  };
  const doubt = (because: string, evidence: readonly At[]): Concurrency<At> => ({
    ...effort(),
    outcome: 'doubt',
    doubt: 'throttled',
    because,
    evidence,
  });

  while (seen.tried < maxEvents) {
    const heard = await next();
    if ('outcome' in heard) return heard;
    if (heard.kind !== 'refused') continue;
    seen.refused = heard.at;
    const limit = held.count;
    if (limit === 0) return doubt('the first connection was refused: something had shut us out before', [heard.at]);
    const gone = seen.tried - 1 - overRate - limit;
    if (gone !== 0) return doubt(`the server closed ${gone} connections of ours meanwhile`, [heard.at]);
    if (rate !== null) {
      if (inWindow <= rate.limit) return { ...effort(), outcome: 'found', limit, at: heard.at, again: null, last };
      const pause = afterWindow(rate.window);
      if (clock.now() + pause > seen.began + seconds) return { ...effort(), outcome: 'doubt', ...outOfTime(seconds) };
      await clock.wait(pause, `for the window of their rate, with ${limit} connections held`);
      overRate += 1;
      inWindow = 0;
      continue;
    }
    await held.closeOne();
    await clock.wait(settleSeconds, 'for the server to notice that a connection is gone');
    const freed = await next();
    if ('outcome' in freed) return freed;
    if (freed.kind === 'refused') return { ...effort(), outcome: 'rate-first', at: freed.at, refused: 'all the same' };
    await clock.wait(
      forgetSeconds(clock.now() - seen.began),
      'for any limit on their rate to forget these connections',
    );
    const closed = limit - held.count;
    const again = await next();
    if ('outcome' in again) return again;
    if (closed > 0) return doubt(`the server closed ${closed} connections of ours meanwhile`, [heard.at]);
    if (again.kind === 'refused') return { ...effort(), outcome: 'found', limit, at: heard.at, again: again.at, last };
    return { ...effort(), outcome: 'rate-first', at: heard.at, refused: 'for a while' };
  }
  if (last === null || held.count < maxEvents - overRate)
    return doubt(
      `the server closed ${maxEvents - overRate - held.count} connections of ours meanwhile`,
      last === null ? [] : [last],
    );
  return { ...effort(), outcome: 'none', last };
}
