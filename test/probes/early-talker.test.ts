import { describe, expect, test } from 'vitest';
import { earlyTalker } from '../../probes/early-talker.ts';
import { rawServer } from '../fakes/raw-server.ts';
import { findingOf, scanServer } from '../fakes/scan-server.ts';
import { aftermath } from '../unit/kit/aftermath.ts';
import { exchange } from '../unit/kit/replies.ts';
import { replyFrom } from '../unit/mta/reply-from.ts';
import { judge, said } from './judged.ts';

const hi = '220 mx.example.test ESMTP';
const ok = '250-mx.example.test\n250 PIPELINING';
const sync = '554 5.5.0 Error: SMTP protocol synchronization';
const greeted = { greeting: replyFrom(hi), cut: null };
const shut = { greeting: null, cut: { doubt: 'throttled', cause: 'reply', because: 'too many', evidence: [] } };

const given = (keyword: string) => ({ hello: { ehlo: exchange('EHLO us', `250-mx\n250 ${keyword}`) } });

describe('early-talker judges', () => {
  test.each<[string, object, object | null, string]>([
    ['greeted late, EHLO answered', aftermath([hi, ok], 'open', 3), null, 'fail'],
    ['greeted at once', aftermath([hi, ok], 'open', 0.02), null, 'inconclusive(ambiguous)'],
    ['greeted within two round trips and a bit', aftermath([hi, ok], 'open', 0.29), null, 'inconclusive(ambiguous)'],
    ['554', aftermath([sync], 'hang-up'), greeted, 'pass'],
    ['421', aftermath(['421 mx You talk too soon'], 'hang-up'), greeted, 'pass'],
    [
      'a teaser and 521',
      aftermath(['220-mx.example.test ESMTP\n521 5.5.1 Protocol error'], 'hang-up'),
      greeted,
      'pass',
    ],
    ['a greeting, and EHLO refused', aftermath([hi, sync], 'hang-up', 3), greeted, 'pass'],
    ['the end without a word', aftermath([], 'hang-up'), greeted, 'pass'],
    ['a reset', aftermath([], 'reset'), greeted, 'pass'],
    [
      '421, to one that waits as well',
      aftermath(['421 4.7.0 too many connections'], 'hang-up'),
      shut,
      'inconclusive(throttled)',
    ],
    ['silence', aftermath([], 'open'), greeted, 'inconclusive(timeout)'],
    ['a greeting, and silence', aftermath([hi], 'open', 3), greeted, 'inconclusive(ambiguous)'],
    [
      'a greeting broken off by the answer',
      aftermath(['220-mx teaser\n250-mx\n250 SIZE']),
      greeted,
      'inconclusive(ambiguous)',
    ],
    [
      '554 as the greeting, EHLO answered all the same',
      aftermath(['554 mx ESMTP not accepting messages', ok]),
      greeted,
      'pass',
    ],
  ])('%s', (_, early, control, verdict) => {
    const observed = { early, connectSeconds: 0.1, control };
    expect(said(judge(earlyTalker, observed, given('PIPELINING')))).toBe(verdict);
  });

  test('a server that asks clients not to wait', () => {
    const observed = { early: aftermath([hi, ok], 'open', 3), connectSeconds: 0.1, control: null };
    expect(said(judge(earlyTalker, observed, given('PIPECONNECT')))).toBe('not-applicable');
  });
});

/** Greets after a while, and looks then whether somebody has spoken: or does not. */
const greeter = (delay: number, { checks = false, drops = false } = {}) =>
  rawServer((socket, number) => {
    let heard = '';
    let isGreeted = false;
    const answer = () => {
      for (let at = heard.indexOf('\n'); isGreeted && at >= 0; at = heard.indexOf('\n')) {
        const verb = heard.slice(0, 4);
        heard = heard.slice(at + 1);
        socket.write(verb === 'QUIT' ? '221 bye\r\n' : '250-mx.example.test\r\n250 PIPELINING\r\n');
        if (verb === 'QUIT') socket.end();
      }
    };
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString();
      answer();
    });
    setTimeout(
      () => {
        if (drops && heard !== '') return void socket.destroy();
        if (checks && heard !== '') return void socket.end(`${sync}\r\n`);
        isGreeted = true;
        socket.write(`${hi}\r\n`);
        answer();
      },
      number === 1 ? 0 : delay,
    );
  });

const scanned = async (server: Awaited<ReturnType<typeof rawServer>>) => {
  await using running = server;
  const report = await scanServer(running, {
    probes: ['early-talker'],
    allow: 'intrusive',
    authorized: true,
    restraint: { replySeconds: 5, dialogueSeconds: 10 },
  });
  return findingOf(report, 'early-talker');
};

describe('early-talker asks', () => {
  test('a server that greets after 3 s and does not look: fail', async () => {
    const finding = await scanned(await greeter(3000));
    expect(finding).toMatchObject({ verdict: 'fail', severity: 'low' });
    expect(finding.measured?.greetSeconds).toBeGreaterThan(2.9);
    expect(finding.evidence.map(({ quote }) => quote)).toEqual([hi, '250-mx.example.test']);
  });

  test('its twin that looks: pass', async () => {
    const finding = await scanned(await greeter(3000, { checks: true }));
    expect(finding.verdict).toBe('pass');
    expect(finding.evidence[0]?.quote).toBe(sync);
  });

  test('one that drops who spoke', async () => {
    expect((await scanned(await greeter(500, { drops: true }))).verdict).toBe('pass');
  });

  test('one that greets at once: a race', async () => {
    expect(await scanned(await greeter(0))).toMatchObject({ verdict: 'inconclusive', doubt: 'ambiguous' });
  });
});
