import type { Safety } from '../../src/model/judgement.ts';
import type { RowVerdict } from '../../src/model/verification.ts';
import { scenarios } from './index.ts';
import { postfix } from './postfix.ts';
import type { Scenario } from './scenario.ts';

/** A server, and what a verification of its own files must say. */
export interface VerifyScenario extends Scenario {
  /** The loudest class of probe; `active` unless told. */
  readonly allow?: Safety;
  /** These alone, where not all that rows need. */
  readonly probes?: readonly string[];
  /** What the scan takes for the longest window. */
  readonly windowSeconds?: number;
  readonly maxEvents?: number;
  readonly vantage?: 'outside' | 'trusted';
  /** The user's word on the mechanisms of Dovecot or Cyrus SASL. */
  readonly mechanisms?: readonly string[];
  /** The line of master.cf that answers, where the port does not tell. */
  readonly answers?: string;
  /** At least these rows say this; and where files and server agree, none is contradicted. */
  readonly rows: Readonly<Record<string, RowVerdict>>;
}

type Given = Pick<VerifyScenario, 'id' | 'sentence' | 'rows'> & Partial<Omit<VerifyScenario, 'image'>>;

const verifying = ({ rows, ...given }: Given): VerifyScenario => ({ ...given, ...postfix(given), rows });

/** A server that has a scenario of its own already. */
const again = (id: string, parts: Omit<VerifyScenario, keyof Scenario> & Partial<Scenario>): VerifyScenario => {
  const scenario = scenarios.find((one) => one.id === id);
  if (scenario === undefined) throw new Error(`no scenario ${id}`);
  return { ...scenario, ...parts, id: `verify-${id}` };
};

/** One verdict for several directives. */
const all = (verdict: RowVerdict, ...directives: readonly string[]): VerifyScenario['rows'] =>
  Object.fromEntries(directives.map((directive) => [directive, verdict]));

/** Out of main.cf with these: Postfix's own defaults count. */
const unset = (...parameters: readonly string[]): Scenario['config'] => ({
  'run:unset': `postconf -X ${parameters.join(' ')}`,
});

const clientLimits = ['connection', 'message', 'recipient', 'auth', 'new_tls_session'].map(
  (what) => `smtpd_client_${what}_rate_limit`,
);
const rateProbes = ['connection-rate', 'message-rate', 'recipient-rate', 'auth-rate', 'tls-session-rate'];

const submission = { service: 'submission', role: 'submission' } as const;

