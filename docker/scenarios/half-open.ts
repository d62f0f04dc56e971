import { postfix } from './postfix.ts';
import type { Scenario } from './scenario.ts';
import { dnsThatKnows } from './stand-ins.ts';

const exim = (given: Pick<Scenario, 'id' | 'sentence' | 'config'> & Partial<Scenario>): Scenario => ({
  image: 'exim',
  service: 'smtp',
  role: 'mx',
  ...given,
  expect: { 'tls-version': 'fail', ...given.expect },
});

/**
 * Relays that refuse most of those who ask, for one reason or another; and beside each a server like it that relays
 * nothing.
 */
export const halfOpen: readonly Scenario[] = [
  exim({
    id: 'exim-relays-where-it-can-route',
    sentence: 'Exim that relays for every domain it can route: example.com is none of them, all others are.',
    config: { 'dc:relay_domains': '*', ...dnsThatKnows(['com', 'net', 'org', 'example'], { except: ['example.com'] }) },
    expect: { 'open-relay': 'fail' },
  }),
  exim({
    id: 'exim-relays-and-routes-nothing',
    sentence:
      'Exim that relays for every domain, and can route none: 550 Unrouteable address, which says nothing of relaying.',
    config: { 'dc:relay_domains': '*', ...dnsThatKnows([]) },
    expect: { 'open-relay': 'inconclusive(ambiguous)' },
  }),
  exim({
    id: 'exim-routes-and-relays-not',
    sentence: 'Exim that could route every domain, and relays for none.',
    config: dnsThatKnows(['com', 'net', 'org', 'example']),
  }),
  postfix({
    id: 'open-for-a-tld',
    sentence: 'relay_domains = com, where com.example.test was meant: a seventh of all domains is relayed for.',
    config: { 'main:relay_domains': 'com' },
    expect: { 'open-relay': 'fail' },
  }),
  postfix({
    id: 'relays-for-a-customer',
    sentence: 'relay_domains = com.example.test.',
    config: { 'main:relay_domains': 'com.example.test' },
  }),
  postfix({
    id: 'open-by-unanchored-table',
    sentence:
      'A table of own recipients that is not anchored at its end: user@example.test.anything may be relayed to.',
    config: ours('/@example\\.test/ OK'),
    expect: { 'open-relay': 'fail' },
  }),
  postfix({
    id: 'open-by-table-of-names',
    sentence: 'A table of own recipients that is anchored nowhere: whatever has example.test in it may be relayed to.',
    config: ours('/example\\.test/ OK'),
    expect: { 'open-relay': 'fail' },
  }),
  postfix({
    id: 'anchored-table',
    sentence: 'A table of own recipients that is anchored.',
    config: ours('/@example\\.test$/ OK'),
    // OK comes before the look at the list of users.
  }),
  postfix({
    id: 'open-to-own-senders-alone',
    sentence:
      'Senders whose domain does not exist are refused at MAIL, and in the lab that is all but the own, which may relay.',
    config: {
      'main:smtpd_delay_reject': 'no',
      'main:smtpd_sender_restrictions': 'check_sender_access inline:{example.test=OK}, reject_unknown_sender_domain',
      'main:unknown_address_reject_code': '550',
      ...dnsThatKnows(['example.test']),
      'main:smtpd_relay_restrictions':
        'permit_mynetworks, check_sender_access inline:{example.test=OK}, reject_unauth_destination',
    },
    expect: { 'open-relay': 'fail' },
  }),
  postfix({
    id: 'own-senders-alone',
    sentence:
      'Senders whose domain does not exist are refused at MAIL, and in the lab that is all but the own; nobody may relay.',
    config: {
      'main:smtpd_delay_reject': 'no',
      'main:smtpd_sender_restrictions': 'check_sender_access inline:{example.test=OK}, reject_unknown_sender_domain',
      'main:unknown_address_reject_code': '550',
      ...dnsThatKnows(['example.test']),
    },
  }),
  postfix({
    id: 'routing-untold',
    sentence:
      'A catch-all for relayed.test, and allow_untrusted_routing: user%outside@relayed.test is taken, for whom is not told.',
    config: { 'main:relay_domains': 'relayed.test', 'main:allow_untrusted_routing': 'yes' },
    scan: { domain: 'relayed.test' },
    expect: { 'open-relay': 'inconclusive(ambiguous)', 'rcpt-oracle': 'pass', backscatter: 'fail' },
  }),
];

/** Recipients that a table lets through before it is asked whether they are ours. */
function ours(table: string): Scenario['config'] {
  return {
    'file:/etc/postfix/ours': table,
    'main:smtpd_relay_restrictions':
      'permit_mynetworks, check_recipient_access regexp:/etc/postfix/ours, reject_unauth_destination',
  };
}
