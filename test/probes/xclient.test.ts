import { describe, expect, test } from 'vitest';
import { xclient } from '../../probes/xclient.ts';
import { findingOf, type Scanned, scanServer } from '../fakes/scan-server.ts';
import { mta, type ScriptedServer } from '../fakes/scripted-server.ts';
import { expectObservationsToFit } from '../support/observations.ts';
import { expectQuotesToStand } from '../support/quotes.ts';
import { exchange } from '../unit/kit/replies.ts';
import { replyFrom } from '../unit/mta/reply-from.ts';
import { judge, said } from './judged.ts';

const plain = '250-mx.example.test\n250-PIPELINING\n250 CHUNKING';
const postfix =
  '250-mx.example.test\n250-XCLIENT NAME ADDR PROTO HELO REVERSE_NAME PORT LOGIN DESTADDR DESTPORT\n250-XFORWARD NAME ADDR PROTO HELO SOURCE PORT IDENT\n250 CHUNKING';
const forward = '250-mx.example.test\n250-XFORWARD NAME ADDR\n250 CHUNKING';
const answer = (raw: string) => ({ tls: false, exchange: exchange('XCLIENT NAME=[UNAVAILABLE]', raw), cut: null });
const cut = (raw: string | null) => ({
  tls: false,
  exchange: null,
  cut: {
    ...{ doubt: 'closed', cause: raw === null ? 'hang-up' : 'reply', because: 'it hung up', evidence: [] },
    ...(raw === null ? {} : { reply: replyFrom(raw) }),
  },
});
const data = (ehlo: string, asked: object | null = null, vantage = 'outside', inside: string | null = null) => ({
  ehlos: [
    { tls: false, ehlo: exchange('EHLO us', ehlo) },
    ...(inside === null ? [] : [{ tls: true, ehlo: exchange('EHLO us', inside) }]),
  ],
  asked,
  vantage,
});
const taken = answer('220 mx.example.test ESMTP Postfix');

describe('xclient judges', () => {
  test.each<[string, object, string, severity?: string | undefined]>([
    ['not listed', data(plain), 'pass'],
    ['not listed, inside TLS neither', data(plain, null, 'outside', plain), 'pass'],
    ['an answer to HELO, which lists nothing', data('250 mx.example.test'), 'pass'],
    ['listed and taken', data(postfix, taken), 'fail', undefined],
    ['listed inside TLS only, and taken', data(plain, { ...taken, tls: true }, 'outside', postfix), 'fail'],
    ['taken with 250', data(postfix, answer('250 2.0.0 Ok')), 'fail'],
    ['taken from a place that may be trusted', data(postfix, taken, 'private'), 'inconclusive(ambiguous)'],
    ['taken from loopback', data(postfix, taken, 'loopback'), 'inconclusive(ambiguous)'],
    ['taken where the user calls us trusted', data(postfix, taken, 'trusted'), 'inconclusive(ambiguous)'],
    [
      'Postfix, refused, XFORWARD listed',
      data(postfix, answer('550 5.7.0 Error: insufficient authorization')),
      'fail',
      'low',
    ],
    ['smtp-server, refused', data('250-mx.example.test\n250 XCLIENT NAME', answer('550 Error: Not allowed')), 'pass'],
    ['unknown although listed', data('250-mx\n250 xclient NAME', answer('502 5.5.1 command not implemented')), 'pass'],
    ['refused for its form', data(postfix, answer('501 5.5.4 Bad XCLIENT attribute value')), 'inconclusive(ambiguous)'],
    ['in the wrong place', data(postfix, answer('503 5.5.1 send EHLO first')), 'inconclusive(ambiguous)'],
    ['TLS first', data(postfix, answer('530 5.7.0 Must issue a STARTTLS command first')), 'inconclusive(prerequisite)'],
    ['put off', data(postfix, answer('451 4.3.0 try again later')), 'inconclusive(ambiguous)'],
    ['the end in the place of an answer', data(postfix, cut(null)), 'inconclusive(closed)'],
    ['421', data(postfix, cut('421 4.7.0 too many connections')), 'inconclusive(throttled)'],
    ['221', data(postfix, answer('221 2.7.0 Error: I can break rules, too. Goodbye.')), 'inconclusive(ambiguous)'],
    ['listed, and not tried', data(postfix), 'inconclusive(prerequisite)'],
    ['XFORWARD alone', data(forward), 'fail', 'low'],
    ['XFORWARD alone, from a place that may be trusted', data(forward, null, 'private'), 'inconclusive(ambiguous)'],
  ])('%s', (_, seen, expected, severity) => {
    const judgement = judge(xclient, seen);
    expect(said(judgement)).toBe(expected);
    expect((judgement as { severity?: string }).severity).toBe(severity);
  });
});

