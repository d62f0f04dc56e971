import { describe, expect, test } from 'vitest';
import { durationOf, durationText } from '../../../src/monitor/config/duration.ts';
import { matcherOf } from '../../../src/monitor/config/match.ts';
import { systemdUnit } from '../../../src/monitor/words/unit.ts';
import { zonedWords } from '../../../src/monitor/words/zoned.ts';

describe('times on the clocks of a zone', () => {
  const half = (from: string, count: number) =>
    Array.from({ length: count }, (_, n) => Date.parse(from) + n * 1_800_000);
  test.each([
    ['Europe/Berlin', '2027-03-28T00:30Z', 'Sun 2027-03-28 01:30 +01:00, 03:00 +02:00, 03:30'],
    ['Europe/Berlin', '2027-10-31T00:30Z', 'Sun 2027-10-31 02:30 +02:00, 02:00 +01:00, 02:30'],
    ['UTC', '2027-01-01T23:30Z', 'Fri 2027-01-01 23:30 +00:00, Sat 2027-01-02 00:00, 00:30'],
    ['Asia/Kathmandu', '2027-01-01T00:00Z', 'Fri 2027-01-01 05:45 +05:45, 06:15, 06:45'],
  ])('%s from %s', (zone, from, expected) => expect(zonedWords(half(from, 3), zone)).toBe(expected));
});

test.each([
  ['90s', 90_000],
  ['2m', 120_000],
  ['1h', 3_600_000],
  ['7d', 604_800_000],
  ['2y', 63_072_000_000],
  ['0s', 0],
  ['1', null],
  ['h', null],
  ['1.5h', null],
  ['-1h', null],
  ['1h ', null],
  ['1H', null],
  ['9999999999s', null],
])('the duration %s', (text, expected) => expect(durationOf(text)).toBe(expected));

test.each([
  ['90s', '90s'],
  ['120s', '2m'],
  ['7d', '1w'],
  ['24h', '1d'],
  ['0s', '0s'],
])('%s is told as %s', (text, expected) => expect(durationText(durationOf(text) ?? -1)).toBe(expected));

test.each<[string, string[]]>([
  ['mx', ['mx']],
  ['m*', ['mx', 'mail']],
  ['*', ['mx', 'mail', 'hosted:a.example']],
  ['hosted', ['hosted:a.example']],
  ['hosted:a*', ['hosted:a.example']],
  ['hosted:b*', []],
  ['tag:own', ['mx']],
  ['tag:o*', []],
  ['m*l', ['mail']],
  ['mx*mx', []],
  ['', []],
])('"%s" means %j', (pattern, expected) => {
  const all = [
    { name: 'mx', group: 'mx', tags: ['own'] },
    { name: 'mail', group: 'mail', tags: [] },
    { name: 'hosted:a.example', group: 'hosted', tags: ['customer'] },
  ];
  expect(all.filter(matcherOf(pattern)).map(({ name }) => name)).toEqual(expected);
});

test('a unit quotes what systemd would take apart', () => {
  const unit = systemdUnit('/srv/my mail/100%/$x.yaml');
  expect(unit).toContain('WorkingDirectory=/srv/my mail/100%%\n');
  expect(unit).toContain('ExecStart=/usr/bin/env mxprobe monitor run "/srv/my mail/100%%/$$x.yaml"\n');
  expect(unit).toContain('ReadWritePaths="/srv/my mail/100%%"\n');
  expect(systemdUnit('/etc/mxprobe/mxprobe.yaml')).toContain('ReadWritePaths=/etc/mxprobe\n');
});
