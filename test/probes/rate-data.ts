import type { RateData } from '../../src/kit/limits/rate-data.ts';
import type { RateResult } from '../../src/kit/limits/rate-question.ts';
import type { Cite } from '../../src/model/transcript.ts';

const at = (quote: string): Cite => ({ session: 's2', event: 5, quote });
const effort = { tried: 31, seconds: 0.2, events: 40 };
const window = { low: 60, high: 60, kind: 'fixed' } as const;

/** What a measurement may have come to, for judges. */
export const results = {
  found: (limit: number, seconds = 60): RateResult<Cite> => ({
    ...effort,
    outcome: 'found',
    limit,
    kind: 'fixed',
    window: { ...window, low: seconds, high: seconds },
    refusal: at('450 4.7.1 Error: too many'),
    accepted: at('250 2.1.0 Ok'),
  }),
  none: { ...effort, outcome: 'none', last: at('250 2.1.0 Ok') },
  slowed: { ...effort, outcome: 'slowed', after: 10, last: at('250 OK') },
  stretched: {
    ...effort,
    outcome: 'doubt',
    doubt: 'throttled',
    cause: 'unproven',
    because: 'the burst took 80.0 s, longer than a window of 60 s',
    evidence: [at('250 OK')],
    tripped: false,
  },
  unknownCommand: {
    ...effort,
    outcome: 'doubt',
    doubt: 'prerequisite',
    cause: 'reply',
    because: 'AUTH was answered "502 5.5.1 Error: command not implemented"',
    evidence: [at('502 5.5.1 Error: command not implemented')],
    tripped: false,
  },
} satisfies Record<string, RateResult<Cite> | ((...given: number[]) => RateResult<Cite>)>;

export const seen = (result: RateResult<Cite>, part: Partial<RateData> = {}): RateData => ({
  result,
  vantage: 'outside',
  counted: result.outcome === 'found',
  ...part,
});
