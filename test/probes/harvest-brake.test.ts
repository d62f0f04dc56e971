import { describe, expect, test } from 'vitest';
import { type HarvestData, harvestBrake } from '../../probes/harvest-brake.ts';
import type { RecipientsData } from '../../src/kit/recipients/round.ts';
import type { LockStep } from '../../src/kit/session-limits/lock-step.ts';
import { trouble } from '../../src/model/trouble.ts';
import { mta } from '../fakes/scripted-server.ts';
import { unknown } from '../fakes/stock-mta.ts';
import { exchange } from '../unit/kit/replies.ts';
import { ask } from '../unit/kit/session-limits/scan-session.ts';
import { replyFrom } from '../unit/mta/reply-from.ts';
import { judge, said } from './judged.ts';

const nobody = '550 5.1.1 <x@example.test>: Recipient address rejected: User unknown in local recipient table';
const refused = (count: number, seconds = 0.01) =>
  Array.from({ length: count }, () => ({ ...exchange('RCPT TO:<x@example.test>', nobody), seconds }));
const mail = exchange('MAIL FROM:<a@b.example>', '250 2.1.0 Ok');
const data = (exchanges: LockStep['exchanges'], part: Partial<LockStep> = {}): HarvestData => ({
  calm: [exchange('EHLO us', '250 mx.example.test'), mail],
  mail,
  names: { exchanges, ending: null, spent: null, seconds: 1, ...part },
  vantage: 'outside',
});
const tooMany = { reply: replyFrom('421 4.7.0 mx Error: too many errors'), unasked: false, cut: null };
const recipients = (random: string, part: object = {}): Record<string, RecipientsData> => ({
  'rcpt-oracle': {
    rounds: [
      {
        tls: false,
        helo: 'us',
        sender: 'a@b.example',
        domain: 'example.test',
        auth: false,
        mail,
        answers: [
          { name: 'random', recipient: 'x@example.test', exchange: exchange('RCPT', random) },
          { name: 'random', recipient: 'y@example.test', exchange: exchange('RCPT', random) },
          { name: 'postmaster', recipient: 'postmaster@example.test', exchange: exchange('RCPT', '250 Ok') },
        ],
        ownSenders: [],
        cut: null,
        ...part,
      },
    ],
    role: 'mx',
    vantage: 'outside',
    domainGiven: true,
  },
});

describe('harvest-brake judges', () => {
  test.each<[string, HarvestData, string, object]>([
    [
      'Postfix by default',
      data([...refused(10), ...refused(10, 1.01)], { ending: tooMany }),
      'pass',
      { refused: 20, slowedAfter: 10, sleepSeconds: 1, closedAfter: 20 },
    ],
    [
      'Sendmail with BadRcptThrottle',
      data([...refused(3), ...refused(27, 1.01)], { spent: 'seconds' }),
      'pass',
      { slowedAfter: 3, closedAfter: null },
    ],
    [
      'Exim',
      data(refused(10), {
        ending: { reply: replyFrom('550 Rejected for too many bad recipients'), unasked: false, cut: null },
      }),
      'pass',
      { stoppedAfter: 10, closedAfter: null },
    ],
    [
      'a limit on the minute',
      data([...refused(23), exchange('RCPT', '450 4.7.1 Error: too many recipients from 192.0.2.9')]),
      'pass',
      { refused: 23, deferredAfter: 23 },
    ],
    [
      'nothing',
      data(refused(60), { spent: 'commands' }),
      'fail',
      { refused: 60, slowedAfter: null, closedAfter: null },
    ],
    ['fewer names allowed', data(refused(40), { spent: 'commands' }), 'inconclusive(budget-spent)', { refused: 40 }],
    ['stress', data(refused(1), { ending: tooMany }), 'inconclusive(ambiguous)', {}],
    [
      'a hang-up',
      data(refused(9), {
        ending: { reply: null, unasked: false, cut: trouble('closed', 'hang-up', 'closed') },
      }),
      'inconclusive(closed)',
      { refused: 9 },
    ],
    ['names taken now and then', data([...refused(9), exchange('RCPT', '250 Ok')]), 'inconclusive(ambiguous)', {}],
    ['put off at once', data([exchange('RCPT', '450 4.7.1 Try later')]), 'inconclusive(throttled)', {}],
    [
      'times all over the place',
      data(
        [0.01, 2, 0.01, 2, 0.01, 2].flatMap((seconds) => refused(10, seconds)),
        { spent: 'commands' },
      ),
      'inconclusive(ambiguous)',
      {},
    ],
  ])('%s', (_, seen, expected, measured) => {
    const judgement = judge(harvestBrake, seen, recipients(nobody));
    expect(said(judgement)).toBe(expected);
    expect(judgement).toMatchObject({ measured });
  });

  test.each<[string, Record<string, RecipientsData>, string]>([
    ['a catch-all', recipients('250 2.1.5 Ok'), 'not-applicable'],
    ['a domain not known', recipients(nobody, { domain: null, answers: [] }), 'inconclusive(ambiguous)'],
    ['a domain of others', recipients('554 5.7.1 <x@example.test>: Relay access denied'), 'inconclusive(prerequisite)'],
  ])('%s, where no name was tried', (_, given, expected) => {
    expect(said(judge(harvestBrake, null, given))).toBe(expected);
  });
});

describe('harvest-brake tries names', () => {
  test('at a server that ends it, and at its twin', async () => {
    const braked = await ask(mta().errorLimit(12), 'harvest-brake');
    expect(braked.said).toBe('pass');
    expect(braked.finding.measured).toMatchObject({ refused: 12, closedAfter: 12, slowedAfter: null });
    const open = await ask(mta().errorLimit(1000), 'harvest-brake');
    expect(open.said).toBe('fail');
    expect(open.finding).toMatchObject({ severity: 'medium', measured: { refused: 60 } });
    expect(open.finding.because).toContain('loopback');
  });

  test('at a server that counts recipients by the minute', async () => {
    let asked = 0;
    const { finding } = await ask(
      mta()
        .errorLimit(1000)
        .onRcpt(({ address }) => {
          if (++asked > 40) return '450 4.7.1 Error: too many recipients from 127.0.0.1';
          return address.startsWith('mxprobe-') ? unknown(address) : undefined;
        }),
      'harvest-brake',
    );
    expect(finding.verdict).toBe('pass');
    expect(finding.measured?.deferredAfter).toBeGreaterThan(20);
  });

  test('and at none that takes them all', async () => {
    const { said: verdict, server } = await ask(
      mta().onRcpt(() => '250 2.1.5 Ok'),
      'harvest-brake',
    );
    expect(verdict).toBe('not-applicable');
    expect(server.connections).toHaveLength(1);
  });
});
