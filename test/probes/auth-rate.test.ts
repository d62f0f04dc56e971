import { describe, expect, test } from 'vitest';
import { authRate } from '../../probes/auth-rate.ts';
import type { RateData } from '../../src/kit/limits/rate-probe.ts';
import { StandingClock, scanLoad, windowOn } from '../fakes/scan-load.ts';
import { mta } from '../fakes/scripted-server.ts';
import { judge, said } from './judged.ts';
import { results, seen } from './rate-data.ts';

const tooMany = '450 4.7.1 Error: too many AUTH commands from 127.0.0.1';

describe('auth-rate judges', () => {
  test.each<[string, RateData, string]>([
    ['twenty a minute', seen(results.found(20)), 'pass'],
    ['more than the policy allows', seen(results.found(31)), 'fail'],
    ['none, from outside', seen(results.none), 'fail'],
    ['none, from the same network', seen(results.none, { vantage: 'same-network' }), 'inconclusive(ambiguous)'],
    ['no AUTH', seen(results.unknownCommand), 'not-applicable'],
  ])('%s', (_, data, expected) => {
    expect(said(judge(authRate, data))).toBe(expected);
  });
});

describe('auth-rate measures', () => {
  test.each(['501 5.5.4 Syntax: AUTH mechanism', '503 5.5.1 Error: authentication not enabled'])(
    'tries answered %s, nine in a session',
    async (usual) => {
      const clock = new StandingClock();
      const letsIn = windowOn(clock, 13);
      await using server = await mta()
        .on('AUTH', () => (letsIn() ? usual : tooMany))
        .errorLimit(10)
        .start();
      const { findings } = await scanLoad(server, [authRate], clock);
      expect(findings[0]).toMatchObject({
        verdict: 'pass',
        measured: { limit: 13, windowSeconds: 60, reply: tooMany },
      });
      expect(new Set(server.commands.filter((command) => command.startsWith('AUTH')))).toEqual(new Set(['AUTH']));
      for (const { commands } of server.connections)
        expect(commands.filter((command) => command === 'AUTH').length).toBeLessThanOrEqual(9);
    },
  );

  test('where AUTH is unknown', async () => {
    await using server = await mta()
      .on('AUTH', () => '502 5.5.1 Error: command not implemented')
      .start();
    const { findings } = await scanLoad(server, [authRate], new StandingClock());
    expect(findings[0]).toMatchObject({ verdict: 'not-applicable' });
  });

  test('none', async () => {
    await using server = await mta()
      .on('AUTH', () => '501 5.5.4 Syntax: AUTH mechanism')
      .start();
    const { findings } = await scanLoad(server, [authRate], new StandingClock());
    expect(findings[0]).toMatchObject({ verdict: 'fail', measured: { tried: 30 } });
  });
});
