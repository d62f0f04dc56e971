import { postfix } from './postfix.ts';
import type { Scenario } from './scenario.ts';

/** Who may relay: nobody, everybody, and the ways in between that only one shape of envelope finds. */
export const relaying: readonly Scenario[] = [
  postfix({
    id: 'hardened',
    sentence: 'Postfix as a careful administrator leaves it: the baseline of all other scenarios.',
  }),
  postfix({
    id: 'debian-default',
    sentence:
      "Debian's own main.cf: relaying is refused with 454, for good; VRFY answers; the banner names the distribution.",
    config: {
      'main:smtpd_relay_restrictions': 'permit_mynetworks permit_sasl_authenticated defer_unauth_destination',
      'main:smtpd_banner': '$myhostname ESMTP $mail_name (Debian/GNU)',
      'main:disable_vrfy_command': 'no',
      'main:smtpd_helo_required': 'no',
      'main:smtpd_forbid_unauth_pipelining': 'no',
      'main:smtpd_forbid_bare_newline': 'no',
      'main:smtpd_tls_protocols': '>=TLSv1',
      'main:smtpd_tls_auth_only': 'no',
    },
    expect: {
      vrfy: 'fail',
      'tls-version': 'fail',
    },
  }),
  postfix({
    id: 'open-by-mynetworks',
    sentence: 'mynetworks holds the whole internet: anybody may relay.',
    config: { 'main:mynetworks': '0.0.0.0/0' },
    expect: { 'open-relay': 'fail' },
  }),
  postfix({
    id: 'open-to-own-senders',
    sentence: 'Whoever says MAIL FROM the own domain may relay.',
    config: {
      'main:smtpd_relay_restrictions':
        'permit_mynetworks, check_sender_access inline:{example.test=OK}, reject_unauth_destination',
    },
    expect: { 'open-relay': 'fail' },
  }),
  postfix({
    id: 'open-to-own-helo',
    sentence: "Whoever greets with the server's own name may relay.",
    config: {
      'main:smtpd_relay_restrictions':
        'permit_mynetworks, check_helo_access inline:{mx.example.test=OK}, reject_unauth_destination',
    },
    expect: { 'open-relay': 'fail' },
  }),
  postfix({
    id: 'open-to-null-sender',
    sentence: 'Bounces may go anywhere: the null sender may relay.',
    config: {
      'main:smtpd_relay_restrictions':
        'permit_mynetworks, check_sender_access inline:{<>=OK}, reject_unauth_destination',
    },
    expect: { 'open-relay': 'fail' },
  }),
  postfix({
    id: 'open-by-routed-address',
    sentence: 'user%outside@own-domain is taken apart and sent on; unknown users of the own domain are refused.',
    config: {
      'main:allow_percent_hack': 'no',
      'main:allow_untrusted_routing': 'yes',
      'main:virtual_alias_maps': 'regexp:/etc/postfix/routed',
      'file:/etc/postfix/routed': '/^(.+)%(.+)@example\\.test$/ $1@$2',
    },
    expect: { 'open-relay': 'fail' },
  }),
  postfix({
    id: 'refused-at-data',
    sentence: 'RCPT is accepted for everybody, and DATA refused to everybody.',
    config: { 'main:mynetworks': '0.0.0.0/0', 'main:smtpd_data_restrictions': 'reject' },
    // Without DATA nothing tells it from an open relay; accepting RCPT is what the verdict speaks of.
    expect: { 'open-relay': 'fail' },
  }),
  postfix({
    id: 'catch-all',
    sentence: 'Every name at the own domain is accepted; relaying is refused.',
    config: { 'main:local_recipient_maps': '', 'main:luser_relay': 'alice' },
    expect: {
      backscatter: 'fail',
      'rcpt-oracle': 'pass',
    },
  }),
];
