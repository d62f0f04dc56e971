import { expect, test } from 'vitest';
import { type AuthAnswer, answerOf } from '../../../../src/kit/auth/answer.ts';
import { replyFrom } from '../../mta/reply-from.ts';

test.each<[AuthAnswer, string, string]>([
  ['works', 'PLAIN everywhere', '334 '],
  ['logged-in', 'ANONYMOUS', '235 2.7.0 Authentication successful'],
  ['not-here', 'Postfix', '503 5.5.1 Error: authentication not enabled'],
  ['not-here', 'Postfix, encrypt', '530 5.7.0 Must issue a STARTTLS command first'],
  ['not-here', 'Postfix without SASL', '502 5.5.1 Error: command not implemented'],
  ['not-here', 'Exim', '503 AUTH command used when not advertised'],
  ['not-here', 'Sendmail', '503 5.3.3 AUTH not available'],
  ['not-here', 'OpenSMTPD', '503 5.5.1 Invalid command: Command not supported'],
  ['not-here', 'qmail', '502 unimplemented (#5.5.1)'],
  ['not-here', 'Stalwart', '503 5.5.1 AUTH not allowed.'],
  ['needs-tls', 'smtp-server', '538 Error: Must issue a STARTTLS command first'],
  ['needs-tls', 'Dovecot', '523 5.7.10 Plaintext authentication disallowed on non-secure (SSL/TLS) connections.'],
  ['needs-tls', 'Postfix', '504 5.5.4 Encryption required for requested authentication mechanism'],
  ['no-mechanism', 'Postfix', "535 5.7.8 Error: authentication failed: Invalid authentication mechanism: 'X'"],
  ['no-mechanism', 'Postfix, Cyrus', '535 5.7.8 Error: authentication failed: no mechanism available'],
  ['no-mechanism', 'Exim', '504 X authentication mechanism not supported'],
  ['no-mechanism', 'OpenSMTPD', '504 5.7.4 Security features not supported: AUTH method "X" not supported'],
  ['no-mechanism', 'Stalwart', '554 5.7.8 Authentication mechanism not supported.'],
  ['refused', 'who knows', '535 5.7.8 Authentication failed.'],
  ['refused', 'who knows', '550 5.7.1 no'],
  ['down', 'Postfix', '454 4.7.0 Temporary authentication failure: Connection lost to authentication server'],
  ['down', 'Exim', '435 Unable to authenticate at present'],
  ['down', 'RFC 4954', '432 4.7.12 A password transition is needed'],
  ['throttled', 'Postfix', '450 4.7.1 Error: too many AUTH commands from 192.0.2.1'],
  ['blocked', 'Postfix', '503 5.7.0 Error: access denied for unknown[192.0.2.1]'],
  ['unclear', 'one that wants it in one line', '501 5.5.4 Syntax: AUTH mechanism'],
  ['unclear', 'one that speaks no SMTP', 'hello'],
  ['unclear', 'one that takes it for NOOP', '250 2.0.0 Ok'],
])('%s: %s says "%s"', (answer, _who, raw) => {
  expect(answerOf(replyFrom(raw))).toBe(answer);
});
