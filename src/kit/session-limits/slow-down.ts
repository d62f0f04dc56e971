/** When a server began to answer late, and by how much. */
export interface SlowDown {
  /**
   * How many commands were answered at the usual pace before; null where only the last was late, and it may be this one
   * or the one before.
   */
  readonly after: number | null;
  /** Null where it cannot be told from one reply. */
  readonly sleepSeconds: number | null;
}

export interface Pace {
  /** How long each answer took, in the order of the commands, which went out one at a time. */
  readonly seconds: readonly number[];
  /** How long answers took before, to commands that no server punishes. */
  readonly calm: readonly number[];
  /**
   * How the session ended behind the last of these answers. `in one packet` with it: a sleep before the last words
   * delayed both.
   */
  readonly ended: 'in one packet' | 'later' | null;
}

/** Shorter than this is the network, or a busy server. */
const leastSleep = 0.5;

/**
 * Finds the one step in a row of answering times: the division with the least absolute deviation from two levels.
 * `none`: no step. `unclear`: times so irregular that the division could be another.
 */
export function slowDownOf({ seconds, calm, ended }: Pace): SlowDown | 'none' | 'unclear' {
  const together = ended === 'in one packet';
  const body = together ? seconds.slice(0, -1) : seconds;
  const usual = median([...calm, ...body]);
  const best = Array.from({ length: body.length }, (_, after) => split(calm, body, after))
    .filter(({ sleep }) => sleep >= leastSleep)
    .toSorted((a, b) => a.deviation - b.deviation)[0];
  const level = deviation([...calm, ...body], usual);
  if (best !== undefined && (best.deviation < level / 2 || isEven(best, calm.length + body.length))) {
    // One late answer alone may be the network's doing, unless it is the last before the end.
    const atTheEnd = ended === 'later' || (together && (seconds.at(-1) ?? 0) - best.usual > 1.5 * best.sleep);
    return best.isClean && (best.late > 1 || atTheEnd)
      ? { after: best.after, sleepSeconds: rounded(best.sleep) }
      : 'unclear';
  }
  if (level > leastSleep * Math.max(1, body.length / 4)) return 'unclear';
  return together ? lastOne(seconds, median([...calm, ...body])) : 'none';
}

/**
 * Two levels, and what strays from them is little beside the step. Where hardly anything was answered at the usual
 * pace, jitter adds up to as much as the one level would save.
 */
const isEven = ({ isClean, deviation: strays, sleep }: ReturnType<typeof split>, count: number): boolean =>
  isClean && strays < (count * sleep) / 4;

/** `calm` and the first `after` at one level, the rest at another. */
function split(calm: readonly number[], body: readonly number[], after: number) {
  const before = [...calm, ...body.slice(0, after)];
  const late = body.slice(after);
  const usual = median(before);
  const sleep = median(late) - usual;
  return {
    after,
    late: late.length,
    usual,
    sleep,
    deviation: deviation(before, usual) + deviation(late, usual + sleep),
    isClean: before.every((each) => each < usual + leastSleep) && late.every((each) => each > usual + leastSleep),
  };
}

/**
 * Postfix sleeps before each of its last two replies where the soft limit is one below the hard one, and before the
 * very last where both are equal: whole seconds, so that an odd number tells which.
 */
function lastOne(seconds: readonly number[], usual: number): SlowDown | 'none' {
  const late = (seconds.at(-1) ?? 0) - usual;
  if (late < leastSleep) return 'none';
  const whole = Math.round(late);
  return whole % 2 === 1 ? { after: seconds.length, sleepSeconds: whole } : { after: null, sleepSeconds: null };
}

/** MTAs sleep whole seconds; what is near one is one. */
function rounded(seconds: number): number {
  const whole = Math.round(seconds);
  return whole > 0 && Math.abs(seconds - whole) < 0.25 ? whole : Math.round(seconds * 10) / 10;
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

const deviation = (numbers: readonly number[], from: number): number =>
  numbers.reduce((sum, each) => sum + Math.abs(each - from), 0);
