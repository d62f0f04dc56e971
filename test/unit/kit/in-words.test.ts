import { describe, expect, test } from 'vitest';
import { authAfterTls } from '../../../probes/auth-after-tls.ts';
import { authBeforeTls } from '../../../probes/auth-before-tls.ts';
import { defaultPolicy } from '../../../src/index.ts';
import { byPolicy } from '../../../src/kit/auth/by-policy.ts';
import { readPhase } from '../../../src/kit/auth/reading.ts';
import { inWords, saying, theyAre } from '../../../src/model/in-words.ts';
import { phaseOf, unknownMechanism } from './auth/auth-server.ts';

test.each<[string[], string, string, string]>([
  [[], 'none', 'none works', 'none is'],
  [['PLAIN'], 'PLAIN', 'PLAIN works', 'PLAIN is'],
  [['PLAIN', 'LOGIN'], 'PLAIN and LOGIN', 'PLAIN and LOGIN work', 'PLAIN and LOGIN are'],
  [['PLAIN', 'LOGIN', 'NTLM'], 'PLAIN, LOGIN and NTLM', 'PLAIN, LOGIN and NTLM work', 'PLAIN, LOGIN and NTLM are'],
])('%j', (names, list, works, are) => {
  expect([inWords(names, 'none'), saying(names, 'works', 'work'), theyAre(names)]).toEqual([list, works, are]);
});

const lists = ['PLAIN', 'PLAIN LOGIN', 'PLAIN LOGIN XOAUTH2'];
const answered = (names: string, reply: string) =>
  phaseOf(`250-mx\n250 AUTH ${names}`, Object.fromEntries(names.split(' ').map((name) => [name, reply])));

describe('sentences on one, two and three mechanisms', () => {
  const inside = (names: string, reply: string, role = 'submission') =>
    authAfterTls.judge({ role, kind: 'asked', before: [], phase: answered(names, reply) }, {}, defaultPolicy).because;
  const clear = (names: string, reply: string) =>
    authBeforeTls.judge({ role: 'submission', kind: 'asked', phase: answered(names, reply) }, {}, defaultPolicy)
      .because;

  test('inside TLS, working and refused', () => {
    expect(lists.map((names) => inside(names, '334 '))).toEqual([
      'inside TLS PLAIN works',
      'inside TLS PLAIN and LOGIN work',
      'inside TLS PLAIN, LOGIN and XOAUTH2 work',
    ]);
    expect(lists.map((names) => inside(names, unknownMechanism))).toEqual([
      'users cannot log in: PLAIN is listed and refused',
      'users cannot log in: PLAIN and LOGIN are listed and refused',
      'users cannot log in: PLAIN, LOGIN and XOAUTH2 are listed and refused',
    ]);
    expect(lists.map((names) => inside(names, unknownMechanism, 'mx'))).toEqual([
      'PLAIN is listed and refused',
      'PLAIN and LOGIN are listed and refused',
      'PLAIN, LOGIN and XOAUTH2 are listed and refused',
    ]);
  });

  test('in clear, working and refused', () => {
    expect(lists.map((names) => clear(names, '334 '))).toEqual([
      'PLAIN works in clear',
      'PLAIN and LOGIN work in clear',
      'PLAIN, LOGIN and XOAUTH2 work in clear',
    ]);
    expect(lists.map((names) => clear(names, unknownMechanism))).toEqual([
      expect.stringMatching(/^EHLO lists PLAIN in clear and refuses it: /),
      expect.stringMatching(/^EHLO lists PLAIN and LOGIN in clear and refuses them: /),
      expect.stringMatching(/^EHLO lists PLAIN, LOGIN and XOAUTH2 in clear and refuses them: /),
    ]);
  });

  test('by a policy', () => {
    const by = (names: string, reply: string) =>
      byPolicy(readPhase(answered(names, reply)), { required: names.split(' ') }, 'inside TLS', {})?.because;
    expect(lists.map((names) => by(names, unknownMechanism))).toEqual([
      'PLAIN is listed and refused inside TLS, and the policy requires it',
      'PLAIN and LOGIN are listed and refused inside TLS, and the policy requires them',
      'PLAIN, LOGIN and XOAUTH2 are listed and refused inside TLS, and the policy requires them',
    ]);
    expect(lists.map((names) => by(names, '454 4.7.0 Temporary authentication failure'))).toEqual([
      expect.stringMatching(/^whether PLAIN works inside TLS, /),
      expect.stringMatching(/^whether PLAIN and LOGIN work inside TLS, /),
      expect.stringMatching(/^whether PLAIN, LOGIN and XOAUTH2 work inside TLS, /),
    ]);
  });
});
