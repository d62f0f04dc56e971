import { describe, expect, it } from 'vitest';
import {
  type Meaning,
  meaningOf,
  readingOf,
  type Said,
  type Stage,
  tellingLine,
} from '../../../src/mta/reply-meaning.ts';
import { replyFrom } from './reply-from.ts';

const said = {
  client: '192.0.2.9',
  helo: 'probe.example.net',
  sender: 'tester@probe.example.net',
  recipient: 'u123@outside.example.org',
} satisfies Omit<Said, 'stage'>;

/** `%r` our recipient, `%s` our sender, `%a` our address. A vertical bar ends a line of the reply. */
const replyOf = (shape: string) =>
  replyFrom(
    shape
      .replaceAll('%r', said.recipient)
      .replaceAll('%s', said.sender)
      .replaceAll('%a', said.client)
      .replaceAll('|', '\n'),
  );
const at = (stage: Stage, shape: string, more: Partial<Said> = {}) =>
  meaningOf(replyOf(shape), { ...said, ...more, stage });

/**
 * What operators add to their refusals: in the same line, after a dash, in lines of their own (Postfix
 * `smtpd_reject_footer`), in other languages.
 */
const footers = [
  '',
  '. If you are blocked by Spamhaus or greylisted, see https://help.example.test/',
  '. See http://www.spamhaus.org/query/bl?ip=%a',
  ', see https://www.spamhaus.org/sbl/',
  '; contact postmaster@example.test if you think that you are on a blacklist',
  ' (see https://example.test/blocklist)',
  ' (contact abuse@example.test if your address is listed by an RBL)',
  ' - please see https://example.test/rate-limit',
  ' -- we use DNSBL and greylisting',
  '. Too many connections? Our rate limit is 100 an hour, see https://example.test/',
  '! Open relay tests are unwelcome',
  '. Your IP %a may have a poor reputation or no PTR record',
  '. For assistance call +1 800 555 0101. Please provide: client %a, recipient %r, SPF and DKIM results',
  '. Bitte wenden Sie sich an den Postmaster, wenn Ihre Adresse auf einer Blacklist steht',
  '. 如有疑问请访问 http://mail.example.test/ 您的IP可能被列入黑名单',
  '. Если ваш адрес в blacklist, пишите нам',
  ' https://support.example.test/spf-dkim-dmarc',
  ' For help: https://example.test/ (blocked? spam?)',
];
/** The same as lines of their own. */
const lines = [
  '|554 5.7.1 For assistance, call 800-555-0101. Is your address on a block list?',
  '|554-5.7.1 Blocked by Spamhaus? See https://example.test/|554 5.7.1 We also use greylisting and SPF.',
  '|554 http://www.spamhaus.org/query/ip/%a',
  '|554 5.7.1 Rate limit exceeded senders: try again later',
];

