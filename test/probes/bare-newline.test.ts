import { describe, expect, test } from 'vitest';
import { bareNewline } from '../../probes/bare-newline.ts';
import { variants } from '../../src/kit/end-of-data/variants.ts';
import { type DataServer, dataServer } from '../fakes/data-server.ts';
import { findingOf, type Scanned, scanServer } from '../fakes/scan-server.ts';
import { exchange } from '../unit/kit/replies.ts';
import { replyFrom } from '../unit/mta/reply-from.ts';
import { judge, said } from './judged.ts';

const queued = '250 2.0.0 Ok: queued as 4711';
const bye = '221 bye';
const names = variants.map(({ name }) => name);

/** What came of one write. */
const after = (replies: readonly string[], end: 'open' | 'hang-up' | 'reset' = 'open') => ({
  sent: { session: 's1', event: 1, quote: 'what was sent' },
  replies: replies.map((text) => ({ reply: replyFrom(text), seconds: 0.1 })),
  end,
  endAt: end === 'open' ? null : { session: 's1', event: 9, quote: 'the server closed the connection' },
  seconds: 1,
});

interface Seen {
  readonly followed?: boolean;
  readonly body?: readonly string[];
  readonly end?: readonly string[] | null;
  readonly quit?: readonly string[];
}

/** A trial; where nothing answered the variant, its end was sent. */
const trial = (variant: string, { followed = false, body = [], end = null, quit = [bye] }: Seen) => ({
  kind: 'asked',
  variant,
  followed,
  waited: 6,
  body: after(body),
  end: end === null ? null : after(end),
  quit: after(quit, 'hang-up'),
});

const isData = (variant: string) => trial(variant, { end: [queued] });

/** All variants are data, but the one that these trials are of. */
const data = (variant = 'LF.LF', ...trials: readonly Seen[]) => ({
  vantage: 'outside',
  control: isData('LF in a body'),
  trials: names.flatMap((name) =>
    name === variant && trials.length > 0 ? trials.map((one) => trial(name, one)) : [isData(name)],
  ),
});

const given = { hello: {} };
const noopRun = { followed: true, body: [queued, '250 2.0.0 Ok'] };