const asked = (commands: readonly string[]) => commands.filter((command) => /^X/i.test(command));

async function scanned(scripted: ScriptedServer, options: Scanned = {}) {
  await using server = await scripted.start();
  const report = await scanServer(server, { probes: ['xclient'], allow: 'intrusive', ...options });
  expectQuotesToStand(report);
  expectObservationsToFit(report);
  return { finding: findingOf(report, 'xclient'), commands: server.commands, withoutQuit: server.withoutQuit };
}

const lists = () => mta().offers('XCLIENT NAME ADDR', 'XFORWARD NAME ADDR');
const takes = () => lists().on('XCLIENT', () => '220 mx.example.test ESMTP Postfix');

describe('xclient asks', () => {
  test('where it is listed, without an address, and ends the session', async () => {
    const { finding, commands, withoutQuit } = await scanned(takes());
    expect(finding).toMatchObject({ verdict: 'fail', measured: { listed: ['XCLIENT', 'XFORWARD'] } });
    expect(finding.evidence.map(({ quote }) => quote)).toEqual([
      '250-XCLIENT NAME ADDR',
      '220 mx.example.test ESMTP Postfix',
    ]);
    expect(asked(commands)).toEqual(['XCLIENT NAME=[UNAVAILABLE]']);
    expect(commands[commands.indexOf('XCLIENT NAME=[UNAVAILABLE]') + 1]).toBe('QUIT');
    expect(withoutQuit).toEqual([]);
  });

  test('inside TLS where it is listed there alone', async () => {
    const hiding = mta()
      .on('XCLIENT', () => '220 mx.example.test ESMTP')
      .onEhlo(({ dialogue }) =>
        dialogue.tls ? '250-mx.example.test\r\n250-XCLIENT NAME ADDR\r\n250 PIPELINING' : undefined,
      );
    const { finding } = await scanned(hiding, { probes: ['xclient', 'starttls-works'] });
    expect(finding.verdict).toBe('fail');
  });

  test('nothing where it is not listed', async () => {
    const { finding, commands } = await scanned(mta().on('XCLIENT', () => '220 mx.example.test'));
    expect(finding.verdict).toBe('pass');
    expect(asked(commands)).toEqual([]);
  });

  test('and takes a refusal for one', async () => {
    const refusing = mta()
      .offers('XCLIENT NAME')
      .on('XCLIENT', () => '550 5.7.0 Error: insufficient authorization');
    expect((await scanned(refusing)).finding.verdict).toBe('pass');
  });

  test('and blames nobody who trusts where we stand', async () => {
    expect((await scanned(takes(), { vantage: null })).finding).toMatchObject({
      verdict: 'inconclusive',
      doubt: 'ambiguous',
    });
  });

  test('and a 421 that answers it does not shut the address', async () => {
    const busy = lists().on('XCLIENT', () => ({ say: '421 4.7.0 too many connections from you', and: 'hang up' }));
    const { finding } = await scanned(busy, { probes: ['xclient', 'vrfy'] });
    expect(finding.doubt).toBe('throttled');
  });

  test('only by permission', async () => {
    const { finding, commands } = await scanned(takes(), { allow: 'active' });
    expect(finding).toMatchObject({ verdict: 'inconclusive', doubt: 'not-permitted' });
    expect(asked(commands)).toEqual([]);
  });
});
