import { expect, test } from 'vitest';
import { type KeyedOn, keyedOn } from '../../../src/kit/relay/keyed-on.ts';

const ids = (text: string) => text.split(' ').map((id) => ({ id }));

test.each<[string, KeyedOn | null, string, string]>([
  ['everybody may', 'nothing', 'outside>plain null>plain user>plain', 'outside>percent@domain'],
  ['senders of its own', 'sender', 'user>plain postmaster>plain own-helo:user>plain tls:user>plain', 'outside>plain'],
  ['the empty sender', 'null-sender', 'null>plain own-helo:null>plain tls:null>plain', 'outside>plain user>plain'],
  [
    'its own name in HELO',
    'helo',
    'own-helo:outside>plain own-helo:null>plain own-helo:user>plain',
    'outside>plain null>plain user>plain',
  ],
  ['encryption', 'tls', 'tls:outside>plain tls:user>plain tls:own-helo:outside>plain', 'outside>plain user>plain'],
  ['routed addresses', 'routed-address', 'outside>percent@domain outside>bang@domain', 'outside>plain'],
  ['its name in the address', 'name-in-address', 'outside>name-in-domain outside>name-as-user', 'outside>plain'],
  ['another domain', 'domain', 'outside>plain@example.org', 'outside>plain'],
  ['two things at once', null, 'user>plain outside>percent@domain', 'outside>plain'],
  ['what nobody can tell: the plain form had no answer', null, 'user>plain', 'null>plain'],
])('a relay that hangs on %s', (_, key, accepted, refused) => {
  expect(keyedOn(ids(accepted), ids(refused))).toBe(key);
});
