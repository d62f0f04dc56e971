import { broken, type Fault, fatal, odd, quoted } from '../problem.ts';
import { isYes } from '../values.ts';
import { commentHint } from './value-kind.ts';

/** A parameter whose value is one of a few words, or a list of them. */
interface Vocabulary {
  readonly parameters: readonly string[];
  readonly program: 'smtpd' | 'postscreen' | 'smtp' | 'lmtp';
  readonly words: readonly string[];
  /** What else is a member. */
  readonly also?: RegExp;
  /** What stands between members; one word where there are none. */
  readonly between?: RegExp;
  /** A list may be empty, a word may not; this is otherwise. */
  readonly exceptEmpty?: true;
  /** False where nobody looks at it. */
  readonly counts?: (setting: (parameter: string) => string | null) => boolean;
  /** What becomes of Postfix; by default the program ends. */
  readonly otherwise?: string;
}

type Counts = NonNullable<Vocabulary['counts']>;

const isOn = (value: string | null) => isYes(value ?? '') === true;
const hasAuth: Counts = (setting) => isOn(setting('smtpd_sasl_auth_enable'));
const hasMilters: Counts = (setting) => (setting('smtpd_milters') ?? '') !== '';
const commas = /[\s,]+/;

/** TLS as a choice, or as a must: each has parameters of its own. */
type TlsUse = 'none' | 'may' | 'must';
function tlsUseOf(setting: (parameter: string) => string | null): TlsUse {
  const level = setting('smtpd_tls_security_level')?.toLowerCase() ?? '';
  if (isOn(setting('smtpd_tls_wrappermode')) || /^(encrypt|fingerprint|verify|secure)$/.test(level)) return 'must';
  return level === 'may' ? 'may' : 'none';
}
const whereTls =
  (use: TlsUse): Counts =>
  (setting) =>
    tlsUseOf(setting) === use;
