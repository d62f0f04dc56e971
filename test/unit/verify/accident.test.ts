import { describe, expect, test } from 'vitest';
import type { Measured } from '../../../src/model/judgement.ts';
import type { Finding } from '../../../src/model/report.ts';
import type { RowVerdict, VerifyRow } from '../../../src/model/verification.ts';
import { allRows } from '../../../src/verify/all-rows.ts';
import { finding } from '../report/handmade.ts';
import { ehlo, exchange, held, hello, type Shown, stockKeywords } from './held.ts';
import { authData, namesData, openRelayData, recipientsData, sizeData } from './observed.ts';

/**
 * Nothing is confirmed or contradicted by accident: every row, fed with every verdict, vantage and list that is not
 * whole.
 */

const outside = 'x@outside.example';

interface Server {
  readonly figures: Readonly<Record<string, Measured>>;
  readonly observations: Readonly<Record<string, unknown>>;
}

/**
 * What two very different servers would show if everything could be told: whatever a file says, it is wrong for one of
 * them.
 */
const servers: readonly Server[] = [
  {
    figures: {
      'connection-rate': { limit: 17, tried: 18, windowSeconds: 60 },
      'message-rate': { limit: 5, tried: 6, windowSeconds: 60 },
      'connection-count': { limit: 50, tried: 51, held: 50 },
      'error-limit': { limit: 20, tried: 20, soft: 10, sleepSeconds: 1 },
      'junk-limit': { limit: 100, tried: 121 },
      'recipients-per-message': { limit: 1000, tried: 1001 },
      'idle-timeout': { limit: 300, tried: 300 },
      'tls-version': { accepted: ['TLSv1.2', 'TLSv1.3'], refused: ['TLSv1', 'TLSv1.1'], untold: [] },
      'open-relay': { accepted: [], refused: ['user>plain'], untested: [] },
      'auth-weak': { realm: 'mx.example.test' },
    },
    observations: {
      hello: hello([...stockKeywords, 'STARTTLS']),
      'open-relay': openRelayData({
        external: outside,
        mail: exchange('MAIL', '250 2.1.0 Ok'),
        rcpt: exchange('RCPT', `554 5.7.1 <${outside}>: Relay access denied`),
        controls: [],
      }),
      'rcpt-oracle': recipientsData('example.test', [
        '550 5.1.1 <a@example.test>: User unknown in local recipient table',
      ]),
      vrfy: namesData('502 5.5.1 VRFY command is disabled'),
      'message-size': sizeData('250 2.1.0 Ok'),
      'auth-before-tls': authData(false, ehlo(...stockKeywords), '503 5.5.1 Error: authentication not enabled'),
      'auth-after-tls': { ...authData(true, ehlo(...stockKeywords, 'AUTH PLAIN LOGIN'), '334 '), before: [] },
    },
  },
  {
    figures: {
      'connection-rate': { limit: null, tried: 400 },
      'message-rate': { limit: null, tried: 400 },
      'connection-count': { limit: null, tried: 400, held: 400 },
      'error-limit': { limit: null, tried: 60, soft: null, sleepSeconds: null },
      'junk-limit': { limit: null, tried: 400 },
      'recipients-per-message': { limit: null, tried: 4000 },
      'idle-timeout': { limit: null, tried: 900 },
      'tls-version': { accepted: ['TLSv1', 'TLSv1.1', 'TLSv1.2'], refused: ['TLSv1.3'], untold: [] },
      'open-relay': { accepted: ['user>plain', 'user@outside>plain'], refused: [], untested: [] },
      'auth-weak': { realm: 'other.test' },
    },
    observations: {
      hello: hello(['PIPELINING', 'SIZE 1', 'VRFY'], { serverName: 'other.test' }),
      'open-relay': openRelayData({
        external: outside,
        mail: exchange('MAIL', '250 2.1.0 Ok'),
        rcpt: exchange('RCPT', '250 2.1.5 Ok'),
        controls: [],
      }),
      'rcpt-oracle': recipientsData('example.test', ['250 2.1.5 Ok']),
      vrfy: namesData('252 2.0.0 alice'),
      'message-size': sizeData('452 4.3.1 Insufficient system storage'),
      'auth-before-tls': authData(false, ehlo(...stockKeywords, 'AUTH=PLAIN', 'AUTH PLAIN'), '334 '),
    },
  },
];

