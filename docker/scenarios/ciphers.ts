import { postfix } from './postfix.ts';
import type { Scenario } from './scenario.ts';

/** What Postfix gives OpenSSL for smtpd_tls_ciphers and smtpd_tls_mandatory_ciphers = medium. */
const medium = (list: string): Scenario['config'] => ({
  'main:tls_medium_cipherlist': `${list}:@SECLEVEL=0`,
  'main:smtpd_tls_ciphers': 'medium',
  'main:smtpd_tls_mandatory_ciphers': 'medium',
});

/** Ciphers that protect little or nothing, and servers without them. */
export const ciphers: readonly Scenario[] = [
  postfix({
    id: 'ciphers-null',
    sentence: 'NULL ciphers are taken.',
    config: medium('ALL:eNULL'),
  }),
  postfix({
    id: 'ciphers-null-submission',
    sentence: 'NULL ciphers are taken on port 587.',
    service: 'submission',
    role: 'submission',
    config: medium('ALL:eNULL'),
  }),
  postfix({
    id: 'ciphers-excluded',
    sentence: 'No suites without a certificate, and no RSA key exchange.',
    config: { 'main:smtpd_tls_exclude_ciphers': 'aNULL, kRSA' },
    expect: { 'tls-ciphers': 'pass' },
  }),
  {
    id: 'exim-old-ciphers',
    sentence:
      'Exim whose GnuTLS takes RC4 and 3DES; suites without a certificate are in its list, and no keys for them are there.',
    image: 'exim',
    service: 'smtp',
    role: 'mx',
    config: { 'macro:tls_require_ciphers': 'NORMAL:+3DES-CBC:+ARCFOUR-128:+ANON-DH:+ANON-ECDH' },
    expect: { 'tls-version': 'fail' },
  },
  {
    id: 'exim-sound-ciphers',
    sentence: 'Exim whose GnuTLS takes neither RSA key exchange nor TLS before 1.2.',
    image: 'exim',
    service: 'smtp',
    role: 'mx',
    config: { 'macro:tls_require_ciphers': 'NORMAL:-RSA:-VERS-TLS1.0:-VERS-TLS1.1' },
    expect: { 'tls-ciphers': 'pass' },
  },
];
