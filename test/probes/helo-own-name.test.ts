import { describe, expect, test } from 'vitest';
import { heloOwnName } from '../../probes/helo-own-name.ts';
import { findingOf, ourName, type Scanned, scanServer } from '../fakes/scan-server.ts';
import { mta, type ScriptedServer } from '../fakes/scripted-server.ts';
import { expectObservationsToFit } from '../support/observations.ts';
import { expectQuotesToStand } from '../support/quotes.ts';
import { exchange } from '../unit/kit/replies.ts';
import { replyFrom } from '../unit/mta/reply-from.ts';
import { judge, said } from './judged.ts';

const named = {
  ours: ourName,
  own: 'mx.example.test',
  localhost: 'localhost',
  loopback: '[127.0.0.1]',
  bare: 'mxprobe',
};
type Whose = keyof typeof named;
const ok = '250 2.1.5 Ok';
const commandsOf = (name: string) => [`EHLO ${name}`, 'MAIL FROM:<us@example.net>', 'RCPT TO:<alice@example.test>'];

/** Taken up to a command that is answered with this. */
const tried = (whose: Whose, last: string, at: 0 | 1 | 2 = 2) => ({
  ...{ whose, name: named[whose], sender: 'us@example.net' },
  answers: commandsOf(named[whose])
    .slice(0, at + 1)
    .map((command, index) => ({ exchange: exchange(command, index === at ? last : '250 2.0.0 Ok'), cut: null })),
});
const cutOff = (whose: Whose, more: object) => ({
  ...{ whose, name: named[whose], sender: 'us@example.net' },
  answers: [
    { exchange: null, cut: { doubt: 'closed', cause: 'hang-up', because: 'it hung up', evidence: [], ...more } },
  ],
});
const data = (
  others: readonly object[],
  { control = tried('ours', ok), ...more }: { control?: object; [key: string]: unknown } = {},
) => ({
  ...{ tls: false, recipient: 'alice@example.test', isNamed: true, vantage: 'outside' },
  tried: [control, ...others],
  ...more,
});
const all = (last: string, at: 0 | 1 | 2 = 2) =>
  (['own', 'localhost', 'loopback', 'bare'] as const).map((whose) => tried(whose, last, at));
const helo = '554 5.7.1 <localhost>: Helo command rejected: Access denied';

describe('helo-own-name judges', () => {
  test.each<[string, object, string, severity?: string]>([
    ['all taken', data(all(ok)), 'fail', 'low'],
    ['its own name alone taken', data([tried('own', ok), ...all(helo).slice(1)]), 'fail', 'low'],
    [
      'localhost alone taken',
      data([...all(helo).filter(({ whose }) => whose !== 'localhost'), tried('localhost', ok)]),
      'fail',
      'low',
    ],
    ['a bare word alone taken', data([...all(helo).slice(0, 3), tried('bare', ok)]), 'fail', 'info'],
    ['from a place that may be trusted', data(all(ok), { vantage: 'private' }), 'inconclusive(ambiguous)'],
    ['refused at RCPT', data(all(helo)), 'pass'],
    ['refused at MAIL', data(all('550 5.7.1 no such name', 1)), 'pass'],
    ['refused at EHLO', data(all('501 5.5.4 Invalid domain name', 0)), 'pass'],
    [
      'refused for now, in words of the name',
      data(all('450 4.7.1 <localhost>: Helo command rejected: Host not found')),
      'pass',
    ],
    ['greylisted', data(all('450 4.2.0 Greylisted, try again later')), 'inconclusive(greylisted)'],
    ['a limiter', data(all('421 4.7.0 Error: too many connections from 192.0.2.9')), 'inconclusive(throttled)'],
    ['an error over there', data(all('451 4.3.0 Temporary lookup failure')), 'inconclusive(ambiguous)'],
    ['taken and greylisted', data([tried('own', '450 4.2.0 Greylisted'), tried('localhost', ok)]), 'fail', 'low'],
    ['hung up on', data([cutOff('own', {})]), 'inconclusive(closed)'],
    [
      '421 in words of the name',
      data([cutOff('own', { reply: replyFrom('421 4.7.1 bogus HELO name used: mx.example.test') })]),
      'pass',
    ],
    [
      'our own name refused too',
      data([], { control: tried('ours', '450 4.2.0 Greylisted, try again later') }),
      'inconclusive(greylisted)',
    ],
    [
      'our own name not liked',
      data([], { control: tried('ours', '450 4.7.1 <probe>: Helo command rejected: Host not found') }),
      'inconclusive(sender-rejected)',
    ],
    [
      'a recipient that is unknown',
      data([], { control: tried('ours', '550 5.1.1 User unknown') }),
      'inconclusive(ambiguous)',
    ],
    ['nobody to ask for', data([], { recipient: null, tried: [] }), 'inconclusive(prerequisite)'],
    ['nothing asked', data([], { tried: [] }), 'inconclusive(ambiguous)'],
  ])('%s', (_, seen, expected, severity) => {
    const judgement = judge(heloOwnName, seen);
    expect(said(judgement)).toBe(expected);
    expect((judgement as { severity?: string }).severity).toBe(severity);
  });

  test('postmaster may be exempt, and that is said', () => {
    expect(judge(heloOwnName, data(all(ok), { isNamed: false })).because).toContain('exempt postmaster');
  });
});

