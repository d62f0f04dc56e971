import { describe, expect, test } from 'vitest';
import { connectionCount } from '../../probes/connection-count.ts';
import type { ConcurrencyData } from '../../src/kit/limits/concurrency-data.ts';
import { StandingClock, scanLoad } from '../fakes/scan-load.ts';
import { mta } from '../fakes/scripted-server.ts';
import type { Action } from '../fakes/stock-mta.ts';
import { judge, said } from './judged.ts';

const at = (quote: string) => ({ session: 's9', event: 1, quote });
const refusal = at('421 4.7.0 mx Error: too many connections from 192.0.2.9');
const effort = { held: 13, tried: 16, seconds: 1 };
const seen = (result: ConcurrencyData['result'], part: Partial<ConcurrencyData> = {}): ConcurrencyData => ({
  result,
  vantage: 'outside',
  counted: false,
  ...part,
});
const none = { ...effort, outcome: 'none', last: at('220 mx ESMTP') } as const;

describe('connection-count judges', () => {
  test.each<[string, ConcurrencyData, string]>([
    ['thirteen', seen({ ...effort, outcome: 'found', limit: 13, at: refusal, again: refusal, last: null }), 'pass'],
    [
      'more than the policy allows',
      seen({ ...effort, outcome: 'found', limit: 51, at: refusal, again: refusal, last: null }),
      'fail',
    ],
    ['silence', seen({ ...effort, outcome: 'process-pool', at: at('nothing within 5 s'), last: null }), 'fail'],
    [
      'silence, from loopback',
      seen({ ...effort, outcome: 'process-pool', at: at('nothing within 5 s'), last: null }, { vantage: 'loopback' }),
      'inconclusive(ambiguous)',
    ],
    [
      'the rate',
      seen({ ...effort, outcome: 'rate-first', at: refusal, refused: 'all the same' }),
      'inconclusive(throttled)',
    ],
    [
      'the rate, of a few seconds',
      seen({ ...effort, outcome: 'rate-first', at: refusal, refused: 'for a while' }),
      'inconclusive(throttled)',
    ],
    ['none, from outside', seen(none), 'fail'],
    ['none, from loopback', seen(none, { vantage: 'loopback' }), 'inconclusive(ambiguous)'],
    ['none, from loopback, and yet counted', seen(none, { vantage: 'loopback', counted: true }), 'fail'],
  ])('%s', (_, data, expected) => {
    expect(said(judge(connectionCount, data))).toBe(expected);
  });
});

describe('connection-count measures', () => {
  test('held at once, in three connections more', async () => {
    await using server = await mta().connectionsAtOnce(7).start();
    const { findings } = await scanLoad(server, [connectionCount], new StandingClock());
    expect(findings[0]).toMatchObject({ verdict: 'pass', measured: { limit: 7, kind: 'concurrency', tried: 10 } });
    expect(server.connections.every(({ open }) => !open)).toBe(true);
    expect(server.withoutQuit).toEqual([]);
  });

  test.each<[string, Action]>([
    ['a hang-up without a word, as from a packet filter', { and: 'hang up' }],
    ['a reset', { and: 'reset' }],
    ['a 5xx', { say: '554 5.7.1 too many connections', and: 'hang up' }],
  ])('whatever is said to the one too many: %s', async (_, refusal) => {
    await using server = await mta().connectionsAtOnce(7).turnsAwayWith(refusal).start();
    const { findings } = await scanLoad(server, [connectionCount], new StandingClock());
    expect(findings[0]).toMatchObject({ verdict: 'pass', measured: { limit: 7, kind: 'concurrency', tried: 10 } });
    expect(findings[0]?.evidence.map(({ quote }) => quote)).toContain('220 mx.example.test ESMTP Postfix');
  });

  test('the same words for their rate: no number', async () => {
    // One of `hello`.
    await using server = await mta().connectionsInAll(7).start();
    const { findings } = await scanLoad(server, [connectionCount], new StandingClock());
    expect(findings[0]).toMatchObject({
      verdict: 'inconclusive',
      doubt: 'throttled',
      measured: { limit: null, kind: 'rate' },
    });
  });

  test('none', async () => {
    await using server = await mta().start();
    const { findings } = await scanLoad(server, [connectionCount], new StandingClock(), { maxEvents: 12 });
    expect(findings[0]).toMatchObject({ verdict: 'fail', measured: { held: 12, tried: 12 } });
    expect(server.peak).toBe(12);
  });
});
