import { nothingFor, postfix, spawned } from './postfix.ts';
import type { Scenario } from './scenario.ts';

/**
 * Servers that turn this client away, or put it off, before relaying is even considered; and limits that a scan can
 * meet.
 */
export const turnedAway: readonly Scenario[] = [
  postfix({
    id: 'greylisting',
    sentence: 'Strangers are put off at RCPT, as postgrey does it; relaying is refused first.',
    config: {
      'master:greylist/unix': spawned(
        'greylist',
        '/lab/policy protocol_state RCPT {DEFER_IF_PERMIT Greylisted, try again later}',
      ),
      'main:smtpd_recipient_restrictions': 'permit_mynetworks, check_policy_service unix:private/greylist',
    },
    expect: {
      'own-domain-spoof': 'inconclusive(greylisted)',
      'rcpt-oracle': 'inconclusive(greylisted)',
      postmaster: 'inconclusive(greylisted)',
      backscatter: 'inconclusive(greylisted)',
    },
  }),
  postfix({
    id: 'greylisting-first',
    sentence: 'Strangers are put off at RCPT before the server asks itself whether it would relay.',
    config: {
      'master:greylist/unix': spawned(
        'greylist',
        '/lab/policy protocol_state RCPT {450 4.2.0 Greylisted, try again later}',
      ),
      'main:smtpd_recipient_restrictions': 'permit_mynetworks, check_policy_service unix:private/greylist',
      'main:smtpd_relay_before_recipient_restrictions': 'no',
    },
    expect: {
      'open-relay': 'inconclusive(greylisted)',
      'own-domain-spoof': 'inconclusive(greylisted)',
      'rcpt-oracle': 'inconclusive(greylisted)',
      postmaster: 'inconclusive(greylisted)',
      backscatter: 'inconclusive(greylisted)',
    },
  }),
  postfix({
    id: 'client-blocked',
    sentence: 'This client is blocked, and hears so at RCPT.',
    config: { 'main:smtpd_client_restrictions': 'permit_mynetworks, check_client_access static:REJECT' },
    expect: {
      'open-relay': 'inconclusive(client-blocked)',
      'own-domain-spoof': 'inconclusive(client-blocked)',
      'rcpt-oracle': 'inconclusive(client-blocked)',
      postmaster: 'inconclusive(client-blocked)',
      backscatter: 'inconclusive(client-blocked)',
    },
  }),
  postfix({
    id: 'client-blocked-early',
    sentence: 'This client is blocked, and hears so instead of a greeting.',
    config: {
      'main:smtpd_client_restrictions': 'permit_mynetworks, check_client_access static:REJECT',
      'main:smtpd_delay_reject': 'no',
    },
    expect: nothingFor('client-blocked'),
  }),
  postfix({
    id: 'unknown-sender-domains',
    sentence:
      'Senders whose domain does not resolve are put off, and in the lab none does; relaying is refused all the same.',
    config: { 'main:smtpd_sender_restrictions': 'reject_unknown_sender_domain' },
  }),
  postfix({
    id: 'limits-bite',
    sentence: 'Three connections an hour: the limit bites in the middle of a scan.',
    config: { 'main:smtpd_client_connection_rate_limit': '3', 'main:anvil_rate_time_unit': '1h' },
    scan: { connectionsAtOnce: 1 },
    expect: {
      'open-relay': 'inconclusive(throttled)',
      'takes-its-mail': 'inconclusive(throttled)',
      'auth-before-tls': 'inconclusive(throttled)',
      'auth-after-tls': 'inconclusive(throttled)',
      'auth-anonymous': 'inconclusive(throttled)',
      'auth-weak': 'inconclusive(throttled)',
      'auth-on-mx': 'inconclusive(throttled)',
      'auth-state': 'inconclusive(throttled)',
      'tls-version': 'inconclusive(throttled)',
      'tls-ciphers': 'inconclusive(throttled)',
      'message-size': 'inconclusive(throttled)',
      'queue-space': 'inconclusive(throttled)',
    },
  }),
  postfix({
    id: 'concurrency-one',
    sentence: 'One connection at a time.',
    config: { 'main:smtpd_client_connection_count_limit': '1' },
  }),
  postfix({
    id: 'hard-error-limit-5',
    sentence: 'The fifth error in a session ends it.',
    config: { 'main:smtpd_hard_error_limit': '5' },
  }),
];
