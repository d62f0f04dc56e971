import { describe, expect, test } from 'vitest';
import { messageRate } from '../../probes/message-rate.ts';
import { recipientRate } from '../../probes/recipient-rate.ts';
import type { RateData } from '../../src/kit/limits/rate-data.ts';
import { StandingClock, scanLoad, windowOn } from '../fakes/scan-load.ts';
import { mta } from '../fakes/scripted-server.ts';
import { judge, said } from './judged.ts';
import { results, seen } from './rate-data.ts';

const tooMany = '450 4.7.1 Error: too many recipients from 127.0.0.1';

describe('recipient-rate judges', () => {
  test.each<[string, RateData, string]>([
    ['a hundred a minute', seen(results.found(100)), 'pass'],
    ['more than the policy allows', seen(results.found(201)), 'fail'],
    ['none, from outside', seen(results.none), 'fail'],
    ['none, from a private address', seen(results.none, { vantage: 'private' }), 'inconclusive(ambiguous)'],
  ])('%s', (_, data, expected) => {
    expect(said(judge(recipientRate, data))).toBe(expected);
  });
});

describe('recipient-rate measures', () => {
  test('the number, in one transaction', async () => {
    const clock = new StandingClock();
    const letsIn = windowOn(clock, 19);
    await using server = await mta()
      .onRcpt(() => (letsIn() ? '250 2.1.5 Ok' : tooMany))
      .start();
    const { findings } = await scanLoad(server, [recipientRate], clock);
    expect(findings[0]).toMatchObject({ verdict: 'pass', measured: { limit: 19, windowSeconds: 60, reply: tooMany } });
    expect(server.commands.filter((command) => command === 'DATA')).toEqual([]);
  });

  test('past a limit per message', async () => {
    const clock = new StandingClock();
    const letsIn = windowOn(clock, 13);
    let ofMessage = 0;
    await using server = await mta()
      .onMail(() => {
        ofMessage = 0;
        return undefined;
      })
      .onRcpt(() => {
        ofMessage += 1;
        if (!letsIn()) return tooMany;
        return ofMessage > 5 ? '452 4.5.3 Error: too many recipients' : '250 2.1.5 Ok';
      })
      .start();
    const { findings } = await scanLoad(server, [recipientRate], clock);
    expect(findings[0]).toMatchObject({ verdict: 'pass', measured: { limit: 13 } });
  });

  test('past a limit per message that is met in the middle of a flight', async () => {
    const clock = new StandingClock();
    const letsIn = windowOn(clock, 50);
    let ofMessage = 0;
    await using server = await mta()
      .onMail(() => {
        ofMessage = 0;
        return undefined;
      })
      .onRcpt(() => {
        ofMessage += 1;
        if (!letsIn()) return tooMany;
        return ofMessage > 20 ? '452 4.5.3 Error: too many recipients' : '250 2.1.5 Ok';
      })
      .start();
    const { findings } = await scanLoad(server, [recipientRate], clock, { maxEvents: 60 });
    expect(findings[0]).toMatchObject({ verdict: 'pass', measured: { limit: 50 } });
  });

  test('with the mailbox that the user named, as Postfix exempts <postmaster> from all restrictions', async () => {
    const clock = new StandingClock();
    const letsIn = windowOn(clock, 6);
    await using server = await mta()
      .onRcpt(({ address }) => (address === 'postmaster' || letsIn() ? '250 2.1.5 Ok' : '450 4.7.1 policy: too fast'))
      .start();
    const given = { recipient: 'known@example.test' };
    const { findings } = await scanLoad(server, [recipientRate], clock, given);
    expect(findings[0]).toMatchObject({ verdict: 'pass', measured: { limit: 6, windowSeconds: 60 } });
    expect(new Set(server.commands.filter((command) => command.startsWith('RCPT')))).toEqual(
      new Set(['RCPT TO:<known@example.test>']),
    );
  });

  test('the window that another probe has measured is not measured again', async () => {
    const clock = new StandingClock();
    const mail = windowOn(clock, 7);
    const rcpt = windowOn(clock, 11);
    await using server = await mta()
      .onMail(() => (mail() ? undefined : '450 4.7.1 Error: too much mail from 127.0.0.1'))
      .onRcpt(() => (rcpt() ? '250 2.1.5 Ok' : tooMany))
      .start();
    const { findings } = await scanLoad(server, [messageRate, recipientRate], clock);
    expect(findings[1]).toMatchObject({ measured: { limit: 11, windowSeconds: 60, events: 12 } });
  });

  test('postmaster refused: nothing to count with', async () => {
    await using server = await mta()
      .onRcpt(() => '550 5.1.1 no')
      .start();
    const { findings } = await scanLoad(server, [recipientRate], new StandingClock());
    expect(findings[0]).toMatchObject({ verdict: 'inconclusive', doubt: 'prerequisite' });
  });
});
