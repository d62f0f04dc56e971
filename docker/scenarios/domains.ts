import { postfix } from './postfix.ts';
import type { Scenario } from './scenario.ts';

/** Which domains are the server's own, whose users it knows, and whom it trusts by address. */
export const domains: readonly Scenario[] = [
  postfix({
    id: 'relay-domain',
    sentence: 'A domain relayed for, whose users the server knows (relay_recipient_maps).',
    config: {
      'main:relay_domains': 'relayed.test',
      'main:relay_recipient_maps':
        'inline:{{alice@relayed.test=OK}, {postmaster@relayed.test=OK}, {abuse@relayed.test=OK}}',
    },
    scan: { domain: 'relayed.test' },
  }),
  postfix({
    id: 'backup-mx',
    sentence:
      'A backup MX that does not know the users it holds mail for: it takes every name, and bounces come later.',
    config: { 'main:relay_domains': 'relayed.test' },
    scan: { domain: 'relayed.test' },
    expect: { 'rcpt-oracle': 'pass', backscatter: 'fail' },
  }),
  postfix({
    id: 'virtual-aliases',
    sentence: 'A virtual alias domain.',
    config: {
      'main:virtual_alias_domains': 'virtual.test',
      'main:virtual_alias_maps':
        'inline:{{alice@virtual.test=alice}, {postmaster@virtual.test=alice}, {abuse@virtual.test=alice}}',
    },
    scan: { domain: 'virtual.test' },
  }),
  postfix({
    id: 'virtual-catch-all',
    sentence: 'A virtual alias domain where every name leads to one mailbox.',
    config: {
      'main:virtual_alias_domains': 'virtual.test',
      'main:virtual_alias_maps': 'inline:{@virtual.test=alice}',
    },
    scan: { domain: 'virtual.test' },
    expect: { 'rcpt-oracle': 'pass', backscatter: 'fail' },
  }),
  postfix({
    id: 'virtual-mailboxes',
    sentence: 'A virtual mailbox domain without postmaster and abuse.',
    config: {
      'main:virtual_mailbox_domains': 'virtual.test',
      'main:virtual_mailbox_base': '/var/mail',
      'main:virtual_mailbox_maps': 'inline:{alice@virtual.test=alice}',
      'main:virtual_uid_maps': 'static:5000',
      'main:virtual_gid_maps': 'static:5000',
    },
    scan: { domain: 'virtual.test' },
    expect: { postmaster: 'fail' },
  }),
  postfix({
    id: 'not-its-domain',
    sentence: 'mydestination lacks the domain: its own users are "outside", and everything is refused alike.',
    config: { 'main:mydestination': '$myhostname, localhost' },
    expect: {
      'own-domain-spoof': 'inconclusive(prerequisite)',
      'rcpt-oracle': 'inconclusive(prerequisite)',
      'takes-its-mail': 'fail',
      postmaster: 'inconclusive(prerequisite)',
      backscatter: 'inconclusive(prerequisite)',
      'open-relay': 'pass',
    },
  }),
  postfix({
    id: 'trusts-its-subnet',
    sentence: 'mynetworks_style = subnet: the address that the lab scans from is trusted, and may relay.',
    config: { 'run:mynetworks': 'postconf -X mynetworks', 'main:mynetworks_style': 'subnet' },
    expect: { 'open-relay': 'fail' },
  }),
  postfix({
    id: 'trusts-its-class',
    sentence: 'mynetworks_style = class: the whole class A, B or C network is trusted.',
    config: { 'run:mynetworks': 'postconf -X mynetworks', 'main:mynetworks_style': 'class' },
    expect: { 'open-relay': 'fail' },
  }),
  postfix({
    id: 'trusts-us',
    sentence: 'mynetworks holds the address that we come from, and nobody has said where we stand.',
    config: { 'main:mynetworks': '127.0.0.0/8, 172.16.0.0/12' },
    scan: { vantage: null },
    // From outside this server may well refuse.
    expect: { 'open-relay': 'inconclusive(ambiguous)' },
  }),
  postfix({
    id: 'routed-address-at-home',
    sentence: 'From a private address plain relaying is refused, and user%outside@own-domain is sent on.',
    config: {
      'main:allow_percent_hack': 'no',
      'main:allow_untrusted_routing': 'yes',
      'main:virtual_alias_maps': 'regexp:/etc/postfix/routed',
      'file:/etc/postfix/routed': '/^(.+)%(.+)@example\\.test$/ $1@$2',
    },
    scan: { vantage: null },
    // Who is trusted would have had the plain form taken.
    expect: { 'open-relay': 'fail' },
  }),
  postfix({
    id: 'trusts-itself',
    sentence: 'mynetworks_style = host: the same server, and the address that the lab scans from is a stranger.',
    config: { 'run:mynetworks': 'postconf -X mynetworks', 'main:mynetworks_style': 'host' },
  }),
  postfix({
    id: 'own-senders-refused',
    sentence: 'Who is not logged in may not use a sender of the own domain (check_sender_access).',
    config: {
      'main:smtpd_sender_restrictions':
        'permit_mynetworks, permit_sasl_authenticated, check_sender_access inline:{example.test=REJECT}',
    },
    expect: { 'own-domain-spoof': 'pass' },
  }),
  postfix({
    id: 'own-senders-must-log-in',
    sentence: 'A sender of the own domain needs the login that owns it (reject_sender_login_mismatch).',
    config: {
      'main:smtpd_sender_login_maps': 'inline:{@example.test=alice}',
      'main:smtpd_sender_restrictions': 'reject_sender_login_mismatch',
      // Without SASL on the service Postfix refuses to start with the restriction above.
      'main:smtpd_sasl_auth_enable': 'yes',
    },
    expect: {
      'own-domain-spoof': 'pass',
      'auth-on-mx': 'fail',
      'auth-after-tls': 'pass',
      'auth-state': 'pass',
    },
  }),
];
