import { describe, expect, test } from 'vitest';
import { finding } from '../report/handmade.ts';
import { ehlo, hello, rowOf, type Shown, stockKeywords, told, untold } from './held.ts';
import { authData } from './observed.ts';

const off = '503 5.5.1 Error: authentication not enabled';

interface Lists {
  /** What EHLO says of AUTH in clear, and inside TLS; null where there is none. */
  readonly clear?: string | null;
  readonly inside?: string | null;
  readonly answer?: string;
}

const phase = (tls: boolean, auth: string | null, answer: string) => {
  const seen = authData(tls, ehlo(...stockKeywords, ...(auth === null ? [] : auth.split('|'))), answer);
  return tls ? { ...seen, before: [] } : seen;
};

function auth({ clear = null, inside = null, answer = '334 ' }: Lists): Shown {
  return {
    observations: {
      hello: hello([...stockKeywords, 'STARTTLS', ...(clear === null ? [] : clear.split('|'))]),
      'auth-before-tls': phase(false, clear, clear === null ? off : answer),
      'auth-after-tls': phase(true, inside, inside === null ? off : answer),
    },
  };
}

const on = 'smtpd_sasl_auth_enable = yes\n';
const inTls = `${on}smtpd_sasl_type = dovecot\nsmtpd_tls_security_level = may\nsmtpd_tls_auth_only = yes\n`;
const plain = auth({ inside: 'AUTH PLAIN LOGIN' });
const both = auth({ clear: 'AUTH PLAIN LOGIN', inside: 'AUTH PLAIN LOGIN' });
const nowhere = auth({});

test.each<[string, string, string, Shown, string]>([
  ['smtpd_sasl_auth_enable', 'on, and offered', inTls, plain, 'confirmed'],
  ['smtpd_sasl_auth_enable', 'on, and not offered', inTls, nowhere, 'contradicted'],
  ['smtpd_sasl_auth_enable', 'off, and not offered', '', nowhere, 'confirmed'],
  [
    'smtpd_sasl_auth_enable',
    'off, and TLS not looked into',
    '',
    { observations: { hello: hello([...stockKeywords, 'STARTTLS']) } },
    'not-told',
  ],
  ['smtpd_sasl_auth_enable', 'off, and no TLS to look into', '', { observations: { hello: hello() } }, 'confirmed'],
  ['smtpd_sasl_auth_enable', 'off, and offered', '', plain, 'contradicted'],
  [
    'smtpd_sasl_auth_enable',
    'on, and may be hidden from us',
    `${inTls}smtpd_sasl_exceptions_networks = 0.0.0.0/0`,
    nowhere,
    'not-told',
  ],
  ['smtpd_sasl_auth_enable', 'on, and TLS not looked into', inTls, { observations: { hello: hello() } }, 'not-told'],
  ['smtpd_sasl_auth_enable', 'nobody answers', inTls, { findings: [untold('hello', 'timeout')] }, 'not-told'],

  ['smtpd_tls_auth_only', 'yes, and only there', inTls, plain, 'confirmed'],
  ['smtpd_tls_auth_only', 'yes, and before too', inTls, both, 'contradicted'],
  ['smtpd_tls_auth_only', 'no, and before too', `${on}smtpd_tls_auth_only = no`, both, 'confirmed'],
  ['smtpd_tls_auth_only', 'no, and only there', `${on}smtpd_tls_auth_only = no`, plain, 'contradicted'],
  ['smtpd_tls_auth_only', 'no, and nowhere', `${on}smtpd_tls_auth_only = no`, nowhere, 'not-told'],
  ['smtpd_tls_auth_only', 'no AUTH at all', 'smtpd_tls_auth_only = yes', nowhere, 'not-visible'],
  ['smtpd_tls_auth_only', 'TLS comes first', `${on}smtpd_tls_security_level = encrypt`, plain, 'not-visible'],

  [
    'broken_sasl_auth_clients',
    'yes, and twice',
    `${inTls}broken_sasl_auth_clients = yes`,
    auth({ inside: 'AUTH PLAIN|AUTH=PLAIN' }),
    'confirmed',
  ],
  ['broken_sasl_auth_clients', 'yes, and once', `${inTls}broken_sasl_auth_clients = yes`, plain, 'contradicted'],
  ['broken_sasl_auth_clients', 'no, and once', inTls, plain, 'confirmed'],
  ['broken_sasl_auth_clients', 'no, and twice', inTls, auth({ inside: 'AUTH PLAIN|AUTH=PLAIN' }), 'contradicted'],
  ['broken_sasl_auth_clients', 'no AUTH', 'broken_sasl_auth_clients = yes', nowhere, 'not-visible'],
  ['broken_sasl_auth_clients', 'AUTH not seen', inTls, nowhere, 'not-told'],

  [
    'smtpd_sasl_security_options',
    'no plain text, and none',
    `${on}smtpd_sasl_security_options = noanonymous, noplaintext`,
    auth({ clear: 'AUTH CRAM-MD5', inside: 'AUTH PLAIN' }),
    'confirmed',
  ],
  [
    'smtpd_sasl_security_options',
    'no plain text, and some',
    `${on}smtpd_sasl_security_options = noanonymous, noplaintext`,
    both,
    'contradicted',
  ],
  ['smtpd_sasl_security_options', 'plain text, and some', on, both, 'confirmed'],
  [
    'smtpd_sasl_security_options',
    'plain text, and none',
    on,
    auth({ clear: 'AUTH CRAM-MD5', inside: 'AUTH CRAM-MD5 PLAIN' }),
    'contradicted',
  ],
  [
    'smtpd_sasl_security_options',
    'nobody anonymous, and somebody',
    on,
    auth({ clear: 'AUTH PLAIN ANONYMOUS' }),
    'contradicted',
  ],
  ['smtpd_sasl_security_options', 'no AUTH before TLS', inTls, plain, 'not-visible'],
  ['smtpd_sasl_security_options', 'AUTH not seen before TLS', on, nowhere, 'not-told'],

  ['smtpd_sasl_tls_security_options', 'nobody anonymous', inTls, plain, 'confirmed'],
  ['smtpd_sasl_tls_security_options', 'somebody', inTls, auth({ inside: 'AUTH PLAIN ANONYMOUS' }), 'contradicted'],
  ['smtpd_sasl_tls_security_options', 'AUTH not seen inside TLS', inTls, nowhere, 'not-told'],

  ['smtpd_sasl_path', 'somebody is there', inTls, plain, 'not-visible'],
  [
    'smtpd_sasl_path',
    'nobody is there',
    inTls,
    auth({ inside: 'AUTH PLAIN', answer: '454 4.7.0 Temporary authentication failure' }),
    'not-told',
  ],

  [
    'smtpd_sasl_type',
    "Dovecot's words",
    inTls,
    auth({
      inside: 'AUTH PLAIN',
      answer: "535 5.7.8 Error: authentication failed: Invalid authentication mechanism: 'X'",
    }),
    'confirmed',
  ],
  [
    'smtpd_sasl_type',
    "Cyrus's words",
    inTls,
    auth({ inside: 'AUTH PLAIN', answer: '535 5.7.8 Error: authentication failed: no mechanism available' }),
    'contradicted',
  ],
  [
    'smtpd_sasl_type',
    'Cyrus, as it should be',
    `${inTls}smtpd_sasl_type = cyrus`,
    auth({ inside: 'AUTH PLAIN', answer: '535 5.7.8 Error: authentication failed: no mechanism available' }),
    'confirmed',
  ],
  ['smtpd_sasl_type', 'no words', inTls, plain, 'not-told'],

  ['pwcheck_method', 'of Cyrus', `${inTls}smtpd_sasl_type = cyrus`, plain, 'not-visible'],
])('%s: %s', (directive, _, main, shown, verdict) => {
  expect(told(directive, { main, version: '3.7' }, shown)).toBe(verdict);
});

