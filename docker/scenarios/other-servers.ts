import type { Scenario } from './scenario.ts';

const mx = { service: 'smtp', role: 'mx' } as const;

/** The other servers of Debian, closed as they are set up, and open. */
export const otherServers: readonly Scenario[] = [
  {
    ...mx,
    id: 'exim-default',
    sentence: 'Exim as Debian sets it up for an internet site.',
    image: 'exim',
    config: {},
    expect: {},
  },
  {
    ...mx,
    id: 'exim-open',
    sentence: 'Exim that relays for the whole internet; it no longer looks at local names either.',
    image: 'exim',
    config: { 'dc:relay_nets': '0.0.0.0/0' },
    expect: { 'open-relay': 'fail' },
  },
  {
    ...mx,
    id: 'opensmtpd-default',
    sentence: 'OpenSMTPD that takes mail for its domain from outside, and relays for its own machine only.',
    image: 'opensmtpd',
    config: {},
    expect: {},
  },
  {
    ...mx,
    id: 'opensmtpd-open',
    sentence: 'OpenSMTPD with "match from any for any".',
    image: 'opensmtpd',
    config: { 'match:outside': 'from any for any action "relay"' },
    expect: { 'open-relay': 'fail' },
  },
];
