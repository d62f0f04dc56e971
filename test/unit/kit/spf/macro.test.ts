import { describe, expect, test } from 'vitest';
import { expand, isDomainSpec, isMacroString, type MacroValues } from '../../../../src/kit/spf/macro.ts';

/** The mail of RFC 7208 §7.4. */
const mail: MacroValues = {
  s: 'strong-bad@email.example.com',
  l: 'strong-bad',
  o: 'email.example.com',
  d: 'email.example.com',
  i: '192.0.2.3',
  p: 'mx.example.org',
  v: 'in-addr',
  h: 'mx.example.org',
};

describe('macros stand for', () => {
  test.each([
    ['%{s}.x', 'strong-bad@email.example.com.x'],
    ['%{d}', 'email.example.com'],
    ['%{d4}', 'email.example.com'],
    ['%{d2}', 'example.com'],
    ['%{d1}', 'com'],
    ['%{dr}', 'com.example.email'],
    ['%{d2r}', 'example.email'],
    ['%{l-}', 'strong.bad'],
    ['%{lr-}', 'bad.strong'],
    ['%{l1r-}', 'strong'],
    ['%{ir}.%{v}._spf.%{d2}', '3.2.0.192.in-addr._spf.example.com'],
    ['%{lr-}.lp._spf.%{d2}', 'bad.strong.lp._spf.example.com'],
    ['%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}', '3.2.0.192.in-addr.strong.lp._spf.example.com'],
    ['%{D2}.Trusted-Domains.example.NET.', 'example.com.trusted-domains.example.net'],
    ['a%%b.example.com', 'a%b.example.com'],
    ['a.%{o}..b', null],
    [`${'x'.repeat(64)}.example.com`, null],
  ])('%s: %s', (spec, name) => {
    expect(expand(spec, mail)).toBe(name);
  });

  test('no more than a name may be long: labels on the left go', () => {
    const long = expand(`${'abcdefgh.'.repeat(40)}example.com`, mail);
    expect(long?.length).toBeLessThanOrEqual(253);
    expect(long).toMatch(/^(abcdefgh\.)+example\.com$/);
  });
});

test.each([
  ['example.com', true],
  ['example.com.', true],
  ['_spf.xn--bcher-kva.example', true],
  ['%{i}._spf.%{d2}', true],
  ['%{h}', true],
  ['a.b-c', true],
  ['localhost', false],
  ['', false],
  ['192.0.2.1', false],
  ['example.c_m', false],
  ['example.-com', false],
  ['example..com..', false],
  ['%{c}.example.com', false],
  ['%{x}.example.com', false],
  ['%{d0}.example.com', false],
  ['%{d.example.com', false],
  ['100%.example.com', false],
  ['bücher.example', false],
  ['a b.example.com', false],
])('%s is a domain-spec: %s', (text, is) => {
  expect(isDomainSpec(text)).toBe(is);
});

test('explanations may have more macros than names', () => {
  expect(isMacroString('%{c}%_%{r}%{t}')).toBe(true);
  expect(isMacroString('%{z}')).toBe(false);
});

test.each(['.a', 'a-', '%{d}', '%', '..', '.-'])('a long row of %s is read at once', (piece) => {
  const began = performance.now();
  isDomainSpec(`.${piece.repeat(20_000)}!`);
  isMacroString(`${piece.repeat(20_000)}\t`);
  expect(performance.now() - began).toBeLessThan(500);
});
