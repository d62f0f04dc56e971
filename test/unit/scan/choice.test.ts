import { expect, test } from 'vitest';
import type { Safety } from '../../../src/model/judgement.ts';
import { defaultPolicy, type Policy } from '../../../src/model/policy.ts';
import { forbidden, portsOf, withNeeded } from '../../../src/scan/choice.ts';

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

test.each<[Safety, Safety, boolean, string | null, string | null]>([
  ['active', 'active', false, '192.88.99.7', null],
  ['load', 'active', true, '127.0.0.1', 'needs --allow load'],
  ['load', 'load', false, '127.0.0.1', null],
  ['load', 'load', false, '8.8.8.8', 'needs --authorized: 8.8.8.8 is a public address'],
  ['intrusive', 'load', false, '8.8.8.8', 'needs --authorized: 8.8.8.8 is a public address'],
  ['load', 'load', true, '8.8.8.8', null],
  ['load', 'load', false, 'localhost/127.0.0.1', null],
  [
    'load',
    'load',
    false,
    'mx.example.com/10.0.0.1',
    'needs --authorized: 10.0.0.1 is where DNS says that mx.example.com is',
  ],
  ['load', 'load', true, 'mx.example.com/10.0.0.1', null],
  ['active', 'active', false, 'mx.example.com/10.0.0.1', null],
  ['load', 'load', false, null, null],
])('%s, allowed %s, authorized %s, at %s: %s', (safety, allow, authorized, at, why) => {
  const [host = '', address = host] = at?.split('/') ?? [];
  expect(forbidden({ safety }, at === null ? null : { host, address }, { allow, authorized })).toBe(why);
});
