import { describe, expect, test } from 'vitest';
import { authRate } from '../../probes/auth-rate.ts';
import type { AuthOffer } from '../../src/kit/limits/auth-offer.ts';
import type { RateData } from '../../src/kit/limits/rate-data.ts';
import { trouble } from '../../src/model/trouble.ts';
import { StandingClock, scanLoad, windowOn } from '../fakes/scan-load.ts';
import { mta } from '../fakes/scripted-server.ts';
import { judge, said } from './judged.ts';
import { results, seen } from './rate-data.ts';

const withOffer = (offer: AuthOffer, ...given: Parameters<typeof seen>): RateData => ({
  ...seen(...given),
  offer,
});
const listed = { where: 'in clear', ehlos: [] } as const;
const nowhere = { where: 'nowhere', ehlos: [] } as const;
const unseen = { where: 'unknown', ...trouble('tls-failed', 'tls-broken', 'the handshake failed') } as const;
const noAuth = '503 5.5.1 Invalid command: Command not supported';
const noneOf = (quote: string) => ({ ...results.none, last: { session: 's2', event: 5, quote } });

const tooMany = '450 4.7.1 Error: too many AUTH commands from 127.0.0.1';

describe('auth-rate judges', () => {
  test.each<[string, RateData, string]>([
    ['twenty a minute', withOffer(listed, results.found(20)), 'pass'],
    ['more than the policy allows', withOffer(listed, results.found(31)), 'fail'],
    ['none, from outside', withOffer(listed, results.none), 'fail'],
    [
      'none, from the same network',
      withOffer(listed, results.none, { vantage: 'same-network' }),
      'inconclusive(ambiguous)',
    ],
    ['AUTH that is not known', withOffer(nowhere, results.unknownCommand), 'not-applicable'],
    ['AUTH that is listed and not known', withOffer(listed, results.unknownCommand), 'inconclusive(prerequisite)'],
    ['no AUTH anywhere, and AUTH not counted', withOffer(nowhere, noneOf(noAuth)), 'not-applicable'],
    ['no AUTH anywhere, and AUTH counted', withOffer(nowhere, results.found(4)), 'pass'],
    ['AUTH that is listed nowhere and works', withOffer(nowhere, noneOf('501 5.5.4 Syntax: AUTH mechanism')), 'fail'],
    ['no AUTH in clear, and TLS that fails', withOffer(unseen, noneOf(noAuth)), 'inconclusive(tls-failed)'],
    ['no AUTH in clear, TLS that fails, and AUTH counted', withOffer(unseen, results.found(4)), 'pass'],
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

  test('inside TLS, where it is offered there only', async () => {
    const clock = new StandingClock();
    const letsIn = windowOn(clock, 4);
    await using server = await mta()
      .onEhlo(
        ({ dialogue }) =>
          `250-mx.example.test\n250-ENHANCEDSTATUSCODES\n250 ${dialogue.tls ? 'AUTH PLAIN' : 'STARTTLS'}`,
      )
      .on('AUTH', ({ dialogue }) => {
        if (!dialogue.tls) return noAuth;
        return letsIn() ? '501 5.5.4 Syntax: AUTH mechanism' : tooMany;
      })
      .start();
    const { findings } = await scanLoad(server, [authRate], clock);
    expect(findings[0]).toMatchObject({ verdict: 'pass', measured: { limit: 4, windowSeconds: 60, reply: tooMany } });
    for (const { commands, tls } of server.connections) expect(commands.includes('AUTH') && !tls).toBe(false);
  });

  test.each([
    ['in clear, the only way there is', ['STARTTLS'], 0],
    ['inside TLS neither', [], 1],
  ])('not where there is no AUTH, %s', async (_, hidden, handshakes) => {
    await using server = await mta()
      .hides(...hidden)
      .on('AUTH', () => noAuth)
      .start();
    const { findings } = await scanLoad(server, [authRate], new StandingClock());
    expect(findings[0]).toMatchObject({ verdict: 'not-applicable', because: expect.stringContaining(noAuth) });
    expect(server.connections.filter(({ tls }) => tls)).toHaveLength(handshakes);
  });

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