/** Servers whose files and wire agree: each directive set, and not set. */
export const verifyScenarios: readonly VerifyScenario[] = [
  verifying({
    id: 'verify-baseline',
    sentence: 'The hardened baseline: most of what a careful administrator sets.',
    rows: {
      ...all('confirmed', 'inet_interfaces', 'myhostname', 'smtpd_banner', 'smtpd_discard_ehlo_keywords'),
      ...all('confirmed', 'mynetworks', 'mydestination', 'smtpd_relay_restrictions', 'smtpd_client_restrictions'),
      ...all('confirmed', 'disable_vrfy_command', 'smtpd_sasl_auth_enable', 'smtpd_tls_security_level'),
      ...all('confirmed', 'smtpd_tls_protocols', 'message_size_limit', 'queue_minfree'),
      ...all('not-visible', 'header_size_limit', 'mynetworks_style', 'smtpd_recipient_restrictions', 'relay_domains'),
      ...all('not-visible', 'smtpd_tls_auth_only', 'broken_sasl_auth_clients', 'smtpd_tls_mandatory_protocols'),
      ...all('not-visible', 'smtpd_tls_exclude_ciphers'),
      ...all('not-told', 'smtpd_timeout', 'default_process_limit', ...clientLimits),
      anvil_rate_time_unit: 'not-visible',
    },
  }),
  verifying({
    id: 'verify-nothing-set',
    sentence: "Postfix's own defaults for all that the baseline sets.",
    config: unset(
      ...[
        'smtpd_banner',
        'disable_vrfy_command',
        'smtpd_relay_restrictions',
        'smtpd_tls_security_level',
        'relay_domains',
      ],
      ...['mynetworks', 'mydestination', 'inet_interfaces'],
    ),
    rows: {
      ...all('confirmed', 'inet_interfaces', 'smtpd_banner', 'mynetworks_style', 'mydestination'),
      ...all('confirmed', 'smtpd_relay_restrictions', 'disable_vrfy_command', 'smtpd_tls_security_level'),
      ...all('not-visible', 'mynetworks', 'relay_domains'),
    },
  }),
  verifying({
    id: 'verify-no-hostname',
    sentence: 'myhostname is not set: what the host calls itself is in no file.',
    config: unset('myhostname'),
    probes: ['hello'],
    rows: all('not-told', 'myhostname', 'smtpd_banner'),
  }),
  verifying({
    id: 'verify-all-set',
    sentence: 'Odd values for what shows without load.',
    config: {
      'main:smtpd_banner': '$myhostname ESMTP $mail_name at your service',
      'main:smtpd_discard_ehlo_keywords': 'dsn, etrn, silent-discard',
      'main:message_size_limit': '123457',
      'main:header_size_limit': '2000',
      'main:disable_vrfy_command': 'no',
      'main:smtpd_tls_security_level': 'encrypt',
      'main:smtpd_tls_mandatory_protocols': '>=TLSv1.3',
      'main:smtpd_tls_exclude_ciphers': 'aNULL, 3DES',
      'main:smtpd_relay_restrictions': '',
      'main:smtpd_recipient_restrictions': 'permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination',
      'main:relay_domains': 'relayed.test',
      'main:relay_recipient_maps': 'inline:{alice@relayed.test=OK}',
      'main:mydestination': '$myhostname, localhost',
    },
    scan: { domain: 'relayed.test', recipient: 'alice@relayed.test' },
    rows: {
      ...all('confirmed', 'smtpd_banner', 'smtpd_discard_ehlo_keywords', 'message_size_limit', 'disable_vrfy_command'),
      ...all('confirmed', 'smtpd_tls_security_level', 'smtpd_tls_mandatory_protocols', 'relay_domains'),
      ...all('confirmed', 'smtpd_recipient_restrictions', 'mynetworks'),
      ...all('not-visible', 'smtpd_relay_restrictions', 'smtpd_tls_protocols', 'header_size_limit'),
      smtpd_tls_exclude_ciphers: 'confirmed',
      mydestination: 'not-told',
    },
  }),
  verifying({
    id: 'verify-helo-required',
    sentence: 'A name is wanted before mail.',
    allow: 'intrusive',
    probes: ['helo-required'],
    rows: { smtpd_helo_required: 'confirmed' },
  }),
  verifying({
    id: 'verify-helo-not-required',
    sentence: 'No name is wanted before mail, as Postfix comes.',
    allow: 'intrusive',
    probes: ['helo-required'],
    config: unset('smtpd_helo_required'),
    rows: { smtpd_helo_required: 'confirmed' },
  }),
  verifying({
    id: 'verify-odd-deeds',
    sentence: 'The baseline, which sets what odd line ends and commands that do not wait come to.',
    allow: 'intrusive',
    probes: ['bare-newline', 'pipelining-order'],
    rows: all('confirmed', 'smtpd_forbid_bare_newline', 'smtpd_forbid_unauth_pipelining'),
  }),
  verifying({
    id: 'verify-odd-deeds-unset',
    sentence: 'Odd line ends end messages, and commands need not wait, as Postfix 3.7 comes.',
    allow: 'intrusive',
    probes: ['bare-newline', 'pipelining-order'],
    config: unset('smtpd_forbid_bare_newline', 'smtpd_forbid_unauth_pipelining'),
    rows: all('confirmed', 'smtpd_forbid_bare_newline', 'smtpd_forbid_unauth_pipelining'),
  }),
  verifying({
    id: 'verify-bare-newline-rejected',
    sentence: 'Messages with a bare LF are refused.',
    allow: 'intrusive',
    probes: ['bare-newline'],
    config: { 'main:smtpd_forbid_bare_newline': 'reject' },
    rows: { smtpd_forbid_bare_newline: 'confirmed' },
  }),
  // Limits on clients
  verifying({
    id: 'verify-client-limits',
    sentence: 'Six limits on clients, in one window of seven seconds.',
    allow: 'load',
    windowSeconds: 7,
    probes: [...rateProbes, 'connection-count'],
    config: {
      'main:anvil_rate_time_unit': '7s',
      'main:smtpd_client_connection_rate_limit': '17',
      'main:smtpd_client_connection_count_limit': '5',
      'main:smtpd_client_message_rate_limit': '13',
      'main:smtpd_client_recipient_rate_limit': '29',
      'main:smtpd_client_auth_rate_limit': '4',
      'main:smtpd_client_new_tls_session_rate_limit': '6',
    },
    rows: {
      ...all('confirmed', ...clientLimits, 'smtpd_client_connection_count_limit', 'anvil_rate_time_unit'),
      ...all('confirmed', 'smtpd_client_event_limit_exceptions'),
      default_process_limit: 'not-visible',
    },
  }),
  verifying({
    id: 'verify-no-client-limits',
    sentence: 'No limits on what a client may do in a window, as Postfix comes.',
    allow: 'load',
    windowSeconds: 3,
    maxEvents: 25,
    probes: rateProbes,
    // Without AUTH nothing is told of its limit.
    config: { 'main:smtpd_sasl_auth_enable': 'yes', 'main:smtpd_tls_auth_only': 'no' },
    rows: { ...all('confirmed', ...clientLimits), anvil_rate_time_unit: 'not-visible' },
  }),
  verifying({
    id: 'verify-connections-at-once',
    sentence: 'The one limit on clients that Postfix comes with: 50 connections at once.',
    allow: 'load',
    windowSeconds: 1,
    maxEvents: 55,
    probes: ['connection-count'],
    rows: {
      ...all('confirmed', 'smtpd_client_connection_count_limit', 'smtpd_client_event_limit_exceptions'),
      default_process_limit: 'not-visible',
    },
  }),
  verifying({
    id: 'verify-exempt',
    sentence: 'Limits on everything, and a list of exceptions that holds everybody.',
    allow: 'load',
    windowSeconds: 2,
    maxEvents: 20,
    probes: ['message-rate', 'connection-count', 'connection-rate'],
    config: {
      'main:smtpd_client_event_limit_exceptions': '0.0.0.0/0',
      'main:smtpd_client_connection_rate_limit': '3',
      'main:smtpd_client_connection_count_limit': '3',
      'main:smtpd_client_message_rate_limit': '3',
    },
    rows: {
      ...all('not-told', 'smtpd_client_connection_rate_limit', 'smtpd_client_message_rate_limit'),
      ...all('not-told', 'smtpd_client_connection_count_limit'),
      smtpd_client_event_limit_exceptions: 'confirmed',
    },
  }),
  verifying({
    id: 'verify-processes',
    sentence: 'Eight processes for each service: they run out before a client is refused.',
    allow: 'load',
    windowSeconds: 2,
    scan: { timeoutSeconds: 20 },
    probes: ['connection-count'],
    config: { 'main:default_process_limit': '8', 'main:smtpd_timeout': '300s' },
    rows: { default_process_limit: 'confirmed', smtpd_client_connection_count_limit: 'not-visible' },
  }),
  verifying({
    id: 'verify-maxproc',
    sentence: 'Six processes for port 25, by its line in master.cf.',
    allow: 'load',
    windowSeconds: 2,
    scan: { timeoutSeconds: 20 },
    probes: ['connection-count'],
    config: { 'master:smtp/inet': 'smtp inet n - n - 6 smtpd', 'main:smtpd_timeout': '300s' },
    rows: { default_process_limit: 'confirmed', smtpd_client_connection_count_limit: 'not-visible' },
  }),
  // Limits of a session
  verifying({
    id: 'verify-session-limits',
    sentence: 'Odd numbers for errors, junk and recipients; five seconds for a command, however its octets come.',
    allow: 'load',
    windowSeconds: 2,
    probes: ['error-limit', 'junk-limit', 'recipients-per-message', 'idle-timeout', 'command-deadline'],
    config: {
      'main:smtpd_soft_error_limit': '5',
      'main:smtpd_hard_error_limit': '9',
      'main:smtpd_error_sleep_time': '2s',
      'main:smtpd_junk_command_limit': '17',
      'main:smtpd_recipient_limit': '107',
      'main:smtpd_timeout': '5s',
      'main:smtpd_per_request_deadline': 'yes',
    },
    rows: {
      ...all('confirmed', 'smtpd_soft_error_limit', 'smtpd_hard_error_limit', 'smtpd_error_sleep_time'),
      ...all('confirmed', 'smtpd_junk_command_limit', 'smtpd_recipient_limit', 'smtpd_timeout'),
      smtpd_per_request_deadline: 'confirmed',
    },
  }),
  verifying({
    id: 'verify-session-defaults',
    sentence: "Postfix's own numbers for errors, junk and recipients; five seconds for each octet.",
    allow: 'load',
    windowSeconds: 2,
    maxEvents: 125,
    probes: ['error-limit', 'junk-limit', 'recipients-per-message', 'idle-timeout', 'command-deadline'],
    // Five minutes of silence would be too long for a test.
    config: { 'main:smtpd_timeout': '5s' },
    rows: {
      ...all('confirmed', 'smtpd_soft_error_limit', 'smtpd_hard_error_limit', 'smtpd_error_sleep_time'),
      ...all('confirmed', 'smtpd_junk_command_limit', 'smtpd_timeout', 'smtpd_per_request_deadline'),
      smtpd_recipient_limit: 'not-told',
    },
  }),
  verifying({
    id: 'verify-queue-full',
    sentence: 'queue_minfree is larger than any disk.',
    config: { 'main:queue_minfree': '9000000000000000' },
    probes: ['message-size', 'queue-space'],
    rows: { queue_minfree: 'confirmed' },
  }),
  // Who may relay, and for whom
  again('open-by-mynetworks', {
    rows: all('confirmed', 'mynetworks', 'smtpd_relay_restrictions'),
  }),
  again('trusts-its-subnet', {
    vantage: 'trusted',
    // Whom it trusts a relay looks the same to.
    rows: { mynetworks_style: 'not-told', mynetworks: 'not-visible' },
  }),
  again('trusts-itself', { rows: { mynetworks_style: 'confirmed', mynetworks: 'not-visible' } }),
  again('not-its-domain', { scan: { domain: 'example.test' }, rows: { relay_domains: 'not-told' } }),
  again('clients-refused', {
    // Who is turned away as a client learns nothing: open-relay is inconclusive, whatever its words.
    rows: all('not-told', 'smtpd_client_restrictions', 'smtpd_relay_restrictions'),
  }),
  verifying({
    id: 'verify-loopback-only',
    sentence: 'inet_interfaces = loopback-only: there is a door, and nobody behind it.',
    config: { 'main:inet_interfaces': 'loopback-only' },
    state: 'down',
    probes: ['hello'],
    // A firewall refuses in the same way, and so does a host whose Postfix does not run.
    rows: { inet_interfaces: 'not-told' },
  }),
  // AUTH
  verifying({
    ...submission,
    id: 'verify-submission',
    sentence: 'The baseline on port 587: Dovecot by unix socket.',
    allow: 'intrusive',
    mechanisms: ['plain', 'login'],
    rows: {
      ...all('confirmed', 'smtpd_sasl_auth_enable', 'smtpd_sasl_type', 'auth_mechanisms'),
      ...all('confirmed', 'smtpd_sasl_tls_security_options', 'broken_sasl_auth_clients', 'smtpd_tls_security_level'),
      ...all('confirmed', 'smtpd_tls_mandatory_protocols', 'smtpd_relay_restrictions'),
      ...all(
        'not-visible',
        'smtpd_sasl_path',
        'smtpd_sasl_security_options',
        'smtpd_sasl_local_domain',
        'mydestination',
      ),
    },
  }),
  verifying({
    id: 'verify-submissions',
    sentence: 'The baseline on port 465.',
    service: 'submissions',
    role: 'submissions',
    rows: {
      ...all('confirmed', 'smtpd_sasl_auth_enable', 'smtpd_tls_mandatory_protocols', 'smtpd_relay_restrictions'),
      ...all('not-visible', 'smtpd_tls_security_level', 'smtpd_tls_auth_only', 'smtpd_tls_protocols'),
      auth_mechanisms: 'not-told',
    },
  }),
  verifying({
    id: 'verify-auth-defaults',
    sentence: "AUTH on port 25 by Postfix's own defaults: Cyrus SASL, and in clear.",
    allow: 'intrusive',
    mechanisms: ['plain', 'login'],
    config: {
      ...unset(
        ...['smtpd_sasl_type', 'smtpd_sasl_path', 'smtpd_sasl_security_options', 'smtpd_tls_auth_only'],
        ...['smtpd_tls_protocols'],
      ),
      'main:smtpd_sasl_auth_enable': 'yes',
      'file:/etc/postfix/sasl/smtpd.conf': 'pwcheck_method: saslauthd\nmech_list: PLAIN LOGIN',
    },
    rows: {
      ...all('confirmed', 'smtpd_sasl_type', 'smtpd_sasl_security_options', 'smtpd_tls_auth_only', 'auth_mechanisms'),
      ...all('confirmed', 'smtpd_tls_protocols'),
      ...all('not-visible', 'smtpd_sasl_path', 'pwcheck_method'),
    },
  }),
  verifying({
    ...submission,
    id: 'verify-mandatory-defaults',
    sentence: 'Port 587 with the versions of TLS that Postfix demands by itself.',
    config: unset('smtpd_tls_mandatory_protocols'),
    probes: ['tls-version'],
    rows: all('confirmed', 'smtpd_tls_mandatory_protocols'),
  }),
  again('auth-noplaintext', {
    mechanisms: ['plain', 'login', 'cram-md5'],
    rows: {
      ...all('confirmed', 'smtpd_sasl_security_options', 'smtpd_sasl_tls_security_options', 'auth_mechanisms'),
      ...all('confirmed', 'smtpd_tls_auth_only'),
    },
  }),
  again('auth-on-25', { rows: all('confirmed', 'smtpd_sasl_auth_enable', 'smtpd_tls_auth_only') }),
  again('legacy-auth-line', { rows: all('confirmed', 'broken_sasl_auth_clients') }),
  again('dovecot-by-tcp', { rows: { smtpd_sasl_auth_enable: 'confirmed', smtpd_sasl_path: 'not-visible' } }),
  again('dovecot-stopped', { rows: { smtpd_sasl_auth_enable: 'confirmed', smtpd_sasl_path: 'not-told' } }),
  again('dovecot-missing', { rows: all('not-told', 'smtpd_sasl_auth_enable', 'smtpd_sasl_path') }),
  again('cyrus-challenges', {
    allow: 'intrusive',
    mechanisms: ['plain', 'login', 'cram-md5', 'digest-md5'],
    rows: {
      ...all('confirmed', 'smtpd_sasl_type', 'smtpd_sasl_local_domain', 'auth_mechanisms'),
      pwcheck_method: 'not-visible',
    },
  }),
];