async function scanned(scripted: ScriptedServer, options: Scanned = {}) {
  await using server = await scripted.start();
  const asked = { probes: ['helo-own-name'], allow: 'intrusive', recipient: 'alice@example.test', ...options } as const;
  const report = await scanServer(server, asked);
  expectQuotesToStand(report);
  expectObservationsToFit(report);
  const { commands } = server;
  expect(commands.filter((command) => /^(DATA|BDAT)/i.test(command))).toEqual([]);
  const names = server.connections.slice(1).map((one) => one.commands[0]?.replace(/^EHLO /, ''));
  return { finding: findingOf(report, 'helo-own-name'), names, withoutQuit: server.withoutQuit };
}

const isOdd = (name: string | null) => name !== null && name !== ourName;
const all4 = ['mx.example.test', 'localhost', '[127.0.0.1]', 'mxprobe'];

describe('helo-own-name asks', () => {
  test('by our own name and by four others, each in a session of its own', async () => {
    const { finding, names, withoutQuit } = await scanned(mta());
    expect(finding).toMatchObject({ verdict: 'fail', severity: 'low', measured: { taken: all4 } });
    expect(names).toEqual([ourName, ...all4]);
    expect(withoutQuit).toEqual([]);
  });

  test.each([
    ['RCPT', '554 5.7.1 Helo command rejected'],
    ['MAIL', '550 5.7.1 no such name'],
  ])('a clean twin that refuses them at %s', async (verb, reply) => {
    const { finding } = await scanned(mta().on(verb, ({ dialogue }) => (isOdd(dialogue.helo) ? reply : undefined)));
    expect(finding).toMatchObject({ verdict: 'pass', measured: { refused: all4 } });
  });

  test('a clean twin that hangs up with 421 at EHLO, which shuts no door', async () => {
    const { finding } = await scanned(
      mta().onEhlo(({ argument }) =>
        isOdd(argument) ? { say: '421 4.7.1 bogus HELO name used', and: 'hang up' } : undefined,
      ),
    );
    expect(finding).toMatchObject({ verdict: 'pass', measured: { refused: all4 } });
  });

  test('no more where our own name is refused', async () => {
    const { finding, names } = await scanned(mta().onRcpt(() => '450 4.2.0 Greylisted, try again later'));
    expect(finding).toMatchObject({ verdict: 'inconclusive', doubt: 'greylisted' });
    expect(names).toEqual([ourName]);
  });

  test('with another sender where ours is refused', async () => {
    const { finding } = await scanned(
      mta().onMail(({ address }) =>
        address === '' ? undefined : '550 5.1.8 Sender address rejected: Domain not found',
      ),
    );
    expect(finding.verdict).toBe('fail');
  });

  test('inside TLS where that comes first', async () => {
    const { finding } = await scanned(
      mta().onMail(({ dialogue }) => (dialogue.tls ? undefined : '530 5.7.0 Must issue a STARTTLS command first')),
    );
    expect(finding).toMatchObject({ verdict: 'fail', measured: { tls: true } });
  });
});
