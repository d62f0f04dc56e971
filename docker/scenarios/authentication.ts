import { postfix, spawned } from './postfix.ts';
import type { Scenario } from './scenario.ts';

const submission = { service: 'submission', role: 'submission' } as const;

/** Cyrus SASL in place of Dovecot; the mechanisms are what `smtpd.conf` names. */
const cyrus = (...lines: readonly string[]): Scenario['config'] => ({
  'main:smtpd_sasl_type': 'cyrus',
  'main:smtpd_sasl_path': 'smtpd',
  'file:/etc/postfix/sasl/smtpd.conf': lines.join('\n'),
});

const withSaslauthd: Scenario['config'] = {
  ...cyrus('pwcheck_method: saslauthd', 'mech_list: PLAIN LOGIN'),
  'run:saslauthd': 'adduser --quiet postfix sasl; mkdir -p /run/saslauthd; saslauthd -a shadow -n 2',
};

const withSasldb: Scenario['config'] = {
  ...cyrus('pwcheck_method: auxprop', 'auxprop_plugin: sasldb', 'mech_list: PLAIN LOGIN CRAM-MD5 DIGEST-MD5'),
  'main:smtpd_sasl_local_domain': 'realm.example.test',
  'run:sasldb':
    'for name in alice bob; do echo $name-secret | saslpasswd2 -p -c -u realm.example.test $name; done; chown postfix /etc/sasldb2',
};

/** The users' port without TLS as a condition. */
const plainSubmission: Scenario['config'] = {
  'main:smtpd_tls_auth_only': 'no',
  'master:submission/inet/smtpd_tls_security_level': 'may',
};