/** Clients of a proxy on the server itself have its address: 127.0.0.1, which mynetworks trusts. */
const proxy = `cat >/lab/proxy <<'EOF'
use IO::Socket::INET; use IO::Select; $SIG{CHLD} = 'IGNORE';
my $door = IO::Socket::INET->new(LocalPort => 25, Listen => 50, ReuseAddr => 1) or die;
while (my $client = $door->accept) {
  next if fork;
  my $server = IO::Socket::INET->new(PeerAddr => '127.0.0.1:10025') or exit;
  my %other = ($client => $server, $server => $client);
  my $both = IO::Select->new($client, $server);
  while (my @ready = $both->can_read) { for (@ready) { sysread($_, my $data, 65536) or exit; syswrite($other{$_}, $data) } }
}
EOF
perl /lab/proxy </dev/null >/dev/null 2>&1 &`;

/** Servers that are not what a file says; `test/lab/verify.test.ts` brings the file. */
export const comingApart = {
  edited: verifying({
    id: 'verify-edited',
    sentence: 'A server that an administrator is about to edit, and not to reload.',
    rows: {},
  }),
  editedLimits: verifying({
    id: 'verify-edited-limits',
    sentence: 'Twenty-five connections in seven seconds, and seven errors; the file is about to say otherwise.',
    allow: 'load',
    windowSeconds: 7,
    probes: ['connection-rate', 'error-limit'],
    config: {
      'main:anvil_rate_time_unit': '7s',
      'main:smtpd_client_connection_rate_limit': '25',
      'main:smtpd_soft_error_limit': '30',
      'main:smtpd_hard_error_limit': '7',
    },
    rows: {},
  }),
  overridden: verifying({
    id: 'verify-overridden',
    sentence: 'master.cf has other values for port 25 than main.cf.',
    config: {
      'master:smtp/inet/message_size_limit': '123457',
      'master:smtp/inet/disable_vrfy_command': 'no',
      'master:smtp/inet/smtpd_tls_security_level': 'encrypt',
      'master:smtp/inet/smtpd_discard_ehlo_keywords': 'dsn',
    },
    rows: all(
      'confirmed',
      'message_size_limit',
      'disable_vrfy_command',
      'smtpd_tls_security_level',
      'smtpd_discard_ehlo_keywords',
    ),
  }),
  proxied: verifying({
    id: 'verify-proxied',
    sentence: 'A proxy in front that makes every client 127.0.0.1, one of mynetworks.',
    config: {
      'master:smtp/inet': '',
      'master:127.0.0.1:10025/inet': '127.0.0.1:10025 inet n - n - - smtpd',
      'run:proxy': proxy,
    },
    answers: '127.0.0.1:10025',
    rows: {},
  }),
} as const;
