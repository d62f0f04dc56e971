import { scenarios } from './index.ts';
import { postfix } from './postfix.ts';
import type { Expected, Scenario } from './scenario.ts';

/** A server, and what probes of protocol hygiene must say of it, each with the beginning of what is quoted. */
export interface HygieneScenario extends Scenario {
  readonly says: Readonly<Record<string, Said>>;
}
type Said = readonly [Expected, ...quotes: string[]];

type Given = Pick<HygieneScenario, 'id' | 'sentence' | 'says'> & Partial<Omit<Scenario, 'image'>>;

const onPostfix = ({ says, ...given }: Given): HygieneScenario => ({ ...postfix(given), says });

/** A server that has a scenario of its own already, some of it otherwise. */
const again = (of: string, says: HygieneScenario['says'], given: Partial<Scenario> = {}): HygieneScenario => {
  const scenario = scenarios.find(({ id }) => id === of);
  if (scenario === undefined) throw new Error(`no scenario ${of}`);
  return { ...scenario, id: `hygiene-${of}`, ...given, config: { ...scenario.config, ...given.config }, says };
};

/** Docker's networks, in which the client of the lab is. */
const clients = '172.16.0.0/12';

/** As each MTA is set up by itself. */
const asTheyCome: readonly HygieneScenario[] = [
  again('hardened', {
    xclient: ['pass', '250-mx.example.test', '250 CHUNKING'],
    'helo-required': ['pass', '503 5.5.1 Error: send HELO/EHLO first'],
    etrn: ['pass', '459 <example.test>: service unavailable', '459 <example.net>: service unavailable'],
    banner: ['pass', '220 mx.example.test ESMTP'],
    'helo-own-name': ['fail', '250 2.1.5 Ok'],
  }),
  again('exim-default', {
    xclient: ['pass', '250-mx.example.test Hello', '250 HELP'],
    'helo-required': ['pass', '503 HELO or EHLO required'],
    etrn: ['pass', '458 Administrative prohibition'],
    banner: ['fail', '220 mx.example.test ESMTP Exim 4.'],
    'helo-own-name': ['fail', '250 Accepted'],
  }),
  again('sendmail-default', {
    xclient: ['pass', '250-mx.example.test Hello', '250 HELP'],
    'helo-required': ['pass', '503 5.0.0 Polite people say HELO first'],
    etrn: ['fail', '250 2.0.0 Queuing for node example.test started', '250 2.0.0 Queuing for node example.net started'],
    banner: ['fail', '220 mx.example.test ESMTP Sendmail 8.'],
    'helo-own-name': ['fail', '250 2.1.5 '],
  }),
  again('opensmtpd-default', {
    xclient: ['pass', '250-mx.example.test Hello', '250 HELP'],
    'helo-required': ['pass', '503 '],
    etrn: ['pass', '500 5.5.1 Invalid command'],
    banner: ['fail', '220 mx.example.test ESMTP OpenSMTPD'],
    'helo-own-name': ['fail', '250 2.1.5 '],
  }),
  again('courier-default', {
    xclient: ['pass', '250-mx.example.test Ok.', '250 DSN'],
    'helo-required': ['pass', '502 Polite people say HELO first'],
    etrn: ['pass', '502 '],
    banner: ['pass', '220 mx.example.test ESMTP'],
    'helo-own-name': ['fail', '250 Ok.'],
  }),
  again('aiosmtpd-sink', {
    xclient: ['pass', '250-mx', '250 HELP'],
    'helo-required': ['pass', '503 '],
    etrn: ['pass', '500 '],
    banner: ['fail', '220 mx Python SMTP 1.'],
    'helo-own-name': ['fail', '250 OK'],
  }),
];

const whoIsWho: readonly HygieneScenario[] = [
  onPostfix({
    id: 'xclient-for-all',
    sentence: 'The proxies that may say who the client is are a whole network, and we are in it.',
    config: { 'main:smtpd_authorized_xclient_hosts': clients },
    says: { xclient: ['fail', '250-XCLIENT NAME ADDR', '220 mx.example.test ESMTP'] },
  }),
  onPostfix({
    id: 'xclient-seen-from-inside',
    sentence: 'The same, seen by a client that may well be such a proxy.',
    config: { 'main:smtpd_authorized_xclient_hosts': clients },
    scan: { vantage: null },
    says: { xclient: ['inconclusive(ambiguous)', '250-XCLIENT NAME ADDR', '220 mx.example.test ESMTP'] },
  }),
  onPostfix({
    id: 'xclient-behind-tls',
    sentence: 'The same on the submission port, where TLS comes first.',
    service: 'submission',
    role: 'submission',
    config: { 'main:smtpd_authorized_xclient_hosts': clients },
    says: { xclient: ['fail', '250-XCLIENT NAME ADDR', '220 mx.example.test ESMTP'] },
  }),
  onPostfix({
    id: 'xforward-for-all',
    sentence: 'A whole network may write into the log who the client was.',
    config: { 'main:smtpd_authorized_xforward_hosts': clients },
    says: { xclient: ['fail', '250-XFORWARD NAME ADDR'] },
  }),
  onPostfix({
    id: 'xclient-for-the-proxy',
    sentence: 'One proxy may say who the client is, and we are another host.',
    config: { 'main:smtpd_authorized_xclient_hosts': '192.0.2.25' },
    says: { xclient: ['pass', '250-mx.example.test'] },
  }),
];

