import { describe, expect, test } from 'vitest';
import { isLoopbackAddress, isPublicAddress, isUnspecifiedAddress } from '../../../src/model/vantage.ts';

describe('a public address', () => {
  test.each([
    ...[
      '8.8.8.8',
      '192.0.2.1',
      '198.51.100.7',
      '203.0.113.9',
      '172.15.0.1',
      '172.32.0.1',
      '100.63.255.255',
      '126.0.0.1',
    ],
    ...[
      '2001:db8::1',
      '2a00:1450::1',
      '::ffff:8.8.8.8',
      '64:ff9b::808:808',
      '2002:808:808::1',
      '192.0.1.1',
      '223.255.255.1',
    ],
  ])('is %s', (address) => expect(isPublicAddress(address)).toBe(true));

  test.each([
    ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '100.64.0.1', '127.0.0.1', '169.254.1.1', '172.16.0.1', '172.31.255.255'],
    ...['192.0.0.8', '192.168.1.1', '198.18.0.1', '198.19.255.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
    ...['::', '::1', 'fc00::1', 'fdff::1', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', '100::1', '64:ff9b:1::1'],
    ...['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:a00:1', '::10.0.0.1', '64:ff9b::a00:1', '64:ff9b::10.0.0.1'],
    ...['2002:a00:1::1', '2002:7f00:1::', 'mx.example.com', '', '1.2.3', '300.1.1.1'],
  ])('is not %s', (address) => expect(isPublicAddress(address)).toBe(false));
});

test.each([
  ['127.0.0.1', true],
  ['127.255.0.1', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['128.0.0.1', false],
  ['::2', false],
  ['10.0.0.1', false],
])('%s is of this machine: %s', (address, is) => expect(isLoopbackAddress(address)).toBe(is));

test.each([
  ['0.0.0.0', true],
  ['0.255.0.1', true],
  ['::', true],
  ['::ffff:0.0.0.0', true],
  ['1.0.0.0', false],
  ['::1', false],
])('%s is unspecified: %s', (address, is) => expect(isUnspecifiedAddress(address)).toBe(is));
