import type { Scenario } from './scenario.ts';

const sendmail = (given: Omit<Scenario, 'image' | 'service' | 'role'>): Scenario => ({
  image: 'sendmail',
  service: 'smtp',
  role: 'mx',
  ...given,
});

/** The lab's certificate, which Debian's Sendmail has to be given. */
export const sendmailTls: Scenario['config'] = {
  'define:SERVER_CERT': '/lab/tls/chain.pem',
  'define:SERVER_KEY': '/etc/mail/tls/lab.key',
  'define:CACERT': '/lab/tls/ca.pem',
  'define:CACERT_PATH': '/etc/ssl/certs',
};

/** Sendmail: as Debian sets it up it answers VRFY and EXPN, and STARTTLS has to be asked for. */
export const sendmailServers: readonly Scenario[] = [
  sendmail({
    id: 'sendmail-default',
    sentence: 'Sendmail as Debian sets it up: VRFY and EXPN answer, AUTH by challenge in clear, no STARTTLS.',
    config: {},
    expect: {
      'starttls-offer': 'fail',
      'starttls-works': 'not-applicable',
      vrfy: 'fail',
      expn: 'fail',
      'auth-before-tls': 'fail',
      'auth-weak': 'fail',
      'auth-on-mx': 'fail',
      'tls-version': 'not-applicable',
      'tls-ciphers': 'not-applicable',
      'tls-certificate': 'not-applicable',
      'starttls-trailing': 'not-applicable',
      'auth-state': 'pass',
    },
  }),
  sendmail({
    id: 'sendmail-greet-pause',
    sentence:
      'Sendmail that greets after five seconds, as FEATURE(greet_pause) of Debian has it, and turns away who speaks before.',
    config: {
      ...sendmailTls,
      'define:PRIVACY_FLAGS': 'goaway',
      'run:no-auth': "sed -i 's/Name=MTA-v4, Port=smtp/&, M=A/' /etc/mail/sendmail.mc",
      'run:greet-pause': "sed -i -E 's/^(GreetPause:.*\\t)0$/\\15000/' /etc/mail/access",
    },
    expect: {},
  }),
  sendmail({
    id: 'sendmail-goaway',
    sentence: 'Sendmail with STARTTLS, without AUTH, and with PrivacyOptions=goaway: VRFY and EXPN tell nothing.',
    config: {
      ...sendmailTls,
      'define:PRIVACY_FLAGS': 'goaway,restrictqrun',
      'run:no-auth': "sed -i 's/Name=MTA-v4, Port=smtp/&, M=A/' /etc/mail/sendmail.mc",
    },
    expect: {},
  }),
  sendmail({
    id: 'sendmail-sound-ciphers',
    sentence: 'Sendmail whose CipherList has no RSA key exchange.',
    config: {
      ...sendmailTls,
      'define:PRIVACY_FLAGS': 'goaway',
      'define:CIPHER_LIST': 'HIGH:!aNULL:!kRSA',
      'run:no-auth': "sed -i 's/Name=MTA-v4, Port=smtp/&, M=A/' /etc/mail/sendmail.mc",
    },
    expect: { 'tls-ciphers': 'pass' },
  }),
  sendmail({
    id: 'sendmail-novrfy',
    sentence: 'Sendmail with STARTTLS; VRFY is off and EXPN is not.',
    config: {
      ...sendmailTls,
      'define:PRIVACY_FLAGS': 'novrfy',
      'run:no-auth': "sed -i 's/Name=MTA-v4, Port=smtp/&, M=A/' /etc/mail/sendmail.mc",
    },
    expect: { expn: 'fail' },
  }),
  sendmail({
    id: 'sendmail-passwords-in-clear',
    sentence: 'Sendmail that takes passwords in clear.',
    config: {
      ...sendmailTls,
      'define:PRIVACY_FLAGS': 'goaway',
      'mc:mechanisms': "TRUST_AUTH_MECH(`PLAIN LOGIN')dnl",
      'define:AUTH_MECHANISMS': 'PLAIN LOGIN',
    },
    expect: {
      'auth-before-tls': 'fail',
      'auth-on-mx': 'fail',
      'auth-after-tls': 'pass',
      'auth-state': 'pass',
    },
  }),
  sendmail({
    id: 'sendmail-open',
    sentence: 'Sendmail with FEATURE(promiscuous_relay).',
    config: {
      ...sendmailTls,
      'define:PRIVACY_FLAGS': 'goaway',
      'run:no-auth': "sed -i 's/Name=MTA-v4, Port=smtp/&, M=A/' /etc/mail/sendmail.mc",
      'mc:relay': "FEATURE(`promiscuous_relay')dnl",
    },
    expect: { 'open-relay': 'fail' },
  }),
];
