import { describe, expect, test } from 'vitest';
import { type IdleTimeoutData, idleTimeout } from '../../probes/idle-timeout.ts';
import { mta } from '../fakes/scripted-server.ts';
import { exchange } from '../unit/kit/replies.ts';
import { impatient } from '../unit/kit/session-limits/impatient.ts';
import { ask } from '../unit/kit/session-limits/scan-session.ts';
import { replyFrom } from '../unit/mta/reply-from.ts';
import { judge, said } from './judged.ts';
import { underStress } from './session-data.ts';

const timeout = replyFrom('421 4.4.2 mx.example.test Error: timeout exceeded');
const remark = { session: 's1', event: 3, quote: 'closed by the server after 300.0 s of silence' };
const data = (seconds: number, part: Partial<IdleTimeoutData> = {}): IdleTimeoutData => ({
  ehlo: exchange('EHLO us', '250 mx.example.test'),
  reply: timeout,
  closedAt: null,
  alive: null,
  seconds,
  ...part,
});
const alive = { reply: null, alive: exchange('NOOP', '250 2.0.0 Ok') };
describe('idle-timeout judges', () => {
  test.each<[string, IdleTimeoutData, Record<string, unknown>, string, object]>([
    ['five minutes', data(300.02), {}, 'pass', { limit: 300 }],
    ['five minutes without a word', data(300.4, { reply: null, closedAt: remark }), {}, 'pass', { limit: 300 }],
    ['six seconds', data(6.01), {}, 'fail', { limit: 6 }],
    ['ten minutes', data(600.3), {}, 'fail', { limit: 600 }],
    ['no end', data(330, alive), {}, 'fail', { limit: null, tried: 330 }],
    ['no time to see the end', data(60, alive), {}, 'inconclusive(budget-spent)', { limit: null, tried: 60 }],
    ['stress', data(10.01), { 'error-limit': underStress }, 'inconclusive(ambiguous)', { limit: null }],
    ['talk', data(4, { reply: replyFrom('250 hello again') }), {}, 'inconclusive(ambiguous)', { limit: null }],
  ])('%s', (_, seen, given, expected, measured) => {
    const judgement = judge(idleTimeout, seen, given);
    expect(said(judgement)).toBe(expected);
    expect(judgement).toMatchObject({ measured });
  });

  test('less than the RFC wants as a remark, more as a finding', () => {
    expect(judge(idleTimeout, data(30))).toMatchObject({ severity: 'info' });
    expect(judge(idleTimeout, data(3600))).not.toHaveProperty('severity');
  });
});

describe('idle-timeout waits', () => {
  test('until the server ends it, with a word or without', async () => {
    await using server = await impatient({ idle: 0.4 });
    const { finding } = await ask(server, 'idle-timeout');
    expect(finding).toMatchObject({ verdict: 'fail', severity: 'info' });
    expect(finding.evidence[0]?.quote).toContain('timeout exceeded');
    await using mute = await impatient({ idle: 0.4, words: false });
    const { finding: wordless } = await ask(mute, 'idle-timeout');
    expect(wordless).toMatchObject({ verdict: 'fail' });
    // Never less than it was; more where this machine was busy with something else.
    for (const { measured } of [finding, wordless]) {
      expect(measured?.limit).toBeGreaterThanOrEqual(0.4);
      expect(measured?.limit).toBeLessThan(3);
    }
  });

  test('no longer than it may', async () => {
    const { said: verdict, finding } = await ask(mta(), 'idle-timeout', { restraint: { loadProbeSeconds: 0.3 } });
    expect(verdict).toBe('inconclusive(budget-spent)');
    expect(finding.evidence[0]?.quote).toBe('250 2.0.0 Ok');
  });
});
