import type { Incident } from '../../../src/monitor/alerts/incident.ts';
import type { AlertItem, AlertMessage } from '../../../src/monitor/alerts/message.ts';

export const at = Date.parse('2026-11-28T09:05:00Z');
const hour = 3_600_000;

/** An open relay, two hours old. */
export const relay: Incident = {
  id: '8f2c41d09a3b',
  kind: 'finding',
  monitor: 'mx',
  host: 'mx1.example.com',
  port: 25,
  probe: 'open-relay',
  state: 'open',
  severity: 'critical',
  openedAt: at - 2 * hour,
  openedRun: 'a1b2c3d4e5f6a7b8',
  confirmedAt: at - 2 * hour + 120_000,
  closedAt: null,
  closedBecause: null,
  lastSeenAt: at,
  lastSeenRun: 'b1b2c3d4e5f6a7b8',
  doubt: null,
  members: ['192.0.2.1', '2001:db8::25'],
  before: {
    verdict: 'pass',
    because: 'strangers are refused',
    quotes: ['C: RCPT TO:<probe@example.net>', 'S: 554 5.7.1 <probe@example.net>: Relay access denied'],
  },
  now: {
    verdict: 'fail',
    because: 'a recipient elsewhere was taken from a stranger',
    quotes: ['C: RCPT TO:<probe@example.net>', 'S: 250 2.1.5 Ok'],
  },
  headline: 'Anybody can send mail through it',
  fix: {
    postfix: ['smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination'],
  },
  ackedAt: null,
  ackedBy: null,
  ackedUntil: null,
  flappingSince: null,
  openings: [at - 2 * hour],
  streak: 0,
};

const command = 'mxprobe scan mx1.example.com:25 --probes open-relay';

export const item = (what: AlertItem['what'], parts: Partial<Incident> = {}): AlertItem => ({
  what,
  incident: { ...relay, ...parts },
  command,
});

export const message = (
  kind: AlertMessage['kind'],
  items: readonly AlertItem[] = [item(kind === 'digest' ? 'opened' : kind)],
  parts: Partial<AlertMessage> = {},
): AlertMessage => ({ id: 'm-0001', kind, at, items, link: 'https://watch.example.net', ...parts });

/** The worst that a server, and a file, could say. */
export const hostile: AlertMessage = message('opened', [
  item('opened', {
    host: 'mx1.example.com',
    headline:
      'x\r\nBcc: victim@example.org\r\n\r\n<script>alert(1)</script> *b* _i_ `c` <!channel> @channel @all @room <@U1> [a](https://evil.example)',
    now: {
      verdict: 'fail',
      because: 'it said "</script>" & \\ {{link}} \u202eevil\u0000',
      quotes: [`S: 250 ${'A'.repeat(4093)}`, 'S: ```\r\n<!here> @all</pre>', `S: ${'x'.repeat(298)}😀😀`],
    },
    before: null,
  }),
]);
