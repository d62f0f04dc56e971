import { describe, expect, it } from 'vitest';
import { type Meaning, meaningOf, readingOf, type Said, type Stage } from '../../../src/mta/reply-meaning.ts';
import { codeRules, vagueRules, wordRules } from '../../../src/mta/reply-rules.ts';
import { replyFrom } from './reply-from.ts';

const said = {
  client: '192.0.2.9',
  helo: 'probe.example.net',
  sender: 'tester@probe.example.net',
  recipient: 'u123@outside.example.org',
} satisfies Omit<Said, 'stage'>;

/**
 * `%r` our recipient, `%s` our sender, `%h` our HELO name, `%a` our address. A vertical bar ends a line of the reply.
 */
const literal = (shape: string): string =>
  shape
    .replaceAll('%r', said.recipient)
    .replaceAll('%s', said.sender)
    .replaceAll('%h', said.helo)
    .replaceAll('%a', said.client)
    .replaceAll('|', '\n');

type Row = readonly [stage: Stage, reply: string, meaning: Meaning];

const postfix: readonly Row[] = [
  ['mail', '250 2.1.0 Ok', 'accepted'],
  ['rcpt', '250 2.1.5 Ok', 'accepted'],
  ['data', '354 End data with <CR><LF>.<CR><LF>', 'accepted'],
  ['auth', '334 VXNlcm5hbWU6', 'accepted'],
  ['auth', '235 2.7.0 Authentication successful', 'accepted'],
  ['starttls', '220 2.0.0 Ready to start TLS', 'accepted'],
  ['vrfy', '252 2.0.0 postmaster', 'noncommittal'],
  ['rcpt', '554 5.7.1 <%r>: Relay access denied', 'relay-denied'],
  ['rcpt', '454 4.7.1 <%r>: Relay access denied', 'relay-denied'],
  ['vrfy', '454 4.7.1 <%r>: Relay access denied', 'relay-denied'],
  ['rcpt', '554 5.7.1 <%r>: Recipient address rejected: Access denied', 'relay-or-unknown'],
  ['rcpt', '554 5.7.1 <probe.example.net[192.0.2.9]>: Client host rejected: Access denied', 'client-blocked'],
  ['rcpt', '554 5.7.1 <unknown[192.0.2.9]:4711>: Client host rejected: Access denied', 'client-blocked'],
  ['rcpt', '450 4.3.2 <unknown[192.0.2.9]>: Client host rejected: Try again later', 'client-blocked'],
  ['rcpt', '450 4.7.1 <%r>: Recipient address rejected: Greylisted, see http://x.example/', 'greylisted'],
  ['rcpt', '450 4.2.0 <unknown[192.0.2.9]>: Client host rejected: Greylisted', 'greylisted'],
  ['rcpt', '450 4.3.2 <%r>: Recipient address rejected: Try again later', 'greylisted'],
  ['rcpt', '451 4.3.5 <%r>: Recipient address rejected: Server configuration problem', 'server-error'],
  ['rcpt', '451 4.3.5 <unknown[192.0.2.9]>: Client host rejected: Server configuration problem', 'server-error'],
  ['rcpt', '451 4.3.0 <%r>: Temporary lookup failure', 'server-error'],
  [
    'rcpt',
    '450 4.1.1 <%r>: Recipient address rejected: unverified address: Address verification in progress',
    'server-error',
  ],
  [
    'rcpt',
    '450 4.1.1 <%r>: Recipient address rejected: unverified address: host mx[198.51.100.1] said: 554 5.7.1 <x>: Relay access denied',
    'server-error',
  ],
  [
    'rcpt',
    '550 5.1.1 <%r>: Recipient address rejected: undeliverable address: host mx[198.51.100.1] said: 550 5.1.1 <x>: User unknown',
    'unknown-user',
  ],
  ['rcpt', '450 4.1.7 <%s>: Sender address rejected: unverified address: timed out', 'sender-rejected'],
  ['rcpt', '450 4.1.8 <%s>: Sender address rejected: Domain not found', 'our-domain'],
  ['rcpt', '450 4.1.2 <%r>: Recipient address rejected: Domain not found', 'our-domain'],
  ['helo', '504 5.5.2 <%h>: Helo command rejected: need fully-qualified hostname', 'helo-rejected'],
  ['rcpt', '501 5.5.2 <%h>: Helo command rejected: Invalid name', 'helo-rejected'],
  ['rcpt', '450 4.7.1 <%h>: Helo command rejected: Host not found', 'helo-rejected'],
  ['rcpt', '504 5.5.2 <%s>: Sender address rejected: need fully-qualified address', 'sender-rejected'],
  ['rcpt', '504 5.5.2 <%r>: Recipient address rejected: need fully-qualified address', 'address-syntax'],
  ['rcpt', '553 5.7.1 <%s>: Sender address rejected: not logged in', 'sender-rejected'],
  ['rcpt', '553 5.7.1 <%s>: Sender address rejected: not owned by user joe', 'sender-rejected'],
  [
    'rcpt',
    '550 5.7.27 <%s>: Sender address rejected: Domain probe.example.net does not accept mail (nullMX)',
    'our-domain',
  ],
  [
    'rcpt',
    '556 5.1.10 <%r>: Recipient address rejected: Domain outside.example.org does not accept mail (nullMX)',
    'our-domain',
  ],
  ['rcpt', '450 4.7.25 Client host rejected: cannot find your hostname, [%a]', 'client-blocked'],
  ['rcpt', '450 4.7.1 Client host rejected: cannot find your reverse hostname, [%a]', 'client-blocked'],
  [
    'rcpt',
    '554 5.7.1 Service unavailable; Client host [%a] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/%a',
    'client-blocked',
  ],
  [
    'rcpt',
    '554 5.7.1 Service unavailable; Unverified Client host [x.example] blocked using b.example',
    'client-blocked',
  ],
  ['rcpt', '554 5.7.1 Service unavailable; Sender address [%s] blocked using dbl.example', 'sender-rejected'],
  ['rcpt', '554 5.7.1 Service unavailable; Helo command [%h] blocked using dbl.example', 'helo-rejected'],
  ['rcpt', '554 5.7.1 Service unavailable; Recipient address [%r] blocked using dbl.example', 'our-domain'],
  ['rcpt', '550 5.1.1 <%r>: Recipient address rejected: User unknown in local recipient table', 'unknown-user'],
  ['rcpt', '450 4.1.1 <%r>: Recipient address rejected: User unknown in local recipient table', 'unknown-user'],
  ['vrfy', '550 5.1.1 <%r>: Recipient address rejected: User unknown in virtual mailbox table', 'unknown-user'],
  ['rcpt', '550 5.1.1 <%r>: Recipient address rejected: User unknown in virtual alias table', 'unknown-user'],
  ['rcpt', '550 5.1.1 <%r>: Recipient address rejected: User unknown in relay recipient table', 'unknown-user'],
  ['rcpt', '550 5.1.0 <%s>: Sender address rejected: User unknown in local recipient table', 'sender-rejected'],
  ['rcpt', '452 4.5.3 Error: too many recipients', 'limit-recipients-per-message'],
  ['rcpt', '450 4.7.1 Error: too many recipients from %a', 'limit-recipient-rate'],
  ['vrfy', '450 4.7.1 Error: too many recipients from 2001:db8::7', 'limit-recipient-rate'],
  ['mail', '450 4.7.1 Error: too much mail from %a', 'limit-messages'],
  ['auth', '450 4.7.1 Error: too many AUTH commands from %a', 'limit-auth'],
  ['greeting', '421 4.7.0 mx.example.com Error: too many connections from %a', 'limit-connections'],
  ['other', '421 4.7.0 mx.example.com Error: too many errors', 'limit-errors'],
  ['helo', '421 4.7.0 mx.example.com Error: too many new TLS sessions from unknown[%a]', 'limit-tls'],
  ['starttls', '454 4.7.0 Error: too many new TLS sessions from unknown[%a]', 'limit-tls'],
  ['other', '421 4.4.2 mx.example.com Error: timeout exceeded', 'idle-timeout'],
  ['rcpt', '550 5.5.3 <%r>: Recipient address rejected: Multi-recipient bounce', 'refused-permanent'],
  [
    'rcpt',
    '503 5.5.0 <unknown[192.0.2.9]>: Client host rejected: Improper use of SMTP command pipelining',
    'out-of-sync',
  ],
  ['greeting', '554 5.5.0 Error: SMTP protocol synchronization', 'out-of-sync'],
  ['greeting', '554 mx.example.com ESMTP not accepting connections', 'client-blocked'],
  ['greeting', '421 mx.example.com Service unavailable - try again later', 'unavailable'],
  ['mail', '503 5.7.0 Error: access denied for unknown[%a]', 'client-blocked'],
  ['mail', '452 4.3.1 Insufficient system storage', 'server-error'],
  ['mail', '552 5.3.4 Message size exceeds fixed limit', 'too-big'],
  ['mail', '552 5.3.4 Message size exceeds file system imposed limit', 'too-big'],
  ['data', '552 5.3.4 Error: message file too big', 'too-big'],
  ['other', '552 5.3.4 Chunk exceeds message size limit', 'too-big'],
  ['mail', '501 5.5.4 Bad message size syntax', 'command-syntax'],
  ['rcpt', '501 5.1.3 Bad recipient address syntax', 'address-syntax'],
  ['mail', '501 5.1.7 Bad sender address syntax', 'sender-rejected'],
  ['rcpt', '501 5.5.4 Syntax: RCPT TO:<address>', 'address-syntax'],
  ['mail', '501 5.5.4 Syntax: MAIL FROM:<address>', 'sender-rejected'],
  ['rcpt', '501 5.5.4 Error: Bad NOTIFY parameter syntax', 'command-syntax'],
  ['rcpt', '555 5.5.4 Unsupported option: FOO', 'command-syntax'],
  ['rcpt', '553 5.6.7 Must declare SMTPUTF8 to send unicode address', 'address-syntax'],
  ['helo', '501 Syntax: EHLO hostname', 'helo-rejected'],
  ['vrfy', '502 5.5.1 VRFY command is disabled', 'disabled-command'],
  ['vrfy', '501 5.5.4 Syntax: VRFY address [SMTPUTF8]', 'address-syntax'],
  ['expn', '500 5.5.2 Error: command not recognized', 'disabled-command'],
  ['other', '502 5.5.2 Error: command not recognized', 'disabled-command'],
  ['starttls', '502 5.5.1 Error: command not implemented', 'disabled-command'],
  ['starttls', '454 4.7.0 TLS not available due to local problem', 'server-error'],
  ['starttls', '554 5.5.1 Error: TLS already active', 'bad-sequence'],
  ['starttls', '501 5.5.4 Syntax: STARTTLS', 'command-syntax'],
  ['other', '221 2.7.0 Error: I can break rules, too. Goodbye.', 'disabled-command'],
  ['other', '221 2.0.0 Bye', 'accepted'],
  ['other', '500 5.5.2 mx.example.com Error: command too long', 'line-too-long'],
  ['mail', '530 5.7.0 Must issue a STARTTLS command first', 'tls-required'],
  ['rcpt', '450 4.7.1 Session encryption is required', 'tls-required'],
  ['auth', '504 5.5.4 Encryption required for requested authentication mechanism', 'tls-required'],
  ['auth', '503 5.5.1 Error: authentication not enabled', 'auth-unavailable'],
  ['auth', '502 5.5.1 Error: command not implemented', 'auth-unavailable'],
  ['auth', "535 5.7.8 Error: authentication failed: Invalid authentication mechanism: 'FOO'", 'mechanism-unsupported'],
  ['auth', '535 5.7.8 Error: authentication failed: no mechanism available', 'mechanism-unsupported'],
  ['auth', '535 5.7.8 Error: authentication failed: (reason unavailable)', 'auth-failed'],
  ['auth', '535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6', 'auth-failed'],
  ['auth', '535 5.7.8 Error: authentication failed: authentication failure', 'auth-failed'],
  ['auth', '535 5.7.8 Error: authentication failed: Invalid base64 data in initial response', 'command-syntax'],
  ['auth', '454 4.7.0 Temporary authentication failure: Connection lost to authentication server', 'server-error'],
  ['auth', '454 4.7.0 Temporary authentication failure: generic failure', 'server-error'],
  ['auth', '501 5.7.0 Authentication aborted', 'auth-cancelled'],
  ['auth', '501 5.5.4 Syntax: AUTH mechanism', 'command-syntax'],
  ['auth', '500 5.5.6 SASL response limit exceeded', 'command-syntax'],
  ['auth', '503 5.5.1 Error: already authenticated', 'bad-sequence'],
  ['auth', '503 5.5.1 Error: MAIL transaction in progress', 'bad-sequence'],
  ['rcpt', '503 5.5.1 Error: need MAIL command', 'bad-sequence'],
  ['data', '503 5.5.1 Error: need RCPT command', 'bad-sequence'],
  ['mail', '503 5.5.1 Error: nested MAIL command', 'bad-sequence'],
  ['mail', '503 5.5.1 Error: send HELO/EHLO first', 'bad-sequence'],
  ['data', '554 5.5.1 Error: no valid recipients', 'bad-sequence'],
  ['data', '550 5.5.2 mx.example.com Error: bare <LF> received', 'bare-newline'],
  ['data', '521 5.5.2 mx.example.com Error: bare <LF> received', 'bare-newline'],
  ['data', '550 5.7.1 Error: message content rejected', 'refused-permanent'],
  ['data', '451 4.7.1 Error: service unavailable', 'server-error'],
  ['data', '451 4.3.0 Error: queue file write error', 'server-error'],
  ['data', '354 go ahead', 'accepted'],
  ['helo', '421 4.7.1 mx.example.com Error: No client certificate presented', 'certificate-required'],
  ['rcpt', '550 5.7.0 Error: insufficient authorization', 'refused-permanent'],
];

