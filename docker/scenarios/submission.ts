import { postfix } from './postfix.ts';
import type { Scenario } from './scenario.ts';

/** The users' ports. */
export const submission: readonly Scenario[] = [
  postfix({
    id: 'submission',
    sentence: 'The baseline on port 587: TLS and AUTH first.',
    service: 'submission',
    role: 'submission',
  }),
  postfix({
    id: 'submissions',
    sentence: 'The baseline on port 465: TLS from the first byte, AUTH before anything else.',
    service: 'submissions',
    role: 'submissions',
  }),
  postfix({
    id: 'open-on-submission',
    sentence: 'Port 587 relays for everybody inside TLS; port 25 is as it should be.',
    service: 'submission',
    role: 'submission',
    config: {
      'main:lab_submission': 'check_client_access static:OK, reject_unauth_destination',
      'master:submission/inet/smtpd_relay_restrictions': '$lab_submission',
    },
    expect: {
      'open-relay': 'fail',
      'rcpt-oracle': 'fail',
      'submission-auth': 'fail',
    },
  }),
];