const known: readonly (readonly [stage: Stage, sentence: string, meaning: Meaning])[] = [
  ['rcpt', '554 5.7.1 <%r>: Relay access denied', 'relay-denied'],
  ['rcpt', '454 4.7.1 <%r>: Relay access denied', 'relay-denied'],
  ['rcpt', '554 5.7.1 <%r>: Recipient address rejected: Relay access denied', 'relay-denied'],
  ['rcpt', '550 relay not permitted', 'relay-denied'],
  ['rcpt', '550 5.7.1 <%r>... Relaying denied', 'relay-denied'],
  ['rcpt', '513 Relaying denied', 'relay-denied'],
  ['rcpt', '550 5.7.1 Unable to relay', 'relay-denied'],
  ['rcpt', '550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain', 'relay-denied'],
  ['rcpt', '550 5.7.64 TenantAttribution; Relay Access Denied', 'relay-denied'],
  ['rcpt', '550 5.1.2 Relay not allowed', 'relay-denied'],
  ['rcpt', '550 I cannot deliver mail for <%r>', 'relay-denied'],
  ['rcpt', "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", 'relay-denied'],
  ['rcpt', "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.5.3 - chkuser)", 'relay-denied'],
  ['rcpt', '550 Relaying denied (#5.7.1)', 'relay-denied'],
  ['rcpt', '550 We do not relay', 'relay-denied'],
  ['rcpt', '553 Relaying disallowed', 'relay-denied'],
  ['rcpt', '554 Relay rejected for policy reasons', 'relay-denied'],
  ['rcpt', '550 5.1.1 <%r>: Recipient address rejected: User unknown in local recipient table', 'unknown-user'],
  ['rcpt', '450 4.1.1 <%r>: Recipient address rejected: User unknown in virtual mailbox table', 'unknown-user'],
  ['rcpt', '550 5.1.1 <%r>... User unknown', 'unknown-user'],
  ['rcpt', '550 Unrouteable address', 'unknown-user'],
  ['rcpt', '550 No such user here', 'unknown-user'],
  ['rcpt', '550 sorry, no mailbox here by that name (#5.1.1 - chkuser)', 'unknown-user'],
  ['rcpt', '554 5.7.1 <%r>: Recipient address rejected: Access denied', 'relay-or-unknown'],
  ['rcpt', '550 Invalid recipient: <%r>', 'relay-or-unknown'],
  ['mail', '530 5.7.0 Must issue a STARTTLS command first', 'tls-required'],
  ['mail', '530 5.7.0 Authentication required', 'auth-required'],
  ['rcpt', '553 5.7.1 <%s>: Sender address rejected: not owned by user joe', 'sender-rejected'],
  ['rcpt', '554 5.7.1 <unknown[192.0.2.9]>: Client host rejected: Access denied', 'client-blocked'],
  ['mail', '450 4.7.1 Error: too much mail from %a', 'limit-messages'],
  ['rcpt', '452 4.5.3 Error: too many recipients', 'limit-recipients-per-message'],
  ['vrfy', '502 5.5.1 VRFY command is disabled', 'disabled-command'],
];

describe.each(known)('%s: %s', (stage, sentence, meaning) => {
  it.each(footers)('followed by "%s"', (footer) => {
    expect(at(stage, sentence + footer)).toBe(meaning);
  });

  it.each(lines)('followed by %s', (footer) => {
    const code = sentence.slice(0, 3);
    const reply = `${code}-${sentence.slice(4)}${footer.replaceAll('554', code)}`;
    expect(at(stage, reply)).toBe(meaning);
    expect(tellingLine(replyOf(reply), { ...said, stage })).toBe(0);
  });
});

describe('a reason is no decoration', () => {
  it.each([
    ['550 5.7.1 relaying denied: %a is listed in dnsbl.example', 'client-blocked'],
    ['550 5.7.1 relaying denied for blacklisted clients', 'client-blocked'],
    ['550 5.7.1 relaying denied because %a is listed at bl.example', 'client-blocked'],
    ['550 5.7.1 relay denied (%a is on a black list)', 'client-blocked'],
    ['550 5.7.1 %a is an open relay, relaying denied', 'client-blocked'],
    [
      '554 5.7.1 Service unavailable; Client host [%a] blocked using zen.spamhaus.org; relay access denied',
      'client-blocked',
    ],
    ['550 5.7.1 SPF check failed: %a is not allowed to relay for probe.example.net', 'sender-rejected'],
    ['550 rejected, see https://www.spamhaus.org/query/ip/%a', 'client-blocked'],
    ['550 5.7.1 Mail refused. Your address is on our block list', 'client-blocked'],
    ['451 4.7.1 Please try again later. Greylisted for 300 seconds', 'greylisted'],
    ['550 5.7.1 No. Reverse DNS lookup failed', 'client-blocked'],
  ] as const)('%s -> %s', (shape, meaning) => {
    expect(at('rcpt', shape)).toBe(meaning);
  });
});

