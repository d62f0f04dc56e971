import { type Trouble, trouble } from '../../model/trouble.ts';

/** Why a measurement waits. */
export type Waiting =
  | keyof typeof waits
  /** For the limiter that accepted so many. */
  | { readonly kind: 'let in'; readonly limit: number }
  /** For the window of their rate, with so many connections held. */
  | { readonly kind: 'their rate'; readonly held: number };

/** Nothing more could be asked. */
interface Stopped {
  readonly kind: 'stopped';
  readonly met: Trouble;
  /** How many were accepted, or held, before the first refusal, if there was one. */
  readonly unproven: number | null;
}

/** Why a measurement of a rate brought no number: what was seen. Times in seconds. */
export type RateDoubt =
  | Stopped
  | { readonly kind: 'spent'; readonly limit: number; readonly maxEvents: number }
  | { readonly kind: 'first-refused'; readonly silence: number }
  | { readonly kind: 'slow-burst'; readonly took: number; readonly window: number }
  | { readonly kind: 'never-let-in'; readonly limit: number; readonly waited: number }
  /** As a limiter without a window: `other` in another burst, or one more `after` so long. */
  | { readonly kind: 'fades'; readonly limit: number; readonly other: number | null; readonly after: number }
  | { readonly kind: 'differs'; readonly one: number; readonly other: number }
  /** In another burst the first was refused, or none of so many. */
  | { readonly kind: 'otherwise'; readonly limit: number; readonly other: 'first' | number }
  | { readonly kind: 'irregular'; readonly limit: number };

/** Why a measurement of connections at once brought no number. */
export type ConcurrencyDoubt =
  | Stopped
  | { readonly kind: 'first-refused' }
  | { readonly kind: 'closed-meanwhile'; readonly count: number };

/** Trouble without its sentence: what stopped it, or that a limiter answered as no one number explains. */
export function troubleIn(fact: RateDoubt | ConcurrencyDoubt): Omit<Trouble, 'because' | 'evidence'> {
  if (fact.kind === 'stopped') return fact.met;
  return fact.kind === 'spent'
    ? { doubt: 'budget-spent', cause: 'restraint' }
    : { doubt: 'throttled', cause: 'unproven' };
}

export function rateWords(fact: RateDoubt): string {
  switch (fact.kind) {
    case 'stopped':
      return stoppedWords(fact, 'accepted');
    case 'spent':
      return `number ${fact.limit + 1} was refused, and to prove that it was the first one too many takes more than the ${fact.maxEvents} events that may be sent (--max-events)`;
    case 'first-refused':
      return `the first was refused, after ${Math.round(fact.silence)} s of silence: others share our count, or the window is longer than that`;
    case 'slow-burst':
      return `the burst took ${fact.took.toFixed(1)} s, longer than a window of ${fact.window} s: what was counted first may be forgotten`;
    case 'never-let-in':
      return `number ${fact.limit + 1} was refused, and ${Math.round(fact.waited)} s later still: whether the window was empty before cannot be told`;
    case 'fades': {
      const then =
        fact.other === null ? `lets the next in after ${fact.after.toFixed(1)} s` : `${fact.other} in another`;
      return `it allows ${fact.limit} in one burst and ${then}: as a limiter that forgets little by little, such as Exim's ratelimit, and that has no window to measure`;
    }
    case 'differs':
      return `it allows ${fact.one} in one burst and ${fact.other} in another: no window with a fixed begin, or others share our count`;
    case 'otherwise': {
      const other = fact.other === 'first' ? 'the first' : `none of ${fact.other}`;
      return `number ${fact.limit + 1} was refused in one burst and ${other} in another`;
    }
    case 'irregular':
      return `it allows ${fact.limit} in each burst, but lets us in again now sooner and now later: no window of one length`;
  }
}

export function concurrencyWords(fact: ConcurrencyDoubt): string {
  switch (fact.kind) {
    case 'stopped':
      return stoppedWords(fact, 'held');
    case 'first-refused':
      return 'the first connection was refused: something had shut us out before';
    case 'closed-meanwhile':
      return `the server closed ${fact.count} connections of ours meanwhile`;
  }
}

const stoppedWords = ({ unproven, met }: Stopped, were: 'accepted' | 'held'): string =>
  unproven === null
    ? met.because
    : `${unproven} were ${were} and the next was refused, which was not proven by then to be the limit: ${met.because}`;

export const outOfTime = (seconds: number): Trouble =>
  trouble('budget-spent', 'restraint', `the ${seconds} s that this may take were over`);

/** `needed`: seconds that another look takes. */
export const tooLate = (seconds: number, needed: number): Trouble =>
  trouble(
    'budget-spent',
    'restraint',
    `another look takes ${Math.ceil(needed)} s, and the ${seconds} s that this may take would be over by then`,
  );

export function waitWords(why: Waiting): string {
  if (typeof why === 'string') return waits[why];
  return why.kind === 'let in'
    ? `for the limiter to let us in again (${why.limit} were accepted)`
    : `for the window of their rate, with ${why.held} connections held`;
}

const waits = {
  'empty window': 'for a window with nothing of ours in it',
  'nothing beside': 'for our other sessions to end',
  'as many again': 'to see whether the limiter allows as many again',
  'all forgotten': 'for the events of the burst to be forgotten, each by itself',
  'first ahead': 'so that the first event is forgotten ahead of the others',
  'one by one': 'to see whether events are forgotten one by one',
  'closed one': 'for the server to notice that a connection is gone',
  'open again': 'for the server to listen again',
  'any rate': 'for any limit on their rate to forget these connections',
} as const;