const clientLevels = ['none', 'may', 'encrypt', 'dane', 'dane-only', 'fingerprint', 'verify', 'secure'];
const protocolNames = ['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];
const protocols = {
  program: 'smtpd',
  words: [...protocolNames, ...['!', '>=', '<='].flatMap((sign) => protocolNames.map((name) => sign + name))],
  also: /^[<>]=(0x)?[\da-f]+$/i,
  between: /[\s,:]+/,
  otherwise: 'smtpd answers STARTTLS with 454',
} as const;
const grades = {
  program: 'smtpd',
  words: ['export', 'low', 'medium', 'high', 'null'],
  otherwise: 'no handshake succeeds with it',
} as const;

/** Whatever the case of their letters. Words of any version: where one of them is too new, nothing is said. */
const vocabularies: readonly Vocabulary[] = [
  {
    parameters: ['smtpd_tls_security_level'],
    program: 'smtpd',
    words: ['none', 'may', 'encrypt', 'fingerprint', 'verify', 'secure'],
    exceptEmpty: true,
    counts: (setting) => !isOn(setting('smtpd_tls_wrappermode')),
  },
  { parameters: ['smtp_tls_security_level'], program: 'smtp', words: clientLevels, exceptEmpty: true },
  { parameters: ['lmtp_tls_security_level'], program: 'lmtp', words: clientLevels, exceptEmpty: true },
  { parameters: ['mynetworks_style'], program: 'smtpd', words: ['class', 'subnet', 'host'] },
  {
    parameters: ['syslog_facility'],
    program: 'smtpd',
    words: [
      ...['auth', 'authpriv', 'cron', 'daemon', 'ftp', 'kern', 'lpr', 'mail', 'news', 'security', 'syslog', 'user'],
      ...['uucp', ...[0, 1, 2, 3, 4, 5, 6, 7].map((number) => `local${number}`)],
    ],
  },
  { parameters: ['smtpd_sasl_type'], program: 'smtpd', words: ['cyrus', 'dovecot'], counts: hasAuth },
  {
    parameters: ['smtpd_sasl_security_options', 'smtpd_sasl_tls_security_options'],
    program: 'smtpd',
    words: ['noplaintext', 'noactive', 'nodictionary', 'noanonymous', 'forward_secrecy', 'mutual_auth'],
    between: commas,
    counts: hasAuth,
  },
  {
    parameters: [
      ...['unknown_address_tempfail_action', 'unknown_helo_hostname_tempfail_action'],
      ...['unverified_recipient_tempfail_action', 'unverified_sender_tempfail_action'],
    ],
    program: 'smtpd',
    words: ['defer', 'defer_if_permit'],
  },
  {
    parameters: ['smtpd_forbid_bare_newline'],
    program: 'smtpd',
    words: ['yes', 'no', 'normalize', 'reject', 'note'],
  },
  {
    parameters: ['receive_override_options'],
    program: 'smtpd',
    words: ['no_unknown_recipient_checks', 'no_address_mappings', 'no_header_body_checks', 'no_milters'],
    between: commas,
  },
  { parameters: ['smtpd_upstream_proxy_protocol'], program: 'smtpd', words: ['haproxy'], exceptEmpty: true },
  {
    parameters: ['smtpd_proxy_options'],
    program: 'smtpd',
    words: ['speed_adjust'],
    between: commas,
    counts: (setting) => (setting('smtpd_proxy_filter') ?? '') !== '',
  },
  {
    parameters: ['notify_classes'],
    program: 'smtpd',
    words: ['bounce', '2bounce', 'data', 'delay', 'policy', 'protocol', 'resource', 'software'],
    between: commas,
  },
  {
    parameters: ['smtputf8_autodetect_classes'],
    program: 'smtpd',
    words: ['sendmail', 'smtpd', 'qmqpd', 'forward', 'bounce', 'notify', 'verify', 'all'],
    between: commas,
  },
  { parameters: ['header_from_format'], program: 'smtpd', words: ['standard', 'obsolete'] },
  {
    parameters: ['inet_protocols'],
    program: 'smtpd',
    words: ['all', 'ipv4', 'ipv6'],
    between: commas,
    exceptEmpty: true,
  },
  { parameters: ['smtpd_tls_protocols'], ...protocols, counts: whereTls('may') },
  { parameters: ['smtpd_tls_mandatory_protocols'], ...protocols, counts: whereTls('must') },
  { parameters: ['smtpd_tls_ciphers'], ...grades, counts: whereTls('may') },
  { parameters: ['smtpd_tls_mandatory_ciphers'], ...grades, counts: whereTls('must') },
  {
    parameters: ['milter_default_action'],
    program: 'smtpd',
    words: ['accept', 'reject', 'tempfail', 'quarantine', 'shutdown'],
    counts: hasMilters,
    otherwise: 'where a milter does not answer, smtpd refuses all mail for want of it',
  },
  {
    parameters: [
      ...['postscreen_greet_action', 'postscreen_dnsbl_action', 'postscreen_blacklist_action'],
      ...['postscreen_denylist_action', 'postscreen_pipelining_action', 'postscreen_non_smtp_command_action'],
      'postscreen_bare_newline_action',
    ],
    program: 'postscreen',
    words: ['ignore', 'enforce', 'drop'],
  },
];

/** Parameters with words of their own, and the program that looks at them. */
export const wordParameters: ReadonlyMap<string, Vocabulary> = new Map(
  vocabularies.flatMap((one) => one.parameters.map((parameter) => [parameter, one] as const)),
);

/** What is wrong with the value of such a parameter; null where nothing is, or nobody looks. */
export function wordFault(
  parameter: string,
  value: string,
  setting: (parameter: string) => string | null,
): Fault | null {
  const vocabulary = wordParameters.get(parameter);
  if (vocabulary === undefined || vocabulary.counts?.(setting) === false) return null;
  const { words, also, between, exceptEmpty = false } = vocabulary;
  if (value === '' && (between !== undefined) !== exceptEmpty) return null;
  const members = between === undefined ? [value] : value.split(between).filter(Boolean);
  const isWord = (member: string) => words.some((word) => word.toLowerCase() === member.toLowerCase());
  const strange = members.find((member) => !isWord(member) && also?.test(member) !== true);
  if (strange === undefined && members.length > 0) return null;
  return faultWith(vocabulary, strange ?? '', value);
}

/** Levels that only a client of TLS has. */
export const levelFault = (value: string): Fault | null =>
  /^(fingerprint|verify|secure)$/i.test(value)
    ? odd(`${quoted(value)} is a level for who sends mail: smtpd takes it for encrypt`)
    : null;

/** No more of them than a line holds. */
const mostShown = 8;

function faultWith({ words, between, program, otherwise }: Vocabulary, strange: string, value: string): Fault {
  const shown = words.length > mostShown ? words.slice(0, mostShown - 2) : words;
  const where = between === undefined ? '' : ' in its list';
  const what = `${quoted(strange)}${where} is none of ${shown.join(', ')}${commentHint(value)}`;
  return otherwise === undefined ? fatal(`${what}: ${program} would not start`) : broken(`${what}: ${otherwise}`);
}