describe('auth_mechanisms', () => {
  const of = (mechanisms: readonly string[], shown: Shown, main = inTls) =>
    told('auth_mechanisms', { main, mechanisms }, shown);

  test('are compared with the list, but for what Postfix leaves out', () => {
    expect(of(['plain', 'login'], plain)).toBe('confirmed');
    expect(of(['plain'], plain)).toBe('contradicted');
    expect(of(['plain', 'login', 'cram-md5'], plain)).toBe('contradicted');
    expect(of(['plain', 'login', 'anonymous'], plain)).toBe('confirmed');
    expect(of(['plain', 'login', 'anonymous'], plain, `${inTls}smtpd_sasl_security_options =\n`)).toBe('contradicted');
    expect(of(['plain'], nowhere)).toBe('not-told');
    expect(of(['plain'], plain, `${inTls}smtpd_sasl_mechanism_filter = login\n`)).toBe('not-visible');
  });

  test('are not told where the user does not say what they should be', () => {
    const row = rowOf('auth_mechanisms', inTls, plain);
    expect(row).toMatchObject({ verdict: 'not-told', seen: 'AUTH PLAIN LOGIN' });
    expect(row.because).toContain('--mechanisms');
  });
});

describe('smtpd_sasl_local_domain', () => {
  const cyrus = `${inTls}smtpd_sasl_type = cyrus\n`;
  const realm = (value: string | null): Shown => ({
    findings: [
      finding('auth-weak', value === null ? 'pass' : 'fail', {
        measured: { realm: value },
        evidence: [{ session: 's1', event: 0, quote: value === null ? '250-AUTH PLAIN' : '334 cmVhbG0=' }],
      }),
    ],
  });
  test.each<[string, string, Shown, string]>([
    ['the realm of the file', 'a.test', realm('a.test'), 'confirmed'],
    ['another', 'a.test', realm('b.test'), 'contradicted'],
    ['the name of the host', '', realm('mx.example.test'), 'confirmed'],
    ['no challenge', 'a.test', realm(null), 'not-visible'],
    ['not asked', 'a.test', {}, 'not-told'],
  ])('%s', (_, value, shown, verdict) => {
    expect(told('smtpd_sasl_local_domain', `${cyrus}smtpd_sasl_local_domain = ${value}`, shown)).toBe(verdict);
  });

  test('Dovecot does not look at it', () => {
    expect(told('smtpd_sasl_local_domain', inTls, realm('a.test'))).toBe('not-visible');
  });
});
