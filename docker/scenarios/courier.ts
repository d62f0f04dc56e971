import type { Scenario } from './scenario.ts';

const courier = (given: Omit<Scenario, 'image' | 'service' | 'role'> & Partial<Scenario>): Scenario => ({
  image: 'courier',
  service: 'smtp',
  role: 'mx',
  ...given,
});

/**
 * Debian's five connections from one address, above which it hangs up without a word, would tell more of the scan than
 * of these.
 */
const manyConnections: Scenario['config'] = { 'esmtpd:MAXPERIP': '40', 'esmtpd:MAXPERC': '40' };

/** Courier, whose VRFY and EXPN Debian switches off. It takes no <postmaster> without a domain, and TLS from 1.0 on. */
export const courierServers: readonly Scenario[] = [
  courier({
    id: 'courier-default',
    sentence: 'Courier as Debian sets it up, without its tarpit: VRFY and EXPN are off.',
    config: {},
    expect: { postmaster: 'fail', 'tls-version': 'fail' },
  }),
  courier({
    id: 'courier-old-ciphers',
    sentence: 'Courier whose GnuTLS takes RC4 and 3DES.',
    config: { 'esmtpd:TLS_PRIORITY': 'NORMAL:+ARCFOUR-128:+3DES-CBC' },
    expect: { postmaster: 'fail', 'tls-version': 'fail' },
  }),
  courier({
    id: 'courier-sound-ciphers',
    sentence: 'Courier whose GnuTLS takes no RSA key exchange.',
    config: { 'esmtpd:TLS_PRIORITY': 'NORMAL:-RSA:-3DES-CBC:-ARCFOUR-128' },
    expect: { postmaster: 'fail', 'tls-version': 'fail', 'tls-ciphers': 'pass' },
  }),
  courier({
    id: 'courier-tarpit',
    sentence: 'Courier as its author and Debian ship it: each refusal takes longer than the one before.',
    config: { 'esmtpd:TARPIT': '1' },
    scan: { withinSeconds: 120 },
    expect: { postmaster: 'fail', 'tls-version': 'fail' },
  }),
  courier({
    id: 'courier-vrfy',
    sentence: 'Courier with VRFY and EXPN on, as its author ships it.',
    config: { ...manyConnections, 'esmtpd:BOFHNOVRFY': '0', 'esmtpd:BOFHNOEXPN': '0' },
    expect: { vrfy: 'fail', expn: 'fail', postmaster: 'fail', 'tls-version': 'fail' },
  }),
  courier({
    id: 'courier-passwords-in-clear',
    sentence: 'Courier that takes passwords in clear.',
    config: { ...manyConnections, 'esmtpd:ESMTPAUTH': 'PLAIN LOGIN', 'esmtpd:ESMTPAUTH_TLS': 'PLAIN LOGIN' },
    expect: {
      postmaster: 'fail',
      'auth-before-tls': 'fail',
      'auth-on-mx': 'fail',
      'auth-after-tls': 'inconclusive(not-permitted)',
      // It calls a login that is called off a failed one.
      'auth-state': 'inconclusive(not-permitted)',
      'tls-version': 'fail',
    },
  }),
  courier({
    id: 'courier-submission',
    sentence: 'Courier on port 587: TLS and AUTH first.',
    service: 'submission',
    role: 'submission',
    config: {
      'msa:AUTH_REQUIRED': '1',
      'msa:ESMTP_TLS_REQUIRED': '1',
      'esmtpd:ESMTPAUTH_TLS': 'PLAIN LOGIN',
    },
    expect: {
      // It logs a login that is called off as a failed one, so the list is all there is to go by.
      'auth-after-tls': 'inconclusive(not-permitted)',
      'message-size': 'not-applicable',
      'queue-space': 'not-applicable',
      'auth-state': 'inconclusive(not-permitted)',
      'tls-version': 'fail',
    },
  }),
];