describe('bare-newline judges', () => {
  test.each<[string, object, string, string?]>([
    ['all data', data(), 'pass'],
    ['ended, NOOP run', data('LF.LF', { body: [queued] }, noopRun), 'fail', 'high'],
    [
      'ended, NOOP refused as a command',
      data('LF.LF', { body: [queued] }, { ...noopRun, body: [queued, '502 5.5.1 no NOOP here'] }),
      'fail',
      'high',
    ],
    [
      'ended, NOOP answered late',
      data('LF.LF', { body: [queued] }, { followed: true, body: [queued], quit: ['250 2.0.0 Ok', bye] }),
      'fail',
      'high',
    ],
    ['malformed, ended, NOOP run', data('CRLF.LF', { body: [queued] }, noopRun), 'fail', 'low'],
    [
      'ended, second session stopped by 554',
      data(
        'LF.CRLF',
        { body: [queued] },
        { followed: true, body: [queued, '554 5.5.0 Error: SMTP protocol synchronization'], quit: [] },
      ),
      'fail',
      'medium',
    ],
    [
      'ended, the message thrown away with what follows',
      data(
        'LF.LF',
        { body: [queued] },
        { followed: true, body: ['500 5.5.1 Invalid command: Pipelining not supported'], quit: [] },
      ),
      'fail',
      'medium',
    ],
    [
      'ended, what follows dropped',
      data('LF.LF', { body: [queued] }, { followed: true, body: [queued] }),
      'fail',
      'medium',
    ],
    [
      'ended when alone, data when followed',
      data('LF.LF', { body: [queued] }, { followed: true, end: [queued] }),
      'fail',
      'medium',
    ],
    [
      'malformed, ended, stopped',
      data(
        'CRLF.NUL CRLF',
        { body: [queued] },
        { followed: true, body: ['500 5.5.1 Pipelining not supported'], quit: [] },
      ),
      'fail',
      'info',
    ],
    [
      'refused with 451, NOOP run',
      data(
        'LF.LF',
        { body: ['451 Bare line-feed; see http://haraka.github.io/barelf/'] },
        { followed: true, body: ['451 Bare line-feed', '250 OK'] },
      ),
      'fail',
      'high',
    ],
    ['421 at once', data('LF.LF', { body: ['421 4.5.0 Bare linefeed (LF) not allowed'], quit: [] }), 'pass'],
    ['451 and the end', data('LF.LF', { body: ['451 See https://cr.yp.to/docs/smtplf.html.'], quit: [] }), 'pass'],
    ['refused at the true end', data('LF.LF', { end: ['550 5.5.2 mx.lab.test Error: bare <LF> received'] }), 'pass'],
    ['NUL refused at the true end', data('CRLF NUL.CRLF', { end: ['554 5.6.1 NUL byte not allowed'] }), 'pass'],
    ['a spam filter at the true end', data('LF.LF', { end: ['554 5.7.1 Spam message rejected'] }), 'pass'],
    [
      'a time limit at once',
      data('LF.LF', { body: ['421 4.4.2 mx Error: timeout exceeded'], quit: [] }),
      'inconclusive(ambiguous)',
    ],
    ['the end without a word', data('LF.LF', { quit: [] }), 'inconclusive(ambiguous)'],
    ['no answer to the end', data('LF.LF', { end: [], quit: [] }), 'inconclusive(ambiguous)'],
    [
      'late twice',
      data(
        'LF.LF',
        { end: [queued], quit: ['500 what', '221 rules'] },
        { end: [queued], quit: ['500 what', '221 rules'] },
      ),
      'inconclusive(ambiguous)',
    ],
    [
      'late, and with a longer wait ended',
      data('LF.LF', { end: [queued], quit: ['500 what', '221 rules'] }, { body: [queued] }, noopRun),
      'fail',
      'high',
    ],
    [
      'an answer that is no yes, and no answer to QUIT',
      data('LF.LF', { body: ['451 4.3.0 wait'], quit: [] }),
      'inconclusive(ambiguous)',
    ],
    [
      'an answer to a message without any dot',
      { ...data(), control: trial('LF in a body', { body: [queued] }) },
      'inconclusive(ambiguous)',
    ],
    [
      'RCPT refused',
      {
        ...data(),
        trials: [],
        control: {
          kind: 'refused',
          variant: 'LF in a body',
          verb: 'RCPT',
          exchange: exchange('RCPT TO:<a@b>', '450 4.2.0 Greylisted, see http://postgrey.schweikert.ch/'),
        },
      },
      'inconclusive(greylisted)',
    ],
    [
      'a limiter at the first session',
      {
        ...data(),
        trials: [],
        control: {
          kind: 'cut',
          variant: 'LF in a body',
          cut: { doubt: 'throttled', cause: 'reply', because: 'too many', evidence: [] },
        },
      },
      'inconclusive(throttled)',
    ],
  ])('%s', (_, observed, verdict, severity) => {
    const judgement = judge(bareNewline, observed, given);
    expect(said(judgement)).toBe(verdict);
    if (severity !== undefined) expect(judgement).toMatchObject({ severity });
  });

  test.each(['loopback', 'private', 'same-network', 'trusted'])('no fail from a %s address', (vantage) => {
    const judgement = judge(bareNewline, { ...data('LF.LF', { body: [queued] }, noopRun), vantage }, given);
    expect(said(judgement)).toBe('inconclusive(ambiguous)');
    expect(judgement.because).toContain('which the server may trust');
  });

  test('the worst weighs, and the lists hold all', () => {
    const seen = data('CRLF.LF', { body: [queued] }, noopRun);
    const trials = seen.trials.flatMap((one) =>
      one.variant === 'LF.CRLF' ? [trial('LF.CRLF', { body: [queued] }), trial('LF.CRLF', noopRun)] : [one],
    );
    expect(judge(bareNewline, { ...seen, trials }, given)).toMatchObject({
      severity: 'high',
      measured: { reachable: ['LF.CRLF'], hygiene: ['CRLF.LF'], refused: [], body: 'taken' },
    });
  });
});

const scanned = async (server: DataServer, { restraint = {}, ...options }: Scanned = {}) => {
  await using running = await dataServer(server);
  const report = await scanServer(running, {
    probes: ['bare-newline'],
    allow: 'intrusive',
    authorized: true,
    recipient: 'alice@example.test',
    restraint: { replySeconds: 0.4, dialogueSeconds: 10, ...restraint },
    ...options,
  });
  return { finding: findingOf(report, 'bare-newline'), heard: running.heard };
};

const lf = /\n\.\r?\n/;