const postscreen: readonly Row[] = [
  ['rcpt', '450 4.3.2 Service currently unavailable', 'greylisted'],
  ['vrfy', '450 4.3.2 Service currently unavailable', 'greylisted'],
  ['rcpt', '550 5.5.1 Protocol error', 'client-blocked'],
  ['rcpt', '550 5.3.2 Service currently unavailable', 'client-blocked'],
  ['rcpt', '550 5.7.1 Service unavailable; client [%a] blocked using bl.example', 'client-blocked'],
  ['greeting', '521 5.7.1 Service unavailable; client [%a] blocked using bl.example', 'client-blocked'],
  ['greeting', '421 4.7.0 Error: too many connections', 'limit-connections'],
  ['greeting', '421 4.3.2 All server ports are busy', 'server-error'],
  ['greeting', '421 4.3.2 All screening ports are busy', 'server-error'],
  ['greeting', '421 4.3.2 No system resources', 'server-error'],
  ['other', '421 mx.example.com Service unavailable - try again later', 'unavailable'],
  ['other', '502 5.5.2 Error: command not recognized', 'disabled-command'],
];

const exim: readonly Row[] = [
  // What its manual shows for `ratelimit`.
  ['greeting', '421 Sender rate overlimit - 10.1 / 10s', 'limit-connections'],
  ['mail', '451 Sender rate overlimit - 10.1 / 10s', 'limit-messages'],
  ['rcpt', '451 Sender rate overlimit - 10.1 / 10s', 'limit-recipient-rate'],
  ['auth', '451 Sender rate overlimit - 10.1 / 10s', 'limit-auth'],
  ['auth', '451 Rate limit exceeded', 'limit-auth'],
  ['mail', '250 OK', 'accepted'],
  ['rcpt', '250 Accepted', 'accepted'],
  ['rcpt', '550 relay not permitted', 'relay-denied'],
  ['rcpt', '550 Relay not permitted', 'relay-denied'],
  ['rcpt', '550-Go away.|550 relay not permitted', 'relay-denied'],
  ['rcpt', '550 Administrative prohibition', 'relay-or-unknown'],
  ['rcpt', '550 Restricted characters in address', 'address-syntax'],
  ['rcpt', '550 Unrouteable address', 'unknown-user'],
  ['rcpt', '550 Unknown user', 'unknown-user'],
  ['rcpt', '550 Rejected for too many bad recipients', 'limit-errors'],
  ['vrfy', '252 Administrative prohibition', 'noncommittal'],
  ['expn', '550 Administrative prohibition', 'disabled-command'],
  ['vrfy', '250 <u@x.example> is deliverable', 'accepted'],
  ['vrfy', '550 <%r> is not deliverable', 'unknown-user'],
  ['vrfy', '550 <%r> Unrouteable address', 'unknown-user'],
  ['vrfy', '451 Cannot resolve <%r> at this time', 'server-error'],
  ['auth', '503 AUTH command used when not advertised', 'auth-unavailable'],
  ['auth', '504 FOO authentication mechanism not supported', 'mechanism-unsupported'],
  ['auth', '535 Incorrect authentication data', 'auth-failed'],
  ['auth', '435 Unable to authenticate at present', 'server-error'],
  ['auth', '501 Invalid base64 data', 'command-syntax'],
  ['auth', '501 Authentication cancelled', 'auth-cancelled'],
  ['auth', '553 Initial data not expected', 'command-syntax'],
  ['starttls', '503 STARTTLS command used when not advertised', 'disabled-command'],
  ['starttls', '454 TLS currently unavailable', 'server-error'],
  ['greeting', '421 Too many concurrent SMTP connections; please try again later.', 'limit-connections'],
  [
    'greeting',
    '421 Too many concurrent SMTP connections from this IP address; please try again later.',
    'limit-connections',
  ],
  ['greeting', '421 Too much load; please try again later.', 'server-error'],
  ['mail', '421 too many messages in this connection', 'limit-transactions'],
  ['rcpt', '452 too many recipients', 'limit-recipients-per-message'],
  ['rcpt', '552 too many recipients', 'limit-recipients-per-message'],
  ['other', '500 unrecognized command', 'disabled-command'],
  ['other', '500 Too many unrecognized commands', 'limit-errors'],
  ['other', '501-EHLO: bad argument|501 Too many syntax or protocol errors', 'limit-errors'],
  ['other', '554 Too many nonmail commands', 'limit-errors'],
  ['greeting', '554 SMTP synchronization error', 'out-of-sync'],
  ['mail', '552 Message size exceeds maximum permitted', 'too-big'],
  ['data', '552 A message header line is too long', 'too-big'],
  ['data', '552 Message header is ridiculously long', 'too-big'],
  ['mail', '452 Space shortage, please try later', 'server-error'],
  ['rcpt', '550 rejected because %a is in a black list at zen.example', 'client-blocked'],
  ['greeting', '554 SMTP service not available', 'client-blocked'],
  ['helo', '501 Syntactically invalid HELO argument(s)', 'helo-rejected'],
  ['helo', '550 HELO argument does not match calling host', 'helo-rejected'],
  ['mail', '503 HELO or EHLO required', 'bad-sequence'],
  ['rcpt', '550-Verification failed for <%s>|550-Unrouteable address|550 Sender verify failed', 'sender-rejected'],
  ['rcpt', '451 Temporary local problem - please try later', 'server-error'],
  ['mail', '501 <%s>: sender address must contain a domain', 'sender-rejected'],
  ['rcpt', '501 <%r>: recipient address must contain a domain', 'address-syntax'],
  ['rcpt', '451 greylisted - come back later', 'greylisted'],
  ['data', '354 Enter message, ending with "." on a line by itself', 'accepted'],
  ['greeting', '421 mx.example.com: SMTP command timeout - closing connection', 'idle-timeout'],
];

