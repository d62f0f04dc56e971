// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Exim writes its expansions like that
import type { Measured } from '../../src/model/judgement.ts';
import { eximAuth, insideTls } from './exim-auth.ts';
import type { Expected, LimitScenario, Scenario } from './scenario.ts';

type Says = Readonly<Record<string, readonly [Expected, Measured]>>;

const exim = (
  given: Pick<LimitScenario, 'id' | 'sentence' | 'windowSeconds'> & {
    readonly config: Scenario['config'];
    readonly says: Says;
    readonly maxEvents?: number;
  },
): LimitScenario => ({ image: 'exim', service: 'smtp', role: 'mx', expect: {}, ...given });

/** Refused where `ratelimit` finds the client's rate at its limit or above. */
const refusedAt = (ratelimit: string): string =>
  [
    '  defer',
    '    message = Sender rate overlimit - $sender_rate / $sender_rate_period',
    `    ratelimit = ${ratelimit}`,
  ].join('\n');

/**
 * Exim's `ratelimit` is a smoothed rate: so many in a fast burst, and as many in a period in the long run; no window
 * begins or ends. `strict` counts what it refuses, `leaky` does not.
 */
export const eximLimits: readonly LimitScenario[] = [
  exim({
    id: 'limits-exim-mail-strict',
    sentence: 'Exim that refuses MAIL above a strict rate of 9 in 10 s.',
    windowSeconds: 10,
    config: { 'acl:mail': refusedAt('9 / 10s / strict / per_cmd') },
    says: { 'message-rate': ['inconclusive(throttled)', { limit: null }] },
  }),
  exim({
    id: 'limits-exim-mail-leaky',
    sentence: 'Exim that refuses MAIL above a leaky rate of 9 in 10 s.',
    windowSeconds: 10,
    config: { 'acl:mail': refusedAt('9 / 10s / leaky / per_mail') },
    says: { 'message-rate': ['inconclusive(throttled)', { limit: null }] },
  }),
  exim({
    id: 'limits-exim-rcpt',
    sentence: 'Exim that refuses recipients above a leaky rate of 17 in 10 s.',
    windowSeconds: 10,
    config: { 'acl:rcpt': refusedAt('17 / 10s / leaky / per_rcpt') },
    says: { 'recipient-rate': ['inconclusive(throttled)', { limit: null }] },
  }),
  exim({
    id: 'limits-exim-connect',
    sentence: 'Exim that refuses connections above a strict rate of 7 in 10 s.',
    windowSeconds: 10,
    config: { 'acl:connect': refusedAt('7 / 10s / strict / per_conn') },
    says: { 'connection-rate': ['inconclusive(throttled)', { limit: null }] },
  }),
  exim({
    id: 'limits-exim-auth-inside-tls',
    sentence: 'Exim that refuses AUTH above a leaky rate of 5 in 10 s, and has it inside TLS only.',
    windowSeconds: 10,
    config: { ...eximAuth(insideTls), 'acl:auth': refusedAt('5 / 10s / leaky / per_cmd') },
    says: { 'auth-rate': ['inconclusive(throttled)', { limit: null }] },
  }),
  exim({
    id: 'limits-exim-slow-to-forget',
    sentence:
      'Exim that refuses MAIL above a leaky rate of 5 in 50 s: the next is let in about when a window of 10 s would end.',
    windowSeconds: 10,
    config: { 'acl:mail': refusedAt('5 / 47s / leaky / per_cmd') },
    says: { 'message-rate': ['inconclusive(throttled)', { limit: null }] },
  }),
  exim({
    id: 'limits-exim-delay-rcpt',
    sentence: 'Exim with smtp_ratelimit_rcpt: behind the fifth recipient each takes longer than the one before it.',
    windowSeconds: 10,
    config: { 'macro:smtp_ratelimit_hosts': '*', 'macro:smtp_ratelimit_rcpt': '5,0.3s,1.05,4m' },
    says: { 'recipient-rate': ['inconclusive(throttled)', { limit: null, kind: 'delay', slowedAfter: 5 }] },
  }),
  exim({
    id: 'limits-exim-delay-mail',
    sentence: 'Exim with smtp_ratelimit_mail: the delays are those of a session, and who begins another has none.',
    windowSeconds: 10,
    config: { 'macro:smtp_ratelimit_hosts': '*', 'macro:smtp_ratelimit_mail': '5,0.3s,1.05,4m' },
    maxEvents: 40,
    says: { 'message-rate': ['fail', { limit: null, tried: 40 }] },
  }),
  exim({
    id: 'limits-exim-delay-acl',
    sentence: 'Exim that delays whoever is above a rate of 6 in 10 s by the seconds that they are early.',
    windowSeconds: 10,
    config: {
      'acl:mail': [
        '  warn',
        '    ratelimit = 6 / 10s / strict / per_cmd',
        '    delay = ${eval: ${sg{$sender_rate}{[.].*}{}} - $sender_rate_limit + 1 }s',
      ].join('\n'),
    },
    says: { 'message-rate': ['inconclusive(throttled)', { limit: null, kind: 'delay', slowedAfter: 6 }] },
  }),
];
