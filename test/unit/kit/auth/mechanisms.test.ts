import fc from 'fast-check';
import { expect, test } from 'vitest';
import { authOffer, mechanismsToTry } from '../../../../src/kit/auth/mechanisms.ts';
import { replyFrom } from '../../mta/reply-from.ts';

const offerOf = (raw: string) => authOffer(replyFrom(raw));

test.each([
  ['the usual line', '250-mx\n250-AUTH PLAIN LOGIN\n250 DSN', ['PLAIN', 'LOGIN'], false],
  ['the last line', '250-mx\n250 AUTH PLAIN', ['PLAIN'], false],
  ['the old spelling', '250-mx\n250-AUTH=PLAIN LOGIN\n250 DSN', ['PLAIN', 'LOGIN'], true],
  ['the old spelling, parted', '250-mx\n250 AUTH = PLAIN', ['PLAIN'], true],
  ['both spellings', '250-mx\n250-AUTH PLAIN LOGIN\n250 AUTH=LOGIN CRAM-MD5', ['PLAIN', 'LOGIN', 'CRAM-MD5'], true],
  ['any case', '250-mx\n250 auth plain Login', ['PLAIN', 'LOGIN'], false],
  ['any white space', '250-mx\n250 AUTH\tPLAIN   LOGIN ', ['PLAIN', 'LOGIN'], false],
  ['repeated lines', '250-mx\n250-AUTH PLAIN\n250 AUTH PLAIN NTLM', ['PLAIN', 'NTLM'], false],
  ['no mechanism', '250-mx\n250 AUTH', [], false],
  ['none', '250-mx\n250 DSN', [], false],
  ['words that only begin like it', '250-mx\n250-AUTHENTICATE PLAIN\n250 X-AUTH LOGIN', [], false],
  ['a server called AUTH', '250-AUTH PLAIN\n250 DSN', [], false],
  ['one line only', '250 AUTH PLAIN', [], false],
  ['names that are none', '250-mx\n250 AUTH PLAIN <b>LOGIN</b> \\x1b[2J', ['PLAIN'], false],
])('%s', (_name, raw, mechanisms, legacyLine) => {
  expect(offerOf(raw)).toMatchObject({ mechanisms, legacyLine });
});

test('every line that names mechanisms is quoted', () => {
  const { at } = offerOf('250-mx\n250-AUTH PLAIN\n250-DSN\n250 AUTH=PLAIN');
  expect(at).toEqual([
    { session: 's1', event: 1, quote: '250-AUTH PLAIN' },
    { session: 's1', event: 3, quote: '250 AUTH=PLAIN' },
  ]);
});

test('never throws, whatever the line', () => {
  const line = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string().map((text) => `250-AUTH ${text}`),
    fc.string().map((text) => `250 AUTH=${text}`),
  );
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 20 }), (lines) => {
      const { mechanisms } = offerOf(lines.join('\n'));
      expect(mechanisms.length).toBeLessThanOrEqual(64);
      expect(mechanisms.every((name) => /^[A-Z0-9_-]+$/.test(name))).toBe(true);
    }),
  );
});

test('what is tried: the listed first, the common ones even where they are hidden, and few', () => {
  expect(mechanismsToTry([])).toEqual(['PLAIN', 'LOGIN', 'ANONYMOUS']);
  expect(mechanismsToTry(['CRAM-MD5', 'LOGIN'])).toEqual(['LOGIN', 'CRAM-MD5', 'ANONYMOUS']);
  expect(mechanismsToTry(['CRAM-MD5'])).toEqual(['CRAM-MD5', 'PLAIN', 'LOGIN', 'ANONYMOUS']);
  expect(mechanismsToTry(['X-EVIL', 'PLAIN'])).not.toContain('X-EVIL');
  const all = ['PLAIN', 'LOGIN', 'ANONYMOUS', 'NTLM', 'DIGEST-MD5', 'CRAM-MD5', 'XOAUTH2', 'EXTERNAL', 'GSSAPI', 'SRP'];
  expect(mechanismsToTry(all)).toHaveLength(8);
});
