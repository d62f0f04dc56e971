import { expect, test } from 'vitest';
import type { Safety } from '../../../src/model/judgement.ts';
import { parseTarget } from '../../../src/model/parse-target.ts';
import { defaultPolicy, type Policy } from '../../../src/model/policy.ts';
import { forbidden, placeOf, portsOf, withNeeded } from '../../../src/scan/choice.ts';

const probe = (id: string, needs: string[] = [], wants: string[] = [], safety: Safety = 'passive') => ({
  id,
  needs,
  wants,
  safety,
});
const catalogue = [
  probe('hello'),
  probe('starttls-works', ['hello']),
  probe('starttls-offer', ['hello'], ['starttls-works']),
  probe('tls-version', ['starttls-works']),
  probe('vrfy'),
  probe('connection-rate', [], [], 'load'),
  probe('connection-count', [], ['connection-rate', 'hello'], 'load'),
];
const ids = (probes: string[], skip: string[] = []) => withNeeded(catalogue, { probes, skip }).map(({ id }) => id);

test.each<[string[], string[], string[]]>([
  [[], [], catalogue.map(({ id }) => id)],
  [[], ['vrfy', 'connection-rate', 'connection-count'], ['hello', 'starttls-works', 'starttls-offer', 'tls-version']],
  // What a probe only wants is run too, unless it is left out or loud.
  [['starttls-offer'], [], ['hello', 'starttls-works', 'starttls-offer']],
  [['starttls-offer'], ['starttls-works'], ['hello', 'starttls-offer']],
  [['connection-count'], [], ['hello', 'connection-count']],
  [['tls-version'], [], ['hello', 'starttls-works', 'tls-version']],
  [['tls-version', 'vrfy'], ['hello'], ['hello', 'starttls-works', 'tls-version', 'vrfy']],
  [['hello'], ['hello'], []],
])(
  'of %j without %j, what is run is %j: what another needs is run though it was not asked for',
  (probes, skip, run) => {
    expect(ids(probes, skip)).toEqual(run);
  },
);

test('what is needed may stand anywhere', () => {
  const reversed = catalogue.toReversed();
  expect(withNeeded(reversed, { probes: ['tls-version'], skip: [] }).map(({ id }) => id)).toEqual([
    'tls-version',
    'starttls-works',
    'hello',
  ]);
});

const silent: Policy = { ...defaultPolicy, ports: {} };
const speaking: Policy = { ...silent, ports: { 25: 'open', 2525: 'closed' } };

test.each([
  [null, silent, [25], [25, 587, 465]],
  [null, speaking, [25, 2525], [25, 587, 465, 2525]],
  [[26], speaking, [26], [26]],
])('ports of the user %j', (ports, policy, ofDomain, ofHost) => {
  expect(portsOf({ ports, policy })).toEqual({ ofDomain, ofHost });
});

const ofPublic = 'needs --authorized: 8.8.8.8 is a public address';
const ofName = 'needs --authorized: DNS says where mx.example.test is';

test.each<[Safety, Safety, boolean, string, string | null, string | null]>([
  ['active', 'active', false, 'mx.example.test', '192.88.99.7', null],
  ['load', 'active', true, '127.0.0.1', '127.0.0.1', 'needs --allow load'],
  ['load', 'load', false, '127.0.0.1', '127.0.0.1', null],
  ['load', 'load', false, '::1', '::1', null],
  ['load', 'load', false, '8.8.8.8', '8.8.8.8', ofPublic],
  ['intrusive', 'load', false, '8.8.8.8', '8.8.8.8', ofPublic],
  ['load', 'load', false, 'mx.example.test', '8.8.8.8', ofPublic],
  ['load', 'load', false, 'mx.example.test', '127.0.0.1', ofName],
  ['intrusive', 'load', false, 'mx.example.test', null, ofName],
  ['load', 'load', false, 'localhost', '127.0.0.1', null],
  ['load', 'load', false, 'localhost', null, null],
  ['load', 'load', false, 'localhost', '8.8.8.8', ofPublic],
  ['load', 'load', true, 'mx.example.test', '8.8.8.8', null],
])('%s, allowed %s, authorized %s, at %s %s: %s', (safety, allow, authorized, host, address, why) => {
  expect(forbidden({ safety }, { host, address }, { allow, authorized })).toBe(why);
});

test.each<[string, string, string | null]>([
  ['example.test', 'example.test', null],
  ['mx.example.test:25', 'mx.example.test', null],
  ['192.0.2.1:25', '192.0.2.1', '192.0.2.1'],
  ['smtps://[2001:db8::1]:465', '2001:db8::1', '2001:db8::1'],
  ['192.0.2.1', '192.0.2.1', '192.0.2.1'],
])('%s is at %s, %s before DNS is asked', (text, host, address) => {
  const target = parseTarget(text);
  if (target.kind === 'bad') throw new Error(target.problem);
  expect(placeOf(target)).toEqual({ host, address });
});
