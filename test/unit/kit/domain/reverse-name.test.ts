import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reachOf } from '../../../../src/kit/domain/reach.ts';
import { nibblesOf, reverseLabels, reverseName } from '../../../../src/kit/domain/reverse-name.ts';
import { normalAddress } from '../../../../src/model/address.ts';

test.each([
  ['192.0.2.25', '25.2.0.192.in-addr.arpa'],
  ['::ffff:192.0.2.25', '25.2.0.192.in-addr.arpa'],
  ['2001:db8::25', '5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa'],
  // The example of RFC 3596 §2.5.
  ['4321:0:1:2:3:4:567:89ab', 'b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa'],
  ['::', `${'0.'.repeat(32)}ip6.arpa`],
  ['::1', `1.${'0.'.repeat(31)}ip6.arpa`],
])('%s is kept at %s', (address, name) => {
  expect(reverseName(address)).toBe(name);
});

// The entry for tests of a list of IPv6 addresses (RFC 5782 §5), which is not asked for as IPv4.
test('::ffff:7f00:2 is IPv6', () => {
  expect(reverseLabels('::ffff:7f00:2')).toBe(`2.0.0.0.0.0.f.7.f.f.f.f.${'0.'.repeat(19)}0`);
});

test('each IPv6 address has 32 nibbles, which lead back to it', () => {
  fc.assert(
    fc.property(fc.ipV6(), (text) => {
      const address = normalAddress(text) ?? '';
      if (address.includes('.')) return;
      const groups = nibblesOf(address).match(/.{4}/g) ?? [];
      expect(groups).toHaveLength(8);
      expect(normalAddress(groups.join(':'))).toBe(address);
    }),
  );
});

test.each([
  ['192.0.2.1', 'public'],
  ['2001:db8::1', 'public'],
  ['10.1.2.3', 'private'],
  ['::ffff:10.1.2.3', 'private'],
  ['169.254.0.1', 'private'],
  ['fe80::1', 'private'],
  ['fd00::1', 'private'],
  ['100.64.0.1', 'private'],
  ['127.0.0.53', 'loopback'],
  ['::1', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['0.0.0.0', 'unspecified'],
  ['0.1.2.3', 'unspecified'],
  ['::', 'unspecified'],
])('%s is %s', (address, reach) => {
  expect(reachOf(address)).toBe(reach);
});
