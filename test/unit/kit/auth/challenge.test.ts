import fc from 'fast-check';
import { expect, test } from 'vitest';
import { challengeOf, cramHost, digestRealms } from '../../../../src/kit/auth/challenge.ts';
import { replyFrom } from '../../mta/reply-from.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

test('a 334 carries base64, or nothing that is of use', () => {
  expect(challengeOf(replyFrom('334 VXNlcm5hbWU6'))).toBe('VXNlcm5hbWU6');
  expect(challengeOf(replyFrom('334 '))).toBeNull();
  expect(challengeOf(replyFrom('334'))).toBeNull();
  expect(challengeOf(replyFrom('334 ntlm supported'))).toBeNull();
});

test.each([
  ['<1896.697170952@postoffice.reston.mci.net>', 'postoffice.reston.mci.net'],
  ['<1896.697170952@mx\x1b>', 'mx\\x1b'],
  ['1896@mx', null],
  ['', null],
])('CRAM-MD5: %j', (challenge, host) => {
  expect(cramHost(base64(challenge))).toBe(host);
});

test.each([
  ['realm="example.test",nonce="x",qop="auth"', ['example.test']],
  ['nonce="x",realm="one",realm="two"', ['one', 'two']],
  ['realm="",nonce="x"', ['']],
  ['nonce="realm=\\"not\\"",algorithm=md5-sess', []],
  ['realm=bare,nonce="x"', ['bare']],
  ['REALM = "a\\"b"', ['a"b']],
  ['', []],
])('DIGEST-MD5: %s', (challenge, realms) => {
  expect(digestRealms(base64(challenge))).toEqual(realms);
});

test('never throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      for (const data of [text, base64(text)]) expect(() => [cramHost(data), digestRealms(data)]).not.toThrow();
    }),
  );
});