const sendmail: readonly Row[] = [
  ['rcpt', '550 5.7.1 <%r>... Relaying denied', 'relay-denied'],
  ['rcpt', '550 5.7.1 <%r>... Relaying denied. Proper authentication required.', 'relay-denied'],
  ['rcpt', '550 5.7.1 <%r>... Relaying denied. IP name lookup failed [%a]', 'relay-denied'],
  ['rcpt', '550 5.7.1 <%r>... Relaying denied. IP name possibly forged [%a]', 'relay-denied'],
  ['rcpt', '450 4.4.0 <%r>... Relaying temporarily denied. Cannot resolve PTR record for %a', 'relay-denied'],
  ['rcpt', '550 5.1.1 <%r>... User unknown', 'unknown-user'],
  ['rcpt', '550 5.1.1 Addressee unknown', 'unknown-user'],
  ['rcpt', '550 5.2.1 <%r>... Mailbox disabled for this recipient', 'unknown-user'],
  ['vrfy', '250 2.1.5 Full Name <u@h.example>', 'accepted'],
  ['vrfy', '252 2.1.5 <u@x.example>', 'noncommittal'],
  ['vrfy', '252 2.5.2 Cannot VRFY user; try RCPT to attempt delivery (or try finger)', 'noncommittal'],
  ['expn', '502 5.7.0 Sorry, we do not allow this operation', 'disabled-command'],
  ['vrfy', '503 5.0.0 I demand that you introduce yourself first', 'bad-sequence'],
  ['auth', '503 5.3.3 AUTH not available', 'auth-unavailable'],
  ['auth', '504 5.3.3 AUTH mechanism FOO not available', 'mechanism-unsupported'],
  ['auth', '535 5.7.0 authentication failed', 'auth-failed'],
  ['auth', '454 4.5.4 Temporary authentication failure', 'server-error'],
  ['auth', '501 5.0.0 AUTH aborted', 'auth-cancelled'],
  ['mail', '530 5.7.0 Authentication required', 'auth-required'],
  ['starttls', '454 4.3.3 TLS not available after start', 'server-error'],
  ['starttls', '503 5.5.0 TLS not available', 'disabled-command'],
  ['mail', '452 4.3.2 Connection rate limit exceeded.', 'limit-connections'],
  ['greeting', '421 4.3.2 Connection rate limit exceeded.', 'limit-connections'],
  ['mail', '452 4.3.2 Too many open connections.', 'limit-connections'],
  ['rcpt', '452 4.5.3 Too many recipients', 'limit-recipients-per-message'],
  ['rcpt', '421 4.7.0 mx.example.com Too many bad recipients; closing connection', 'limit-errors'],
  ['other', '421 4.7.0 mx.example.com Too many bad commands; closing connection', 'limit-errors'],
  ['other', '500 5.5.1 Command unrecognized: "XPROBE"', 'disabled-command'],
  ['mail', '552 5.2.3 Message size exceeds fixed maximum message size (1000)', 'too-big'],
  ['mail', '452 4.4.5 Insufficient disk space; try again later', 'server-error'],
  ['mail', '550 5.7.1 Rejected: %a listed at zone.example', 'client-blocked'],
  ['mail', '451 4.4.3 Temporary lookup failure of %a at zone.example', 'server-error'],
  ['rcpt', '550 5.7.1 Access denied', 'refused-permanent'],
  ['mail', '550 5.7.1 Fix reverse DNS for %a', 'client-blocked'],
  ['mail', '451 4.1.8 Client IP address %a does not resolve', 'client-blocked'],
  ['mail', '451 4.1.8 Possibly forged hostname for %a', 'client-blocked'],
  ['mail', '553 5.1.8 <%s>... Domain of sender address %s does not exist', 'our-domain'],
  ['mail', '451 4.1.8 <%s>... Domain of sender address %s does not resolve', 'our-domain'],
  ['mail', '553 5.5.4 <%s>... Domain name required for sender address %s', 'sender-rejected'],
  ['mail', '553 5.5.4 <%s>... Real domain name required for sender address', 'sender-rejected'],
  ['helo', '501 5.0.0 EHLO requires domain address', 'helo-rejected'],
  ['helo', '501 5.0.0 Invalid domain name', 'helo-rejected'],
  ['mail', '503 5.0.0 Polite people say HELO first', 'bad-sequence'],
  ['rcpt', '550 5.7.1 bogus HELO name used: %h', 'helo-rejected'],
  ['greeting', '554 mx.example.com ESMTP not accepting messages', 'client-blocked'],
  ['mail', '550 5.0.0 Command rejected', 'refused-permanent'],
  ['other', '421 4.7.0 mx.example.com Rejecting open proxy unknown [%a]', 'open-proxy'],
  ['other', '421 4.7.0 mx.example.com Command too long, possible attack unknown [%a]', 'line-too-long'],
];

