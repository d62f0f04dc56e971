import { describe, expect, test } from 'vitest';
import { UsageError } from '../../../src/model/usage-error.ts';
import { openInbox, readInbox } from '../../../src/proof/read-inbox.ts';

const password =
  'put it into the environment variable MXPROBE_INBOX_PASSWORD, or into a file that MXPROBE_INBOX_PASSWORD_FILE names';

test.each([
  ['maildir:/home/alice/Maildir', { kind: 'maildir', path: '/home/alice/Maildir' }],
  ['maildir:Mail dir', { kind: 'maildir', path: 'Mail dir' }],
])('%s', (text, expected) => {
  expect(readInbox('--inbox', text)).toEqual({ ...expected, shown: text });
});

test.each([
  [
    'imaps://alice@mx.example.test',
    'implicit mx.example.test 993 alice INBOX',
    'imaps://alice@mx.example.test:993/INBOX',
  ],
  ['imaps://alice@MX.example.test:9993/', 'implicit mx.example.test 9993 alice INBOX', null],
  [
    'imaps://a@b.test@mx.test/Junk/Mail',
    'implicit mx.test 993 a@b.test Junk/Mail',
    'imaps://a@b.test@mx.test:993/Junk/Mail',
  ],
  ['imaps://a%40b.test@mx.test/Sent%20Mail', 'implicit mx.test 993 a@b.test Sent Mail', null],
  ['imaps://a@[2001:db8::1]:1993', 'implicit 2001:db8::1 1993 a INBOX', 'imaps://a@[2001:db8::1]:1993/INBOX'],
  ['imap://alice@mx.test', 'starttls mx.test 143 alice INBOX', 'imap://alice@mx.test:143/INBOX'],
  ['IMAP://alice@192.0.2.1', 'starttls 192.0.2.1 143 alice INBOX', null],
  ['imap://alice@localhost:1143', 'if-offered localhost 1143 alice INBOX', null],
  ['imap://alice@127.0.0.1', 'if-offered 127.0.0.1 143 alice INBOX', null],
  ['imap://alice@[::1]', 'if-offered ::1 143 alice INBOX', null],
])('%s', (text, expected, shown) => {
  const address = readInbox('--inbox', text);
  if (address.kind !== 'imap') throw new Error('not IMAP');
  const { tls, host, port, user, mailbox } = address;
  expect([tls, host, port, user, mailbox].join(' ')).toBe(expected);
  if (shown !== null) expect(address.shown).toBe(shown);
});

describe('a mistake is told in one line with the way out', () => {
  test.each([
    ['', 'is no mailbox that can be looked into: give imaps://user@host/mailbox, imap://user@host or maildir:/path'],
    [
      'pop3://a@mx.test',
      'is no mailbox that can be looked into: give imaps://user@host/mailbox, imap://user@host or maildir:/path',
    ],
    [
      'constructor:x',
      'is no mailbox that can be looked into: give imaps://user@host/mailbox, imap://user@host or maildir:/path',
    ],
    ['maildir:', 'has no path: write maildir:/home/alice/Maildir'],
    ['maildir:///home/alice', 'has slashes too many: write maildir:/home/alice/Maildir'],
    ['imaps:alice@mx.test', 'is none that can be read: write imaps://user@host/mailbox'],
    ['imaps://mx.test', 'has no user: write imaps://user@host, and a / in the user as %2F'],
    ['imaps://@mx.test', 'has no user: write imaps://user@host, and a / in the user as %2F'],
    ['imaps://alice:s3cret@mx.test', `has a password in it: ${password}`],
    ['imap://alice:@mx.test', `has a password in it: ${password}`],
    ['imaps://alice:s3cret@pw@mx.test', `has a password in it: ${password}`],
    ['imaps://alice:s3cret/pw@mx.test', 'has no user: write imaps://user@host, and a / in the user as %2F'],
    ['imaps://alice:s3cret', 'has no user: write imaps://user@host, and a / in the user as %2F'],
    ['imaps://alice%zz@mx.test', 'has a % that begins no character: write a % itself as %25'],
    ['imaps://alice%0d%0a@mx.test', 'has a control or invisible character in it: type it anew'],
    ['imaps://alice@mx.test:0', 'has a host, "mx.test:0", that has port 0: ports are between 1 and 65535'],
    ['imaps://alice@', 'has a host, "", that has no name in it: give a domain such as example.com'],
  ])('%s', (text, expected) => {
    expect(() => readInbox('--inbox', text)).toThrow(new UsageError(`--inbox: the address ${expected}`));
  });
});

test.each([null, ''])('IMAP without a password (%j)', async (secret) => {
  const opened = openInbox(readInbox('--inbox', 'imaps://alice@mx.test'), {
    secret,
    tlsCa: null,
    signal: new AbortController().signal,
  });
  await expect(opened).rejects.toThrow(new UsageError(`imaps://alice@mx.test:993/INBOX needs a password: ${password}`));
});
