import type { Asked, Clock, RateQuestion, Trial } from '../../../../src/kit/limits/rate-question.ts';

/** Takes an event at a moment; true where it is let in. */
export type Limiter = (now: number) => boolean;

/**
 * Postfix's anvil: one start, whole seconds, refused events counted too. `begun`: when an event of another kind began
 * the window.
 */
export function fixedWindow(limit: number, unit: number, begun = Number.NEGATIVE_INFINITY): Limiter {
  let start = Math.floor(begun);
  let count = 0;
  return (now) => {
    if (start + unit < Math.floor(now)) {
      start = Math.floor(now);
      count = 0;
    }
    count += 1;
    return count <= limit;
  };
}

/** Sendmail: six buckets, refused events counted too. `parts` large: a log of moments. */
export function slidingWindow(limit: number, unit: number, { parts = 6, countsRefused = true } = {}): Limiter {
  let seen: number[] = [];
  const width = unit / parts;
  return (now) => {
    const oldest = Math.floor(now / width) - parts + 1;
    seen = seen.filter((time) => Math.floor(time / width) >= oldest);
    const accepted = seen.length + 1 <= limit;
    if (accepted || countsRefused) seen.push(now);
    return accepted;
  };
}

/** A bucket that holds `limit` and leaks so many in `unit` seconds. */
export function leakyBucket(limit: number, unit: number): Limiter {
  let level = 0;
  let last = Number.NEGATIVE_INFINITY;
  return (now) => {
    level = last === Number.NEGATIVE_INFINITY ? 0 : Math.max(0, level - ((now - last) * limit) / unit);
    last = now;
    if (level + 1 > limit) return false;
    level += 1;
    return true;
  };
}

/**
 * Exim's `ratelimit` ACL condition: a rate that is smoothed over `period` seconds and refused from `limit` on.
 * `strict`: refused events are counted too. So many in a fast burst, and as many in a period in the long run; no window
 * begins or ends.
 */
export function smoothedRate(limit: number, period: number, { strict = false } = {}): Limiter {
  let rate = 0;
  let last = Number.NEGATIVE_INFINITY;
  return (now) => {
    const periods = Math.max(1e-9, now - last) / period;
    const kept = Math.exp(-periods);
    const next = last === Number.NEGATIVE_INFINITY ? 1 : Math.max(1, (1 - kept) / periods + kept * rate);
    const accepted = next < limit;
    if (accepted || strict) {
      rate = next;
      last = now;
    }
    return accepted;
  };
}

/**
 * HAProxy's `conn_rate`: what came in this period, and of the period before a share that shrinks as this one goes on.
 * Refused events are counted too.
 */
export function twoPeriods(limit: number, period: number): Limiter {
  let began = Number.NEGATIVE_INFINITY;
  let current = 0;
  let previous = 0;
  return (now) => {
    const periods = Math.floor((now - began) / period);
    if (periods >= 1) {
      previous = periods === 1 ? current : 0;
      current = 0;
      began = periods === 1 ? began + period : now;
    }
    current += 1;
    return current + previous * (1 - (now - began) / period) <= limit;
  };
}

export const unlimited: Limiter = () => true;

export interface Simulation {
  readonly limiter: Limiter;
  /** Where the server's clock stands when ours is at 0, in seconds; only its fraction matters. */
  readonly phase: number;
  /**
   * Seconds of each event, from sending to answer, used over and over; it is counted after the share `counted` of it.
   */
  readonly latencies: readonly number[];
  readonly counted?: number;
  /** Events of others, seconds before we begin. */
  readonly others?: readonly number[];
  /** Whether it refuses in Postfix's words. */
  readonly inItsWords?: boolean;
  /** Commands sent in one go share the way. */
  readonly pipelined?: boolean;
}

export interface Simulated {
  readonly question: (asked: {
    maxEvents?: number;
    assumedWindow: number;
    window?: RateQuestion<number>['window'];
    windowLasts?: number | null;
    emptyUntil?: number | null;
    looksFirst?: boolean;
    seconds?: number;
  }) => RateQuestion<number>;
  readonly clock: Clock;
  readonly events: () => number;
  /** Until when the window lasts that began last, as was noted. */
  readonly lasts: () => number | null;
}

/** When a simulation begins, on our clock. */
export const beginning = 10_000;

export function simulate({
  limiter,
  phase,
  latencies,
  counted = 0.5,
  others = [],
  pipelined = false,
  inItsWords = true,
}: Simulation): Simulated {
  const start = beginning;
  let now = start;
  let last = start;
  let events = 0;
  let lasts: number | null = null;
  for (const before of [...others].sort((a, b) => b - a)) limiter(start - before + phase);
  const clock: Clock = {
    now: () => now,
    wait: async (seconds) => {
      now += Math.max(0, seconds);
    },
  };
  const one = (latency: number): Trial<number> => {
    const sentAt = now;
    const accepted = limiter(sentAt + latency * counted + phase);
    now += latency;
    last = now;
    events += 1;
    return { sentAt, answeredAt: now, accepted, inItsWords, at: events };
  };
  const ask = async (count: number): Promise<Asked<number>> => {
    const trials = Array.from({ length: count }, (_, index) =>
      one(pipelined && index > 0 ? 0 : (latencies[events % latencies.length] ?? 0)),
    );
    return { trials, stop: null };
  };
  const quiet = async (seconds: number) => {
    const since = last;
    now = Math.max(now, since + seconds);
    return since;
  };
  return {
    clock,
    events: () => events,
    lasts: () => lasts,
    question: ({
      maxEvents = 500,
      assumedWindow,
      window = null,
      windowLasts = null,
      emptyUntil = null,
      looksFirst = false,
      seconds = 3600,
    }) => ({
      clock,
      ask,
      quiet,
      maxEvents,
      assumedWindow,
      window,
      windowLasts,
      emptyUntil,
      looksFirst,
      noteWindow: (until) => {
        lasts = until;
      },
      seconds,
    }),
  };
}
