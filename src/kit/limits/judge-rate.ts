import { fail, hindered, inconclusive, type Judgement, type Measured, pass } from '../../model/judgement.ts';
import type { Policy } from '../../model/policy.ts';
import type { Cite } from '../../model/transcript.ts';
import type { Vantage } from '../../model/vantage.ts';
import { ceilingOf, type Limited, weightAbove } from '../ceilings.ts';
import type { RateData } from './rate-data.ts';
import type { RateResult } from './rate-question.ts';

/** The words for one limiter. `events`: such as `MAIL commands`. */
export interface RateWords {
  readonly id: Limited;
  readonly events: string;
  /** What a limit would be on, for people, such as `how often one client may connect`. */
  readonly limitOn: string;
}

/** Says what the figures mean. Rates are judged per minute, whatever the window. */
export function judgeRate(
  { result, vantage, counted }: RateData,
  { id, events, limitOn }: RateWords,
  policy: Policy,
): Judgement {
  const measured = measuredOf(result, vantage);
  switch (result.outcome) {
    case 'found': {
      const { limit, window, refusal, accepted } = result;
      const evidence: [Cite, ...Cite[]] = accepted === null ? [refusal] : [refusal, accepted];
      const said = `${limit} ${events} in ${windowWords(result)}`;
      // A window of unknown length is longer than a minute.
      const [least, most] = window === null ? [0, limit] : [(limit * 60) / window.high, (limit * 60) / window.low];
      const ceiling = ceilingOf(policy, id);
      if (most <= ceiling) return pass(`it allows ${said}, and refuses the next`, evidence, { measured });
      if (least <= ceiling) {
        const open = `it allows ${said}, which is ${Math.floor(least)} to ${Math.ceil(most)} a minute: more or fewer than the ${ceiling} of the policy`;
        return inconclusive('ambiguous', open, evidence, { measured });
      }
      return fail(`there is a limit, ${said}, but far above what the policy asks for (${ceiling} a minute)`, evidence, {
        ...weightAbove(policy, id, { severity: 'info' }),
        measured,
        headline: tooHigh(limitOn),
      });
    }
    case 'none': {
      const said = `${result.tried} ${events} in ${result.seconds.toFixed(1)} s, and none was refused`;
      if (vantage !== 'outside' && !counted)
        return inconclusive('ambiguous', `${said}; ${maybeExempt(vantage)}`, [result.last], { measured });
      return fail(said, result.last, { ...weightAbove(policy, id), measured, headline: noLimit(limitOn) });
    }
    case 'slowed':
      return inconclusive(
        'throttled',
        `nothing is refused, and from number ${result.after + 1} on every answer takes its time: delays, which have no limit to measure`,
        [result.last],
        { measured },
      );
    case 'doubt':
      return hindered(result, { evidence: result.evidence.slice(0, 4), measured });
  }
}

export const noLimit = (on: string): string => `No limit was found on ${on}`;

export const tooHigh = (on: string): string => `The limit on ${on} is above what the policy allows`;

/** What a missing limit may mean to a client that the server knows. */
export const maybeExempt = (from: Vantage): string =>
  from === 'trusted'
    ? 'seen from a place that you called trusted, which the server may leave out of its limits'
    : `seen from a ${from} address, which the server may leave out of its limits: scan from outside, or say --vantage outside`;

function measuredOf(result: RateResult<Cite>, from: Vantage): Measured {
  const { tried, seconds, events } = result;
  const effort = { tried, seconds, events, vantage: from };
  if (result.outcome === 'slowed') return { limit: null, kind: 'delay', slowedAfter: result.after, ...effort };
  if (result.outcome === 'doubt' && result.refusedAfter !== undefined)
    return { limit: null, refusedAfter: result.refusedAfter, ...effort };
  if (result.outcome !== 'found') return { limit: null, ...effort };
  const { limit, kind, window, refusal } = result;
  const exact = window !== null && window.low === window.high;
  return {
    limit,
    windowSeconds: exact ? window.low : null,
    ...(exact || window === null ? {} : { windowAtLeast: window.low, windowAtMost: window.high }),
    kind: kind === 'untold' ? 'window' : `${kind}-window`,
    reply: refusal.quote,
    ...effort,
  };
}

function windowWords({ window }: { readonly window: { readonly low: number; readonly high: number } | null }): string {
  if (window === null) return 'a window of more than a minute';
  return window.low === window.high ? `${window.low} s` : `${window.low} to ${window.high} s`;
}
