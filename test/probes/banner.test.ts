import { describe, expect, test } from 'vitest';
import { banner } from '../../probes/banner.ts';
import { findingOf, scanServer } from '../fakes/scan-server.ts';
import { mta } from '../fakes/scripted-server.ts';
import { expectQuotesToStand } from '../support/quotes.ts';
import { exchange } from '../unit/kit/replies.ts';
import { replyFrom } from '../unit/mta/reply-from.ts';
import { judge } from './judged.ts';

const seen = (greeting: string, ehlo: string) => ({
  hello: { greeting: replyFrom(greeting), ehlo: exchange('EHLO us.example.net', ehlo) },
});
const mx = '250-mx.example.test\n250 SIZE';

/** A word that stands for the whole judgement: `pass`, or the weight of a fail and what it measured. */
function summary(greeting: string, ehlo = mx): unknown {
  const judgement = judge(banner, null, seen(greeting, ehlo));
  if (judgement.verdict !== 'fail') return judgement.verdict;
  const { software, version, system } = judgement.measured ?? {};
  return [judgement.severity, software, version, system];
}

describe('banner judges', () => {
  test.each<[string, string, unknown]>([
    ['nothing but the name', '220 mx.example.test ESMTP', 'pass'],
    ['a name alone', '220 mx.example.test', 'pass'],
    ['Postfix', '220 mx.example.test ESMTP Postfix', ['info', 'Postfix', null, null]],
    ['Debian', '220 mx.example.test ESMTP Postfix (Debian/GNU)', ['info', 'Postfix', null, 'Debian']],
    ['Postfix with mail_version', '220 mx.example.test ESMTP Postfix (3.7.11)', ['low', 'Postfix', '3.7.11', null]],
    ['Exim', '220 mx.example.test ESMTP Exim 4.96 Sat, 28 Nov 2026 11:41:58 +0000', ['low', 'Exim', '4.96', null]],
    [
      'Sendmail, whose version looks like an address',
      '220 mx.example.test ESMTP Sendmail 8.17.1.9/8.17.1.9/Debian-2+deb12u2; Sat, 28 Nov 2026 11:41:58 GMT',
      ['low', 'Sendmail', '8.17.1.9', 'Debian'],
    ],
    ['aiosmtpd', '220 mx.example.test Python SMTP 1.4.3', ['low', 'aiosmtpd', '1.4.3', null]],
    ['Haraka', '220 mx.example.test ESMTP Haraka/3.1.5 ready (4A-11)', ['low', 'Haraka', '3.1.5', null]],
    ['OpenSMTPD', '220 mx.example.test ESMTP OpenSMTPD', ['info', 'OpenSMTPD', null, null]],
    [
      'Windows',
      '220 mx.example.test Microsoft ESMTP MAIL Service, Version: 10.0.17763.1697 ready at Sat, 28 Nov 2026',
      ['low', 'Exchange', '10.0.17763.1697', null],
    ],
    [
      'a program that nobody knows',
      '220 mx.example.test ESMTP Postbote v2.13-rc1 ready',
      ['low', null, 'v2.13-rc1', null],
    ],
    ['a system alone', '220 mx.example.test ESMTP on FreeBSD', ['info', null, null, 'FreeBSD']],
    ['a date with dots', '220 mx.example.test ESMTP ready at 28.11.2026', 'pass'],
    ['our address', '220 mx.example.test ESMTP, hello [192.0.2.9] (192.0.2.9)', 'pass'],
    ['a host name with numbers', '220 mx.example.test ESMTP of mx-1.2.example.test', 'pass'],
    ['Gmail', '220 mx.example.test ESMTP 5b1f17b1804b1-4f2si123.45 - gsmtp', 'pass'],
    ['a teaser', '220-mx.example.test ESMTP\n220 mx.example.test ESMTP', 'pass'],
    ['a word before the name', '220-Do not send spam\n220 mx.example.test ESMTP', 'pass'],
    [
      'a version in the second line',
      '220-mx.example.test ESMTP\n220 mx.example.test ESMTP Exim 4.96',
      ['low', 'Exim', '4.96', null],
    ],
    ['no name', '220 ESMTP', ['low', null, null, null]],
    ['nothing', '220', ['low', null, null, null]],
    ['a bare word', '220 mx ESMTP', ['low', null, null, null]],
    ['localhost', '220 localhost.localdomain ESMTP Postfix', ['low', 'Postfix', null, null]],
    ['a firewall', '220 **************************', ['low', null, null, null]],
    ['another name than EHLO', '220 other.example.test ESMTP', ['low', null, null, null]],
    ['the same in other letters', '220 MX.Example.test. ESMTP', 'pass'],
  ])('%s', (_, greeting, expected) => {
    expect(summary(greeting)).toEqual(expected);
  });

  test('an EHLO that has no name is not the fault of the greeting', () => {
    expect(summary('220 mx.example.test ESMTP', '250-localhost\n250 SIZE')).toBe('pass');
  });

  test('the line that tells is quoted first', () => {
    const judgement = judge(
      banner,
      null,
      seen('220-mx.example.test ESMTP\n220 mx.example.test ESMTP Postfix (3.7.11)', '250 other.example.test'),
    );
    expect(judgement).toMatchObject({
      headline: 'The greeting tells which version of its software runs',
      because: expect.stringContaining('answers EHLO as other.example.test'),
      evidence: [
        { quote: '220 mx.example.test ESMTP Postfix (3.7.11)' },
        { quote: '220-mx.example.test ESMTP' },
        { quote: '250 other.example.test' },
      ],
    });
  });
});

test.each([
  ['its version', '220 mx.example.test ESMTP Exim 4.96', 'fail'],
  ['nothing', '220 mx.example.test ESMTP', 'pass'],
])('banner hears a greeting that tells %s, and says nothing', async (_, greeting, verdict) => {
  await using server = await mta().greets(greeting).start();
  const report = await scanServer(server, { probes: ['banner'], allow: 'intrusive' });
  expectQuotesToStand(report);
  expect(findingOf(report, 'banner').verdict).toBe(verdict);
  const hellos = await scanServer(server, { probes: ['hello'] });
  expect(report.endpoints[0]?.cost.commands).toBe(hellos.endpoints[0]?.cost.commands);
});
