import { postfix } from './postfix.ts';
import type { Scenario } from './scenario.ts';

/** One of `images/postfix-dovecot/make-more-certificates`. */
const certificate = (name: string, key = '/lab/tls/key.pem'): Scenario['config'] => ({
  'main:smtpd_tls_chain_files': `${key}, /lab/tls/${name}/chain.pem`,
});

const oldOpenssl: Scenario['config'] = { 'run:old-openssl': 'cp /lab/openssl-old.cnf /etc/ssl/openssl.cnf' };

const protocols = (wanted: string): Scenario['config'] => ({
  'main:smtpd_tls_protocols': wanted,
  'main:smtpd_tls_mandatory_protocols': wanted,
});

/** The verdict is the same on both; what it weighs is not. */
const onBothPorts = (given: Parameters<typeof postfix>[0], expect: Scenario['expect']): readonly Scenario[] => [
  postfix({ ...given, expect }),
  postfix({
    ...given,
    id: `${given.id}-submission`,
    sentence: `${given.sentence.replace(/\.$/, '')}, on port 587.`,
    service: 'submission',
    role: 'submission',
    expect,
  }),
];

/**
 * Certificates and versions of TLS. Other servers encrypt to an MX whatever its certificate says; mail clients do not.
 */
export const certificates: readonly Scenario[] = [
  ...onBothPorts(
    {
      id: 'cert-expired',
      sentence: 'The certificate has expired.',
      config: certificate('expired'),
    },
    { 'tls-certificate': 'fail' },
  ),
  postfix({
    id: 'cert-not-yet-valid',
    sentence: 'The certificate is not valid yet.',
    config: certificate('not-yet-valid'),
    expect: { 'tls-certificate': 'fail' },
  }),
  ...onBothPorts(
    {
      id: 'cert-other-name',
      sentence: 'The certificate is made out to another name.',
      config: certificate('other-name'),
    },
    { 'tls-certificate': 'fail' },
  ),
  ...onBothPorts(
    { id: 'cert-self-signed', sentence: 'The certificate is self-signed.', config: certificate('self-signed') },
    { 'tls-certificate': 'fail' },
  ),
  ...onBothPorts(
    {
      id: 'cert-no-intermediate',
      sentence: 'The certificate comes without the intermediate that signed it.',
      config: certificate('no-intermediate'),
    },
    { 'tls-certificate': 'fail' },
  ),
  postfix({
    id: 'cert-with-intermediate-submission',
    sentence: 'The certificate comes with its intermediate, on port 587.',
    service: 'submission',
    role: 'submission',
    config: certificate('with-intermediate'),
  }),
  postfix({
    id: 'cert-small-key',
    sentence: 'The key has 1024 bits.',
    config: { ...certificate('small-key', '/lab/tls/small-key/key.pem'), ...oldOpenssl },
    expect: { 'tls-certificate': 'fail' },
  }),
  postfix({
    id: 'cert-sha1',
    sentence: 'The certificate is signed with SHA-1.',
    config: { ...certificate('sha1'), ...oldOpenssl },
    expect: { 'tls-certificate': 'fail' },
  }),
  postfix({
    id: 'tls-old-versions',
    sentence: 'TLS 1.0 and 1.1 are still on.',
    config: { ...oldOpenssl, ...protocols('>=TLSv1') },
    expect: { 'tls-version': 'fail' },
  }),
  postfix({
    id: 'tls-1-0-only',
    sentence: 'TLS 1.0 and nothing newer.',
    config: { ...oldOpenssl, ...protocols('>=TLSv1, <=TLSv1') },
    expect: { 'tls-version': 'fail' },
  }),
  postfix({
    id: 'tls-1-2-only',
    sentence: 'TLS 1.2 only.',
    config: protocols('>=TLSv1.2, <=TLSv1.2'),
  }),
  postfix({
    id: 'tls-1-3-only',
    sentence: 'TLS 1.3 only: older peers fall back to clear.',
    config: protocols('>=TLSv1.3'),
    expect: { 'tls-ciphers': 'pass' },
  }),
  postfix({
    id: 'tls-limiter',
    sentence: 'Two new TLS sessions an hour: who comes too often is put off inside TLS.',
    config: { 'main:smtpd_client_new_tls_session_rate_limit': '2', 'main:anvil_rate_time_unit': '1h' },
    scan: { connectionsAtOnce: 1 },
    expect: {
      'open-relay': 'inconclusive(throttled)',
      'tls-version': 'inconclusive(throttled)',
      'tls-ciphers': 'inconclusive(throttled)',
      'takes-its-mail': 'inconclusive(throttled)',
    },
  }),
];
