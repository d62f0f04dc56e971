import { expect, test } from 'vitest';
import { advance, nothingYet, progressLine } from '../../src/cli/progress.ts';
import { run } from '../../src/cli/run.ts';
import type { ScanEvent } from '../../src/scan/events.ts';
import { finding } from '../unit/report/handmade.ts';
import { cleanReport, world } from './fake-io.ts';

const events: readonly ScanEvent[] = [
  { type: 'endpoint-started', endpoint: 'mx/192.0.2.1:25', probes: ['hello', 'vrfy'] },
  { type: 'probe-started', endpoint: 'mx/192.0.2.1:25', probe: 'hello' },
  { type: 'finding', endpoint: 'mx/192.0.2.1:25', finding: finding('hello', 'pass') },
];

test('counts answers and endpoints and says what is going on', () => {
  const progress = events.reduce((so, event) => advance(so, event, 0), nothingYet);
  expect(progressLine(progress, 3.4, 80)).toBe('1/2 answers, 0/1 endpoints, 3 s  mx/192.0.2.1:25 hello');
});

test('says how long it may take while nobody answers, and about how long a slow server will', () => {
  const [started, probe, answered] = events as [ScanEvent, ScanEvent, ScanEvent];
  const begun = [started, probe].reduce((so, event) => advance(so, event, 0), nothingYet);
  const bounds = { replySeconds: 12, addressSeconds: 600 };
  expect(progressLine(begun, 4, 120, bounds)).toBe(
    '0/2 answers, 0/1 endpoints, 4 s  nobody has answered yet; each connection may take 12 s: mx/192.0.2.1:25 hello',
  );
  const slow = advance(begun, answered, 0);
  expect(progressLine(slow, 40, 120, bounds)).toContain('40 s, about 40 s left  mx');
  expect(progressLine(slow, 590, 120, bounds)).toContain('590 s, about 10 s left  mx');
});

test('says what is waited for', () => {
  const progress = advance(
    nothingYet,
    {
      type: 'waiting',
      address: '192.0.2.1',
      seconds: 59.2,
      because: '421 \x1b[2J',
    },
    0,
  );
  expect(progressLine(progress, 0, 80)).toBe(
    '0/0 answers, 0/0 endpoints, 0 s  waiting 60 s for 192.0.2.1: 421 \\x1b[2J',
  );
});

test('says how long load probes still take: ports of an address one after the other, addresses side by side', () => {
  const started = (endpoint: string, secondsLeft: number): ScanEvent => ({
    type: 'endpoint-started',
    endpoint,
    probes: ['message-rate'],
    secondsLeft,
  });
  const before = [started('mx/192.0.2.1:25', 134), started('mx/192.0.2.1:587', 134), started('mx/192.0.2.2:25', 134)];
  const begun = before.reduce((so, event) => advance(so, event, 0), nothingYet);
  expect(progressLine(begun, 0, 80)).toContain('0 s, about 5 min left  nobody');
  const probe = {
    type: 'probe-started',
    endpoint: 'mx/192.0.2.1:25',
    probe: 'message-rate',
    secondsLeft: 134,
  } as const;
  const later = advance(begun, probe, 10);
  expect(progressLine(later, 70, 200)).toMatch(/70 s, about 4 min left .*mx\/192\.0\.2\.1:25 message-rate/);
  const end = advance(later, { ...probe, endpoint: 'mx/192.0.2.1:587', secondsLeft: 62 }, 145);
  expect(progressLine(end, 180, 200)).toContain('180 s, about 3 min left');
});

test('is never wider than the terminal', () => {
  expect(
    progressLine(
      events.reduce((so, event) => advance(so, event, 0), nothingYet),
      3,
      20,
    ),
  ).toHaveLength(19);
});

test('is cleared at the end, and only ever on a terminal', async () => {
  const scan = async (onEvent: (event: ScanEvent) => void) => {
    events.forEach(onEvent);
    return cleanReport;
  };
  const terminal = world({ terminal: true, scan });
  await run(['scan', 'example.com', '--format', 'json'], terminal.io);
  expect(terminal.err().endsWith('\r\x1b[K')).toBe(true);
  const pipe = world({ scan });
  await run(['scan', 'example.com', '--format', 'json'], pipe.io);
  expect(pipe.err()).toBe('');
});
