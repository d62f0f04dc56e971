import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { decisive, isUsable, kindOf, type Tlsa } from '../../../../src/kit/dane/records.ts';
import { certificatePem } from '../../../support/tls-mta.ts';

const good = new X509Certificate(certificatePem('good'));
const whole = good.raw.toString('hex');
const key = good.publicKey.export({ format: 'der', type: 'spki' }).toString('hex');
const of = (numbers: string, data = ''): Tlsa => {
  const [usage = 0, selector = 0, matching = 0] = numbers.split(' ').map(Number);
  return { usage, selector, matching, data: data || ['', 'ab'.repeat(32), 'cd'.repeat(64)][matching] || '' };
};

describe('a record that senders of mail can use', () => {
  test.each<[string, Tlsa, boolean]>([
    ['of the key', of('3 1 1'), true],
    ['of the certificate', of('3 0 2'), true],
    ['of an authority', of('2 1 2'), true],
    ['of an authority of the web', of('0 0 1'), false],
    ['of a certificate of the web', of('1 1 1'), false],
    ['of a private usage', of('255 1 1'), false],
    ['of an unknown selector', of('3 2 1'), false],
    ['of an unknown matching type', of('3 1 3', 'ab'.repeat(48)), false],
    ['a digest that was cut off', of('3 1 1', 'ab'.repeat(31)), false],
    ['a digest of the other length', of('3 1 2', 'ab'.repeat(32)), false],
    ['a whole certificate', of('2 0 0', whole), true],
    ['a whole key', of('3 1 0', key), true],
    ['a key where a certificate should stand', of('2 0 0', key), false],
    ['a certificate where a key should stand', of('3 1 0', whole), false],
    ['a certificate with something behind it', of('3 0 0', `${whole}00`), false],
    ['a certificate that was cut off', of('2 0 0', whole.slice(0, -2)), false],
    ['nothing', { ...of('3 1 0'), data: '' }, false],
  ])('%s: %o', (_, record, expected) => {
    expect(isUsable(record)).toBe(expected);
  });
});

describe('the strongest digest decides, of each usage and selector', () => {
  test.each<[readonly string[], readonly string[]]>([
    [['3 1 1', '3 1 2'], ['3 1 2']],
    [
      ['3 1 1', '3 0 2'],
      ['3 1 1', '3 0 2'],
    ],
    [
      ['3 1 1', '2 1 2'],
      ['3 1 1', '2 1 2'],
    ],
    [
      ['3 1 1', '3 1 1'],
      ['3 1 1', '3 1 1'],
    ],
    [['1 1 2', '3 1 1', '3 1 3'], ['3 1 1']],
  ])('%j: %j', (records, expected) => {
    expect(decisive(records.map((numbers) => of(numbers))).map(kindOf)).toEqual(expected);
  });

  test('and whole certificates stand beside it', () => {
    const records = [of('2 0 0', whole), of('2 0 1'), of('2 0 2')];
    expect(decisive(records).map(kindOf)).toEqual(['2 0 0', '2 0 2']);
  });
});