/** Who checks passwords, by which mechanisms, and when. The baseline on 587 and 465 is Dovecot by unix socket. */
export const authentication: readonly Scenario[] = [
  postfix({
    id: 'auth-on-25',
    sentence: 'Port 25 offers AUTH inside TLS; in clear it does not.',
    config: { 'main:smtpd_sasl_auth_enable': 'yes' },
    expect: {
      'auth-on-mx': 'fail',
      'auth-after-tls': 'pass',
      'auth-state': 'pass',
    },
  }),
  postfix({
    id: 'auth-on-25-in-clear',
    sentence: 'Port 25 takes passwords in clear.',
    config: { 'main:smtpd_sasl_auth_enable': 'yes', 'main:smtpd_tls_auth_only': 'no' },
    expect: {
      'auth-on-mx': 'fail',
      'auth-before-tls': 'fail',
      'auth-after-tls': 'pass',
      'auth-state': 'pass',
    },
  }),
  postfix({
    id: 'auth-without-tls',
    sentence: 'Port 25 takes passwords, and has no TLS at all.',
    config: {
      'main:smtpd_sasl_auth_enable': 'yes',
      'main:smtpd_tls_auth_only': 'no',
      'main:smtpd_tls_security_level': 'none',
    },
    expect: {
      'starttls-offer': 'fail',
      'starttls-works': 'not-applicable',
      'auth-on-mx': 'fail',
      'auth-before-tls': 'fail',
      'auth-after-tls': 'not-applicable',
      'tls-version': 'not-applicable',
      'tls-ciphers': 'not-applicable',
      'tls-certificate': 'not-applicable',
      'starttls-trailing': 'not-applicable',
      'auth-state': 'pass',
    },
  }),
  postfix({
    ...submission,
    id: 'dovecot-by-tcp',
    sentence: 'Port 587 asks a Dovecot in another container (smtpd_sasl_path = inet:auth:12345).',
    companion: {
      name: 'auth',
      image: 'postfix-dovecot',
      config: {
        'file:/etc/dovecot/local.conf': 'service auth {\n  inet_listener {\n    port = 12345\n  }\n}',
      },
    },
    config: { 'main:smtpd_sasl_path': 'inet:auth:12345' },
  }),
  postfix({
    ...submission,
    id: 'dovecot-stopped',
    sentence: 'Mechanisms are listed, and whoever checks passwords is gone: AUTH is answered with 454.',
    config: {
      // A Dovecot that dies on the first request of every connection. It hears the handshake (VERSION, CPID) to its
      // end: an smtpd that comes to write it when Dovecot is gone dies itself.
      'master:gone/unix': spawned('gone', '/bin/sh -c {read v; read c; cat /lab/dovecot-greeting; read request}'),
      'file:/lab/dovecot-greeting': [
        'VERSION\t1\t2',
        'MECH\tPLAIN\tplaintext',
        'MECH\tLOGIN\tplaintext',
        'SPID\t1',
        'CUID\t1',
        'COOKIE\t0',
        'DONE',
      ].join('\n'),
      'main:smtpd_sasl_path': 'private/gone',
    },
    expect: {
      'auth-after-tls': 'inconclusive(ambiguous)',
      'auth-state': 'inconclusive(ambiguous)',
      'auth-anonymous': 'pass',
      'auth-weak': 'pass',
    },
  }),
  postfix({
    ...submission,
    id: 'dovecot-missing',
    sentence: 'smtpd_sasl_path names a socket that is not there: port 587 hangs up as soon as it is asked inside TLS.',
    // Postfix's own pause after such a death is a minute, in which nobody is greeted.
    config: { 'main:smtpd_sasl_path': 'private/nowhere', 'main:service_throttle_time': '1s' },
    expect: {
      'message-size': 'inconclusive(closed)',
      'queue-space': 'inconclusive(closed)',
      'open-relay': 'inconclusive(closed)',
      'submission-auth': 'inconclusive(closed)',
      vrfy: 'inconclusive(closed)',
      'rcpt-oracle': 'inconclusive(closed)',
      'auth-after-tls': 'inconclusive(closed)',
      'auth-anonymous': 'inconclusive(closed)',
      'auth-weak': 'inconclusive(closed)',
      'auth-state': 'inconclusive(closed)',
      expn: 'pass',
      'starttls-works': 'inconclusive(tls-failed)',
    },
  }),
  postfix({
    ...submission,
    id: 'cyrus',
    sentence: 'Port 587 with Cyrus SASL and saslauthd.',
    config: withSaslauthd,
  }),
  postfix({
    ...submission,
    id: 'cyrus-without-saslauthd',
    sentence: 'Port 587 with Cyrus SASL, and no saslauthd running: it shows only to who sends a password.',
    config: cyrus('pwcheck_method: saslauthd', 'mech_list: PLAIN LOGIN'),
  }),
  postfix({
    ...submission,
    id: 'cyrus-challenges',
    sentence: 'Cyrus SASL with CRAM-MD5 and DIGEST-MD5, whose challenges name the realm.',
    config: withSasldb,
    expect: { 'auth-weak': 'fail' },
  }),
  postfix({
    ...submission,
    id: 'cyrus-ntlm',
    sentence: 'Cyrus SASL offers NTLM, whose challenge names a domain.',
    config: {
      ...withSasldb,
      ...cyrus('pwcheck_method: auxprop', 'auxprop_plugin: sasldb', 'mech_list: PLAIN LOGIN NTLM'),
    },
    expect: { 'auth-weak': 'fail' },
  }),
  postfix({
    ...submission,
    id: 'dovecot-challenges',
    sentence: 'Dovecot with CRAM-MD5 and DIGEST-MD5.',
    config: {
      'dovecot:auth_mechanisms': 'plain login cram-md5 digest-md5',
      'dovecot:auth_realms': 'realm.example.test',
    },
    expect: { 'auth-weak': 'fail' },
  }),
  postfix({
    ...submission,
    id: 'auth-in-clear',
    sentence: 'Port 587 takes mail and passwords before TLS.',
    config: plainSubmission,
    expect: { 'auth-before-tls': 'fail', 'tls-required': 'fail' },
  }),
  postfix({
    ...submission,
    id: 'auth-noplaintext',
    sentence: 'Port 587 has nothing but challenges before TLS (noplaintext), and everything inside.',
    config: {
      ...plainSubmission,
      'dovecot:auth_mechanisms': 'plain login cram-md5',
      'main:smtpd_sasl_security_options': 'noanonymous, noplaintext',
      'main:smtpd_sasl_tls_security_options': 'noanonymous',
    },
    expect: { 'auth-before-tls': 'fail', 'auth-weak': 'fail', 'tls-required': 'fail' },
  }),
  postfix({
    ...submission,
    id: 'tls-not-required',
    sentence: 'Port 587 takes mail before TLS, and passwords only inside.',
    config: { 'master:submission/inet/smtpd_tls_security_level': 'may' },
    // In clear it offers no AUTH, so its refusal of everybody may mean us.
    expect: { 'tls-required': 'fail', 'rcpt-oracle': 'inconclusive(prerequisite)' },
  }),
  postfix({
    ...submission,
    id: 'submission-without-tls',
    sentence: 'Port 587 without TLS: passwords go in clear or not at all.',
    config: { 'main:smtpd_tls_auth_only': 'no', 'master:submission/inet/smtpd_tls_security_level': 'none' },
    expect: {
      'starttls-offer': 'fail',
      'starttls-works': 'not-applicable',
      'auth-before-tls': 'fail',
      'auth-after-tls': 'inconclusive(prerequisite)',
      'tls-required': 'fail',
      'tls-version': 'not-applicable',
      'tls-ciphers': 'not-applicable',
      'tls-certificate': 'not-applicable',
      'starttls-trailing': 'not-applicable',
    },
  }),
  postfix({
    ...submission,
    id: 'anonymous-dovecot',
    sentence: 'Dovecot lets ANONYMOUS in.',
    config: {
      'dovecot:auth_mechanisms': 'plain login anonymous',
      'main:smtpd_sasl_security_options': '',
    },
    expect: { 'auth-anonymous': 'fail' },
  }),
  postfix({
    ...submission,
    id: 'anonymous-cyrus',
    sentence: 'Cyrus SASL lets ANONYMOUS in.',
    config: {
      ...withSaslauthd,
      ...cyrus('pwcheck_method: saslauthd', 'mech_list: PLAIN LOGIN ANONYMOUS'),
      'main:smtpd_sasl_security_options': '',
    },
    expect: { 'auth-anonymous': 'fail' },
  }),
  postfix({
    ...submission,
    id: 'legacy-auth-line',
    sentence: 'EHLO spells the mechanisms twice (broken_sasl_auth_clients).',
    config: { 'main:broken_sasl_auth_clients': 'yes' },
  }),
  postfix({
    id: 'auth-hidden',
    sentence:
      'AUTH works on port 25, in clear too, though EHLO hides it from this client (smtpd_sasl_exceptions_networks).',
    config: {
      'main:smtpd_sasl_auth_enable': 'yes',
      'main:smtpd_tls_auth_only': 'no',
      'main:smtpd_sasl_exceptions_networks': '0.0.0.0/0',
    },
    expect: {
      'auth-before-tls': 'fail',
      'auth-on-mx': 'fail',
      'auth-after-tls': 'pass',
      'auth-state': 'pass',
      'auth-anonymous': 'inconclusive(not-permitted)',
    },
  }),
  postfix({
    ...submission,
    id: 'auth-disabled',
    sentence: 'Port 587 without AUTH: nobody can log in, and nobody can send.',
    config: { 'master:submission/inet/smtpd_sasl_auth_enable': 'no' },
    // It refuses everybody alike, and offers nothing that would change that: so it may mean us.
    expect: {
      'auth-after-tls': 'fail',
      'auth-state': 'not-applicable',
      'submission-auth': 'inconclusive(prerequisite)',
      'rcpt-oracle': 'inconclusive(prerequisite)',
    },
  }),
  postfix({
    ...submission,
    id: 'submission-for-all',
    sentence: 'Port 587 takes mail for its own users from anybody.',
    config: {
      'master:submission/inet/smtpd_relay_restrictions': 'permit_sasl_authenticated,reject_unauth_destination',
    },
    expect: {
      'submission-auth': 'fail',
      'rcpt-oracle': 'fail',
    },
  }),
  postfix({
    ...submission,
    id: 'clients-refused',
    sentence: 'Port 587 refuses every client that is not logged in (smtpd_client_restrictions).',
    config: {
      'master:submission/inet/smtpd_client_restrictions': 'permit_sasl_authenticated,reject',
      'master:submission/inet/smtpd_relay_restrictions': 'permit_sasl_authenticated,reject_unauth_destination',
    },
    expect: {
      'open-relay': 'inconclusive(client-blocked)',
    },
  }),
];
