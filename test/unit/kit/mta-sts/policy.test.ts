import { describe, expect, test } from 'vitest';
import { readPolicy } from '../../../../src/kit/mta-sts/policy.ts';

const good = ['version: STSv1', 'mode: enforce', 'mx: mx.example.com', 'max_age: 604800'];
const policy = { mode: 'enforce', maxAge: 604_800, patterns: ['mx.example.com'], slips: [] };
const asPolicy = (parts: object = {}) => ({ kind: 'policy', policy: { ...policy, ...parts } });
/** The good one, with a line in place of the one that begins like it; `''` takes it out. */
const swap = (start: string, line: string) =>
  good.flatMap((one) => (one.startsWith(start) ? (line === '' ? [] : [line]) : [one])).join('\n');

describe('a policy', () => {
  test.each<[string, string, object]>([
    ['lines that end in CRLF', `${good.join('\r\n')}\r\n`, {}],
    ['lines that end in LF', `${good.join('\n')}\n`, {}],
    ['no end of the last line', good.join('\r\n'), {}],
    ['both ends', 'version: STSv1\r\nmode: enforce\nmx: mx.example.com\r\nmax_age: 604800', {}],
    ['another order', good.toReversed().join('\n'), {}],
    ['no blank behind the colon', good.join('\n').replaceAll(': ', ':'), {}],
    ['many blanks and tabs behind it', good.join(' \t\n').replaceAll(': ', ':\t  '), {}],
    ['keys that nobody knows', `${good.join('\n')}\nx-note: a: b\nMX: other.example.com\n`, {}],
    ['several mx', `${good.join('\n')}\nmx: *.example.net`, { patterns: ['mx.example.com', '*.example.net'] }],
    ['testing', swap('mode', 'mode: testing'), { mode: 'testing' }],
    ['none', swap('mode', 'mode: none'), { mode: 'none' }],
    ['max_age 0', swap('max_age', 'max_age: 0'), { maxAge: 0 }],
    ['max_age with zeros', swap('max_age', 'max_age: 0000086400'), { maxAge: 86_400 }],
    ['a year', swap('max_age', 'max_age: 31557600'), { maxAge: 31_557_600 }],
    ['the same mode twice', `${good.join('\n')}\nmode: enforce`, {}],
  ])('%s', (_, text, parts) => {
    expect(readPolicy(text)).toEqual(asPolicy(parts));
  });

  test('of none no mx is wanted', () => {
    expect(readPolicy('version: STSv1\nmode: none\nmax_age: 86400\n')).toEqual(
      asPolicy({ mode: 'none', maxAge: 86_400, patterns: [] }),
    );
  });

  test.each<[string, string, RegExp]>([
    ['nothing', '', /has no version/],
    ['a page', '<!doctype html>\n<p>mode: enforce</p>', /has no version/],
    ['another version', swap('version', 'version: STSv2'), /"STSv2"/],
    ['the version in small letters', swap('version', 'version: stsv1'), /"stsv1"/],
    ['the record in place of the policy', 'v=STSv1; id=20261128', /has no version/],
    ['no version', swap('version', ''), /has no version$/],
    ['a byte order mark', `\\u{feff}${good.join('\n')}`, /has no version/],
    ['lines that end in CR', good.join('\\x0d'), /version "STSv1\\x0dmode/],
    ['no mode', swap('mode', ''), /has no mode$/],
    ['a mode with a capital', swap('mode', 'mode: Enforce'), /mode "Enforce"/],
    ['a key with a capital', swap('mode', 'Mode: enforce'), /must be written like that, not Mode$/],
    ['= for a colon', swap('mode', 'mode=enforce'), /has no mode$/],
    ['no max_age', swap('max_age', ''), /has no max_age$/],
    ['max-age', swap('max_age', 'max-age: 604800'), /not max-age$/],
    ['a negative one', swap('max_age', 'max_age: -1'), /no number of seconds: "-1"/],
    ['one with a unit', swap('max_age', 'max_age: 7d'), /"7d"/],
    ['one with a fraction', swap('max_age', 'max_age: 86400.0'), /no number/],
    ['an empty one', swap('max_age', 'max_age:'), /no number/],
    ['one over a year', swap('max_age', 'max_age: 31557601'), /31557600 \(a year\) is the most/],
    ['one of eleven digits', swap('max_age', 'max_age: 00000086400'), /no number/],
    ['no mx', swap('mx', ''), /names no mx/],
    ['no mx, in testing', 'version: STSv1\nmode: testing\nmax_age: 86400', /names no mx/],
    ['a wrong mode before the right one', `mode: on\n${good.join('\n')}`, /mode "on"/],
  ])('%s makes it none', (_, text, why) => {
    expect(readPolicy(text)).toEqual({ kind: 'unusable', why: expect.stringMatching(why) });
  });

  test.each<[string, string, object, RegExp]>([
    ['two modes: the first counts', `${good.join('\n')}\nmode: none`, {}, /^mode stands there more than once/],
    ['an empty line', good.join('\n\n'), {}, /^line 2 of the policy is empty$/],
    ['empty lines at the end', `${good.join('\n')}\n\n`, {}, /^line 5 of the policy is empty$/],
    [
      'a line without a colon',
      `${good.join('\n')}\n# our policy`,
      {},
      /^line 5 of the policy is no key with its value: "# our policy"$/,
    ],
    ['a blank before a key', swap('mode', ' mode: enforce'), {}, /^line 2 of the policy has a blank/],
    ['a blank before a colon', swap('mode', 'mode : enforce'), {}, /^line 2 of the policy has a blank/],
    ['a dot at the end', swap('mx', 'mx: mx.example.com.'), { patterns: ['mx.example.com.'] }, /ends in a dot/],
    ['names in one line', swap('mx', 'mx: a.test, b.test'), { patterns: ['a.test, b.test'] }, /is no host name/],
    ['a U-label', swap('mx', 'mx: mx.exämple.com'), { patterns: ['mx.exämple.com'] }, /is no host name/],
    ['a * in a label', swap('mx', 'mx: mx*.example.com'), { patterns: ['mx*.example.com'] }, /is no host name/],
    ['a * alone', swap('mx', 'mx: *'), { patterns: ['*'] }, /is no host name/],
    ['an address', swap('mx', 'mx: 192.0.2.1'), { patterns: ['192.0.2.1'] }, /is no host name/],
    ['an empty mx', swap('mx', 'mx:'), { patterns: [''] }, /the pattern "" is no host name/],
  ])('%s', (_, text, parts, slip) => {
    const read = readPolicy(text);
    expect(read).toMatchObject(asPolicy({ ...parts, slips: expect.anything() }));
    expect(read.kind === 'policy' ? read.policy.slips[0]?.says : '').toMatch(slip);
  });

  test('64 kB of anything take no time', () => {
    const started = performance.now();
    for (const text of [
      '\n'.repeat(65_536),
      'mx:'.repeat(21_000),
      ' '.repeat(65_536),
      'mx: a\n'.repeat(10_000),
      `a${' '.repeat(65_000)}`,
      `mx:a${' '.repeat(65_000)}b`,
    ])
      readPolicy(`${text}\n${good.join('\n')}`);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
