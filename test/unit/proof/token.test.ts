import { expect, test } from 'vitest';
import { isToken, makeToken } from '../../../src/proof/token.ts';

const secret = 'sixteen octets or more';
const at = new Date('2026-01-02T03:04:05Z');
const token = makeToken(secret, { about: '192.0.2.1:25 plain', at });
const later = (seconds: number) => new Date(at.getTime() + seconds * 1000);

test('a token is a local part that any server takes', () => {
  expect(token).toMatch(/^[a-z0-9-]{1,64}$/);
});

test.each([
  ['at once', token, 0, true],
  ['after six days in a queue', token, 6 * 86_400, true],
  ['after eight days', token, 8 * 86_400, false],
  ['by a clock that is slow by a minute', token, -60, true],
  ['by a clock that is slow by an hour', token, -3600, false],
  ['in capitals, as some servers write addresses', token.toUpperCase(), 0, true],
  ['with another ending', `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`, 0, false],
  ['with another time', token.replace(/^mxp-(.)/, (_, first) => `mxp-${first === 'a' ? 'b' : 'a'}`), 0, false],
  ['longer', `${token}0`, 0, false],
  ['nothing', '', 0, false],
  ['somebody', 'postmaster', 0, false],
])('%s it holds or does not', (_, text, seconds, holds) => {
  expect(isToken(secret, text, later(seconds))).toBe(holds);
});

test('another secret makes other tokens', () => {
  expect(isToken('another one of sixteen', token, at)).toBe(false);
});

test('what it is about is in it', () => {
  expect(makeToken(secret, { about: '192.0.2.1:25 percent', at })).not.toBe(token);
});