describe('a refusal for another reason is none to relay', () => {
  it.each([
    ['550 Unrouteable address', 'unroutable'],
    ['550-Verification failed for <%r>|550 Unrouteable address', 'sender-rejected'],
    ['550 5.1.1 <%r>: Recipient address rejected: undeliverable address: host mx said: 550 User unknown', 'unroutable'],
    ['550 5.1.1 <%r>... User unknown', 'unroutable'],
    ['550 5.1.1 The email account that you tried to reach does not exist', 'unroutable'],
    ['550 User not found', 'unroutable'],
    ['550 No such user!', 'unroutable'],
    ['550 5.1.1 no', 'unroutable'],
    ["511 sorry, can't find a valid MX for rcpt domain (#5.1.1 - chkuser)", 'our-domain'],
    ["550 5.1.2 sorry, can't find a valid MX for rcpt domain (chkuser)", 'our-domain'],
    ['550 5.1.2 <%r>... Host unknown (Name server: outside.example.org: host not found)', 'our-domain'],
    ['550 Unknown domain', 'our-domain'],
    ['550 5.1.2 Domain does not exist', 'our-domain'],
    ['450 4.1.2 <%r>: Recipient address rejected: Domain not found', 'our-domain'],
    ["550 Sorry, I couldn't find any host named outside.example.org. (#5.1.2)", 'our-domain'],
    ['556 5.1.10 no', 'our-domain'],
    ['451 4.4.0 DNS temporary failure (chkuser)', 'server-error'],
    ['450 No plugin decided if relaying is allowed', 'server-error'],
    // What stays: words of relaying, and codes that mean it.
    ['551 User not local', 'relay-denied'],
    ['550 5.7.54 SMTP; Empfänger nicht zulässig', 'relay-denied'],
    ['550 5.7.64 TenantAttribution', 'relay-denied'],
    ['554 5.7.1 Weiterleitung: Relay nicht erlaubt', 'relay-denied'],
    ['550 Relais non autorisé, relais refusé', 'relay-denied'],
    ['550 relay no permitido', 'relay-denied'],
    ['550 拒绝中继', 'relay-denied'],
    ['550 5.7.1 Rejected by policy', 'refused-permanent'],
    ['550 Mailbox unavailable', 'unroutable'],
  ] as const)('%s -> %s', (shape, meaning) => {
    expect(at('rcpt', shape, { outside: true })).toBe(meaning);
  });

  it('of a recipient that may be its own, the same words speak of a user', () => {
    expect(at('rcpt', '550 Unrouteable address')).toBe('unknown-user');
    expect(at('rcpt', '550 Unrouteable address', { outside: false })).toBe('unknown-user');
  });

  it.each([
    ['mail', "550 5.1.8 sorry, can't find a valid MX for sender domain (chkuser)", 'sender'],
    ['mail', '517 Domain does not exist: probe.example.net.', 'sender'],
    ['rcpt', "550 5.1.2 sorry, can't find a valid MX for rcpt domain (chkuser)", 'recipient'],
    ['rcpt', "550 5.1.8 sorry, can't find a valid MX for sender domain (chkuser)", 'sender'],
    ['rcpt', '550 Unknown domain', null],
  ] as const)('%s: %s is about the %s', (stage, shape, about) => {
    expect(readingOf(replyOf(shape), { ...said, stage })).toMatchObject({ meaning: 'our-domain', about });
  });
});

