import { expect, test } from 'vitest';
import { type DefinedProbe, defineProbe, type LoadWire, pass } from '../../../src/kit/index.ts';
import { defaultPolicy } from '../../../src/model/policy.ts';
import { ProbeRun } from '../../../src/scan/run-probes.ts';
import { endpointReport } from '../report/handmade.ts';

const at = { session: 's1', event: 0, quote: '220 mx ESMTP' };
const pause = () => new Promise((resolve) => setTimeout(resolve, 5));

interface More<Needs> {
  readonly waits?: true;
  readonly needs?: Needs;
}

/** Runs three `load` probes, two of which wait and the second of these needs the first; the order of what happened. */
async function orderOf(mayWaitBeside: boolean, loadFirst: readonly string[] = []): Promise<string[]> {
  const told: string[] = [];
  const probe = <Needs extends Record<string, DefinedProbe<number>>>(
    id: string,
    ticks: number,
    more: More<Needs> = {},
  ) =>
    defineProbe({
      id,
      question: '',
      severity: 'low',
      safety: 'load',
      why: '',
      judged: '',
      refs: [],
      fix: {},
      cost: { connections: 1, commands: 1 },
      async observe() {
        told.push(`${id} begins`);
        for (let tick = 0; tick < ticks; tick++) await pause();
        told.push(`${id} ends`);
        return ticks;
      },
      judge: (_, given: Record<string, unknown>) =>
        pass(
          Object.entries(given)
            .map(([name, seen]) => `${name} saw ${seen}`)
            .join(),
          at,
        ),
      ...more,
    });
  const counts = probe('counts', 2);
  const idle = probe('idle', 6, { waits: true });
  const slow = probe('slow', 1, { waits: true, needs: { idle } });
  const run = new ProbeRun({
    endpoint: endpointReport([]),
    domain: null,
    probes: [counts, idle, slow],
    policy: defaultPolicy,
    day: '2026-01-01',
    forbidden: () => null,
    wireFor: () => ({}) as LoadWire,
    loadFirst,
    mayWaitBeside: () => mayWaitBeside,
    onStart: () => {},
    onFinding: ({ probe, because }) => told.push(`${probe}: ${because}`),
  });
  await run.part('load');
  return told;
}

test('what waits runs beside what counts, and its judge knows what it needs', async () => {
  const told = await orderOf(true);
  expect(told.slice(0, 3).toSorted()).toEqual(['counts begins', 'idle begins', 'slow begins']);
  expect(told.indexOf('slow ends')).toBeLessThan(told.indexOf('idle ends'));
  expect(told.at(-1)).toBe('slow: idle saw 6');
});

test('one by one where the server may not bear more, each behind what it needs', async () => {
  const told = (await orderOf(false, ['slow', 'counts'])).filter((line) => line.includes(' '));
  expect(told.filter((line) => line.endsWith('s'))).toEqual([
    'idle begins',
    'idle ends',
    'slow begins',
    'slow ends',
    'counts begins',
    'counts ends',
  ]);
});
