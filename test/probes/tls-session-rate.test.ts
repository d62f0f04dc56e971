import { describe, expect, test } from 'vitest';
import { messageRate } from '../../probes/message-rate.ts';
import { tlsSessionRate } from '../../probes/tls-session-rate.ts';
import { StandingClock, scanLoad, windowOn } from '../fakes/scan-load.ts';
import { mta } from '../fakes/scripted-server.ts';
import { judge, said } from './judged.ts';
import { results, seen } from './rate-data.ts';

describe('tls-session-rate judges', () => {
  test.each<[string, unknown, string]>([
    ['sixty a minute', seen(results.found(60)), 'pass'],
    ['more than the policy allows', seen(results.found(101)), 'fail'],
    ['none, from outside', seen(results.none), 'fail'],
    ['none, from loopback', seen(results.none, { vantage: 'loopback' }), 'inconclusive(ambiguous)'],
    ['no TLS', null, 'not-applicable'],
  ])('%s', (_, data, expected) => {
    expect(said(judge(tlsSessionRate, data))).toBe(expected);
  });
});

describe('tls-session-rate measures', () => {
  test('handshakes, by the 454 to the one too many', async () => {
    const clock = new StandingClock();
    const letsIn = windowOn(clock, 3);
    await using server = await mta()
      .onStarttls(() => (letsIn() ? undefined : '454 4.7.0 Error: too many new TLS sessions from unknown[127.0.0.1]'))
      .start();
    const { findings } = await scanLoad(server, [tlsSessionRate], clock);
    expect(findings[0]).toMatchObject({ verdict: 'pass', measured: { limit: 3, windowSeconds: 60 } });
  });

  test('in the window that messages have begun, if no handshake was counted in it', async () => {
    const clock = new StandingClock();
    const mail = windowOn(clock, 5);
    const handshakes = windowOn(clock, 3);
    await using server = await mta()
      .onMail(() => (mail() ? undefined : '450 4.7.1 Error: too much mail from 127.0.0.1'))
      .onStarttls(() =>
        handshakes() ? undefined : '454 4.7.0 Error: too many new TLS sessions from unknown[127.0.0.1]',
      )
      .start();
    const { findings, events } = await scanLoad(server, [messageRate, tlsSessionRate], clock);
    expect(findings.map(({ measured }) => measured?.limit)).toEqual([5, 3]);
    const begun = events.findIndex((event) => event.type === 'probe-started' && event.probe === 'tls-session-rate');
    expect(events.slice(begun).filter(({ type }) => type === 'waiting')).toEqual([]);
  });

  test('none', async () => {
    await using server = await mta().start();
    const { findings } = await scanLoad(server, [tlsSessionRate], new StandingClock(), { maxEvents: 4 });
    expect(findings[0]).toMatchObject({ verdict: 'fail', measured: { tried: 4 } });
  });

  test('a handshake that breaks is no limiter', async () => {
    await using server = await mta().shakesHands('garbage').start();
    const { findings } = await scanLoad(server, [tlsSessionRate], new StandingClock());
    expect(findings[0]).toMatchObject({ verdict: 'inconclusive', doubt: 'tls-failed' });
  });

  test('not offered', async () => {
    await using server = await mta().hides('STARTTLS').start();
    const { findings } = await scanLoad(server, [tlsSessionRate], new StandingClock());
    expect(findings[0]).toMatchObject({ verdict: 'not-applicable' });
  });
});
