import { describe, expect, test } from 'vitest';
import { connectionRate } from '../../probes/connection-rate.ts';
import type { RateData } from '../../src/kit/limits/rate-data.ts';
import { StandingClock, scanLoad } from '../fakes/scan-load.ts';
import { mta } from '../fakes/scripted-server.ts';
import type { Action } from '../fakes/stock-mta.ts';
import { judge, said } from './judged.ts';
import { results, seen } from './rate-data.ts';

describe('connection-rate judges', () => {
  test.each<[string, RateData, string]>([
    ['thirty a minute', seen(results.found(30)), 'pass'],
    ['more than the policy allows', seen(results.found(119)), 'fail'],
    ['none, from outside', seen(results.none), 'fail'],
    ['none, from loopback', seen(results.none, { vantage: 'loopback' }), 'inconclusive(ambiguous)'],
    ['stretched', seen(results.stretched), 'inconclusive(throttled)'],
  ])('%s', (_, data, expected) => {
    expect(said(judge(connectionRate, data))).toBe(expected);
  });
});

/** A window of 60 s begins anew where nothing came for so long, and half a second into the 61st. */
function eachMinute(clock: StandingClock, forget: () => void): void {
  let began = clock.now();
  clock.onWait(() => {
    if (clock.now() - began < 60.5) return;
    began = clock.now();
    forget();
  });
}

describe('connection-rate measures', () => {
  test('one at a time, each at its end before the next', async () => {
    const clock = new StandingClock();
    await using server = await mta().connectionsInAll(9).start();
    eachMinute(clock, server.forgive);
    const { findings } = await scanLoad(server, [connectionRate], clock);
    expect(findings[0]).toMatchObject({ verdict: 'pass', measured: { limit: 9, windowSeconds: 60 } });
    expect(server.peak).toBe(1);
    expect(server.withoutQuit).toEqual([]);
  });

  test.each<[string, Action]>([
    ['a hang-up without a word, as from a packet filter', { and: 'hang up' }],
    ['a reset', { and: 'reset' }],
    ['a 5xx', { say: '554 5.7.1 slow down', and: 'hang up' }],
  ])('whatever is said to the one too many: %s', async (_, refusal) => {
    const clock = new StandingClock();
    await using server = await mta().connectionsInAll(9).turnsAwayWith(refusal).start();
    eachMinute(clock, server.forgive);
    const { findings } = await scanLoad(server, [connectionRate], clock);
    expect(findings[0]).toMatchObject({ verdict: 'pass', measured: { limit: 9, tried: 10, windowSeconds: 60 } });
  });

  test('a door that stays shut is no limit', async () => {
    await using server = await mta().connectionsInAll(9).turnsAwayWith({ and: 'hang up' }).start();
    const { findings } = await scanLoad(server, [connectionRate], new StandingClock());
    expect(findings[0]).toMatchObject({ verdict: 'inconclusive', measured: { limit: null } });
  });

  test('none', async () => {
    await using server = await mta().start();
    const { findings } = await scanLoad(server, [connectionRate], new StandingClock(), { maxEvents: 12 });
    expect(findings[0]).toMatchObject({ verdict: 'fail', measured: { limit: null, tried: 12 } });
  });

  test.each(['EHLO', 'MAIL'])('a limiter that greets, and speaks at %s only', async (verb) => {
    const clock = new StandingClock();
    let connections = 0;
    eachMinute(clock, () => {
      connections = 0;
    });
    const refusal = '452 4.3.2 Connection rate limit exceeded.';
    await using server = await mta()
      .admits(() => {
        connections += 1;
        return null;
      })
      .on(verb, () => (connections > 4 ? refusal : undefined))
      .start();
    const { findings } = await scanLoad(server, [connectionRate], clock, { maxEvents: 12 });
    expect(findings[0]).toMatchObject({ verdict: 'pass', measured: { limit: 4, windowSeconds: 60 } });
  });
});
