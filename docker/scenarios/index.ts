import type { Role } from '../../src/model/endpoint.ts';
import { authentication } from './authentication.ts';
import { availability } from './availability.ts';
import { certificates } from './certificates.ts';
import { ciphers } from './ciphers.ts';
import { courierServers } from './courier.ts';
import { domains } from './domains.ts';
import { enumeration } from './enumeration.ts';
import { halfOpen } from './half-open.ts';
import { otherServers } from './other-servers.ts';
import { proxies } from './proxies.ts';
import { readAsMore } from './read-as-more.ts';
import { refusedSessions } from './refused-sessions.ts';
import { relaying } from './relaying.ts';
import type { Expected, Scenario } from './scenario.ts';
import { sendmailServers } from './sendmail.ts';
import { submission } from './submission.ts';
import { transportSecurity } from './transport-security.ts';
import { turnedAway } from './turned-away.ts';

/** Every server of the lab. The first is the hardened baseline itself. */
export const scenarios: readonly Scenario[] = [
  ...relaying,
  ...halfOpen,
  ...turnedAway,
  ...refusedSessions,
  ...proxies,
  ...readAsMore,
  ...transportSecurity,
  ...submission,
  ...authentication,
  ...certificates,
  ...ciphers,
  ...enumeration,
  ...domains,
  ...availability,
  ...otherServers,
  ...sendmailServers,
  ...courierServers,
];

/** One of them. */
export function scenarioNamed(id: string): Scenario {
  const found = scenarios.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no scenario ${id}`);
  return found;
}

const everywhere: Readonly<Record<string, Expected>> = {
  hello: 'pass',
  reachable: 'pass',
  'open-relay': 'pass',
  vrfy: 'pass',
  expn: 'pass',
  'auth-before-tls': 'pass',
  'auth-anonymous': 'pass',
  'auth-weak': 'pass',
  'auth-state': 'pass',
  'tls-version': 'pass',
  // RSA key exchange is taken as distributions set servers up, and by Postfix suites without a certificate: both are
  // notes on an MX.
  'tls-ciphers': 'fail',
  'tls-certificate': 'pass',
};

/**
 * A port where nobody gets further than AUTH: users and strangers are refused alike, and mail from outside comes
 * elsewhere.
 */
const users: Readonly<Record<string, Expected>> = {
  ...everywhere,
  // "Recipient address rejected: Access denied" to everybody without AUTH, whichever the recipient: nothing is relayed.
  'open-relay': 'pass',
  'own-domain-spoof': 'not-applicable',
  // What may be asked nowhere but on port 25 needs no permission to be left out.
  'helo-own-name': 'not-applicable',
  'submission-auth': 'pass',
  'rcpt-oracle': 'pass',
  'takes-its-mail': 'not-applicable',
  postmaster: 'not-applicable',
  backscatter: 'not-applicable',
  'auth-after-tls': 'pass',
  'auth-on-mx': 'not-applicable',
  delivers: 'not-applicable',
  'header-limit': 'not-applicable',
};

/** What each probe says of the hardened baseline, by the role it is scanned in. */
const baselineExpectations: Readonly<Record<Role, Readonly<Record<string, Expected>>>> = {
  mx: {
    ...everywhere,
    'starttls-offer': 'pass',
    'starttls-works': 'pass',
    // The baseline does not ask who owns a sender of its own domain: to refuse it breaks forwarding, and few servers
    // do.
    'own-domain-spoof': 'fail',
    'submission-auth': 'not-applicable',
    // Unknown users are refused at RCPT, as they should be: reported with severity info.
    'rcpt-oracle': 'fail',
    'takes-its-mail': 'pass',
    postmaster: 'pass',
    backscatter: 'pass',
    'auth-after-tls': 'not-applicable',
    'auth-on-mx': 'pass',
    'auth-state': 'not-applicable',
    'tls-required': 'not-applicable',
    'starttls-injection': 'inconclusive(not-permitted)',
    'starttls-trailing': 'pass',
    'message-size': 'pass',
    'queue-space': 'pass',
  },
  submission: {
    ...users,
    'starttls-offer': 'pass',
    'starttls-works': 'pass',
    'tls-required': 'pass',
    'starttls-injection': 'inconclusive(not-permitted)',
    'starttls-trailing': 'pass',
    'message-size': 'pass',
    'queue-space': 'pass',
  },
  submissions: {
    ...users,
    'starttls-offer': 'not-applicable',
    'starttls-works': 'not-applicable',
    'auth-before-tls': 'not-applicable',
    'tls-required': 'not-applicable',
    'starttls-injection': 'not-applicable',
    'starttls-trailing': 'not-applicable',
    'message-size': 'pass',
    'queue-space': 'pass',
  },
};

/** Where an MTA differs from the baseline however it is set up here. */
const byImage: Partial<Record<Scenario['image'], Scenario['expect']>> = {
  // SIZE at MAIL is not compared with what EHLO announces.
  opensmtpd: { 'message-size': 'fail' },
  // SIZE is announced without a number.
  sendmail: { 'message-size': 'fail' },
  courier: { 'message-size': 'fail' },
};

/** What every probe must say of a scenario. */
export function expectationsOf({ role, image, expect }: Scenario): Readonly<Record<string, Expected>> {
  // Whatever keeps us from asking for postmaster keeps us from asking for the domain.
  const { postmaster } = expect ?? {};
  const alike = postmaster?.startsWith('inconclusive') ? { 'takes-its-mail': postmaster } : {};
  return { ...baselineExpectations[role], ...byImage[image], ...alike, ...expect };
}
