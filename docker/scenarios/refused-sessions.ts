// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Exim writes its expansions like that
import type { Doubt } from '../../src/model/trouble.ts';
import { noneOf, nothingFor, postfix } from './postfix.ts';
import type { Scenario } from './scenario.ts';
import { sendmailTls } from './sendmail.ts';
import { milterThatSays } from './stand-ins.ts';

/** Sendmail with STARTTLS and without AUTH, as in `sendmail-goaway`, that rejects the address of this client. */
const connectReject: Scenario['config'] = {
  ...sendmailTls,
  'define:PRIVACY_FLAGS': 'goaway,restrictqrun',
  'run:no-auth': "sed -i 's/Name=MTA-v4, Port=smtp/&, M=A/' /etc/mail/sendmail.mc",
  'access:Connect:client.outside.example': 'REJECT',
};

/** Of recipients nothing is told where each is refused for something else. */
const nothingOfRecipients = (doubt: Doubt): Scenario['expect'] =>
  noneOf(['open-relay', 'own-domain-spoof', 'rcpt-oracle', 'postmaster', 'backscatter'], doubt);

/** Whoever sends is refused, in words that say so or not: what needs a transaction cannot be told. */
const noSender: Scenario['expect'] = {
  ...nothingOfRecipients('sender-rejected'),
  ...noneOf(['message-size', 'queue-space'], 'sender-rejected'),
};

const sendmail = (given: Pick<Scenario, 'id' | 'sentence' | 'config' | 'expect'>): Scenario => ({
  image: 'sendmail',
  service: 'smtp',
  role: 'mx',
  ...given,
});

/**
 * Sessions that are over before they begin: everything gets one and the same answer, which says nothing of what was
 * asked.
 */
export const refusedSessions: readonly Scenario[] = [
  postfix({
    id: 'milter-rejects-connection',
    sentence: 'A milter rejects the connection.',
    config: milterThatSays('C', '554 5.7.1 You are on our list of bad hosts'),
    expect: nothingFor('client-blocked'),
  }),
  postfix({
    id: 'milter-rejects-helo',
    sentence: 'A milter rejects the name given in EHLO.',
    config: milterThatSays('H', '550 5.7.1 Your HELO is none of a mail server'),
    // EHLO is answered, and lists next to nothing.
    expect: nothingFor('client-blocked'),
  }),
  postfix({
    id: 'milter-rejects-sender',
    sentence: 'A milter rejects every sender.',
    config: milterThatSays('M', '550 5.7.1 We do not want your mail'),
    expect: noSender,
  }),
  postfix({
    id: 'milter-has-no-opinion',
    sentence: 'A milter that lets everything pass.',
    config: milterThatSays('none'),
  }),
  postfix({
    id: 'milter-is-down',
    sentence: 'A milter that is down: everything is put off with 451.',
    config: { 'main:smtpd_milters': 'inet:127.0.0.1:10099', 'main:milter_default_action': 'tempfail' },
    // Put off is neither refused nor broken; what Postfix refuses by itself, it refuses.
    expect: {
      ...nothingFor('ambiguous'),
      hello: 'pass',
      reachable: 'pass',
      'starttls-offer': 'pass',
      vrfy: 'pass',
      'auth-before-tls': 'pass',
    },
  }),
  postfix({
    id: 'helo-refused',
    sentence: 'Every name given in EHLO is refused at once.',
    config: { 'main:smtpd_delay_reject': 'no', 'main:smtpd_helo_restrictions': 'reject' },
    expect: nothingFor('sender-rejected'),
  }),
  postfix({
    id: 'helo-refused-at-rcpt',
    sentence: 'Every name given in EHLO is refused, and that is said at RCPT.',
    config: { 'main:smtpd_helo_restrictions': 'reject' },
    expect: nothingOfRecipients('sender-rejected'),
  }),
  postfix({
    id: 'senders-refused',
    sentence: 'Every sender is refused, at MAIL.',
    config: { 'main:smtpd_delay_reject': 'no', 'main:smtpd_sender_restrictions': 'reject' },
    expect: noSender,
  }),
  postfix({
    id: 'listed-by-a-dnsbl',
    sentence: 'A DNS block list has us, which is said at RCPT.',
    config: {
      'main:smtpd_client_restrictions':
        'check_client_access static:{550 5.7.1 Service unavailable; client blocked using zen.spamhaus.org}',
    },
    expect: nothingOfRecipients('client-blocked'),
  }),
  postfix({
    id: 'footer',
    sentence: 'A footer behind every refusal names block lists and greylisting.',
    config: {
      'main:smtpd_reject_footer':
        '\\c. If you are blocked by Spamhaus, or greylisted, try again later: your IP address may be listed.',
    },
  }),
  postfix({
    id: 'everybody-delayed-and-checked',
    sentence: 'smtpd_delay_reject = no, and nobody is refused.',
    config: { 'main:smtpd_delay_reject': 'no' },
  }),
  sendmail({
    id: 'sendmail-connect-reject',
    sentence:
      'Sendmail with Connect: REJECT for this client in its access table, and without the delay_checks of Debian.',
    config: { ...connectReject, 'run:delay': "sed -i '/delay_checks/d' /etc/mail/sendmail.mc" },
    expect: nothingFor('client-blocked'),
  }),
  sendmail({
    id: 'sendmail-delay-checks',
    sentence: 'Sendmail with delay_checks and Connect: REJECT: everybody is refused alike, at RCPT.',
    config: {
      ...connectReject,
      'run:delay': "sed -i 's/^FEATURE(`delay_checks.*/FEATURE(`delay_checks'\\'')dnl/' /etc/mail/sendmail.mc",
    },
    // Relaying is refused before the client is.
    expect: { ...nothingOfRecipients('ambiguous'), 'open-relay': 'pass' },
  }),
  sendmail({
    id: 'sendmail-delay-checks-friend',
    sentence: 'The same as Debian sets it up: who writes to postmaster or abuse is refused nothing.',
    config: connectReject,
    expect: { ...nothingOfRecipients('ambiguous'), 'open-relay': 'pass', postmaster: 'pass' },
  }),
  {
    image: 'exim',
    service: 'smtp',
    role: 'mx',
    id: 'exim-dnsbl-at-connect',
    sentence: 'Exim that refuses the connection in the words of a block list.',
    config: { 'acl:connect': '  deny message = Your address is listed at zen.spamhaus.org' },
    expect: nothingFor('client-blocked'),
  },
  {
    image: 'exim',
    service: 'smtp',
    role: 'mx',
    id: 'exim-refuses-ehlo',
    sentence: 'Exim that refuses EHLO with 550, and takes HELO.',
    config: {
      'acl:helo':
        '  deny condition = ${if match{$smtp_command}{(?i)^EHLO}}\n    message = EHLO is not known here, say HELO',
    },
    // What EHLO does not list nobody can use, and Exim does not let them.
    expect: {
      hello: 'fail',
      'starttls-offer': 'fail',
      'starttls-works': 'not-applicable',
      'starttls-trailing': 'not-applicable',
      'tls-certificate': 'not-applicable',
      'tls-version': 'not-applicable',
      'tls-ciphers': 'not-applicable',
      'message-size': 'not-applicable',
    },
  },
  postfix({
    id: 'ehlo-refused-501',
    sentence: 'EHLO is answered with 501, whatever name it brings, and HELO is taken.',
    config: { 'main:smtpd_command_filter': 'regexp:{{/^EHLO.*/ EHLO}}' },
    // STARTTLS works, and no client gets to know.
    expect: { hello: 'fail', 'starttls-offer': 'fail', 'message-size': 'not-applicable' },
  }),
];