describe('bare-newline asks', () => {
  test('a server that keeps to CRLF . CRLF', async () => {
    const { finding, heard } = await scanned({});
    expect(finding).toMatchObject({
      verdict: 'pass',
      measured: { reachable: [], hygiene: [], refused: [], body: 'taken' },
    });
    expect(heard.some((octets) => octets.includes('NOOP'))).toBe(false);
    expect(heard.length).toBeLessThanOrEqual(14);
  });

  test('one that takes LF for a line end, and never sends it a dot behind its answer', async () => {
    const { finding, heard } = await scanned({ ends: lf });
    expect(finding).toMatchObject({
      verdict: 'fail',
      severity: 'high',
      measured: { reachable: ['LF.LF', 'LF.CRLF'], hygiene: ['CRLF.LF'] },
    });
    expect(finding.evidence.map(({ quote }) => quote)).toEqual([queued, '250 2.0.0 Ok']);
    const ended = heard.filter((octets) => octets.includes('first line\n.\n'));
    expect(ended.length).toBe(2);
    for (const octets of ended) expect(octets).not.toContain('last line');
  });

  test('one that cannot bear what follows: 500, closed, nothing delivered', async () => {
    const lockStep = '500 5.5.1 Invalid command: Pipelining not supported';
    const { finding } = await scanned({ ends: lf, lockStep });
    expect(finding).toMatchObject({
      verdict: 'fail',
      severity: 'medium',
      measured: { reachable: ['LF.LF', 'LF.CRLF'] },
    });
    expect(finding.evidence.map(({ quote }) => quote)).toEqual([queued, lockStep]);
  });

  test('one that takes the message and stops the rest', async () => {
    const { finding } = await scanned({
      ends: lf,
      takesFirst: true,
      lockStep: '554 5.5.0 Error: SMTP protocol synchronization',
    });
    expect(finding).toMatchObject({ verdict: 'fail', severity: 'medium' });
  });

  test('one that throws away what follows', async () => {
    expect((await scanned({ ends: lf, flushes: true })).finding).toMatchObject({
      verdict: 'fail',
      severity: 'medium',
    });
  });

  test('one that refuses with 451 and then runs what follows, and its twin that hangs up', async () => {
    const refuses = {
      what: /\n\.\n/,
      reply: '451 Bare line-feed; see http://haraka.github.io/barelf/',
      and: 'commands',
    } as const;
    const flawed = await scanned({ refuses });
    expect(flawed.finding).toMatchObject({
      verdict: 'fail',
      severity: 'high',
      measured: { reachable: ['LF.LF'], hygiene: ['CRLF.LF'] },
    });
    expect(flawed.finding.evidence.map(({ quote }) => quote)).toEqual([refuses.reply, '250 2.0.0 Ok']);
    const clean = await scanned({ refuses: { ...refuses, and: 'hang up' } });
    expect(clean.finding).toMatchObject({ verdict: 'pass', measured: { refused: ['LF.LF', 'CRLF.LF'] } });
  });

  test('one that refuses any bare LF with 421', async () => {
    const { finding } = await scanned({
      refuses: { what: /[^\r]\n/, reply: '421 4.5.0 Bare linefeed (LF) not allowed', and: 'hang up' },
    });
    expect(finding).toMatchObject({
      verdict: 'pass',
      measured: { body: 'refused', refused: ['LF.LF', 'LF.CRLF', 'LF.CR', 'CR.LF', 'CRLF.LF'] },
    });
  });

  test.each([
    ['sound', {}, 'pass'],
    ['flawed', { ends: lf }, 'fail'],
  ])('one whose filter takes longer than we wait: %s', async (_, server, verdict) => {
    const { finding } = await scanned({ ...server, slow: 600 });
    expect(finding.verdict).toBe(verdict);
    if (verdict === 'fail') expect(finding.severity).toBe('high');
  });

  test('a sink that says 250 to everything', async () => {
    const says = { '*': '250 ok' };
    expect((await scanned({ says })).finding.verdict).toBe('pass');
    expect((await scanned({ says, ends: lf })).finding).toMatchObject({ verdict: 'fail', severity: 'high' });
  });

  test('one that says something to every write of a message', async () => {
    expect((await scanned({ chats: '250 so far' })).finding).toMatchObject({
      verdict: 'inconclusive',
      doubt: 'ambiguous',
    });
  });

  test('one that refuses the recipient is asked once', async () => {
    const { finding, heard } = await scanned({ says: { RCPT: '550 5.1.1 User unknown' } });
    expect(finding).toMatchObject({ verdict: 'inconclusive' });
    expect(heard.filter((octets) => octets.includes('RCPT')).length).toBe(1);
  });

  test('one that trusts us tells nothing of strangers', async () => {
    expect((await scanned({ ends: lf }, { vantage: 'trusted' })).finding).toMatchObject({
      verdict: 'inconclusive',
      doubt: 'ambiguous',
    });
  });
});
