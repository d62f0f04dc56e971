import { describe, expect, test } from 'vitest';
import { readStsRecord } from '../../../../src/kit/mta-sts/record.ts';

const id = (text: string) => ({ kind: 'usable', id: text });

describe('the record of MTA-STS', () => {
  test.each<[string, readonly string[], string]>([
    ['as everybody writes it', ['v=STSv1; id=20160831085700Z;'], '20160831085700Z'],
    ['without the last semicolon', ['v=STSv1; id=1'], '1'],
    ['without blanks', ['v=STSv1;id=a1;'], 'a1'],
    ['with blanks and tabs', ['v=STSv1 ;\tid=a1 ; '], 'a1'],
    ['with an extension', ['v=STSv1; x-y.z_1=!<>~; id=a1'], 'a1'],
    ['32 characters', [`v=STSv1; id=${'a'.repeat(32)}`], 'a'.repeat(32)],
    ['beside records of others', ['v=spf1 -all', 'v=STSv1; id=a1', 'v=STSv2; id=a2', ''], 'a1'],
  ])('%s', (_, texts, expected) => {
    expect(readStsRecord(texts)).toEqual(id(expected));
  });

  test.each<[string, readonly string[], RegExp]>([
    ['twice', ['v=STSv1; id=a', 'v=STSv1; id=b'], /2 times/],
    ['twice the same', ['v=STSv1; id=a', 'v=STSv1; id=a'], /2 times/],
    ['no id', ['v=STSv1;'], /no id/],
    ['nothing but the version', ['v=STSv1'], /no id/],
    ['an empty id', ['v=STSv1; id=;'], /1 to 32/],
    ['an id with a hyphen', ['v=STSv1; id=2026-11-28'], /1 to 32 letters and digits: "2026-11-28"/],
    ['an id too long', [`v=STSv1; id=${'a'.repeat(33)}`], /1 to 32/],
    ['an id in quotes', ['v=STSv1; id="a"'], /1 to 32/],
    ['a part that is none', ['v=STSv1; id=a; what'], /"what"/],
    ['two semicolons', ['v=STSv1;; id=a'], /no name=value/],
    ['a version in small letters', ['v=stsv1; id=a'], /does not begin/],
    ['a blank before it', [' v=STSv1; id=a'], /does not begin/],
    ['quotes in it', ['"v=STSv1; id=a"'], /does not begin/],
    ['blanks around =', ['v = STSv1; id=a'], /does not begin/],
    ['a colon for a semicolon', ['v=STSv1: id=a'], /does not begin/],
    ['a blank for a semicolon', ['v=STSv1 id=a'], /does not begin/],
  ])('%s', (_, texts, why) => {
    expect(readStsRecord(texts)).toEqual({ kind: 'unusable', why: expect.stringMatching(why) });
  });

  test.each([[[]], [['v=spf1 -all']], [['']], [['v=TLSRPTv1; rua=mailto:a@b.test']]])('%j: none', (texts) => {
    expect(readStsRecord(texts)).toEqual({ kind: 'none' });
  });

  test('64 kB of anything take no time', () => {
    const started = performance.now();
    for (const text of [' '.repeat(65_000), ';'.repeat(65_000), `id=${' '.repeat(65_000)}x`, 'a=b;'.repeat(16_000)])
      readStsRecord([`v=STSv1;${text}`, text]);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
