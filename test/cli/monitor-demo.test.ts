import { expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import * as scanner from '../../src/scan-and-judge.ts';
import { world } from './fake-io.ts';

test('half a minute shows a fault, its end, and the fault again, each in a mail', async () => {
  const { io, out } = world();
  expect(await run(['monitor', 'demo'], { ...io, scanner: async () => scanner })).toBe(0);
  const subjects = out()
    .match(/Subject: .*/g)
    ?.map((line) => line.replace(/127\.0\.0\.1:\d+/, 'SERVER'));
  expect(subjects).toEqual([
    'Subject: CRITICAL SERVER: Strangers can send mail anywhere through this server',
    'Subject: OK SERVER: open-relay passes again',
    'Subject: CRITICAL SERVER: Strangers can send mail anywhere through this server',
  ]);
  expect(out()).toMatch(/^ {3}http:\/\/127\.0\.0\.1:\d+\/$/m);
  expect(out()).toContain('1 of 1 monitor fails; 1 incident is open');
});