describe('a 421 says why', () => {
  it.each([
    ['421 4.7.1 mx.example.test Error: No client certificate presented', 'certificate-required'],
    ['421 4.7.1 No required SSL certificate', 'certificate-required'],
    ['421 4.7.1 SSL certificate error', 'certificate-required'],
    ['421 4.7.1 mx.example.test Error: Client certificate not trusted', 'certificate-required'],
    ['421 4.3.0 mx.example.test Server local error', 'proxy-expected'],
    ['421 PROXY timed out', 'proxy-expected'],
    ['421 4.7.0 mx.example.test Rejecting open proxy unknown [%a]', 'open-proxy'],
    ['421 Your host is an open proxy', 'open-proxy'],
    ['421 4.7.0 mx.example.test Command too long, possible attack unknown [%a]', 'line-too-long'],
    ['421 Command line too long', 'line-too-long'],
    ['421 mx.example.test Service unavailable - try again later', 'unavailable'],
    ['421 4.3.2 Service not available, closing transmission channel', 'unavailable'],
    ['421 4.3.2 Service not active', 'unavailable'],
    ['421 mx.example.test Service not available', 'unavailable'],
    ['421 see you', 'unavailable'],
    ['421', 'unavailable'],
    ['421 4.3.2 Service shutting down', 'shutting-down'],
    ['421 mx.example.test Server shutting down', 'shutting-down'],
    ['421 mx.example.test: SMTP service is going down', 'shutting-down'],
    ['421 Cannot connect to SMTP backend', 'backend-down'],
    ['421 4.4.1 Could not connect to upstream server', 'backend-down'],
    ['421 4.3.2 backend is unavailable', 'backend-down'],
    ['421 Unable to contact the backend server, try again later', 'backend-down'],
    ['421 Internal error', 'server-error'],
    ['421 4.3.0 Internal server error', 'server-error'],
    ['451 Internal error - try again later - program fault - command not performed', 'server-error'],
    ['421 4.3.0 Temporary lookup failure', 'server-error'],
    ['421 4.3.0 mx.example.test Server local data error', 'server-error'],
    ['421 4.3.2 All server ports are busy', 'server-error'],
    ['421 out of memory (#4.3.0)', 'server-error'],
    ['421 4.4.2 mx.example.test Error: timeout exceeded', 'idle-timeout'],
    ['421 mx.example.test: SMTP command timeout - closing connection', 'idle-timeout'],
    ['421 4.7.0 IP not in whitelist for RCPT domain, closing connection. abc - gsmtp', 'client-blocked'],
    // And these are limiters.
    ['421 4.7.0 mx.example.test Error: too many connections from %a', 'limit-connections'],
    ['421 Service not available. Too many connections from your host', 'limit-connections'],
    ['421 mx.example.test Too many connected clients, try again in a moment', 'limit-connections'],
    ['421 4.7.0 Try again later, closing connection. abc - gsmtp', 'limit-connections'],
    ['421 HL:ICC 该IP同时并发连接数过大', 'limit-connections'],
    ['550 Connection frequency limited. http://service.mail.qq.com/cgi-bin/help?id=20022', 'limit-connections'],
    ['421 4.7.0 mx.example.test Error: too many errors', 'limit-errors'],
    ['421 4.7.0 NOOP sent too many times', 'limit-errors'],
    ['421 4.7.28 etwas', 'limit-messages'],
  ] as const)('%s -> %s', (shape, meaning) => {
    expect(at('other', shape)).toBe(meaning);
    if (!['limit-messages', 'limit-errors'].includes(meaning)) expect(at('greeting', shape)).toBe(meaning);
  });

  it('452 4.5.3 at RCPT is a limit by its code (RFC 5321 §4.5.3.1.10); elsewhere and with other codes it is not', () => {
    expect(at('rcpt', '452 4.5.3 no more')).toBe('limit-recipients-per-message');
    expect(at('mail', '452 4.5.3 no more')).toBe('refused-transient');
    expect(at('rcpt', '550 5.5.3 <%r>: Recipient address rejected: Multi-recipient bounce')).toBe('refused-permanent');
  });
});

describe('a refused EHLO', () => {
  it.each([
    ['504 5.5.2 <probe.example.net>: Helo command rejected: need fully-qualified hostname', 'helo-rejected'],
    ['550 5.7.1 <probe.example.net>: Helo command rejected: Host not found', 'helo-rejected'],
    ['450 4.7.1 <probe.example.net>: Helo command rejected: Host not found', 'helo-rejected'],
    ['501 Syntactically invalid EHLO argument(s)', 'helo-rejected'],
    ['550 5.5.0 Invalid EHLO domain.', 'helo-rejected'],
    ['501 helo requires domain/address - see RFC-2821 4.1.1.1', 'helo-rejected'],
    ['530 Please login with USER and PASS.', 'not-smtp'],
    ['530 Please log in with USER and PASS first.', 'not-smtp'],
    ["530 You aren't logged in", 'not-smtp'],
    ['530 Not logged in.', 'not-smtp'],
    ['530 no', 'not-smtp'],
    ['500 EHLO not understood', 'not-smtp'],
    ['500 Syntax error, command unrecognized.', 'not-smtp'],
    ['500 5.5.1 Unknown command', 'not-smtp'],
    ['500 5.5.1 Use LHLO', 'not-smtp'],
    ['502 5.5.2 Error: command not recognized', 'not-smtp'],
    ['500 What?', 'not-smtp'],
    ['530 5.7.0 Must issue a STARTTLS command first', 'tls-required'],
    ['530 5.7.0 Authentication required', 'auth-required'],
    ['550 5.7.1 Service unavailable; Client host [%a] blocked using zen.spamhaus.org', 'client-blocked'],
    ['554 5.7.1 <unknown[192.0.2.9]>: Client host rejected: Access denied', 'client-blocked'],
    ['550 Your IP is on a black list', 'client-blocked'],
    ['554 Your mail is not welcome here', 'client-blocked'],
    // Says nothing of our address.
    ['550 5.7.1 no', 'refused-permanent'],
    ['554 Access denied', 'refused-permanent'],
    ['421 4.7.0 too many connections', 'limit-connections'],
    ['451 4.3.0 Temporary lookup failure', 'server-error'],
  ] as const)('%s -> %s', (shape, meaning) => {
    expect(at('helo', shape)).toBe(meaning);
  });
});

