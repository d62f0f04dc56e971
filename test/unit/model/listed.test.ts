import { describe, expect, test } from 'vitest';
import { listed, saidOf } from '../../../src/model/listed.ts';

describe('names in a sentence', () => {
  test.each([
    [[], ''],
    [['PLAIN'], 'PLAIN'],
    [['PLAIN', 'LOGIN'], 'PLAIN and LOGIN'],
    [['PLAIN', 'LOGIN', 'NTLM'], 'PLAIN, LOGIN and NTLM'],
  ])('%j', (names, expected) => {
    expect(listed(names)).toBe(expected);
  });

  test.each([
    [['PLAIN'], 'PLAIN is listed'],
    [['PLAIN', 'LOGIN'], 'PLAIN and LOGIN are listed'],
    [['PLAIN', 'LOGIN', 'NTLM'], 'PLAIN, LOGIN and NTLM are listed'],
  ])('%j with a verb', (names, expected) => {
    expect(saidOf(names, 'is listed', 'are listed')).toBe(expected);
  });
});
