import { expect, test } from 'vitest';
import { hostKindOf } from '../../../../src/kit/domain/host-kind.ts';

test.each([
  ['mx.example.com', 'name'],
  ['xn--mx-xka.example.com', 'name'],
  ['192.0.2.1', 'address'],
  ['2001:db8::1', 'address'],
  ['[192.0.2.1]', 'address'],
  ['[ipv6:2001:db8::1]', 'address'],
  ['localhost', 'localhost'],
  ['mail.localhost', 'localhost'],
  ['localhost.localdomain', 'localhost'],
  ['mail', 'one-label'],
  ['mx_1.example.com', 'underscore'],
  ['mx.example.com:25', 'no-name'],
  ['*.example.com', 'no-name'],
  ['mx..example.com', 'no-name'],
  ['-mx.example.com', 'no-name'],
  ['mx\\032.example.com', 'no-name'],
  ['postmaster@example.com', 'no-name'],
  ['999.0.2.1', 'no-name'],
  ['', 'no-name'],
])('%j is %s', (name, kind) => {
  expect(hostKindOf(name)).toBe(kind);
});