/** Postfix `soft_bounce = yes`: each 5xx becomes 4xx, the words stay. */
describe('a 4xx with the permanent words is the same answer', () => {
  it.each([
    ['rcpt', '554 5.7.1 <%r>: Relay access denied'],
    ['vrfy', '554 5.7.1 <%r>: Relay access denied'],
    ['rcpt', '550 5.1.1 <%r>: Recipient address rejected: User unknown in local recipient table'],
    ['rcpt', '550 5.1.1 <%r>: Recipient address rejected: User unknown in virtual alias table'],
    ['rcpt', '554 5.7.1 <%r>: Recipient address rejected: Access denied'],
    ['rcpt', '554 5.7.1 <unknown[192.0.2.9]>: Client host rejected: Access denied'],
    ['rcpt', '553 5.7.1 <%s>: Sender address rejected: not logged in'],
    ['rcpt', '554 5.7.1 Service unavailable; Client host [%a] blocked using zen.spamhaus.org'],
    ['rcpt', '504 5.5.2 <%r>: Recipient address rejected: need fully-qualified address'],
    ['rcpt', '501 5.1.3 Bad recipient address syntax'],
    ['helo', '504 5.5.2 <probe.example.net>: Helo command rejected: need fully-qualified hostname'],
    ['mail', '530 5.7.0 Must issue a STARTTLS command first'],
    ['mail', '552 5.3.4 Message size exceeds fixed limit'],
    ['mail', '503 5.5.1 Error: send HELO/EHLO first'],
    ['vrfy', '502 5.5.1 VRFY command is disabled'],
    ['other', '500 5.5.2 Error: command not recognized'],
    ['starttls', '502 5.5.1 Error: command not implemented'],
    ['auth', '503 5.5.1 Error: authentication not enabled'],
    ['auth', "535 5.7.8 Error: authentication failed: Invalid authentication mechanism: 'FOO'"],
    ['auth', '535 5.7.8 Error: authentication failed: (reason unavailable)'],
    ['auth', '501 5.7.0 Authentication aborted'],
  ] as const)('%s: %s', (stage, shape) => {
    const soft = shape.replace(/^5/, '4').replace(/^(\d{3}) 5\./, '$1 4.');
    expect(at(stage, soft)).toBe(at(stage, shape));
    expect(at(stage, soft)).not.toMatch(/^refused-/);
  });
});

describe('the line that tells', () => {
  it.each([
    ['550 relay not permitted', 0],
    ['550-Go away.|550 relay not permitted', 1],
    ['550-mx.example.test says no|550-Relay access denied|550 see https://example.test/blocklist', 1],
    [
      '554-mail.hoster.test ESMTP Service not available|554-No SMTP service|554-Bad DNS PTR resource record.|554 For explanation visit https://postmaster.hoster.test/',
      2,
    ],
    [
      '554-mx.example.test|554 Your access to this mail system has been rejected due to the poor reputation of a domain',
      1,
    ],
    ['554-mx.example.test|554 go away now', 1],
    ['550-Verification failed for <%s>|550-Unrouteable address|550 Sender verify failed', 0],
    ['501-Syntactically invalid HELO argument(s)|501 Too many syntax or protocol errors', 1],
    // A sentence that goes on in the next line.
    [
      '550-5.1.1 The email account that you tried to|550-5.1.1 reach does not exist. Please try|550 5.1.1 abc - gsmtp',
      0,
    ],
    [
      '421-4.7.28 [192.0.2.9 15] Our system has detected an unusual rate of|421-4.7.28 unsolicited mail originating from your IP address.|421 4.7.28 abc - gsmtp',
      0,
    ],
    ['250-mx.example.test|250 OK', 0],
    ['550', 0],
    ['550-|550-|550 Relaying denied', 2],
  ] as const)('%s: %i', (shape, line) => {
    expect(tellingLine(replyOf(shape), { ...said, stage: 'rcpt' })).toBe(line);
  });
});