const opensmtpd: readonly Row[] = [
  ['rcpt', '550 Invalid recipient: <%r>', 'relay-or-unknown'],
  ['rcpt', '524 5.2.4 Mailing list expansion problem: <%r>', 'refused-permanent'],
  ['rcpt', '451 Temporary failure: <%r>', 'server-error'],
  ['vrfy', '500 5.5.1 Invalid command: Command unrecognized', 'disabled-command'],
  ['auth', '503 5.5.1 Invalid command: Command not supported', 'auth-unavailable'],
  ['auth', '503 5.5.1 Invalid command: Command not allowed at this point.', 'bad-sequence'],
  ['auth', '504 5.7.4 Security features not supported: AUTH method "FOO" not supported', 'mechanism-unsupported'],
  ['auth', '535 Authentication failed', 'auth-failed'],
  ['auth', '421 4.3.0 Temporary failure', 'server-error'],
  ['mail', '530 5.5.1 Invalid command: Must issue a STARTTLS command first', 'tls-required'],
  ['mail', '530 5.5.1 Invalid command: Must issue an AUTH command first', 'auth-required'],
  ['mail', '452 4.5.3 Too many recipients: Too many messages sent', 'limit-messages'],
  ['rcpt', '451 4.5.3 Too many recipients: Too many recipients', 'limit-recipients-per-message'],
  ['data', '554 5.3.4 Message too big for system: Transaction failed, message too big', 'too-big'],
  ['mail', '530 Sender rejected', 'sender-rejected'],
  ['mail', '553 5.1.0 Sender address syntax error', 'sender-rejected'],
  ['rcpt', '501 5.1.3 Recipient address syntax error', 'address-syntax'],
  ['rcpt', '500 5.5.1 Invalid command: Pipelining not supported', 'out-of-sync'],
  ['other', '500 5.0.0 Line too long', 'line-too-long'],
  ['starttls', '503 5.5.1 Invalid command: Command not supported', 'disabled-command'],
  ['starttls', '503 5.5.1 Invalid command: Channel already secured', 'bad-sequence'],
];

