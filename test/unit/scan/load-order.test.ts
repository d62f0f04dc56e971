import { expect, test } from 'vitest';
import { defineProbe, type LoadWire, pass } from '../../../src/kit/index.ts';
import { defaultPolicy } from '../../../src/model/policy.ts';
import { ProbeRun } from '../../../src/scan/run-probes.ts';
import { endpointReport } from '../report/handmade.ts';

const at = { session: 's1', event: 0, quote: '220 mx ESMTP' };
const pause = () => new Promise((resolve) => setTimeout(resolve, 5));

/** Runs three `load` probes, two of which wait and the second of these needs the first; the order of what happened. */
async function orderOf(mayWaitBeside: boolean, loadFirst: readonly string[] = []): Promise<string[]> {
  const told: string[] = [];
  const about = {
    severity: 'low',
    safety: 'load',
    why: '',
    judged: '',
    refs: [],
    fix: {},
    cost: { connections: 1, commands: 1 },
  } as const;
  const observe = (id: string, ticks: number) => async () => {
    told.push(`${id} begins`);
    for (let tick = 0; tick < ticks; tick++) await pause();
    told.push(`${id} ends`);
    return ticks;
  };
  const counts = defineProbe({
    ...about,
    id: 'counts',
    question: '',
    observe: observe('counts', 2),
    judge: () => pass('', at),
  });
  const idle = defineProbe({
    ...about,
    id: 'idle',
    question: '',
    waits: true,
    observe: observe('idle', 6),
    judge: () => pass('', at),
  });
  const slow = defineProbe({
    ...about,
    id: 'slow',
    question: '',
    waits: true,
    needs: { idle },
    observe: observe('slow', 1),
    judge: (_, { idle: seen }) => pass(`idle saw ${seen}`, at),
  });
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
