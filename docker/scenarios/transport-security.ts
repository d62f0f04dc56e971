import { postfix, spawned } from './postfix.ts';
import type { Scenario } from './scenario.ts';

/** STARTTLS missing, broken or demanded, and what changes once inside. */
export const transportSecurity: readonly Scenario[] = [
  postfix({
    id: 'open-inside-tls',
    sentence: 'Relaying is refused in clear and allowed inside TLS.',
    config: {
      'master:tls-policy/unix': spawned('tls-policy', '/lab/policy encryption_protocol ?* OK'),
      'main:smtpd_relay_restrictions':
        'permit_mynetworks, check_policy_service unix:private/tls-policy, reject_unauth_destination',
    },
    expect: { 'open-relay': 'fail' },
  }),
  postfix({
    id: 'tls-required-on-25',
    sentence: 'Port 25 does nothing before STARTTLS.',
    config: { 'main:smtpd_tls_security_level': 'encrypt' },
  }),
  postfix({
    id: 'no-tls',
    sentence: 'STARTTLS is not offered.',
    config: { 'main:smtpd_tls_security_level': 'none' },
    expect: {
      'starttls-offer': 'fail',
      'starttls-works': 'not-applicable',
      'tls-version': 'not-applicable',
      'tls-ciphers': 'not-applicable',
      'tls-certificate': 'not-applicable',
      'starttls-trailing': 'not-applicable',
    },
  }),
  postfix({
    id: 'tls-wrong-key',
    sentence: 'STARTTLS is offered, and refused with 454: key and certificate do not belong together.',
    config: { 'main:smtpd_tls_chain_files': '/lab/tls/ca.key, /lab/tls/cert.pem' },
    expect: {
      'starttls-works': 'fail',
      'open-relay': 'inconclusive(tls-failed)',
      'auth-after-tls': 'inconclusive(tls-failed)',
      'auth-anonymous': 'inconclusive(tls-failed)',
      'auth-on-mx': 'inconclusive(tls-failed)',
      'auth-state': 'inconclusive(tls-failed)',
      'auth-weak': 'inconclusive(tls-failed)',
      'starttls-trailing': 'inconclusive(tls-failed)',
      'tls-certificate': 'inconclusive(tls-failed)',
      'tls-version': 'inconclusive(tls-failed)',
      'tls-ciphers': 'inconclusive(tls-failed)',
    },
  }),
  postfix({
    id: 'tls-handshake-fails',
    sentence: 'STARTTLS is answered with 220, and then no cipher is good enough for the server.',
    config: { 'main:smtpd_tls_protocols': '>=TLSv1.2, <=TLSv1.2', 'main:smtpd_tls_exclude_ciphers': 'aRSA, aNULL' },
    expect: {
      'starttls-works': 'fail',
      'open-relay': 'inconclusive(tls-failed)',
      'auth-after-tls': 'inconclusive(tls-failed)',
      'auth-anonymous': 'inconclusive(tls-failed)',
      'auth-on-mx': 'inconclusive(tls-failed)',
      'auth-state': 'inconclusive(tls-failed)',
      'auth-weak': 'inconclusive(tls-failed)',
      'starttls-trailing': 'inconclusive(tls-failed)',
      'tls-certificate': 'inconclusive(tls-failed)',
      'tls-version': 'inconclusive(tls-failed)',
      'tls-ciphers': 'inconclusive(tls-failed)',
    },
  }),
];