const haraka: readonly Row[] = [
  ['rcpt', '550 I cannot deliver mail for <%r>', 'relay-denied'],
  ['rcpt', '550 recipient <%r> denied', 'relay-or-unknown'],
  ['rcpt', '450 recipient <%r> denied', 'refused-transient'],
  ['mail', '550 sender <%s> denied', 'sender-rejected'],
  ['vrfy', "252 Just try sending a mail and we'll see how it turns out...", 'noncommittal'],
  ['expn', '500 Unrecognized command', 'disabled-command'],
  ['greeting', '554 Your mail is not welcome here', 'client-blocked'],
  ['mail', '554 Your mail is not welcome here', 'client-blocked'],
  ['greeting', '421 Come back later', 'client-blocked'],
  ['greeting', '554 rDNS Lookup Failed', 'client-blocked'],
  ['rcpt', '550 Authentication required', 'auth-required'],
  ['greeting', '421 Too many concurrent connections', 'limit-connections'],
  ['greeting', '421 connection rate limit exceeded', 'limit-connections'],
  ['rcpt', '450 recipient rate limit exceeded', 'limit-recipient-rate'],
  ['rcpt', '421 Too many recipient attempts', 'limit-errors'],
  ['other', '421 Too many unrecognized commands', 'limit-errors'],
  ['other', '421 Too many errors', 'limit-errors'],
  ['helo', '501 EHLO requires domain/address - see RFC-2821 4.1.1.1', 'helo-rejected'],
  ['helo', '550 HELO denied', 'helo-rejected'],
  ['mail', '550 Message too big!', 'too-big'],
  ['data', '554 No valid recipients', 'bad-sequence'],
  ['data', '503 RCPT required first', 'bad-sequence'],
  ['other', '521 Command line too long', 'line-too-long'],
  ['data', '451 Bare line-feed; see http://haraka.github.io/barelf/', 'bare-newline'],
];

const qmailAndCourier: readonly Row[] = [
  ['rcpt', "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", 'relay-denied'],
  ['rcpt', '250 ok', 'accepted'],
  ['vrfy', "252 send some mail, i'll try my best", 'noncommittal'],
  ['expn', '502 unimplemented (#5.5.1)', 'disabled-command'],
  ['auth', '502 unimplemented (#5.5.1)', 'auth-unavailable'],
  ['starttls', '502 unimplemented (#5.5.1)', 'disabled-command'],
  ['rcpt', '553 sorry, your envelope sender is in my badmailfrom list (#5.7.1)', 'sender-rejected'],
  ['rcpt', '555 syntax error (#5.5.4)', 'address-syntax'],
  ['mail', '555 syntax error (#5.5.4)', 'sender-rejected'],
  ['data', '552 sorry, that message size exceeds my databytes limit (#5.3.4)', 'too-big'],
  ['other', '451 timeout (#4.4.2)', 'idle-timeout'],
  ['other', '421 out of memory (#4.3.0)', 'server-error'],
  ['data', '451 See https://cr.yp.to/docs/smtplf.html.', 'bare-newline'],
  ['rcpt', '513 Relaying denied.', 'relay-denied'],
  ['rcpt', '550 User unknown.', 'unknown-user'],
  ['rcpt', '511 Undeliverable address.', 'unknown-user'],
  ['vrfy', '500 <nobody> not found.', 'unknown-user'],
  ['vrfy', '252 VRFY disabled', 'noncommittal'],
  ['expn', '252 EXPN disabled', 'noncommittal'],
  ['auth', '535 Authentication failed.', 'auth-failed'],
  ['auth', '535 Authentication rejected', 'auth-failed'],
  ['mail', '535 Authentication required.', 'auth-required'],
  ['mail', '400 STARTTLS is required first.', 'tls-required'],
  ['starttls', '540 TLS not available.', 'disabled-command'],
  ['starttls', '440 TLS not available.', 'server-error'],
  ['mail', '517 Domain does not exist: probe.example.net.', 'our-domain'],
  ['mail', '517 Sender rejected: go away', 'sender-rejected'],
  ['mail', '417 DNS lookup failure: probe.example.net.  Try again later.', 'our-domain'],
  ['helo', '517 RFC 1035 violation: recursive CNAME records', 'helo-rejected'],
  ['helo', '417 DNS lookup on HELO probe.example.net failed', 'helo-rejected'],
  ['mail', '502 Polite people say HELO first', 'bad-sequence'],
  ['rcpt', '531 Too many recipients.', 'limit-recipients-per-message'],
  ['rcpt', '431 Too many recipients.', 'limit-recipients-per-message'],
  ['mail', '534 SIZE=Message too big.', 'too-big'],
  ['data', '523 Message length (5 bytes) exceeds administrative limit(4).', 'too-big'],
  ['vrfy', '502 ESMTP command error', 'disabled-command'],
  ['rcpt', '502 ESMTP command error', 'bad-sequence'],
];

