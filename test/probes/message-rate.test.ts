import { describe, expect, test } from 'vitest';
import { messageRate } from '../../probes/message-rate.ts';
import type { RateData } from '../../src/kit/limits/rate-data.ts';
import { StandingClock, scanLoad, windowOn } from '../fakes/scan-load.ts';
import { mta } from '../fakes/scripted-server.ts';
import { judge, said } from './judged.ts';
import { results, seen } from './rate-data.ts';

const tooMuch = '450 4.7.1 Error: too much mail from 127.0.0.1';

const between = (limit: number, low: number, high: number) => ({
  ...results.found(limit),
  window: { low, high, kind: 'fixed' as const },
});

describe('message-rate judges', () => {
  test.each<[string, RateData, string]>([
    ['thirty a minute', seen(results.found(30)), 'pass'],
    ['as many as the policy allows', seen(results.found(100)), 'pass'],
    ['more than the policy allows', seen(results.found(101)), 'fail'],
    ['few, in a very short window', seen(results.found(20, 10)), 'fail'],
    ['many, in a long window', seen(results.found(500, 3600)), 'pass'],
    ['hardly above, in a long window', seen(results.found(1001, 600)), 'fail'],
    ['as many, where the window is not known to the second', seen(between(100, 60, 61)), 'pass'],
    ['more, however long the window is', seen(between(110, 60, 61)), 'fail'],
    ['more or fewer, as the window is', seen(between(100, 50, 61)), 'inconclusive(ambiguous)'],
    ['none, from outside', seen(results.none), 'fail'],
    ['none, from loopback', seen(results.none, { vantage: 'loopback' }), 'inconclusive(ambiguous)'],
    ['none, from loopback, and yet counted', seen(results.none, { vantage: 'loopback', counted: true }), 'fail'],
    ['none, from a place called trusted', seen(results.none, { vantage: 'trusted' }), 'inconclusive(ambiguous)'],
    ['found, from loopback', seen(results.found(30), { vantage: 'loopback' }), 'pass'],
    ['delays', seen(results.slowed), 'inconclusive(throttled)'],
    ['a tarpit', seen(results.stretched), 'inconclusive(throttled)'],
  ])('%s', (_, data, expected) => {
    expect(said(judge(messageRate, data))).toBe(expected);
  });
});

describe('message-rate measures', () => {
  test('the number, the window, and no more commands than it takes', async () => {
    const clock = new StandingClock();
    const letsIn = windowOn(clock, 7);
    await using server = await mta()
      .onMail(() => (letsIn() ? undefined : tooMuch))
      .start();
    const { findings, events } = await scanLoad(server, [messageRate], clock);
    expect(findings[0]).toMatchObject({
      verdict: 'pass',
      measured: { limit: 7, windowSeconds: 60, kind: 'fixed-window', reply: tooMuch, tried: 8, vantage: 'outside' },
    });
    expect(events.filter(({ type }) => type === 'waiting').length).toBeGreaterThan(2);
    expect(server.withoutQuit).toEqual([]);
  });

  test('none: said after the whole budget', async () => {
    await using server = await mta().start();
    const { findings } = await scanLoad(server, [messageRate], new StandingClock());
    expect(findings[0]).toMatchObject({ verdict: 'fail', measured: { limit: null, tried: 30 } });
  });

  test('none, seen from loopback: inconclusive', async () => {
    await using server = await mta().start();
    const { findings } = await scanLoad(server, [messageRate], new StandingClock(), { vantage: null });
    expect(findings[0]).toMatchObject({ verdict: 'inconclusive', doubt: 'ambiguous' });
  });

  test('in more sessions where one bears few commands', async () => {
    const clock = new StandingClock();
    const letsIn = windowOn(clock, 23);
    await using server = await mta()
      .hides('ENHANCEDSTATUSCODES')
      .on('RSET', ({ dialogue }) =>
        dialogue.commands > 20 ? { say: '554 Too many nonmail commands', and: 'hang up' } : undefined,
      )
      .onMail(() => (letsIn() ? undefined : tooMuch))
      .start();
    const { findings } = await scanLoad(server, [messageRate], clock);
    expect(findings[0]).toMatchObject({ measured: { limit: 23 } });
  });

  test('another limiter comes first', async () => {
    const clock = new StandingClock();
    const letsIn = windowOn(clock, 4);
    await using server = await mta()
      .onMail(() => (letsIn() ? undefined : '452 4.3.1 Insufficient system storage'))
      .start();
    const { findings } = await scanLoad(server, [messageRate], clock);
    expect(findings[0]).toMatchObject({ verdict: 'inconclusive' });
  });

  test('without PIPELINING too', async () => {
    const clock = new StandingClock();
    const letsIn = windowOn(clock, 5);
    await using server = await mta()
      .lockStepOnly()
      .onMail(() => (letsIn() ? undefined : tooMuch))
      .start();
    const { findings } = await scanLoad(server, [messageRate], clock);
    expect(findings[0]).toMatchObject({ verdict: 'pass', measured: { limit: 5, windowSeconds: 60 } });
  });
});
