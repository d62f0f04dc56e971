import { postfix } from './postfix.ts';
import type { Scenario } from './scenario.ts';

/** Dovecot's own submission service (dovecot-submissiond) on port 587, which passes mail on to Postfix on port 25. */
const dovecotSubmission: Scenario['config'] = {
  'master:submission/inet': '',
  'file:/etc/dovecot/local.conf': `protocols = submission
hostname = mx.example.test
login_greeting = mail service at your command
ssl = yes
ssl_cert = </lab/tls/chain.pem
ssl_key = </lab/tls/key.pem
mail_location = maildir:~/Maildir
submission_relay_host = 127.0.0.1`,
};

/** The users' ports. */
export const submission: readonly Scenario[] = [
  postfix({
    id: 'submission',
    sentence: 'The baseline on port 587: TLS and AUTH first.',
    service: 'submission',
    role: 'submission',
  }),
  postfix({
    id: 'submissions',
    sentence: 'The baseline on port 465: TLS from the first byte, AUTH before anything else.',
    service: 'submissions',
    role: 'submissions',
  }),
  postfix({
    id: 'open-on-submission',
    sentence: 'Port 587 relays for everybody inside TLS; port 25 is as it should be.',
    service: 'submission',
    role: 'submission',
    config: {
      'main:lab_submission': 'check_client_access static:OK, reject_unauth_destination',
      'master:submission/inet/smtpd_relay_restrictions': '$lab_submission',
    },
    expect: {
      'open-relay': 'fail',
      'rcpt-oracle': 'fail',
      'submission-auth': 'fail',
    },
  }),
  postfix({
    id: 'dovecot-submission',
    sentence: "Port 587 is Dovecot's own submission service, in front of Postfix; its greeting does not name it.",
    service: 'submission',
    role: 'submission',
    config: dovecotSubmission,
    expect: {
      // It logs a login that is called off as a failed one, in the session that asks for more after it.
      'auth-state': 'inconclusive(not-permitted)',
      'message-size': 'not-applicable',
      'queue-space': 'not-applicable',
      // It closes without an alert.
      'tls-ciphers': 'pass',
    },
  }),
];