/** Configurations that such servers would make true or false, row by row. */
const configurations: readonly string[] = [
  '',
  `smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = dovecot\nsmtpd_tls_security_level = may\nsmtpd_tls_protocols = >=TLSv1.2
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination\nmessage_size_limit = 1\ndisable_vrfy_command = yes
smtpd_client_connection_rate_limit = 17\nsmtpd_client_message_rate_limit = 30\nqueue_minfree = 9000000000000000
inet_interfaces = loopback-only\nsmtpd_per_request_deadline = yes\nrelay_domains = example.test\nsmtpd_timeout = 5s`,
  `smtpd_recipient_restrictions = check_recipient_access static:OK, reject_unauth_destination
smtpd_relay_restrictions = check_recipient_access static:OK\nsmtpd_tls_security_level = encrypt
smtpd_client_restrictions = permit_mynetworks, reject\nsmtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = cyrus
smtpd_hard_error_limit = 5\nsmtpd_soft_error_limit = 3\nsmtpd_junk_command_limit = 10\nsmtpd_recipient_limit = 10`,
];

const probes = [...new Set(allRows.flatMap((row) => row.probes))];

/** What a scan would have found, with these verdicts. */
function shownWith(
  { figures, observations }: Server,
  verdict: Finding['verdict'],
  { measured = {}, ...more }: Omit<Shown, 'findings' | 'observations'> & { readonly measured?: Measured },
): Shown {
  const findings = probes.map((probe) =>
    finding(probe, verdict, {
      measured: { ...figures[probe], ...measured },
      evidence: [{ session: 's1', event: 0, quote: '450 4.7.1 Error: too much mail from us' }],
      ...(verdict === 'inconclusive' ? { doubt: 'throttled' as const } : {}),
    }),
  );
  return { findings, observations, ...more };
}

const rowsWith = (main: string, shown: Shown): readonly VerifyRow[] => held({ main }, shown).endpoints[0]?.rows ?? [];
const isDecided = (verdict: RowVerdict) => verdict === 'confirmed' || verdict === 'contradicted';
const decidedIn = (rows: readonly VerifyRow[]) =>
  rows.filter(({ verdict }) => isDecided(verdict)).map(({ directive }) => directive);

describe.each(servers.map((server, index) => [index + 1, server] as const))('server %i', (_, server) => {
  describe.each(configurations.map((main, index) => [index + 1, main] as const))('file %i', (_number, main) => {
    test('what can be told is', () => {
      expect(decidedIn(rowsWith(main, shownWith(server, 'pass', {}))).length).toBeGreaterThan(8);
    });

    test.each(['outside', 'trusted', null])('nothing by findings that are inconclusive, from %s', (vantage) => {
      for (const verdict of ['inconclusive', 'error'] as const)
        expect(decidedIn(rowsWith(main, shownWith(server, verdict, { options: { vantage } })))).toEqual([]);
    });

    test('a row hangs on the probes that it names: where these are inconclusive, others leave no word of it', () => {
      const whole = shownWith(server, 'pass', {});
      for (const { directive, probes: own } of allRows) {
        const findings = (whole.findings ?? []).map((one) =>
          own.includes(one.probe) ? { ...one, verdict: 'inconclusive' as const, doubt: 'throttled' as const } : one,
        );
        const row = rowsWith(main, { ...whole, findings }).find((one) => one.directive === directive);
        expect([directive, row !== undefined && isDecided(row.verdict)]).toEqual([directive, false]);
      }
    });

    test('from where the file trusts us nothing is said of who is trusted, nor of limits', () => {
      const decided = decidedIn(rowsWith(main, shownWith(server, 'pass', { options: { vantage: 'trusted' } })));
      expect(decided.filter((directive) => aboutTrust.test(directive))).toEqual([]);
    });

    test('and where nobody knows whether it does, mail that is taken proves nothing', () => {
      const from = { localAddress: '10.0.0.9', remoteAddress: '10.0.0.1' };
      const observations = { ...server.observations, hello: hello([...stockKeywords, 'STARTTLS'], from) };
      const shown = shownWith({ ...server, observations }, 'pass', { options: { vantage: null } });
      const unknown = `${main}\nmynetworks = cidr:/etc/networks`;
      const rows = rowsWith(unknown, shown).filter(({ directive }) => aboutRelaying.test(directive));
      for (const { directive, verdict, evidence } of rows.filter((row) => isDecided(row.verdict)))
        expect([directive, verdict, evidence[0]?.quote]).toEqual([
          directive,
          'confirmed',
          expect.stringContaining('554'),
        ]);
    });

    test('a list of versions that is not whole confirms none', () => {
      const measured = { untold: ['TLSv1: 450 too much mail'] };
      const rows = rowsWith(main, shownWith(server, 'pass', { measured }));
      const ofVersions = rows.filter(({ directive }) => /_protocols$/.test(directive));
      expect(ofVersions.filter(({ verdict }) => verdict === 'confirmed')).toEqual([]);
    });
  });
});

const aboutRelaying = /^(mynetworks|mynetworks_style|smtpd_(relay|recipient)_restrictions)$/;
const aboutTrust =
  /^(mynetworks|mynetworks_style|smtpd_(relay|recipient)_restrictions|smtpd_client_.*_limit|smtpd_client_event_limit_exceptions)$/;
