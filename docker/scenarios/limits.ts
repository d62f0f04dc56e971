// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Postfix writes its expansions like that
import type { Measured } from '../../src/model/judgement.ts';
import { eximLimits } from './limits-exim.ts';
import { packetFilterScenarios } from './packet-filter.ts';
import { postfix } from './postfix.ts';
import type { LimitScenario, Scenario } from './scenario.ts';

type Given = Pick<LimitScenario, 'id' | 'sentence' | 'says'> & Partial<LimitScenario>;

const elsewhere = ({ windowSeconds = 3, ...given }: Given & Pick<Scenario, 'image'>): LimitScenario => ({
  service: 'smtp',
  role: 'mx',
  config: {},
  expect: {},
  windowSeconds,
  ...given,
});

/** Postfix with its window cut short, so that waiting for it takes no minute. */
const limited = ({ windowSeconds = 7, says, config, maxEvents, vantage, crowd, ...given }: Given): LimitScenario => ({
  ...postfix({ ...given, config: { 'main:anvil_rate_time_unit': `${windowSeconds}s`, ...config } }),
  windowSeconds,
  says,
  ...(maxEvents === undefined ? {} : { maxEvents }),
  ...(vantage === undefined ? {} : { vantage }),
  ...(crowd === undefined ? {} : { crowd }),
});

const submission = { service: 'submission', role: 'submission' } as const;

/** `limit` events in a fixed window of so many seconds, known to the second. */
const inWindow = (limit: number, windowSeconds = 7): Measured => ({ limit, windowSeconds, kind: 'fixed-window' });

const onlyOn587: Scenario['config'] = {
  'master:submission/inet/smtpd_client_connection_count_limit': '6',
  'master:submission/inet/smtpd_client_message_rate_limit': '9',
};

const onEverything = (exceptions: string): Scenario['config'] => ({
  'main:smtpd_client_event_limit_exceptions': exceptions,
  'main:smtpd_client_connection_rate_limit': '11',
  'main:smtpd_client_connection_count_limit': '3',
  'main:smtpd_client_message_rate_limit': '5',
  'main:smtpd_client_recipient_rate_limit': '9',
});

/** What Postfix does under stress by default, in odd numbers; the service has so many processes. */
const byStress = (processes: number): Scenario['config'] => ({
  'master:smtp/inet': `smtp inet n - n - ${processes} smtpd`,
  'main:smtpd_hard_error_limit': '${stress?{1}:{13}}',
  'main:smtpd_junk_command_limit': '${stress?{1}:{17}}',
  'main:smtpd_timeout': '${stress?{4}:{9}}s',
});

/**
 * All processes in use are stress, which would cut connections short after ten seconds: on a busy machine that is soon.
 */
const unhurried: Scenario['config'] = { 'main:smtpd_timeout': '300s' };

