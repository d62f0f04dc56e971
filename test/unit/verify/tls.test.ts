import { describe, expect, test } from 'vitest';
import { allowedProtocols } from '../../../src/verify/protocol-list.ts';
import { exchange, hello, measured, rowOf, type Shown, stockKeywords, told, untold } from './held.ts';
import { openRelayData } from './observed.ts';

const mail = (text: string) =>
  openRelayData({ external: 'x@y.example', mail: exchange('MAIL', text), rcpt: null, controls: [] });
const offered = (answer: string | null): Shown => ({
  observations: {
    hello: hello([...stockKeywords, 'STARTTLS']),
    ...(answer === null ? {} : { 'open-relay': mail(answer) }),
  },
});
const none: Shown = { observations: { hello: hello() } };
const taken = offered('250 2.1.0 Ok');
const first = offered('530 5.7.0 Must issue a STARTTLS command first');

describe('smtpd_tls_security_level', () => {
  const directive = 'smtpd_tls_security_level';
  test.each<[string, string, Shown, string]>([
    ['none, and none', `${directive} = none`, none, 'confirmed'],
    ['not set, and none', '', none, 'confirmed'],
    ['none, and offered', `${directive} = none`, taken, 'contradicted'],
    ['may, and not offered', `${directive} = may`, none, 'contradicted'],
    ['may, and a choice', `${directive} = may`, taken, 'confirmed'],
    ['may, and a must', `${directive} = may`, first, 'contradicted'],
    ['encrypt, and a must', `${directive} = encrypt`, first, 'confirmed'],
    ['encrypt, and a choice', `${directive} = encrypt`, taken, 'contradicted'],
    ['verify is encrypt to smtpd', `${directive} = verify`, first, 'confirmed'],
    ['the parameter of old', 'smtpd_use_tls = yes', taken, 'confirmed'],
    ['may, and MAIL was not asked', `${directive} = may`, offered(null), 'not-told'],
    ['nobody answers', `${directive} = may`, { findings: [untold('hello', 'timeout')] }, 'not-told'],
  ])('%s', (_, main, shown, verdict) => {
    expect(told(directive, main, shown)).toBe(verdict);
  });

  test('does not show where TLS comes first', () => {
    expect(told(directive, '', { ...none, endpoint: { tls: 'implicit' } })).toBe('not-visible');
  });
});

describe('versions of TLS', () => {
  const versions = (accepted: string[], refused: string[]): Shown => ({
    findings: [measured('tls-version', 'pass', { accepted, refused, untold: [] }, 'TLS established: TLSv1.3')],
  });
  const modern = versions(['TLSv1.2', 'TLSv1.3'], ['TLSv1', 'TLSv1.1']);
  const old = versions(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'], []);
  const may = 'smtpd_tls_security_level = may\n';
  const directive = 'smtpd_tls_protocols';

  test.each<[string, string, Shown, string]>([
    ['as in the file', '>=TLSv1.2', modern, 'confirmed'],
    ['more than in the file', '>=TLSv1.2', old, 'contradicted'],
    ['fewer than in the file', '>=TLSv1.2', versions(['TLSv1.2'], ['TLSv1', 'TLSv1.1', 'TLSv1.3']), 'contradicted'],
    ['old ones that the library forbids', '>=TLSv1', modern, 'confirmed'],
    ['no list', '>=TLSv9', modern, 'not-told'],
    ['not told', '>=TLSv1.2', { findings: [untold('tls-version', 'tls-failed')] }, 'not-told'],
  ])('%s', (_, value, shown, verdict) => {
    expect(told(directive, `${may}${directive} = ${value}`, shown)).toBe(verdict);
  });

  test('one parameter where TLS is a choice, the other where it is a must', () => {
    const mandatory = 'smtpd_tls_mandatory_protocols';
    expect(told(mandatory, `${may}${mandatory} = >=TLSv1.3`, old)).toBe('not-visible');
    expect(told(mandatory, `smtpd_tls_security_level = encrypt\n${mandatory} = >=TLSv1.3`, old)).toBe('contradicted');
    expect(told(directive, `smtpd_tls_security_level = encrypt\n${directive} = >=TLSv1.3`, old)).toBe('not-visible');
  });

  test('a library that forbids is named', () => {
    expect(rowOf(directive, `${may}${directive} = >=TLSv1`, modern).because).toContain('openssl.cnf');
  });

  test.each([
    ['>=TLSv1.2', ['TLSv1.2', 'TLSv1.3']],
    ['>=TLSv1, <=TLSv1.2', ['TLSv1', 'TLSv1.1', 'TLSv1.2']],
    ['!SSLv2, !SSLv3, !TLSv1', ['TLSv1.1', 'TLSv1.2', 'TLSv1.3']],
    ['TLSv1.2:TLSv1.3', ['TLSv1.2', 'TLSv1.3']],
    ['', ['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']],
    ['modern', null],
  ])('%s', (value, protocols) => {
    expect(allowedProtocols(value)).toEqual(protocols);
  });
});

describe('smtpd_tls_exclude_ciphers', () => {
  const directive = 'smtpd_tls_exclude_ciphers';
  const kinds = (taken: string[], refused: string[], untold: string[] = []): Shown => ({
    findings: [measured('tls-ciphers', 'fail', { taken, refused, untold }, 'TLS ServerHello: TLSv1.2, …')],
  });
  test.each<[string, string, Shown, string]>([
    ['what is excluded is refused', 'aNULL, 3DES', kinds(['static-rsa'], ['anonymous', '3des']), 'confirmed'],
    ['what is excluded is taken', 'aNULL:RC4', kinds(['rc4'], ['anonymous']), 'contradicted'],
    ['some of it is untold', 'aNULL RC4', kinds([], ['anonymous'], ['rc4']), 'not-told'],
    ['nothing', '', kinds(['rc4'], []), 'not-visible'],
    ['what nobody asks for', 'MD5, CAMELLIA', kinds(['rc4'], []), 'not-visible'],
    ['nobody answers', 'aNULL', { findings: [untold('tls-ciphers', 'tls-failed')] }, 'not-told'],
  ])('%s', (_, value, shown, verdict) => {
    expect(told(directive, `smtpd_tls_security_level = may\n${directive} = ${value}`, shown)).toBe(verdict);
  });
});
