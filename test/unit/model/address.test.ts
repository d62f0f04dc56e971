import { isIP } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { familyOf, normalAddress } from '../../../src/model/address.ts';

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['0.0.0.0', '0.0.0.0'],
  ['255.255.255.255', '255.255.255.255'],
  ['256.0.0.1', null],
  ['1.2.3', null],
  ['01.2.3.4', null],
  ['1.2.3.4.', null],
  ['::', '::'],
  ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['::ffff:c000:0201', '::ffff:192.0.2.1'],
  ['::192.0.2.1', '::c000:201'],
  ['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
  ['[::1]', null],
  ['::1%lo', null],
  ['1::2::3', null],
  ['12345::', null],
  ['mx.example.com', null],
  ['', null],
])('the normal form of %j is %j', (text, address) => {
  expect(normalAddress(text)).toBe(address);
});

test('agrees with node:net on what is an address, and is stable', () => {
  const likely = fc.string({ unit: fc.constantFrom(...'0123fF:.::'), maxLength: 20 });
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), likely), (text) => {
      const address = normalAddress(text);
      expect(address !== null).toBe(isIP(text) !== 0);
      if (address === null) return;
      expect(familyOf(address)).toBe(isIP(text));
      expect(normalAddress(address)).toBe(address);
    }),
    { numRuns: 2000 },
  );
});