/** Numbers that are in no documentation: whoever finds them has measured. */
export const limitScenarios: readonly LimitScenario[] = [
  limited({
    id: 'limits-all-together',
    sentence: 'Postfix with each of its six limits on clients, in one window.',
    windowSeconds: 11,
    config: {
      'main:smtpd_client_connection_rate_limit': '17',
      'main:smtpd_client_connection_count_limit': '5',
      'main:smtpd_client_message_rate_limit': '13',
      'main:smtpd_client_recipient_rate_limit': '29',
      'main:smtpd_client_auth_rate_limit': '4',
      'main:smtpd_client_new_tls_session_rate_limit': '7',
    },
    says: {
      'message-rate': ['pass', inWindow(13, 11)],
      'recipient-rate': ['pass', inWindow(29, 11)],
      'auth-rate': ['pass', inWindow(4, 11)],
      'tls-session-rate': ['pass', inWindow(7, 11)],
      'connection-rate': ['pass', inWindow(17, 11)],
      // Their rate is known by then: no connection more than can tell.
      'connection-count': ['pass', { limit: 5, kind: 'concurrency', tried: 6 }],
    },
  }),
  limited({
    id: 'limits-message-rate',
    sentence: 'Eleven messages in seven seconds.',
    config: { 'main:smtpd_client_message_rate_limit': '11' },
    says: { 'message-rate': ['pass', { ...inWindow(11), vantage: 'outside' }] },
  }),
  limited({
    id: 'limits-recipient-rate',
    sentence: 'Nineteen recipients in seven seconds, and six in one message.',
    config: { 'main:smtpd_client_recipient_rate_limit': '19', 'main:smtpd_recipient_limit': '6' },
    says: { 'recipient-rate': ['pass', inWindow(19)] },
  }),
  limited({
    id: 'limits-auth-rate',
    sentence: 'Three AUTH commands in seven seconds, on a port where there is no AUTH.',
    config: { 'main:smtpd_client_auth_rate_limit': '3' },
    says: { 'auth-rate': ['pass', inWindow(3)] },
  }),
  limited({
    ...submission,
    id: 'limits-auth-rate-submission',
    sentence: 'Thirteen AUTH commands in seven seconds, far more than anybody needs, on port 587.',
    config: { 'main:smtpd_client_auth_rate_limit': '13' },
    says: { 'auth-rate': ['fail', inWindow(13)] },
  }),
  limited({
    id: 'limits-auth-rate-inside-tls',
    windowSeconds: 11,
    sentence: 'Five AUTH commands in eleven seconds on port 25, where AUTH is offered inside TLS only.',
    config: { 'main:smtpd_sasl_auth_enable': 'yes', 'main:smtpd_client_auth_rate_limit': '5' },
    says: { 'auth-rate': ['pass', inWindow(5, 11)] },
  }),
  limited({
    id: 'limits-no-auth',
    windowSeconds: 3,
    sentence: 'No AUTH on port 25, in clear or inside TLS, and no limit on AUTH commands.',
    config: {},
    maxEvents: 30,
    says: { 'auth-rate': ['not-applicable', {}] },
  }),
  limited({
    id: 'limits-tls-session-rate',
    sentence: 'Six TLS handshakes in seven seconds.',
    config: { 'main:smtpd_client_new_tls_session_rate_limit': '6' },
    says: { 'tls-session-rate': ['pass', { limit: 6, kind: 'fixed-window' }] },
  }),
  limited({
    id: 'limits-tls-session-rate-465',
    sentence: 'Five TLS handshakes in seven seconds on port 465, where the sixth is met with silence.',
    service: 'submissions',
    role: 'submissions',
    config: { 'main:smtpd_client_new_tls_session_rate_limit': '5' },
    // A handshake takes too long to promise the window to the second.
    says: { 'tls-session-rate': ['pass', { limit: 5, kind: 'fixed-window' }] },
  }),
  limited({
    id: 'limits-connection-rate',
    sentence: 'Nine connections in seven seconds.',
    config: { 'main:smtpd_client_connection_rate_limit': '9' },
    says: { 'connection-rate': ['pass', inWindow(9)] },
  }),
  limited({
    id: 'limits-connection-count',
    windowSeconds: 10,
    sentence: 'Seven connections at once, and no limit on their rate.',
    config: { 'main:smtpd_client_connection_count_limit': '7' },
    maxEvents: 40,
    says: {
      'connection-count': ['pass', { limit: 7, kind: 'concurrency', held: 7, tried: 10 }],
      // A limiter that trips proves that we are counted: then none is none.
      'connection-rate': ['fail', { limit: null, tried: 40 }],
    },
  }),
  limited({
    id: 'limits-rate-below-count',
    sentence: 'Six connections in seven seconds, and eleven at once: Postfix says the same of both.',
    config: {
      'main:smtpd_client_connection_rate_limit': '6',
      'main:smtpd_client_connection_count_limit': '11',
    },
    says: {
      'connection-rate': ['pass', inWindow(6)],
      'connection-count': ['pass', { limit: 11, kind: 'concurrency', held: 11, tried: 13 }],
    },
  }),
  limited({
    id: 'limits-rate-unknown',
    windowSeconds: 30,
    sentence: 'Six connections in thirty seconds, and eleven at once, where nobody has asked for their rate.',
    config: {
      'main:smtpd_client_connection_rate_limit': '6',
      'main:smtpd_client_connection_count_limit': '11',
    },
    says: { 'connection-count': ['inconclusive(throttled)', { limit: null, kind: 'rate', held: 6 }] },
  }),
  limited({
    id: 'limits-rate-of-seconds',
    sentence: 'One connection in two seconds: a rate that looks like a number at once.',
    windowSeconds: 2,
    config: { 'main:smtpd_client_connection_rate_limit': '1' },
    maxEvents: 30,
    says: { 'connection-count': ['inconclusive(throttled)', { limit: null, kind: 'rate' }] },
  }),
  limited({
    id: 'limits-others-exempt',
    windowSeconds: 7,
    sentence: 'The same limits, and it is others who are exempt: we are counted, and see them from loopback as well.',
    maxEvents: 30,
    vantage: null,
    config: onEverything('192.0.2.0/24'),
    says: {
      'message-rate': ['pass', { ...inWindow(5), vantage: 'loopback' }],
      'recipient-rate': ['pass', { ...inWindow(9), vantage: 'loopback' }],
      'connection-count': ['pass', { limit: 3, kind: 'concurrency', vantage: 'loopback' }],
      'connection-rate': ['pass', { ...inWindow(11), vantage: 'loopback' }],
    },
  }),
  limited({
    id: 'limits-exempt',
    windowSeconds: 3,
    sentence: 'Restraint on everything, and we are exempt: from loopback that is not taken for none.',
    maxEvents: 30,
    vantage: null,
    config: onEverything('0.0.0.0/0'),
    says: {
      'message-rate': ['inconclusive(ambiguous)', { limit: null, tried: 30, vantage: 'loopback' }],
      'recipient-rate': ['inconclusive(ambiguous)', { limit: null, tried: 30, vantage: 'loopback' }],
      'connection-count': ['inconclusive(ambiguous)', { limit: null, held: 30, vantage: 'loopback' }],
      'connection-rate': ['inconclusive(ambiguous)', { limit: null, tried: 30, vantage: 'loopback' }],
    },
  }),
  limited({
    ...submission,
    id: 'limits-on-587',
    sentence: 'Port 587 is limited, scanned there.',
    config: onlyOn587,
    says: {
      'message-rate': ['pass', inWindow(9)],
      'connection-count': ['pass', { limit: 6, kind: 'concurrency' }],
    },
  }),
  limited({
    id: 'limits-not-on-25',
    windowSeconds: 3,
    sentence: 'Port 587 is limited, and port 25, scanned here, only as Postfix is by default.',
    config: onlyOn587,
    maxEvents: 60,
    says: {
      'message-rate': ['fail', { limit: null, tried: 60 }],
      'connection-count': ['pass', { limit: 50, kind: 'concurrency', tried: 53 }],
    },
  }),
  limited({
    id: 'limits-process-pool',
    windowSeconds: 3,
    scan: { timeoutSeconds: 20 },
    sentence: 'Eight processes for port 25: who holds them all keeps everybody out.',
    config: { 'master:smtp/inet': 'smtp inet n - n - 8 smtpd', ...unhurried },
    says: { 'connection-count': ['fail', { limit: null, kind: 'process-pool', held: 8, tried: 9 }] },
  }),
  limited({
    id: 'limits-default-process-limit',
    windowSeconds: 3,
    scan: { timeoutSeconds: 20 },
    sentence: 'Eleven processes for each service, where master.cf says nothing else.',
    config: { 'main:default_process_limit': '11', ...unhurried },
    says: { 'connection-count': ['fail', { limit: null, kind: 'process-pool', held: 11, tried: 12 }] },
  }),
  limited({
    id: 'limits-postscreen',
    windowSeconds: 3,
    sentence:
      'postscreen in front of smtpd counts whom it has not handed on; a client that it knows meets the seven of smtpd.',
    config: {
      'master:smtp/inet': 'smtp inet n - n - 1 postscreen',
      'master:smtpd/pass': 'smtpd pass - - n - - smtpd',
      'main:postscreen_greet_wait': '1s',
      'main:postscreen_client_connection_count_limit': '23',
      'main:smtpd_client_connection_count_limit': '7',
    },
    says: { 'connection-count': ['pass', { limit: 7, kind: 'concurrency' }] },
  }),
  limited({
    id: 'limits-of-a-session',
    sentence: 'Odd numbers of errors, of commands to no purpose, of recipients and of octets.',
    config: {
      'main:smtpd_soft_error_limit': '5',
      'main:smtpd_hard_error_limit': '9',
      'main:smtpd_junk_command_limit': '17',
      'main:smtpd_recipient_limit': '107',
      'main:message_size_limit': '123457',
    },
    says: {
      'message-size': ['pass', { limit: 123_457, announced: 123_457, enforced: true }],
      'queue-space': ['pass', {}],
      'error-limit': ['pass', { limit: 9, soft: 5, sleepSeconds: 1 }],
      'junk-limit': ['pass', { limit: 17, errorLimit: 9 }],
      'recipients-per-message': ['pass', { limit: 107 }],
      'harvest-brake': ['pass', { closedAfter: 9, slowedAfter: 5, sleepSeconds: 1 }],
    },
  }),
  limited({
    id: 'limits-of-little-patience',
    sentence:
      'Six errors end a session, and rates are limited: what asks whether they let us in again may not run into that.',
    windowSeconds: 10,
    config: {
      'main:smtpd_hard_error_limit': '6',
      'main:smtpd_client_message_rate_limit': '5',
      'main:smtpd_client_recipient_rate_limit': '8',
    },
    says: {
      'error-limit': ['pass', { limit: 6 }],
      'message-rate': ['pass', inWindow(5, 10)],
      'recipient-rate': ['pass', inWindow(8, 10)],
    },
  }),
  limited({
    id: 'limits-of-no-patience',
    sentence: 'The first error ends a session, and rates are limited.',
    windowSeconds: 10,
    config: {
      'main:smtpd_hard_error_limit': '1',
      'main:smtpd_client_message_rate_limit': '5',
      'main:smtpd_client_recipient_rate_limit': '8',
    },
    says: {
      'error-limit': ['inconclusive(ambiguous)', { limit: null, tried: 1 }],
      'message-rate': ['pass', inWindow(5, 10)],
      'recipient-rate': ['pass', inWindow(8, 10)],
    },
  }),
  limited({
    id: 'limits-sleep',
    sentence: 'After four errors each answer takes three seconds; the seventh is the last.',
    config: {
      'main:smtpd_soft_error_limit': '4',
      'main:smtpd_hard_error_limit': '7',
      'main:smtpd_error_sleep_time': '3s',
    },
    says: { 'error-limit': ['pass', { limit: 7, soft: 4, sleepSeconds: 3 }] },
  }),
  limited({
    id: 'limits-no-sleep',
    sentence: 'Eleven errors, and nothing slows them down.',
    config: { 'main:smtpd_soft_error_limit': '30', 'main:smtpd_hard_error_limit': '11' },
    says: { 'error-limit': ['pass', { limit: 11, soft: null, sleepSeconds: null }] },
  }),
  limited({
    id: 'limits-of-time',
    sentence: 'Five seconds for a command, however its octets come.',
    config: { 'main:smtpd_timeout': '5s', 'main:smtpd_per_request_deadline': 'yes' },
    says: {
      'idle-timeout': ['fail', { limit: 5 }],
      'command-deadline': ['pass', { limit: 5, idleSeconds: 5 }],
    },
  }),
  limited({
    id: 'limits-of-idleness',
    sentence: 'Five seconds for each octet.',
    config: { 'main:smtpd_timeout': '5s', 'main:smtpd_per_request_deadline': 'no' },
    says: {
      'idle-timeout': ['fail', { limit: 5 }],
      'command-deadline': ['fail', { limit: null, idleSeconds: 5 }],
    },
  }),
  limited({
    id: 'limits-by-stress',
    sentence: 'What a session may do depends on stress, and there is none.',
    config: byStress(20),
    says: {
      'error-limit': ['pass', { limit: 13 }],
      'junk-limit': ['pass', { limit: 17, errorLimit: 13 }],
      'idle-timeout': ['fail', { limit: 9 }],
      'command-deadline': ['fail', { limit: null, idleSeconds: 9 }],
      'harvest-brake': ['pass', { closedAfter: 13 }],
    },
  }),
  limited({
    id: 'limits-under-stress',
    sentence: 'All four processes of port 25 were in use a moment ago: for 1000 s nothing is as it is otherwise.',
    crowd: 4,
    config: byStress(4),
    says: {
      'error-limit': ['inconclusive(ambiguous)', { limit: null, tried: 1 }],
      'junk-limit': ['inconclusive(ambiguous)', { limit: null }],
      'idle-timeout': ['inconclusive(ambiguous)', { limit: null }],
      'command-deadline': ['inconclusive(ambiguous)', { limit: null }],
      'harvest-brake': ['inconclusive(ambiguous)', { closedAfter: 1 }],
    },
  }),
  limited({
    id: 'limits-queue-full',
    sentence: 'queue_minfree is larger than any disk: no mail is taken.',
    config: { 'main:queue_minfree': '9000000000000000' },
    says: { 'queue-space': ['fail', {}] },
  }),
  elsewhere({
    id: 'limits-sendmail-conncontrol',
    sentence: 'Sendmail with FEATURE(conncontrol): six connections at once.',
    image: 'sendmail',
    config: { 'access:ClientConn:': '6' },
    says: { 'connection-count': ['pass', { limit: 6, kind: 'concurrency' }] },
  }),
  elsewhere({
    id: 'limits-sendmail-pool',
    sentence: 'Sendmail with MaxDaemonChildren = 6: whoever holds them keeps everybody out.',
    image: 'sendmail',
    config: { 'define:MAX_DAEMON_CHILDREN': '6' },
    says: { 'connection-count': ['fail', { limit: null, kind: 'process-pool', held: 6 }] },
  }),
  elsewhere({
    id: 'limits-exim-per-host',
    sentence: 'Exim with smtp_accept_max_per_host = 7.',
    image: 'exim',
    config: { 'run:limit': "sed -i '1i smtp_accept_max_per_host = 7' /etc/exim4/exim4.conf.template" },
    says: { 'connection-count': ['pass', { limit: 7, kind: 'concurrency' }] },
  }),
  elsewhere({
    id: 'limits-sendmail-ratecontrol',
    sentence: 'Sendmail with FEATURE(ratecontrol): seven connections in a window of twelve seconds that slides.',
    image: 'sendmail',
    windowSeconds: 12,
    config: { 'access:ClientRate:': '7', 'define:CONNECTION_RATE_WINDOW_SIZE': '12s' },
    // It slides by parts of two seconds: that it does shows only where our connections fell into one of them.
    says: { 'connection-rate': ['pass', { limit: 7 }] },
  }),
  elsewhere({
    id: 'limits-opensmtpd',
    sentence: 'OpenSMTPD has no limits on clients, and no AUTH on port 25.',
    image: 'opensmtpd',
    maxEvents: 60,
    says: {
      'message-rate': ['fail', { limit: null, tried: 60 }],
      'recipient-rate': ['fail', { limit: null, tried: 60 }],
      'auth-rate': ['not-applicable', {}],
      'connection-count': ['fail', { limit: null, held: 60 }],
      'connection-rate': ['fail', { limit: null, tried: 60 }],
      'error-limit': ['fail', { limit: null, tried: 60 }],
    },
  }),
  ...eximLimits,
  ...packetFilterScenarios,
];
