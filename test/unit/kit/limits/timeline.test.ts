import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type RateCame, RateRun, type RateStep } from '../../../../src/kit/limits/rate-run.ts';
import { rateStrategy } from '../../../../src/kit/limits/rate-strategy.ts';
import { waitWords } from '../../../../src/kit/limits/words.ts';
import { fixedWindow, type Limiter } from './simulated.ts';

/** Follows the strategy against a limiter, and writes down a line a step. The server's clock is 0.3 s ahead of ours. */
function timelineOf(limiter: Limiter, answerSeconds: number): string[] {
  const given = {
    maxEvents: 120,
    assumedWindow: 60,
    window: null,
    windowLasts: null,
    emptyUntil: null,
    looksFirst: false,
    seconds: 600,
  };
  const run = new RateRun<null>(given, 0);
  const strategy = rateStrategy(run);
  const lines: string[] = [];
  let now = 0;
  const came = (step: RateStep): RateCame<null> => {
    const began = now;
    if (step.kind !== 'ask') {
      now += step.seconds;
      lines.push(`${at(began)} ${step.kind} ${step.seconds.toFixed(2)} s ${waitWords(step.why)}`);
      return { trials: [], stop: null, now, since: began };
    }
    const trials = Array.from({ length: step.count }, () => {
      const sentAt = now;
      now += answerSeconds;
      const accepted = limiter(sentAt + answerSeconds / 2 + 0.3);
      lines.push(`${at(sentAt)} ask: ${accepted ? 'accepted' : 'refused'}`);
      return { sentAt, answeredAt: now, accepted, inItsWords: true, at: null };
    });
    return { trials, stop: null, now, since: now };
  };
  let next = strategy.next();
  while (next.done !== true) next = strategy.next(came(next.value));
  const end = next.value;
  return [...lines, end.outcome === 'found' ? `found: ${end.limit} in ${end.window?.low} s` : end.outcome];
}

const at = (seconds: number): string => seconds.toFixed(2).padStart(6);

test('the worked timeline in the documents is what happens', () => {
  const [, block = ''] = readFileSync('docs/limits.md', 'utf8').split('```\n');
  const shown = block
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/ +\|.*/, ''));
  expect(shown).toEqual(timelineOf(fixedWindow(5, 60), 0.01));
});
