import type { Measured } from '../../src/model/judgement.ts';
import type { Expected, Scenario } from './scenario.ts';

/** A server, and what `intrusive` probes say of it: verdicts, among the figures at least these, and what is quoted. */
export interface DeedScenario extends Scenario {
  /** These probes run, and no others that they do not need. `quotes`: what some line that proves it has in it. */
  readonly says: Readonly<
    Record<string, { readonly verdict: Expected; readonly measured?: Measured; readonly quotes?: readonly string[] }>
  >;
  /** Probes that pass once the lines for this MTA that mend them were pasted into it. */
  readonly mends?: readonly string[];
}

const server = (
  image: Scenario['image'],
  given: Pick<DeedScenario, 'id' | 'sentence' | 'says' | 'mends'> & Partial<Scenario>,
): DeedScenario => ({ image, service: 'smtp', role: 'mx', config: {}, expect: {}, ...given });

const nothing = { reachable: [], hygiene: [], refused: [] };

/** What each MTA does about octets that no client should send. */
export const deedScenarios: readonly DeedScenario[] = [
  server('postfix-dovecot', {
    id: 'deeds-postfix-loose',
    sentence: 'Postfix 3.7 with its own defaults: LF ends lines of a message, and commands may come in any order.',
    config: { 'main:smtpd_forbid_bare_newline': 'no', 'main:smtpd_forbid_unauth_pipelining': 'no' },
    mends: ['bare-newline', 'pipelining-order'],
    says: {
      'pipelining-order': { verdict: 'fail', measured: { ehlo: 'taken', data: 'taken' } },
      'http-verbs': { verdict: 'pass', quotes: ['221 2.7.0 Error: I can break rules, too. Goodbye.'] },
      'line-length': { verdict: 'pass', measured: { longestTaken: 70_000, refusedFrom: null } },

      'bare-newline': {
        verdict: 'fail',
        measured: {
          reachable: ['LF.LF', 'LF.CRLF'],
          hygiene: ['CRLF.LF', 'CRLF.CRCRLF'],
          refused: [],
          body: 'taken',
        },
        quotes: ['250 2.0.0 Ok: queued as', '250 2.0.0 Ok'],
      },
    },
  }),
  server('postfix-dovecot', {
    id: 'deeds-postfix-baseline',
    sentence: 'The baseline: bare line ends are made right, and commands have their order.',
    says: {
      'pipelining-order': {
        verdict: 'pass',
        measured: { ehlo: 'stopped', data: 'stopped' },
        quotes: ['554 5.5.0 Error: SMTP protocol synchronization'],
      },
      'line-length': { verdict: 'pass', measured: { longestTaken: 70_000, refusedFrom: null } },

      'bare-newline': {
        verdict: 'pass',
        measured: { ...nothing, body: 'taken' },
        quotes: ['250 2.0.0 Ok: queued as'],
      },
    },
  }),
  server('postfix-dovecot', {
    id: 'deeds-postfix-reject',
    sentence: 'Postfix that refuses bare LF.',
    config: { 'main:smtpd_forbid_bare_newline': 'reject' },
    says: {
      'bare-newline': {
        verdict: 'pass',
        measured: {
          reachable: [],
          hygiene: [],
          refused: ['LF.LF', 'LF.CRLF', 'LF.CR', 'CR.LF', 'CRLF.LF'],
          body: 'refused',
        },
        quotes: ['550 5.5.2 mx.example.test Error: bare <LF> received'],
      },
    },
  }),
  server('postfix-dovecot', {
    id: 'deeds-postfix-trusting',
    sentence: 'The baseline, which has us in its mynetworks: it spares us its strictness.',
    config: { 'main:mynetworks': '0.0.0.0/0', 'main:smtpd_relay_restrictions': 'reject_unauth_destination' },
    scan: { vantage: 'trusted' },
    says: {
      'bare-newline': {
        verdict: 'inconclusive(ambiguous)',
        measured: { reachable: ['LF.LF', 'LF.CRLF'], hygiene: ['CRLF.LF', 'CRLF.CRCRLF'] },
      },
    },
  }),
  server('exim', {
    id: 'deeds-exim',
    sentence: 'Exim as Debian has it.',
    mends: ['http-verbs'],
    says: {
      'early-talker': { verdict: 'not-applicable' },
      'pipelining-order': { verdict: 'fail', measured: { ehlo: 'taken', data: 'taken' } },
      'http-verbs': { verdict: 'fail', quotes: ['500 unrecognized command'] },
      'line-length': { verdict: 'fail', measured: { runFrom: 70_000 }, quotes: ['500 unrecognized command'] },
      'bare-newline': { verdict: 'pass', measured: nothing, quotes: ['250 OK id='] },
    },
  }),
  server('sendmail', {
    id: 'deeds-sendmail',
    sentence: 'Sendmail as Debian has it, mended against smuggling.',
    says: {
      'pipelining-order': { verdict: 'fail', measured: { ehlo: 'stopped', data: 'taken' } },
      'http-verbs': { verdict: 'pass', quotes: ['Rejecting open proxy'] },
      'line-length': { verdict: 'pass', measured: { refusedFrom: 2100 } },

      'bare-newline': {
        verdict: 'pass',
        measured: { reachable: [], hygiene: [], body: 'refused' },
        quotes: ['421 4.5.0 Bare linefeed (LF) not allowed'],
      },
    },
  }),
  server('opensmtpd', {
    id: 'deeds-opensmtpd',
    sentence: 'OpenSMTPD, which ends a message at LF . LF, and throws it away when anything stands behind that.',
    says: {
      'pipelining-order': {
        verdict: 'pass',
        measured: { ehlo: 'stopped', data: 'stopped' },
        quotes: ['Pipelining not supported'],
      },
      'http-verbs': { verdict: 'pass' },
      'line-length': { verdict: 'pass', measured: { refusedFrom: 2100 } },

      'bare-newline': {
        verdict: 'fail',
        measured: { reachable: ['LF.LF', 'LF.CRLF'], hygiene: ['CRLF.LF', 'CRLF.NUL CRLF'], refused: [] },
        quotes: ['Message accepted for delivery', '500 5.5.1 Invalid command: Pipelining not supported'],
      },
    },
  }),
  server('courier', {
    id: 'deeds-courier',
    sentence: 'Courier as Debian has it.',
    says: {
      'pipelining-order': { verdict: 'fail', measured: { ehlo: 'taken', data: 'taken' } },
      'http-verbs': { verdict: 'fail', quotes: ['502'] },
      'line-length': { verdict: 'pass', measured: { longestTaken: 70_000 } },
      'bare-newline': { verdict: 'pass', measured: { reachable: [], hygiene: [] } },
    },
  }),
  server('aiosmtpd', {
    id: 'deeds-aiosmtpd',
    sentence: 'aiosmtpd by its own command.',
    says: {
      'pipelining-order': { verdict: 'fail', measured: { ehlo: 'taken', data: 'taken' } },
      'http-verbs': { verdict: 'fail', quotes: ['500'] },
      'line-length': { verdict: 'pass', measured: { refusedFrom: 600 } },
      'bare-newline': { verdict: 'pass', measured: nothing },
    },
  }),
  // Who greets late is the only one of whom it can be told.
  server('postfix-dovecot', {
    id: 'deeds-postfix-late-greeting',
    sentence: 'Postfix that greets after three seconds, and does not look who has spoken.',
    config: {
      'main:smtpd_forbid_unauth_pipelining': 'no',
      'main:smtpd_delay_reject': 'no',
      'main:smtpd_client_restrictions': 'sleep 3',
    },
    // What mends it cannot be tried here: Postfix looks once, as soon as it has the connection, and by way of the
    // engine's proxy our octets come a moment later or not.
    says: { 'early-talker': { verdict: 'fail', quotes: ['220 mx.example.test ESMTP', '250-mx.example.test'] } },
  }),
  server('exim', {
    id: 'deeds-exim-late-greeting',
    sentence: 'Exim that greets after three seconds, and looks then.',
    config: { 'acl:connect': 'accept delay = 3s', 'macro:pipelining_connect_advertise_hosts': '' },
    says: { 'early-talker': { verdict: 'pass', quotes: ['554 SMTP synchronization error'] } },
  }),
  server('exim', {
    id: 'deeds-exim-late-greeting-lax',
    sentence: 'Exim that greets after three seconds, and was told not to look.',
    config: {
      'acl:connect': 'accept delay = 3s',
      'macro:pipelining_connect_advertise_hosts': '',
      'macro:smtp_enforce_sync': 'false',
    },
    mends: ['early-talker'],
    says: { 'early-talker': { verdict: 'fail', quotes: ['250-mx.example.test'] } },
  }),
  server('sendmail', {
    id: 'deeds-sendmail-greet-pause',
    sentence: 'Sendmail that greets after five seconds, and turns away who speaks before.',
    config: { 'run:greet-pause': "sed -i -E 's/^(GreetPause:.*\\t)0$/\\15000/' /etc/mail/access" },
    mends: ['early-talker'],
    says: { 'early-talker': { verdict: 'pass', quotes: ['554 mx.example.test ESMTP not accepting messages'] } },
  }),
];
