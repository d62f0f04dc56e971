import { describe, expect, test } from 'vitest';
import { isCovered } from '../../../../src/kit/mta-sts/matching.ts';

describe('an MX pattern', () => {
  test.each<[string, string, boolean]>([
    ['mx.example.com', 'mx.example.com', true],
    ['mx.example.com', 'MX.example.COM', true],
    ['mx.example.com', 'mx.example.com.', true],
    ['mx.example.com.', 'mx.example.com', true],
    ['mx.example.com', 'mx2.example.com', false],
    ['mx.example.com', 'amx.example.com', false],
    ['mx.example.com', 'a.mx.example.com', false],
    ['example.com', 'mx.example.com', false],
    ['*.example.com', 'mx.example.com', true],
    ['*.EXAMPLE.com', 'mx.example.com.', true],
    ['*.example.com', 'example.com', false],
    ['*.example.com', 'a.b.example.com', false],
    ['*.example.com', '.example.com', false],
    ['*.example.com', 'mx.example.com.evil.test', false],
    ['*.example.com', 'mxexample.com', false],
    ['*.example.com', '*.example.com', true],
    ['mx*.example.com', 'mx1.example.com', false],
    ['*mx.example.com', 'amx.example.com', false],
    ['mx.*.com', 'mx.example.com', false],
    ['*.*.example.com', 'a.b.example.com', false],
    ['*', 'mx', false],
    ['*', 'mx.example.com', false],
    ['*.', 'com', false],
    ['', '', false],
    ['', 'mx.example.com', false],
    ['.', '', false],
    ['mx.example.com, mx2.example.com', 'mx.example.com', false],
  ])('%s, %s: %s', (pattern, host, expected) => {
    expect(isCovered(pattern, host)).toBe(expected);
  });
});
