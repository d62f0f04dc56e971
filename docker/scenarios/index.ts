import type { Role } from '../../src/model/endpoint.ts';
import { availability } from './availability.ts';
import { otherServers } from './other-servers.ts';
import { relaying } from './relaying.ts';
import type { Expected, Scenario } from './scenario.ts';
import { submission } from './submission.ts';
import { transportSecurity } from './transport-security.ts';
import { turnedAway } from './turned-away.ts';

/** Every server of the lab. The first is the hardened baseline itself. */
export const scenarios: readonly Scenario[] = [
  ...relaying,
  ...turnedAway,
  ...transportSecurity,
  ...submission,
  ...availability,
  ...otherServers,
];

/** What each probe says of the hardened baseline, by the role it is scanned in. */
export const baselineExpectations: Readonly<Record<Role, Readonly<Record<string, Expected>>>> = {
  mx: {
    hello: 'pass',
    'starttls-offer': 'pass',
    'starttls-works': 'pass',
    'open-relay': 'pass',
  },
  submission: {
    hello: 'pass',
    'starttls-offer': 'pass',
    'starttls-works': 'pass',
    // "Recipient address rejected: Access denied" to everybody without AUTH, whichever the recipient: nothing is relayed.
    'open-relay': 'pass',
  },
  submissions: {
    hello: 'pass',
    'starttls-offer': 'not-applicable',
    'starttls-works': 'not-applicable',
    'open-relay': 'pass',
  },
};
