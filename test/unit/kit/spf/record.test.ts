import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isNearlySpf, isSpf, mechanismsOf, readSpf, redirectOf } from '../../../../src/kit/spf/record.ts';

const badIn = (record: string) => readSpf(record).flatMap((term) => (term.kind === 'bad' ? [term.text] : []));

describe('sound', () => {
  test.each([
    ['v=spf1'],
    ['v=spf1 -all'],
    ['V=SPF1 MX -ALL'],
    ['v=spf1   a   mx  -all  '],
    ['v=spf1 a:mail.example.com/24//64 mx/24 mx//64 mx:example.com -all'],
    ['v=spf1 ip4:192.0.2.0/24 ip4:192.0.2.1 ip4:0.0.0.0/0 ip6:2001:db8::/32 ip6:::1 ip6:::ffff:192.0.2.1 ~all'],
    ['v=spf1 ptr ptr:example.com ?include:_spf.example.com exists:%{i}._spf.%{d2} ?all'],
    ['v=spf1 redirect=_spf.example.com exp=explain.%{d}'],
    ['v=spf1 moo.cow-far_out=man:dog/cat default=pass empty= -all'],
    ['v=spf1 a:foo.example.com/bar.example -all'],
  ])('%s', (record) => {
    expect(badIn(record)).toEqual([]);
  });
});

describe('in error', () => {
  test.each([
    ['v=spf1 -all.', '-all.'],
    ['v=spf1 all:example.com', 'all:example.com'],
    ['v=spf1 -all;', '-all;'],
    ['v=spf1 include', 'include'],
    ['v=spf1 include: _spf.example.com -all', 'include: _spf.example.com'],
    ['v=spf1 include:192.0.2.1', 'include:192.0.2.1'],
    ['v=spf1 include:localhost', 'include:localhost'],
    ['v=spf1 include:example.com/24', 'include:example.com/24'],
    ['v=spf1 exists', 'exists'],
    ['v=spf1 exists:foo.example.com/24', 'exists:foo.example.com/24'],
    ['v=spf1 a:', 'a:'],
    ['v=spf1 a/33', 'a/33'],
    ['v=spf1 a/08', 'a/08'],
    ['v=spf1 a//129', 'a//129'],
    ['v=spf1 mx/', 'mx/'],
    ['v=spf1 a:192.0.2.1', 'a:192.0.2.1'],
    ['v=spf1 ip4:mail.example.com', 'ip4:mail.example.com'],
    ['v=spf1 ip4:192.0.2', 'ip4:192.0.2'],
    ['v=spf1 ip4:192.0.2.0-255', 'ip4:192.0.2.0-255'],
    ['v=spf1 ip4:192.0.2.0/024', 'ip4:192.0.2.0/024'],
    ['v=spf1 ip4:192.0.2.1:25', 'ip4:192.0.2.1:25'],
    ['v=spf1 ip4:2001:db8::1', 'ip4:2001:db8::1'],
    ['v=spf1 ip6:192.0.2.1', 'ip6:192.0.2.1'],
    ['v=spf1 ip6:2001:db8::/129', 'ip6:2001:db8::/129'],
    ['v=spf1 192.0.2.1', '192.0.2.1'],
    ['v=spf1 ipv4:192.0.2.1', 'ipv4:192.0.2.1'],
    ['v=spf1 mx, a', 'mx,'],
    ['v=spf1 –all', '–all'],
    ['v=spf1 a:bücher.example', 'a:bücher.example'],
    ['v=spf1 note=bücher -all', 'note=bücher'],
    ['v=spf1 mx\t-all', 'mx\t-all'],
    ['v=spf1 mx -all"', '-all"'],
    ['v=spf1 =mx', '=mx'],
    ['v=spf1 redirect=', 'redirect='],
    ['v=spf1 redirect=a.example redirect=b.example', 'redirect=b.example'],
    ['v=spf1 exp=a.example exp=a.example', 'exp=a.example'],
    ['v=spf1 exp=%{q}.example', 'exp=%{q}.example'],
    ['v=spf1 x=%{q}', 'x=%{q}'],
    ['v=spf1 v=spf1', null],
    ['v=spf1 constructor=x constructor=y', null],
  ])('%s', (record, bad) => {
    expect(badIn(record).join(' ')).toBe(bad ?? '');
  });
});

test.each([
  ['v=spf1', true, false],
  ['v=spf1 ', true, false],
  ['v=spf10 mx', false, false],
  ['spf2.0/pra mx', false, false],
  ['v=spf1\tmx', false, true],
  ['v=spf1; mx', false, true],
  ['"v=spf1 mx -all"', false, true],
  [' v=spf1 mx', false, true],
  ['v = spf1 mx', false, true],
  ['spf1 mx', false, true],
  ['v=spf1include:_spf.example.com', false, true],
  ['v=spf1\u00a0mx', false, true],
  ['google-site-verification=spf1', false, false],
  ['', false, false],
])('%s: SPF %s, nearly %s', (text, is, nearly) => {
  expect([isSpf(text), isNearlySpf(text)]).toEqual([is, nearly]);
});

test('nothing behind "all" is looked at, and no redirect beside it', () => {
  const terms = readSpf('v=spf1 a -all mx redirect=_spf.example.com');
  expect(mechanismsOf(terms).map(({ text }) => text)).toEqual(['a', '-all']);
  expect(redirectOf(terms)).toBeNull();
});

test('anything can be read', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'v=spf1 ',
      ' ',
      'include:',
      'a',
      'mx',
      '/',
      '//',
      ':',
      '=',
      '%{',
      '}',
      '%',
      'redirect=',
      '-',
      'all',
    ),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const terms = readSpf(pieces.join(''));
      expect(terms.every(({ text }) => pieces.join('').includes(text))).toBe(true);
    }),
  );
});
