import { describe, expect, test } from 'vitest';
import type { Measured } from '../../../src/model/judgement.ts';
import { hello, measured, reply, rowOf, type Shown, stockKeywords, told, untold } from './held.ts';
import { namesData, sizeData } from './observed.ts';

const seen = (keywords = stockKeywords, more: object = {}): Shown => ({
  observations: { hello: hello(keywords, more) },
});
const silent: Shown = { findings: [untold('hello', 'timeout')] };

describe('smtpd_banner', () => {
  test.each<[string, string, Shown, string]>([
    ['word for word', '$myhostname ESMTP Postfix', seen(), 'confirmed'],
    ['the default', '$myhostname ESMTP $mail_name', seen(), 'confirmed'],
    ['other words', '$myhostname ESMTP', seen(), 'contradicted'],
    ['no greeting', '$myhostname ESMTP Postfix', silent, 'not-told'],
    ['turned away', '$myhostname ESMTP', seen(stockKeywords, { greeting: reply('554 no') }), 'not-told'],
  ])('%s', (_, value, shown, verdict) => {
    expect(told('smtpd_banner', `smtpd_banner = ${value}`, shown)).toBe(verdict);
  });
});

describe('myhostname', () => {
  test.each([
    ['mx.example.test', 'confirmed'],
    ['MX.Example.Test', 'confirmed'],
    ['mail.example.test', 'contradicted'],
  ])('%s is %s', (name, verdict) => {
    expect(told('myhostname', `myhostname = ${name}`, seen())).toBe(verdict);
  });

  test('a host that says what it is called only to itself', () => {
    expect(told('myhostname', 'myhostname = $nobody\n', silent)).toBe('not-told');
  });
});

describe('smtpd_discard_ehlo_keywords', () => {
  const directive = 'smtpd_discard_ehlo_keywords';
  test.each<[string, string, readonly string[], string]>([
    ['nothing is left out', '', stockKeywords, 'confirmed'],
    ['a keyword is, and should not', '', stockKeywords.filter((one) => one !== 'DSN'), 'contradicted'],
    ['one that should be', 'dsn', stockKeywords.filter((one) => one !== 'DSN'), 'confirmed'],
    ['one that should be is there', 'dsn, silent-discard', stockKeywords, 'contradicted'],
  ])('%s', (_, value, keywords, verdict) => {
    expect(told(directive, `${directive} = ${value}`, seen([...keywords]))).toBe(verdict);
  });

  test('a table of addresses has the say', () => {
    expect(told(directive, 'smtpd_discard_ehlo_keyword_address_maps = cidr:/etc/x', seen())).toBe('not-told');
  });
});

describe('inet_interfaces', () => {
  const refused: Shown = {
    findings: [untold('hello', 'unreachable', {}, 'TCP connection failed: ECONNREFUSED')],
  };
  const filtered: Shown = { findings: [untold('hello', 'unreachable', {}, 'no TCP connection within 30 s')] };
  const overLoopback = seen(stockKeywords, { remoteAddress: '127.0.0.1' });
  test.each<[string, string, Shown, string]>([
    ['all, and reached', 'all', seen(), 'confirmed'],
    ['all, and refused', 'all', refused, 'not-told'],
    ['loopback only, and refused', 'loopback-only', refused, 'not-told'],
    ['loopback only, and no answer', 'loopback-only', filtered, 'not-told'],
    ['loopback only, and reached', 'loopback-only', seen(), 'contradicted'],
    ['loopback only, and reached there', 'loopback-only', { ...overLoopback, options: { vantage: null } }, 'not-told'],
  ])('%s', (_, value, shown, verdict) => {
    expect(told('inet_interfaces', `inet_interfaces = ${value}`, shown)).toBe(verdict);
  });
});

