import type { Window } from './rate-question.ts';

/** When a window may have begun: between two moments. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Whole seconds that a window may last, both included. */
export type Length = Pick<Window, 'low' | 'high'>;

/**
 * Seconds of silence after which a window of at most `seconds` has forgotten everything: one that slides in six parts
 * keeps a sixth longer.
 */
export const silenceFor = (seconds: number): number => (seconds * 7) / 6 + 1.5;

/** Silence after which a known window is empty. */
export const afterWindow = ({ high, kind }: Window): number => (kind === 'fixed' ? high + 1 + slack : silenceFor(high));

/** Seconds by which our clock and our sockets may be late. */
export const slack = 0.004;

/** Seconds by which one answer may be later than all before it: a lone packet waits where a stream does not. */
const late = 0.03;

export interface Recovery {
  /** When the window began. */
  readonly began: Span;
  /** When the burst was over. */
  readonly sentBy: number;
  readonly now: number;
  readonly expected: Length;
  /** Seconds that one question takes, as far as is known by now. */
  readonly trip: number;
  /** Questions ahead of the expected window, for one that is shorter. */
  readonly early: number;
  /** Refused in Postfix's words: its window is fixed, and has whole seconds. */
  readonly inItsWords: boolean;
}

/**
 * When to ask next whether a limiter lets us in again; null: no more. Each question is an event that the server bears
 * for us, so there are as few as can tell: two in the expected second, as a fixed window of n whole seconds (Postfix:
 * `start + n < now`) still refuses n seconds after its begin and accepts before n + 1, so that the pair tells n
 * exactly; and one ahead of them, by which a window that slides shows itself. Only where a tenth more events do not
 * matter, some are asked earlier, for windows that are shorter than expected.
 */
export function nextPoll({ began, sentBy, now, expected, trip, early, inItsWords }: Recovery): number | null {
  const { low, high } = expected;
  const way = Math.min(0.5, trip);
  const first = began.to + low - 1 - low / 4;
  const doubling = [1, 2, 4, 8, 16, 32, 64, 128, 256].map((seconds) => sentBy + seconds);
  const sooner = early === 0 ? [] : doubling.filter((time) => time < first).slice(-early);
  // Six buckets of ten seconds (Sendmail): the first of them is forgotten at 5/6 of the window at the earliest.
  const sliding = low === high ? [began.from + (low * 5) / 6 - slack] : [];
  const over = began.to + high + 1 + 3 * late + 2 * way;
  const longer = began.to + high * 1.15 + 2;
  const rests = [1, 3, 7].map((times) => longer + times * silenceFor(high));
  const times = [...sooner, ...sliding, ...near({ began, expected, inItsWords }, way), over, longer, ...rests].sort(
    (a, b) => a - b,
  );
  return times.find((time) => time > now) ?? null;
}

/**
 * Moments in and around the expected windows: a pair for each where there are few; one for each whole second where that
 * is what is counted, and the question costs the server next to nothing; else some that divide them evenly.
 */
function near(
  { began, expected, inItsWords }: Pick<Recovery, 'began' | 'expected' | 'inItsWords'>,
  way: number,
): number[] {
  const { low, high } = expected;
  const steps = (count: number, at: (step: number) => number) => Array.from({ length: count }, (_, step) => at(step));
  const whole = Math.floor(low);
  const count = Math.floor(high) - whole + 1;
  const inSecond = (step: number) => began.to + whole + step + 2 * slack;
  if (high - low <= 6)
    return steps(count, inSecond).flatMap((time, step) => [time, began.from + whole + step + 1 - 1.5 * way - late]);
  if (inItsWords && count <= mostSeconds) return steps(count, inSecond);
  return steps(7, (step) => began.to + low * (high / low) ** (step / 6) + slack);
}

/** Whole seconds that are each worth a question. */
const mostSeconds = 35;

/**
 * How long a fixed window can be that began in `began`, still refused an event at `refusedAt` and accepted one by
 * `acceptedBy`. Whole seconds.
 */
export function windowBetween(began: Span, refusedAt: number, acceptedBy: number): Length {
  const low = Math.max(1, Math.floor(refusedAt - slack - began.to - 1) + 1);
  const high = Math.max(low, Math.ceil(acceptedBy + slack - began.from) - 1);
  return { low, high };
}