const others: readonly Row[] = [
  // Dovecot submission
  ['auth', '523 5.7.10 Plaintext authentication disallowed on non-secure (SSL/TLS) connections.', 'tls-required'],
  ['auth', '504 5.5.4 Unsupported authentication mechanism.', 'mechanism-unsupported'],
  ['auth', '535 5.7.8 Authentication failed.', 'auth-failed'],
  ['auth', '525 5.7.13 User account disabled', 'auth-failed'],
  ['mail', '530 5.7.0 Authentication required.', 'auth-required'],
  ['vrfy', '252 2.3.3 Try RCPT instead', 'noncommittal'],
  ['other', '500 5.5.2 Line too long', 'line-too-long'],
  ['rcpt', '451 4.5.3 Too many recipients', 'limit-recipients-per-message'],
  // Stalwart
  ['rcpt', '550 5.1.2 Relay not allowed.', 'relay-denied'],
  ['rcpt', '550 5.1.2 Mailbox does not exist.', 'unknown-user'],
  ['vrfy', '252 2.5.1 VRFY is disabled.', 'noncommittal'],
  ['vrfy', '550 5.1.2 Address not found.', 'unknown-user'],
  ['auth', '503 5.5.1 AUTH not allowed.', 'auth-unavailable'],
  ['auth', '554 5.7.8 Authentication mechanism not supported.', 'mechanism-unsupported'],
  ['auth', '535 5.7.8 Authentication credentials invalid.', 'auth-failed'],
  ['auth', '455 4.3.0 Too many authentication errors, disconnecting.', 'limit-auth'],
  ['mail', '503 5.5.1 You must authenticate first.', 'auth-required'],
  ['helo', '550 5.5.0 Invalid EHLO domain.', 'helo-rejected'],
  ['mail', '550 5.7.1 Sender address not allowed.', 'sender-rejected'],
  ['mail', '550 5.7.25 Reverse DNS validation failed.', 'client-blocked'],
  ['mail', '452 4.4.5 Rate limit exceeded, try again later.', 'limit-messages'],
  ['rcpt', '452 4.4.5 Rate limit exceeded, try again later.', 'limit-recipient-rate'],
  ['mail', '452 4.4.5 Maximum number of messages per session exceeded.', 'limit-messages'],
  ['rcpt', '455 4.5.3 Too many recipients.', 'limit-recipients-per-message'],
  ['rcpt', '451 4.5.3 Try again later.', 'greylisted'],
  ['rcpt', '451 4.3.0 Too many errors, disconnecting.', 'limit-errors'],
  ['other', '421 4.3.2 mx.example.com Session open for too long.', 'idle-timeout'],
  ['data', '552 5.3.4 Message too big for system.', 'too-big'],
  // maddy
  ['mail', '501 5.1.8 Use Submission for outgoing SMTP', 'relay-denied'],
  ['mail', '501 5.1.8 Non-local sender domain', 'sender-rejected'],
  ['rcpt', "550 5.1.1 User doesn't exist", 'unknown-user'],
  ['auth', '535 5.7.8 Invalid credentials', 'auth-failed'],
  ['mail', '451 4.4.5 High load, try again later', 'server-error'],
  // nodemailer smtp-server
  ['greeting', '421 mx.example.com Too many connected clients, try again in a moment', 'limit-connections'],
  ['greeting', '421 mx.example.com You talk too soon', 'out-of-sync'],
  ['other', '421 Error: too many unrecognized commands', 'limit-errors'],
  ['other', '421 Error: too many unauthenticated commands', 'limit-errors'],
  ['mail', '530 Error: authentication Required', 'auth-required'],
  ['auth', '538 Error: Must issue a STARTTLS command first', 'tls-required'],
  ['auth', '504 Error: Unrecognized authentication type', 'mechanism-unsupported'],
  ['auth', '535 Error: Username and Password not accepted', 'auth-failed'],
  ['vrfy', '252 Try to send something. No promises though', 'noncommittal'],
  ['mail', '552 Error: message exceeds fixed maximum message size 1000', 'too-big'],
  ['other', '421 HTTP requests not allowed', 'disabled-command'],
  ['other', '421 Timeout - closing connection', 'idle-timeout'],
  ['rcpt', '501 Error: Bad recipient address syntax', 'address-syntax'],
  ['mail', '501 Error: Bad sender address syntax', 'sender-rejected'],
  ['auth', '503 Error: No identity changes permitted', 'bad-sequence'],
  // Exchange and Exchange Online
  ['rcpt', '550 5.7.1 Unable to relay', 'relay-denied'],
  ['rcpt', '550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain', 'relay-denied'],
  ['rcpt', '550 5.7.64 TenantAttribution; Relay Access Denied', 'relay-denied'],
  ['rcpt', '550 5.4.1 Relay Access Denied', 'relay-denied'],
  ['rcpt', '550 5.1.1 User unknown', 'unknown-user'],
  ['rcpt', '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup', 'unknown-user'],
  ['rcpt', '550 5.4.1 Recipient address rejected: Access denied. AS(201806281) [x.example]', 'relay-or-unknown'],
  ['vrfy', '252 2.1.5 Cannot VRFY user', 'noncommittal'],
  ['expn', '500 5.3.3 Unrecognized command', 'disabled-command'],
  ['mail', '530 5.7.57 SMTP; Client was not authenticated to send anonymous mail during MAIL FROM', 'auth-required'],
  ['mail', '530 5.7.1 Client was not authenticated', 'auth-required'],
  ['auth', '535 5.7.3 Authentication unsuccessful', 'auth-failed'],
  [
    'auth',
    '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.',
    'auth-unavailable',
  ],
  [
    'greeting',
    '421 4.3.2 The maximum number of concurrent connections has exceeded a limit, closing transmission channel',
    'limit-connections',
  ],
  [
    'greeting',
    '421 4.3.2 The maximum number of concurrent server connections has exceeded a per-source limit, closing transmission channel',
    'limit-connections',
  ],
  ['mail', '421 4.4.2 Message submission rate for this client has exceeded the configured limit', 'limit-messages'],
  ['rcpt', '451 4.7.500 Server busy. Please try again later from [%a]', 'greylisted'],
  ['other', '421 4.7.0 Too many errors on this connection, closing transmission channel', 'limit-errors'],
  ['data', '552 5.3.4 Message size exceeds fixed maximum message size', 'too-big'],
  ['rcpt', '550 5.7.606 Access denied, banned sending IP [%a]', 'client-blocked'],
  ['rcpt', '550 5.7.1 Service unavailable, Client host [%a] blocked using Spamhaus', 'client-blocked'],
  ['helo', '501 5.5.4 Invalid domain name', 'helo-rejected'],
  ['rcpt', '451 4.7.0 Temporary server error. Please try again later. PRX4', 'server-error'],
  // Gmail
  ['helo', '421 4.7.0 Try again later, closing connection. abc - gsmtp', 'limit-connections'],
  [
    'mail',
    '421-4.7.28 [192.0.2.9 15] Our system has detected an unusual rate of|421-4.7.28 unsolicited mail originating from your IP address.|421 4.7.28 abc - gsmtp',
    'limit-messages',
  ],
  ['rcpt', '421 4.7.0 IP not in whitelist for RCPT domain, closing connection. abc - gsmtp', 'client-blocked'],
  ['rcpt', '421 4.7.0 TLS required for RCPT domain, closing connection. abc - gsmtp', 'tls-required'],
  ['rcpt', '450 4.2.1 The user you are trying to contact is receiving mail too quickly', 'refused-transient'],
  ['rcpt', '451 4.3.0 Multiple destination domains per transaction is unsupported.', 'limit-recipients-per-message'],
  ['mail', '451 4.5.0 SMTP protocol violation, see RFC 2821', 'out-of-sync'],
  [
    'rcpt',
    '550-5.1.1 The email account that you tried to reach does not exist. Please try|550-5.1.1 double-checking the address.|550 5.1.1 abc - gsmtp',
    'unknown-user',
  ],
  [
    'data',
    '550-5.7.26 This mail has been blocked because the sender is unauthenticated.|550-5.7.26 SPF [probe.example.net] with ip: [192.0.2.9] = did not pass|550 5.7.26 abc - gsmtp',
    'sender-rejected',
  ],
  ['mail', '550 5.7.1 [%a] is not authorized to send email directly to our servers', 'client-blocked'],
  ['auth', '535 5.7.8 Username and Password not accepted. abc - gsmtp', 'auth-failed'],
  // Seen elsewhere
  ['rcpt', '550 5.7.1 Relaying to <%r> denied (authentication required)', 'relay-denied'],
  ['rcpt', '550 relaying to <%r> prohibited by administrator', 'relay-denied'],
  ['rcpt', '554 Relay rejected for policy reasons.', 'relay-denied'],
  ['rcpt', '550 This system is not configured to relay mail from <%s> to <%r>', 'relay-denied'],
  ['rcpt', '550 #5.1.0 Address rejected.', 'relay-or-unknown'],
  ['rcpt', '550 Delivery is not allowed to this address.', 'relay-or-unknown'],
  [
    'rcpt',
    '503 This mail server requires authentication when attempting to send to a non-local e-mail address.',
    'auth-required',
  ],
  ['rcpt', '530 SMTP authentication is required.', 'auth-required'],
  [
    'rcpt',
    '550 5.7.1 <%r>: Recipient address rejected: Mail appeared to be SPAM or forged. Ask your Mail/DNS-Administrator to get removed from DNSBLs',
    'client-blocked',
  ],
  ['greeting', '421 4.7.0 Rate limit exceeded', 'limit-connections'],
  // Filters in front
  ['data', '451 4.7.1 Try again later', 'greylisted'],
  ['data', '451 4.7.1 Greylisting in action, please come back in 00:05:00', 'greylisted'],
  [
    'rcpt',
    '450 4.2.0 <%r>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/x',
    'greylisted',
  ],
  ['data', '451 4.7.1 Ratelimit "to_ip" exceeded', 'limit-messages'],
  [
    'rcpt',
    '550 5.7.23 <%r>: Recipient address rejected: Message rejected due to: SPF fail - not authorized.',
    'sender-rejected',
  ],
  ['rcpt', '451 4.7.1 Service unavailable - try again later', 'greylisted'],
  ['rcpt', '550 5.7.1 Command rejected', 'refused-permanent'],
];

