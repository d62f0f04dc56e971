import { postfix } from './postfix.ts';
import type { Scenario } from './scenario.ts';

/** What VRFY and RCPT tell of users. */
export const enumeration: readonly Scenario[] = [
  postfix({
    id: 'vrfy-answers',
    sentence: 'VRFY is left on: 252 to users, 550 to strangers.',
    config: { 'main:disable_vrfy_command': 'no' },
    expect: { vrfy: 'fail' },
  }),
  postfix({
    id: 'vrfy-hidden',
    sentence: 'EHLO does not list VRFY, which answers all the same.',
    config: { 'main:disable_vrfy_command': 'no', 'main:smtpd_discard_ehlo_keywords': 'vrfy' },
    expect: { vrfy: 'fail' },
  }),
  postfix({
    id: 'vrfy-inside-tls',
    sentence: 'VRFY answers inside TLS; before it, nothing does.',
    config: { 'main:disable_vrfy_command': 'no', 'main:smtpd_tls_security_level': 'encrypt' },
    expect: { vrfy: 'fail' },
  }),
  postfix({
    id: 'vrfy-alike',
    sentence: 'VRFY is left on and knows no strangers: every name is taken, and what does not exist bounces later.',
    config: { 'main:disable_vrfy_command': 'no', 'main:smtpd_reject_unlisted_recipient': 'no' },
    expect: { vrfy: 'pass', 'rcpt-oracle': 'pass', backscatter: 'fail' },
  }),
  postfix({
    id: 'unlisted-recipients',
    sentence: 'Names that do not exist are accepted at RCPT, and bounce later: backscatter.',
    config: { 'main:smtpd_reject_unlisted_recipient': 'no' },
    expect: { 'rcpt-oracle': 'pass', backscatter: 'fail' },
  }),
  postfix({
    id: 'postmaster-refused',
    sentence:
      'Mail for postmaster and abuse at the own domain is refused; the bare postmaster is taken, as Postfix always does.',
    config: {
      'main:smtpd_recipient_restrictions':
        'check_recipient_access inline:{{postmaster@example.test=REJECT}, {abuse@example.test=REJECT}}',
    },
    expect: { postmaster: 'fail' },
  }),
  postfix({
    id: 'abuse-unknown',
    sentence: 'There is a postmaster, and nobody called abuse.',
    config: { 'file:/etc/aliases': 'postmaster: alice\nroot: alice' },
    expect: { postmaster: 'fail' },
  }),
];
