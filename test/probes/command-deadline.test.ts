import { describe, expect, test } from 'vitest';
import { type CommandDeadlineData, commandDeadline } from '../../probes/command-deadline.ts';
import { trouble } from '../../src/model/trouble.ts';
import { mta } from '../fakes/scripted-server.ts';
import { exchange } from '../unit/kit/replies.ts';
import { impatient } from '../unit/kit/session-limits/impatient.ts';
import { ask } from '../unit/kit/session-limits/scan-session.ts';
import { replyFrom } from '../unit/mta/reply-from.ts';
import { judge, said } from './judged.ts';
import { underStress } from './session-data.ts';

const data = (seconds: number, part: Partial<CommandDeadlineData> = {}): CommandDeadlineData => ({
  idle: 300,
  every: 100,
  reply: null,
  closedAt: null,
  answer: null,
  cut: null,
  seconds,
  ...part,
});

describe('command-deadline judges', () => {
  test.each<[string, CommandDeadlineData | null, string, object]>([
    [
      'a deadline',
      data(300.01, { reply: replyFrom('421 4.4.2 mx Error: timeout exceeded') }),
      'pass',
      { limit: 300, idleSeconds: 300 },
    ],
    [
      'a deadline without a word',
      data(120, { closedAt: { session: 's1', event: 4, quote: 'closed by the server' } }),
      'pass',
      { limit: 120 },
    ],
    ['none', data(400, { answer: exchange('NOOP', '250 2.0.0 Ok') }), 'fail', { limit: null, everySeconds: 100 }],
    ['talk', data(100, { reply: replyFrom('250 what?') }), 'inconclusive(ambiguous)', {}],
    [
      'the end of the session at the end of the command',
      data(400, { cut: trouble('closed', 'hang-up', 'closed') }),
      'inconclusive(closed)',
      {},
    ],
    ['no time for it', data(0), 'inconclusive(budget-spent)', {}],
  ])('%s', (_, seen, expected, measured) => {
    const judgement = judge(commandDeadline, seen);
    expect(said(judgement)).toBe(expected);
    expect(judgement).toMatchObject({ measured });
  });

  test.each([
    ['a deadline', data(10.01, { idle: 10, reply: replyFrom('421 4.4.2 mx Error: timeout exceeded') })],
    ['none', data(13.4, { idle: 10, answer: exchange('NOOP', '250 2.0.0 Ok') })],
  ])('%s, where errors are told of a server under stress', (_, seen) => {
    const judgement = judge(commandDeadline, seen, { 'error-limit': underStress });
    expect(said(judgement)).toBe('inconclusive(ambiguous)');
    expect(judgement).toMatchObject({ measured: { limit: null, idleSeconds: 10 } });
  });

  test('nothing where the idle timeout is not known', () => {
    expect(said(judge(commandDeadline, null))).toBe('inconclusive(prerequisite)');
  });
});

describe('command-deadline dribbles', () => {
  test('past the idle timeout of a server that minds silence only', async () => {
    await using server = await impatient({ idle: 0.6 });
    const { finding } = await ask(server, 'command-deadline');
    expect(finding).toMatchObject({ verdict: 'fail', measured: { limit: null, idleSeconds: 0.6, everySeconds: 0.2 } });
    expect(server.connections.at(-1)?.commands).toEqual(['EHLO probe.scanner.test', 'NOOP x', 'QUIT']);
  });

  test('to the deadline of its twin', async () => {
    await using server = await impatient({ idle: 0.6, deadline: true });
    const { finding } = await ask(server, 'command-deadline');
    expect(finding).toMatchObject({ verdict: 'pass', measured: { limit: 0.6 } });
    expect(finding.evidence[0]?.quote).toContain('timeout exceeded');
  });

  test('not at all where it would not know what to wait for', async () => {
    const { said: verdict } = await ask(mta(), 'command-deadline', { restraint: { loadProbeSeconds: 0.3 } });
    expect(verdict).toBe('inconclusive(prerequisite)');
  });
});