const tables = { postfix, postscreen, exim, sendmail, opensmtpd, haraka, 'qmail and Courier': qmailAndCourier, others };

describe.each(Object.entries(tables))('what %s says', (_name, rows) => {
  it.each(rows)('%s: %s -> %s', (stage, shape, meaning) => {
    expect(meaningOf(replyFrom(literal(shape)), { stage, ...said })).toBe(meaning);
  });
});

describe('traps', () => {
  const traps: readonly Row[] = [
    ['rcpt', '554 5.7.1 <relay.example[192.0.2.9]>: Client host rejected: relay access denied', 'client-blocked'],
    ['rcpt', '550 5.7.1 Mail from %a refused: blocked using relays.ordb.org', 'client-blocked'],
    ['rcpt', '550 5.7.1 %a is an open relay, relaying denied', 'client-blocked'],
    ['rcpt', '550 5.7.1 relaying denied: %a is listed in dnsbl.example', 'client-blocked'],
    ['rcpt', '550 5.7.1 SPF check failed: %a is not allowed to relay for probe.example.net', 'sender-rejected'],
    ['rcpt', '550 5.7.1 <%s>: Sender address rejected: Relay access denied', 'sender-rejected'],
    ['rcpt', '550 5.7.1', 'refused-permanent'],
    ['rcpt', '550 5.7.1 Rejected by policy', 'refused-permanent'],
    ['rcpt', '450 4.7.1 Rejected by policy', 'refused-transient'],
    ['rcpt', '454 4.7.1 no', 'refused-transient'],
    ['rcpt', '552 5.2.2 <%r>: Mailbox full', 'refused-permanent'],
    ['rcpt', '550 5.1.1 <%r>... User not listed in directory', 'unknown-user'],
    ['rcpt', '550 5.1.1 <%r>... no thanks', 'unknown-user'],
    ['mail', '550 5.1.1 <%s>... User unknown', 'sender-rejected'],
    ['rcpt', '551 User not local; please try <x@y.example>', 'relay-denied'],
    ['rcpt', '251 User not local; will forward to <x@y.example>', 'accepted'],
    ['rcpt', '250 Relay access denied', 'accepted'],
    ['rcpt', '354 go ahead', 'out-of-sync'],
    ['rcpt', '221 2.0.0 Bye', 'out-of-sync'],
    ['greeting', '554 go away', 'client-blocked'],
    ['greeting', '421 see you', 'unavailable'],
    ['rcpt', 'Relay access denied', 'unintelligible'],
    ['rcpt', '999 Relay access denied', 'unintelligible'],
    ['rcpt', '099 Relay access denied', 'unintelligible'],
  ];
  it.each(traps)('%s: %s -> %s', (stage, shape, meaning) => {
    expect(meaningOf(replyFrom(literal(shape)), { stage, ...said })).toBe(meaning);
  });

  it.each([
    ['554 5.7.1 <relay-denied@x.example>: no', { sender: 'a@b.example', recipient: 'relay-denied@x.example' }],
    ['554 5.7.1 No mail for "relay access denied"@x.example', { recipient: '"relay access denied"@x.example' }],
    ['554 5.7.1 <"relay access denied>x"@x.example>: no', { recipient: '"relay access denied>x"@x.example' }],
    ['554 5.7.1 Nothing for <RELAY ACCESS DENIED> here', {}],
    ['554 5.7.1 relay-denied is not welcome', { recipient: 'relay-denied@x.example' }],
  ] as const)('our own words do not count: %s', (raw, sent) => {
    expect(meaningOf(replyFrom(raw), { stage: 'rcpt', ...sent })).toBe('refused-permanent');
  });

  it('keeps words of the server that happen to be our local part', () => {
    const sent = { stage: 'rcpt', sender: 'relay@b.example', recipient: 'user@x.example' } as const;
    expect(meaningOf(replyFrom('550 5.1.1 <user@x.example>: User unknown'), sent)).toBe('unknown-user');
    expect(meaningOf(replyFrom('554 5.7.1 <user@x.example>: Relay access denied'), sent)).toBe('relay-denied');
  });

  it('reads a long hostile text in bounded time', () => {
    const noise = 'relay '.repeat(200_000);
    const started = performance.now();
    expect(meaningOf(replyFrom(`550 5.7.1 ${noise}`), { stage: 'rcpt', ...said })).toBe('refused-permanent');
    for (const piece of ['<', '"', 'message ', 'address ', 'undeliverable address: ', 'rate limit ', '[', 'tls ']) {
      meaningOf(replyFrom(`550 5.7.1 ${piece.repeat(100_000)}`), { stage: 'rcpt', ...said });
    }
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('the object', () => {
  it.each([
    ['450 4.1.8 <%s>: Sender address rejected: Domain not found', 'sender'],
    ['450 4.1.2 <%r>: Recipient address rejected: Domain not found', 'recipient'],
    ['553 5.1.8 <%s>... Domain of sender address %s does not exist', 'sender'],
    ['550 5.7.23 <%r>: Recipient address rejected: SPF fail', 'sender'],
    ['554 5.7.1 <%r>: Relay access denied', 'recipient'],
    ['550 5.7.1 no', null],
    ['450 4.7.1 Error: too many recipients from %a', null],
  ] as const)('%s is about %s', (shape, about) => {
    expect(readingOf(replyFrom(literal(shape)), { stage: 'rcpt', ...said }).about).toBe(about);
  });

  it('tells a sender that is also the recipient by the words, else by the stage', () => {
    const twin = { sender: 'u@x.example', recipient: 'u@x.example' };
    const at = (stage: Stage, raw: string) => readingOf(replyFrom(raw), { stage, ...twin });
    expect(at('rcpt', '553 5.7.1 <u@x.example>: Sender address rejected: not logged in').meaning).toBe(
      'sender-rejected',
    );
    expect(at('rcpt', '554 5.7.1 <u@x.example>: Relay access denied').meaning).toBe('relay-denied');
    expect(at('mail', '550 5.7.1 <u@x.example>: no').about).toBe('sender');
    expect(at('rcpt', '550 5.7.1 <u@x.example>: no').about).toBe('recipient');
  });

  it('knows the null reverse-path', () => {
    const bounce = { stage: 'rcpt', sender: '<>', recipient: 'u@x.example' } as const;
    expect(meaningOf(replyFrom('550 5.7.1 <>: Sender address rejected: no bounces'), bounce)).toBe('sender-rejected');
  });
});

describe('the table', () => {
  it('has no unbounded repeat', () => {
    for (const { text } of [...wordRules, ...vagueRules, ...codeRules])
      expect(text?.source ?? '').not.toMatch(/[.\])][*+]/);
  });
});
