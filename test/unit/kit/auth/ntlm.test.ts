import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ntlmFacts, ntlmLines, ntlmNegotiate } from '../../../../src/kit/auth/ntlm.ts';
import { ntlmChallenge } from './auth-server.ts';

test('the opening is the 32 bytes of MS-NLMP §2.2.1.1, with no name in them', () => {
  expect(ntlmNegotiate).toBe('TlRMTVNTUAABAAAAB4IIoAAAAAAAAAAAAAAAAAAAAAA=');
});

test('a challenge tells of the inside', () => {
  expect(ntlmFacts(ntlmChallenge)).toEqual({
    target: 'EXAMPLE',
    netbiosComputer: 'DC1',
    netbiosDomain: 'EXAMPLE',
    dnsComputer: 'dc1.corp.example.test',
    dnsDomain: 'corp.example.test',
    dnsTree: 'example.test',
    osVersion: '10.0.17763',
    time: '2026-01-02T03:04:05.000Z',
  });
});

test('in words, what is missing left out', () => {
  const facts = ntlmFacts(Buffer.from(ntlmChallenge, 'base64').subarray(0, 40).toString('base64'));
  if (facts === null) throw new Error('a short challenge is a challenge');
  expect(ntlmLines(facts)).toEqual([]);
  expect(ntlmLines({ ...facts, target: 'EXAMPLE' })).toEqual(['target: EXAMPLE']);
});

test.each([
  ['nothing', ''],
  ['no base64', '%%%%'],
  ['the prompt of a server', 'VXNlcm5hbWU6'],
  ['our own opening back', ntlmNegotiate],
  ['a signature and no more', Buffer.from('NTLMSSP\0\x02\0\0\0').toString('base64')],
])('%s is no challenge', (_name, text) => {
  expect(ntlmFacts(text)).toBeNull();
});

test('lengths and offsets that point anywhere are not believed', () => {
  const whole = Buffer.from(ntlmChallenge, 'base64');
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 12 }),
      fc.nat(whole.length),
      (changes, length) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of changes) if (at >= 12) bytes[at] = value;
        const facts = ntlmFacts(bytes.subarray(0, length).toString('base64'));
        for (const line of facts === null ? [] : ntlmLines(facts)) {
          expect(line).not.toMatch(/[\x00-\x1f\x7f]/);
          expect(line.length).toBeLessThan(5_000);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('names are printable, whatever their bytes', () => {
  const bytes = Buffer.from(ntlmChallenge, 'base64');
  bytes.writeUInt16LE(0x1b, 56);
  expect(ntlmFacts(bytes.toString('base64'))?.target).toBe('\\x1bXAMPLE');
});
