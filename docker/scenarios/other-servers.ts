// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Exim writes its expansions like that
import { eximAuth, insideTls } from './exim-auth.ts';
import type { Scenario } from './scenario.ts';

const mx = { service: 'smtp', role: 'mx' } as const;

/** It takes any local part, a routed one too, and no word tells whether that is sent on. */
const takesAll: Scenario['expect'] = {
  'open-relay': 'inconclusive(ambiguous)',
  'rcpt-oracle': 'pass',
  backscatter: 'fail',
  'message-size': 'fail',
};

const takesAllWithoutTls: Scenario['expect'] = {
  ...takesAll,
  'starttls-offer': 'fail',
  'starttls-works': 'not-applicable',
  'starttls-trailing': 'not-applicable',
  'tls-version': 'not-applicable',
  'tls-ciphers': 'not-applicable',
  'tls-certificate': 'not-applicable',
};

/** The other servers of Debian, closed as they are set up, and open. */
export const otherServers: readonly Scenario[] = [
  {
    ...mx,
    id: 'exim-default',
    sentence: 'Exim as Debian sets it up for an internet site.',
    image: 'exim',
    config: {},
    expect: {
      'tls-version': 'fail',
    },
  },
  {
    ...mx,
    id: 'exim-open',
    sentence: 'Exim that relays for the whole internet; it no longer looks at local names either.',
    image: 'exim',
    config: { 'dc:relay_nets': '0.0.0.0/0' },
    expect: {
      'open-relay': 'fail',
      'takes-its-mail': 'inconclusive(ambiguous)',
      'tls-version': 'fail',
      backscatter: 'fail',
      'rcpt-oracle': 'pass',
    },
  },
  {
    ...mx,
    id: 'exim-open-book',
    sentence: 'Exim that answers VRFY and EXPN, and takes passwords in clear.',
    image: 'exim',
    config: {
      'macro:acl_smtp_vrfy': 'accept',
      'macro:acl_smtp_expn': 'accept',
      'macro:auth_advertise_hosts': '*',
      ...eximAuth(''),
    },
    expect: {
      vrfy: 'fail',
      expn: 'fail',
      'auth-before-tls': 'fail',
      'auth-on-mx': 'fail',
      'auth-after-tls': 'pass',
      'tls-version': 'fail',
      'auth-state': 'pass',
    },
  },
  {
    ...mx,
    id: 'exim-auth-inside-tls',
    sentence: 'Exim with AUTH on port 25, inside TLS only.',
    image: 'exim',
    config: eximAuth(insideTls),
    expect: {
      'auth-on-mx': 'fail',
      'auth-after-tls': 'pass',
      'tls-version': 'fail',
      'auth-state': 'pass',
    },
  },
  {
    ...mx,
    id: 'opensmtpd-default',
    sentence: 'OpenSMTPD that takes mail for its domain from outside, and relays for its own machine only.',
    image: 'opensmtpd',
    config: {},
    expect: {},
  },
  {
    ...mx,
    id: 'opensmtpd-open',
    sentence: 'OpenSMTPD with "match from any for any".',
    image: 'opensmtpd',
    config: { 'match:outside': 'from any for any action "relay"' },
    expect: { 'open-relay': 'fail' },
  },
  {
    id: 'opensmtpd-submission',
    sentence: 'OpenSMTPD on port 587: TLS and AUTH first.',
    image: 'opensmtpd',
    service: 'submission',
    role: 'submission',
    config: { 'listen:submission': 'on 0.0.0.0 port 587 tls-require pki mx.example.test auth' },
    // MAIL is for those who have logged in.
    expect: { 'message-size': 'not-applicable', 'queue-space': 'not-applicable' },
  },
  {
    id: 'opensmtpd-auth-optional',
    sentence:
      'OpenSMTPD on port 587, where neither TLS nor AUTH is a must. (AUTH in clear it cannot be made to offer.)',
    image: 'opensmtpd',
    service: 'submission',
    role: 'submission',
    config: { 'listen:submission': 'on 0.0.0.0 port 587 tls pki mx.example.test auth-optional' },
    expect: {
      'submission-auth': 'fail',
      'tls-required': 'fail',
      'rcpt-oracle': 'fail',
    },
  },
  {
    ...mx,
    id: 'aiosmtpd-sink',
    sentence:
      'aiosmtpd by its own command: no STARTTLS, no SIZE, every recipient is taken and every message thrown away.',
    image: 'aiosmtpd',
    config: {},
    expect: {
      'takes-its-mail': 'inconclusive(ambiguous)',
      'starttls-offer': 'fail',
      'starttls-works': 'not-applicable',
      'starttls-trailing': 'not-applicable',
      'open-relay': 'fail',
      'rcpt-oracle': 'pass',
      backscatter: 'fail',
      'tls-version': 'not-applicable',
      'tls-ciphers': 'not-applicable',
      'tls-certificate': 'not-applicable',
      'message-size': 'fail',
    },
  },
  {
    ...mx,
    id: 'qpsmtpd-default',
    sentence: 'qpsmtpd as Debian sets it up: no TLS, no SIZE, every local part of its domain is taken.',
    image: 'qpsmtpd',
    config: {},
    expect: takesAllWithoutTls,
  },
  {
    ...mx,
    id: 'qpsmtpd-open',
    sentence: 'qpsmtpd that takes the network between us and it for a friend.',
    image: 'qpsmtpd',
    config: { 'set:relayclients': '172.' },
    expect: { ...takesAllWithoutTls, 'open-relay': 'fail', 'takes-its-mail': 'inconclusive(ambiguous)' },
  },
  {
    ...mx,
    id: 'qpsmtpd-tls-and-auth',
    sentence: 'qpsmtpd with TLS, and AUTH on port 25 in clear as well.',
    image: 'qpsmtpd',
    config: {
      'plugin:auth/auth_flat_file': '',
      'plugin:tls': '/lab/tls/cert.pem /lab/tls/key.pem /lab/tls/ca.pem',
      'set:flat_auth_pw': 'alice:alice-secret',
    },
    expect: {
      ...takesAll,
      'auth-before-tls': 'fail',
      'auth-after-tls': 'pass',
      'auth-weak': 'fail',
      'auth-on-mx': 'fail',
      'auth-state': 'inconclusive(not-permitted)',
    },
  },
];