const namesFirst: readonly HygieneScenario[] = [
  again('debian-default', { 'helo-required': ['fail', '250 2.1.0 Ok'] }),
  again('sendmail-novrfy', { 'helo-required': ['fail', '250 2.1.0 <>... Sender ok'] }),
  onPostfix({
    id: 'helo-required-inside-tls',
    sentence: 'On the submission port TLS comes first, and what was said before it counts no more.',
    service: 'submission',
    role: 'submission',
    config: {},
    says: { 'helo-required': ['pass', '503 5.5.1 Error: send HELO/EHLO first'] },
  }),
  onPostfix({
    id: 'helo-not-required-inside-tls',
    sentence: 'The same, and nobody is asked for a name.',
    service: 'submission',
    role: 'submission',
    config: { 'main:smtpd_helo_required': 'no' },
    says: { 'helo-required': ['fail', '250 2.1.0 Ok'] },
  }),
];

const queues: readonly HygieneScenario[] = [
  onPostfix({
    id: 'etrn-for-relayed',
    sentence: 'Postfix starts the queue of a domain that it relays for, whoever asks.',
    config: {
      'main:relay_domains': 'relayed.test',
      'main:relay_recipient_maps': 'inline:{alice@relayed.test=OK}',
      'main:smtpd_etrn_restrictions': '',
    },
    scan: { domain: 'relayed.test' },
    says: { etrn: ['fail', '250 Queuing started', '459 <example.net>: service unavailable'] },
  }),
  onPostfix({
    id: 'etrn-for-nobody',
    sentence: 'The same, and strangers are refused.',
    config: {
      'main:relay_domains': 'relayed.test',
      'main:relay_recipient_maps': 'inline:{alice@relayed.test=OK}',
      'main:smtpd_etrn_restrictions': 'permit_mynetworks, reject',
    },
    scan: { domain: 'relayed.test' },
    says: { etrn: ['pass', '554 5.7.1 <relayed.test>: Etrn command rejected: Access denied'] },
  }),
  onPostfix({
    id: 'etrn-behind-tls',
    sentence: 'ETRN is answered inside TLS; before it, nothing is.',
    config: {
      'main:relay_domains': 'relayed.test',
      'main:relay_recipient_maps': 'inline:{alice@relayed.test=OK}',
      'main:smtpd_etrn_restrictions': '',
      'main:smtpd_tls_security_level': 'encrypt',
    },
    scan: { domain: 'relayed.test' },
    says: { etrn: ['fail', '250 Queuing started'] },
  }),
  again(
    'exim-default',
    { etrn: ['fail', '501', '250 OK'] },
    {
      id: 'exim-etrn',
      config: { 'macro:acl_smtp_etrn': 'accept' },
    },
  ),
  again(
    'sendmail-default',
    { etrn: ['pass', '502 5.7.0 Sorry, we do not allow this operation'] },
    {
      id: 'sendmail-noetrn',
      config: { 'define:PRIVACY_FLAGS': 'noetrn' },
    },
  ),
];

const greeting = (id: string, sentence: string, text: string, says: Said): HygieneScenario =>
  onPostfix({ id: `banner-${id}`, sentence, config: { 'main:smtpd_banner': text }, says: { banner: says } });

const greetings: readonly HygieneScenario[] = [
  greeting('stock', 'The greeting that Postfix comes with.', '$myhostname ESMTP $mail_name', [
    'fail',
    '220 mx.example.test ESMTP Postfix',
  ]),
  greeting('version', 'The greeting tells the version.', '$myhostname ESMTP $mail_name ($mail_version)', [
    'fail',
    '220 mx.example.test ESMTP Postfix (3.',
  ]),
  greeting('nameless', 'The greeting has a bare word for a name.', 'mx ESMTP', ['fail', '220 mx ESMTP']),
  greeting('other-name', 'The greeting has another name than EHLO.', 'other.example.test ESMTP', [
    'fail',
    '220 other.example.test ESMTP',
    '250-mx.example.test',
  ]),
];

const ownNames: readonly HygieneScenario[] = [
  onPostfix({
    id: 'helo-own-name-refused',
    sentence: 'Postfix that takes none of its own names from strangers, nor a bare word.',
    config: {
      'main:smtpd_helo_restrictions':
        'check_helo_access inline:{{mx.example.test=REJECT}, {localhost=REJECT}, {[127.0.0.1]=REJECT}}, reject_non_fqdn_helo_hostname',
    },
    says: { 'helo-own-name': ['pass', '554 5.7.1 <mx.example.test>: Helo command rejected', '250 2.1.5 Ok'] },
  }),
  onPostfix({
    id: 'helo-own-name-refused-at-once',
    sentence: 'The same, and it does not wait for RCPT to say so.',
    config: {
      'main:smtpd_helo_restrictions':
        'check_helo_access inline:{{mx.example.test=REJECT}, {localhost=REJECT}, {[127.0.0.1]=REJECT}}, reject_non_fqdn_helo_hostname',
      'main:smtpd_delay_reject': 'no',
    },
    says: { 'helo-own-name': ['pass', '554 5.7.1 <mx.example.test>: Helo command rejected', '250 2.1.5 Ok'] },
  }),
  onPostfix({
    id: 'helo-own-name-half',
    sentence: 'Names without a domain are refused; its own has one.',
    config: { 'main:smtpd_helo_restrictions': 'reject_non_fqdn_helo_hostname' },
    says: { 'helo-own-name': ['fail', '250 2.1.5 Ok'] },
  }),
  onPostfix({
    id: 'helo-own-name-inside-tls',
    sentence: 'Mail is taken inside TLS alone.',
    config: { 'main:smtpd_tls_security_level': 'encrypt' },
    says: { 'helo-own-name': ['fail', '250 2.1.5 Ok'] },
  }),
];

/** Servers that keep to the rules of the protocol, and servers that do not. */
export const hygiene: readonly HygieneScenario[] = [
  ...asTheyCome,
  ...whoIsWho,
  ...namesFirst,
  ...queues,
  ...greetings,
  ...ownNames,
];
