import { noneOf, nothingFor, postfix } from './postfix.ts';
import type { Scenario } from './scenario.ts';

const submission = { service: 'submission', role: 'submission' } as const;

const exim = (given: Pick<Scenario, 'id' | 'sentence' | 'config'> & Partial<Scenario>): Scenario => ({
  image: 'exim',
  service: 'smtp',
  role: 'mx',
  ...given,
  expect: { 'tls-version': 'fail', ...given.expect },
});

/** A line of Exim's main section that Debian has no macro for. */
const eximMain = (line: string): Scenario['config'] => ({
  'run:main': `sed -i '1i ${line}' /etc/exim4/exim4.conf.template`,
});

/**
 * A listed AUTH that has no mechanism left ends smtpd before it has said a word; master would wait a minute before it
 * tries again.
 */
const noMechanism = (config: Scenario['config']): Scenario['config'] => ({
  'main:smtpd_sasl_auth_enable': 'yes',
  'main:smtpd_tls_auth_only': 'no',
  'main:service_throttle_time': '1s',
  ...config,
});

/** What is asked inside TLS, where no dialogue gets. */
const nothingInside = noneOf(
  ['open-relay', 'starttls-works', 'auth-after-tls', 'auth-anonymous', 'auth-on-mx', 'auth-state', 'auth-weak'],
  'tls-failed',
);

/** What begins with a dialogue on a port of users. */
const noDialogue = noneOf(
  [
    ...['hello', 'open-relay', 'submission-auth', 'rcpt-oracle', 'vrfy', 'expn', 'message-size', 'queue-space'],
    ...['auth-before-tls', 'auth-after-tls', 'auth-anonymous', 'auth-weak', 'auth-state'],
    ...['tls-certificate', 'tls-version', 'tls-ciphers'],
  ],
  'tls-failed',
);

/** Replies, ends and silences that say less than they seem to. */
export const readAsMore: readonly Scenario[] = [
  postfix({
    id: 'soft-bounce',
    sentence: 'soft_bounce = yes: each refusal has its permanent words and a temporary code.',
    config: { 'main:soft_bounce': 'yes' },
  }),
  postfix({
    id: 'one-error-ends-it',
    sentence: 'smtpd_hard_error_limit = 1: the command behind the first error is met with a hang-up.',
    config: { 'main:smtpd_hard_error_limit': '1' },
  }),
  exim({
    id: 'exim-one-message-a-connection',
    sentence: 'Exim with smtp_accept_max_per_connection = 1: the second MAIL of a connection is answered with 421.',
    config: eximMain('smtp_accept_max_per_connection = 1'),
  }),
  exim({
    id: 'exim-three-recipients',
    sentence: 'Exim with recipients_max = 3.',
    config: eximMain('recipients_max = 3'),
  }),
  postfix({
    id: 'postscreen-first-contact',
    sentence:
      'postscreen looks at how strangers speak: its stand-in takes no mail, and the next connection meets the real server.',
    config: {
      'master:smtp/inet': 'smtp inet n - n - 1 postscreen',
      'master:smtpd/pass': 'smtpd pass - - n - - smtpd',
      'master:tlsproxy/unix': 'tlsproxy unix - - n - 0 tlsproxy',
      'main:postscreen_greet_wait': '1s',
      'main:postscreen_greet_action': 'enforce',
      'main:postscreen_pipelining_enable': 'yes',
      'main:postscreen_pipelining_action': 'enforce',
      'main:postscreen_non_smtp_command_enable': 'yes',
      'main:postscreen_bare_newline_enable': 'yes',
    },
  }),
  postfix({
    id: 'anonymous-suites',
    sentence:
      'No certificate, on purpose (smtpd_tls_cert_file = none): STARTTLS works with anonymous suites, as MTAs use them.',
    config: { 'run:chain': 'postconf -X smtpd_tls_chain_files', 'main:smtpd_tls_cert_file': 'none' },
    // The suites are offered where versions are asked, and nowhere else: no dialogue is trusted to them.
    expect: {
      ...nothingInside,
      'starttls-works': 'pass',
      'starttls-trailing': 'inconclusive(tls-failed)',
      'tls-certificate': 'not-applicable',
    },
  }),
  exim({
    id: 'exim-wants-client-certificates',
    sentence: 'Exim with tls_verify_hosts = *: who has no certificate gets no further than the handshake.',
    config: {
      'macro:MAIN_TLS_VERIFY_HOSTS': '*',
      'macro:MAIN_TLS_VERIFY_CERTIFICATES': '/lab/tls/ca.pem',
    },
    // The handshake of TLS 1.3 is over before the certificate is missed: it shows the server's, and that nothing came
    // before it. A ClientHello alone shows the versions before 1.2, and ciphers.
    expect: { ...nothingInside, 'tls-version': 'fail' },
  }),
  exim({
    id: 'exim-likes-client-certificates',
    sentence: 'Exim with tls_try_verify_hosts = *: it asks for a certificate, and does without.',
    config: { 'macro:MAIN_TLS_TRY_VERIFY_HOSTS': '*', 'macro:MAIN_TLS_VERIFY_CERTIFICATES': '/lab/tls/ca.pem' },
  }),
  postfix({
    id: 'clear-text-on-465',
    sentence: 'Port 465 greets in clear: smtpd_tls_wrappermode is missing.',
    service: 'submissions',
    role: 'submissions',
    config: { 'master:submissions/inet/smtpd_tls_wrappermode': 'no' },
    expect: noDialogue,
  }),
  postfix({
    id: 'tls-first-on-25',
    sentence: 'Port 25 waits for a handshake: smtpd_tls_wrappermode where it does not belong.',
    config: { 'master:smtp/inet/smtpd_tls_wrappermode': 'yes' },
    scan: { timeoutSeconds: 5 },
    expect: { ...nothingFor('tls-failed'), reachable: 'pass' },
  }),
  postfix({
    ...submission,
    id: 'tls-first-on-587',
    sentence: 'Port 587 waits for a handshake.',
    config: { 'master:submission/inet/smtpd_tls_wrappermode': 'yes' },
    scan: { timeoutSeconds: 5 },
    expect: {
      ...noDialogue,
      ...noneOf(['starttls-works', 'starttls-offer', 'starttls-trailing', 'tls-required'], 'tls-failed'),
    },
  }),
  postfix({
    id: 'sasl-path-wrong',
    sentence: 'smtpd_sasl_path names a socket that is not there: each connection ends without a word.',
    config: noMechanism({ 'main:smtpd_sasl_path': 'private/nowhere' }),
    expect: nothingFor('closed'),
  }),
  postfix({
    id: 'sasl-options-leave-nothing',
    sentence:
      'PLAIN and LOGIN alone, and noanonymous, noplaintext: no mechanism is left, and each connection ends without a word.',
    config: noMechanism({ 'main:smtpd_sasl_security_options': 'noanonymous, noplaintext' }),
    expect: nothingFor('closed'),
  }),
  postfix({
    id: 'dovecot-out-of-reach',
    sentence: 'smtpd_sasl_path = inet:…, where nobody listens: each connection ends without a word.',
    config: noMechanism({ 'main:smtpd_sasl_path': 'inet:127.0.0.1:12345' }),
    expect: nothingFor('closed'),
  }),
];