describe('message_size_limit', () => {
  const size = (keyword: string) => seen(['PIPELINING', keyword, '8BITMIME']);
  test.each<[string, string, Shown, string]>([
    ['the default', '', size('SIZE 10240000'), 'confirmed'],
    ['another', 'message_size_limit = 20480000', size('SIZE 10240000'), 'contradicted'],
    ['none', 'message_size_limit = 0', size('SIZE'), 'confirmed'],
    ['none, where there should be one', '', size('SIZE 0'), 'contradicted'],
    ['hidden', '', size('VRFY'), 'not-visible'],
    ['not heard', '', silent, 'not-told'],
  ])('%s', (_, main, shown, verdict) => {
    expect(told('message_size_limit', main, shown)).toBe(verdict);
  });

  test('is quoted', () => {
    const row = rowOf('message_size_limit', '', size('SIZE 10240000'));
    expect(row.evidence[0]?.quote).toBe('250-SIZE 10240000');
  });
});

describe('queue_minfree', () => {
  const mail = (text: string): Shown => ({
    observations: {
      'message-size': sizeData(text),
    },
  });
  const taken = mail('250 2.1.0 Ok');
  const noRoom = '452 4.3.1 Insufficient system storage';
  const full: Shown = { findings: [measured('queue-space', 'fail', {}, noRoom)] };
  test.each<[string, string, Shown, string]>([
    ['none wanted', '', taken, 'confirmed'],
    ['none wanted, and none there', '', full, 'not-told'],
    ['more than any disk has', 'queue_minfree = 9000000000000000', full, 'confirmed'],
    ['more than any disk has, and mail is taken', 'queue_minfree = 9000000000000000', taken, 'contradicted'],
    ['some, and mail is taken', 'queue_minfree = 20480000', taken, 'not-visible'],
    ['nothing was answered', '', { findings: [untold('queue-space', 'closed')] }, 'not-told'],
  ])('%s', (_, main, shown, verdict) => {
    expect(told('queue_minfree', main, shown)).toBe(verdict);
  });
});

describe('header_size_limit', () => {
  const found = (limit: number | null, more: Measured = {}): Shown => ({
    findings: [measured('header-limit', 'pass', { sent: 210_017, limit, ...more })],
  });
  test.each<[string, string, Shown, string]>([
    ['the default', '', found(102_400), 'confirmed'],
    ['one less, for want of a shorter line', '', found(102_399), 'confirmed'],
    ['two less', '', found(102_398), 'confirmed'],
    ['three less', '', found(102_397), 'contradicted'],
    ['one more', '', found(102_401), 'contradicted'],
    ['set, and so', 'header_size_limit = 2000', found(1998), 'confirmed'],
    ['set, and not so', 'header_size_limit = 2000', found(102_398), 'contradicted'],
    ['nothing is cut', '', found(null), 'contradicted'],
    ['nothing is cut, nor should it be', 'header_size_limit = 400000', found(null), 'confirmed'],
    ['refused', '', found(null, { refused: 210_017 }), 'not-told'],
    ['nobody asked', '', seen(), 'not-visible'],
    ['not permitted', '', { findings: [untold('header-limit', 'not-permitted')] }, 'not-visible'],
    ['no mailbox', '', { findings: [untold('header-limit', 'prerequisite')] }, 'not-visible'],
    ['lost', '', { findings: [untold('header-limit', 'timeout')] }, 'not-told'],
  ])('%s', (_, main, shown, verdict) => {
    expect(told('header_size_limit', main, shown)).toBe(verdict);
  });
});

describe('disable_vrfy_command', () => {
  const vrfy = (text: string): Shown => ({
    observations: { vrfy: namesData(text) },
  });
  const off = vrfy('502 5.5.1 VRFY command is disabled');
  test.each<[string, string, Shown, string]>([
    ['off, as it should be', 'yes', off, 'confirmed'],
    ['off, and should not be', 'no', off, 'contradicted'],
    ['252', 'no', vrfy('252 2.0.0 alice'), 'confirmed'],
    ['252, and should be off', 'yes', vrfy('252 2.0.0 alice'), 'contradicted'],
    ['unknown', 'no', vrfy('550 5.1.1 <x>: Recipient address rejected: User unknown'), 'confirmed'],
    ['of us', 'yes', vrfy('450 4.7.1 Client host rejected: cannot find your hostname, [192.0.2.9]'), 'not-told'],
    ['nothing', 'yes', { findings: [untold('vrfy', 'throttled')] }, 'not-told'],
  ])('%s', (_, value, shown, verdict) => {
    expect(told('disable_vrfy_command', `disable_vrfy_command = ${value}`, shown)).toBe(verdict);
  });
});
