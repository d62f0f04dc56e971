import { describe, expect, test } from 'vitest';
import { type RecipientsPerMessageData, recipientsPerMessage } from '../../probes/recipients-per-message.ts';
import type { Batches } from '../../src/kit/session-limits/batches.ts';
import { trouble } from '../../src/model/trouble.ts';
import { mta } from '../fakes/scripted-server.ts';
import { exchange } from '../unit/kit/replies.ts';
import { ask } from '../unit/kit/session-limits/scan-session.ts';
import { judge, said } from './judged.ts';

const command = 'RCPT TO:<postmaster>';
const ok = exchange(command, '250 2.1.5 Ok');
const tooMany = '452 4.5.3 Error: too many recipients';
const byRate = '450 4.7.1 Error: too many recipients from 192.0.2.9';
const taken = (answered: number, refusal: string | null = null): Batches => ({
  answered,
  first: ok,
  last: answered > 0 ? ok : null,
  enough: refusal === null ? null : exchange(command, refusal),
  lastWords: null,
  cut: null,
  seconds: 1,
});
const data = (rcpts: Batches | null, part: Partial<RecipientsPerMessageData> = {}): RecipientsPerMessageData => ({
  ehlo: exchange('EHLO us', '250-mx.example.test\n250 PIPELINING'),
  mail: exchange('MAIL FROM:<a@b.example>', '250 2.1.0 Ok'),
  recipient: 'postmaster',
  rcpts,
  again: rcpts?.enough === null ? null : ok,
  role: 'mx',
  vantage: 'outside',
  ...part,
});

describe('recipients-per-message judges', () => {
  test.each<[string, RecipientsPerMessageData, string, object]>([
    ['a limit of 113', data(taken(113, tooMany)), 'pass', { limit: 113 }],
    ['exactly 100', data(taken(100, tooMany)), 'pass', { limit: 100 }],
    ['one fewer', data(taken(99, tooMany)), 'fail', { limit: 99 }],
    ['above the ceiling', data(taken(1100, tooMany)), 'fail', { limit: 1100 }],
    ['none up to the ceiling', data(taken(1000)), 'fail', { limit: null, tried: 1000 }],
    ['none with what was allowed', data(taken(120)), 'inconclusive(budget-spent)', { limit: null, tried: 120 }],
    ['OpenSMTPD', data(taken(113, '451 4.5.3 Too many recipients: Too many recipients')), 'pass', { limit: 113 }],
    ['Courier', data(taken(113, '531 Too many recipients.')), 'pass', { limit: 113 }],
    ['Exim', data(taken(113, '552 too many recipients')), 'pass', { limit: 113 }],
    ['in no words that we know', data(taken(113, '452 No more')), 'pass', { limit: 113 }],
    ['the rate limiter, by its words', data(taken(23, byRate), { again: null }), 'inconclusive(throttled)', {}],
    [
      'a rate limiter in the words of the other',
      data(taken(23, tooMany), { again: exchange(command, tooMany) }),
      'inconclusive(throttled)',
      { limit: null },
    ],
    ['the end of the session', data(taken(23, '452 No more'), { again: null }), 'inconclusive(ambiguous)', {}],
    [
      'a sender refused',
      data(null, { mail: exchange('MAIL', '550 5.7.1 <a@b>: Sender address rejected') }),
      'inconclusive(sender-rejected)',
      {},
    ],
    ['a recipient greylisted', data(taken(0, '450 4.2.0 Greylisted')), 'inconclusive(greylisted)', {}],
    [
      'a hang-up',
      data({ ...taken(40), cut: trouble('closed', 'hang-up', 'closed') }),
      'inconclusive(closed)',
      { tried: 40 },
    ],
    [
      'what EHLO announces, which is no proof',
      data(taken(120), { ehlo: exchange('EHLO us', '250-mx\n250 LIMITS MAILMAX=50 RCPTMAX=2000') }),
      'inconclusive(budget-spent)',
      { advertised: 2000, limit: null },
    ],
  ])('%s', (_, seen, expected, measured) => {
    const judgement = judge(recipientsPerMessage, seen);
    expect(said(judgement)).toBe(expected);
    expect(judgement).toMatchObject({ measured });
  });

  test('a port for users as none of its business', () => {
    const refused = data(taken(0, '554 5.7.1 <postmaster>: Recipient address rejected: Access denied'), {
      ehlo: exchange('EHLO us', '250-mx\n250 AUTH PLAIN'),
      role: 'submission',
    });
    expect(said(judge(recipientsPerMessage, refused))).toBe('not-applicable');
  });
});

/** `smtpd_recipient_limit`. */
const limited = (limit: number) => {
  let taken = 0;
  return mta()
    .onMail(() => {
      taken = 0;
      return undefined;
    })
    .onRcpt(() => (++taken > limit ? tooMany : undefined));
};

describe('recipients-per-message asks', () => {
  test('a server that takes too few, and its twins', async () => {
    const few = await ask(limited(37), 'recipients-per-message');
    expect(few.said).toBe('fail');
    expect(few.finding.measured).toMatchObject({ limit: 37, kind: 'message' });
    const right = await ask(limited(107), 'recipients-per-message');
    expect(right.said).toBe('pass');
    expect(right.finding.measured).toMatchObject({ limit: 107 });
    const many = await ask(limited(5000), 'recipients-per-message');
    expect(many.said).toBe('inconclusive(budget-spent)');
    expect(many.server.commands.filter((each) => each.startsWith('RCPT'))).toHaveLength(120);
    const allowed = await ask(limited(157), 'recipients-per-message', { restraint: { maxEvents: 200 } });
    expect(allowed.finding.measured).toMatchObject({ limit: 157 });
  });

  test('a server with a limit on the minute', async () => {
    let asked = 0;
    const { said: verdict, finding } = await ask(
      mta().onRcpt(() => (++asked > 31 ? byRate : undefined)),
      'recipients-per-message',
    );
    expect(verdict).toBe('inconclusive(throttled)');
    expect(finding.measured).toMatchObject({ limit: null, tried: 31 });
  });
});
