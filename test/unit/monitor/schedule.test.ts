import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Schedule } from '../../../src/monitor/config/config.ts';
import { newestDue } from '../../../src/monitor/schedule/catch-up.ts';
import { cronTimes } from '../../../src/monitor/schedule/cron.ts';
import { dueAfter, nextDue } from '../../../src/monitor/schedule/due.ts';
import { dueTimesOf } from '../../../src/monitor/schedule/due-times.ts';
import { startOf } from '../../../src/monitor/schedule/start.ts';
import { opensAt, windowOf } from '../../../src/monitor/schedule/window.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const at = (text: string) => Date.parse(text);
const iso = (times: readonly (number | null)[]) =>
  times.map((time) => time && new Date(time).toISOString().slice(0, 16));

const plain: Schedule = {
  name: 'scan',
  when: { kind: 'every', every: hour },
  timezone: 'UTC',
  catchUp: 'one',
  window: null,
  allow: 'active',
  authorized: false,
  probes: [],
  skip: [],
  deadline: null,
};
const every = (ms: number): Schedule => ({ ...plain, when: { kind: 'every', every: ms } });
const cron = (line: string, timezone = 'UTC', spread: number | null = 0): Schedule => ({
  ...plain,
  when: { kind: 'cron', cron: line, spread },
  timezone,
});

describe('the nights on which Berlin puts its clocks, 2027', () => {
  test.each<[string, string, string, string[]]>([
    // 2027-03-28: 02:00 is 03:00. 2027-10-31: 03:00 is 02:00 again.
    [
      'a time that the short night has not comes at its end',
      '30 2 * * *',
      '2027-03-27T12:00Z',
      ['2027-03-28T01:00', '2027-03-29T00:30'],
    ],
    [
      'a time that the long night has twice comes once',
      '30 2 * * *',
      '2027-10-30T12:00Z',
      ['2027-10-31T00:30', '2027-11-01T01:30'],
    ],
    [
      'half hours through the short night',
      '*/30 * * * *',
      '2027-03-28T00:10Z',
      ['2027-03-28T00:30', '2027-03-28T01:00', '2027-03-28T01:30'],
    ],
    [
      'half hours through the long night',
      '*/30 * * * *',
      '2027-10-31T00:10Z',
      ['2027-10-31T00:30', '2027-10-31T01:00', '2027-10-31T01:30', '2027-10-31T02:00'],
    ],
    [
      'a list of hours is a time of day, too',
      '30 2,14 * * *',
      '2027-10-30T13:00Z',
      ['2027-10-31T00:30', '2027-10-31T13:30', '2027-11-01T01:30'],
    ],
    ['before the short night', '59 1 * * *', '2027-03-27T12:00Z', ['2027-03-28T00:59', '2027-03-28T23:59']],
    ['behind the short night', '0 3 * * *', '2027-03-27T12:00Z', ['2027-03-28T01:00', '2027-03-29T01:00']],
    ['midnight stays midnight', '@daily', '2027-03-27T12:00Z', ['2027-03-27T23:00', '2027-03-28T22:00']],
  ])('%s: %s', (_, line, from, expected) => {
    expect(iso(nextDue('mx', cron(line, 'Europe/Berlin'), at(from), expected.length))).toEqual(expected);
  });

  test('every hour is every hour', () => {
    const all = nextDue('mx', every(hour), at('2027-03-27T20:00Z'), 12);
    expect(new Set(all.slice(1).map((due, index) => due - (all[index] ?? 0)))).toEqual(new Set([hour]));
  });

  test.each([
    ['open on the short night', '2027-03-28T01:30Z', '2027-03-28T01:30'],
    ['opens at the end of the hour that there is not', '2027-03-28T00:59Z', '2027-03-28T01:00'],
    ['open the second time, too', '2027-10-31T01:30Z', '2027-10-31T01:30'],
    ['waits for the next day', '2027-10-31T04:00Z', '2027-11-01T01:30'],
  ])('a window of 02:30-05:00 %s', (_, now, opens) => {
    expect(iso([opensAt({ from: 150, to: 300 }, 'Europe/Berlin', at(now))])).toEqual([opens]);
  });
});

describe('spread', () => {
  test('is over the whole of a period, and even', () => {
    const phases = Array.from(
      { length: 1000 },
      (_, n) => (dueAfter(`m${n}`, every(hour), at('2027-01-01T00:00Z')) ?? 0) % hour,
    );
    const quarters = [0, 1, 2, 3].map((n) => phases.filter((phase) => Math.floor(phase / (hour / 4)) === n).length);
    for (const count of quarters) expect(count).toBeGreaterThan(200);
    expect(new Set(phases).size).toBeGreaterThan(800);
  });

  test('differs by schedule, and not by the day on which it is asked for', () => {
    const scan = every(hour);
    const other = { ...scan, name: 'other' };
    const phase = (schedule: Schedule, day_: string) => (dueAfter('mx', schedule, at(day_)) ?? 0) % hour;
    expect(phase(scan, '2027-01-01T00:00Z')).toBe(phase(scan, '2031-07-01T03:21Z'));
    expect(phase(scan, '2027-01-01T00:00Z')).not.toBe(phase(other, '2027-01-01T00:00Z'));
    // What stands here is what the store of an older version has; it must not move.
    expect(iso([dueAfter('mx', scan, at('2027-01-01T00:00Z'))])).toMatchInlineSnapshot(`
      [
        "2027-01-01T00:25",
      ]
    `);
  });

  test.each<[string, string, number | null, number]>([
    ['5 % of the period', '0 * * * *', null, 3 * minute],
    ['at most a quarter of an hour', '0 3 * * *', null, 15 * minute],
    ['as it is written', '0 3 * * *', 2 * hour, 2 * hour],
    ['never as far as the next', '*/10 * * * *', hour, 10 * minute],
    ['none', '0 3 * * *', 0, 1],
  ])('of a cron line: %s', (_, line, spread, most) => {
    const times = cronTimes(line, 'UTC');
    const delays = Array.from({ length: 300 }, (_unused, n) => {
      const due = dueAfter(`m${n}`, cron(line, 'UTC', spread), at('2027-01-01T00:00Z')) ?? 0;
      return due - (times.around(due).last ?? 0);
    });
    expect(Math.max(...delays)).toBeLessThan(most);
    expect(Math.max(...delays)).toBeGreaterThanOrEqual(most > 1 ? most * 0.9 : 0);
  });
});

describe('properties', () => {
  const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu');
  const lines = fc.constantFrom(
    '*/7 * * * *',
    '30 2 * * *',
    '0,30 1-3 * * *',
    '17 3 * * SUN',
    '0 */6 * * *',
    '59 23 L * *',
  );
  const spreads = fc.option(fc.constantFrom(0, minute, hour, 2 * day), { nil: null });
  const schedules = fc.oneof(
    fc.integer({ min: 10, max: 40 * 86_400 }).map((seconds) => every(seconds * 1000)),
    fc.tuple(lines, zones, spreads).map(([line, zone, spread]) => cron(line, zone, spread)),
  );
  const times = fc.integer({ min: at('2027-01-01T00:00Z'), max: at('2028-03-01T00:00Z') });
  const names = fc.string({ minLength: 1, maxLength: 20 });

  test('due times are unique and increase, and none is left out, wherever one begins to ask', () => {
    fc.assert(
      fc.property(schedules, names, times, fc.nat(), (schedule, name, from, step) => {
        const all = nextDue(name, schedule, from, 6);
        expect(all).toHaveLength(6);
        for (const [index, due] of all.entries()) expect(due).toBeGreaterThan(all[index - 1] ?? from);
        const [first = 0, second = 0] = all;
        const between = first + (step % (second - first));
        expect(dueAfter(name, schedule, between)).toBe(second);
        expect(dueAfter(name, schedule, first - 1)).toBe(first);
      }),
      { numRuns: 300 },
    );
  });

  test('a window is open when a run begins, and a run begins no earlier than it was claimed', () => {
    const clocks = fc.integer({ min: 0, max: 1439 });
    fc.assert(
      fc.property(clocks, clocks, zones, names, times, fc.nat(9), (from, to, timezone, name, now, missed) => {
        fc.pre(from !== to);
        const schedule = { ...every(day), timezone, window: { from, to } };
        const start = startOf(name, schedule, { dueAt: now, missed }, now);
        expect(start).toBeGreaterThanOrEqual(now);
        expect(start - now).toBeLessThan(2 * day);
        // A window of an hour that the short night leaves out opens behind it, and is over at once.
        if (opensAt(schedule.window, timezone, start) !== start) expect((to - from + 1440) % 1440).toBeLessThan(120);
      }),
      { numRuns: 300 },
    );
  });
});

describe('after a downtime', () => {
  const hourly = (due: number) => dueAfter('mx', every(hour), due);
  const first = hourly(at('2027-01-01T00:00Z')) ?? 0;

  test.each([
    ['on time', 0, 0, 0],
    ['a tick late', 1000, 0, 0],
    ['the next is due in a second', hour - 1000, 0, 0],
    ['one missed', hour, 1, 1],
    ['seven missed', 7.5 * hour, 7, 7],
  ])('%s', (_, late, missed, hours) => {
    expect(newestDue(first, first + late, hourly)).toEqual({
      dueAt: first + hours * hour,
      missed,
      next: first + (hours + 1) * hour,
    });
  });

  test('clocks put two hours forward are a downtime; put back, nothing comes twice', () => {
    const forward = newestDue(first, first + 2 * hour, hourly);
    expect(forward.missed).toBe(2);
    // What is to come stays where it is, however often the clock is put back: what was due has been claimed.
    expect(forward.next).toBeGreaterThan(first + 2 * hour);
    expect(hourly(forward.dueAt)).toBe(forward.next);
  });

  test('years of minutes are not counted to the end, and still lead to the next', () => {
    const minutely = (due: number) => dueAfter('mx', every(minute), due);
    const start = minutely(at('2027-01-01T00:00Z')) ?? 0;
    const now = start + 365 * day;
    const { missed, next } = newestDue(start, now, minutely);
    expect(missed).toBe(10_000);
    expect(next).toBe(minutely(now));
  });

  test('what makes up for others begins within a quarter of the period, half an hour at most', () => {
    const starts = (ms: number) =>
      Array.from({ length: 200 }, (_, n) => startOf(`m${n}`, every(ms), { dueAt: first, missed: 3 }, first) - first);
    expect(Math.max(...starts(hour))).toBeLessThan(15 * minute);
    expect(Math.max(...starts(hour))).toBeGreaterThan(12 * minute);
    expect(Math.max(...starts(day))).toBeLessThan(30 * minute);
    expect(startOf('mx', every(hour), { dueAt: first, missed: 0 }, first)).toBe(first);
  });
});

describe('windows', () => {
  test.each([
    ['02:00-05:00', '2027-01-01T03:00Z', '2027-01-01T03:00'],
    ['02:00-05:00', '2027-01-01T05:00Z', '2027-01-02T02:00'],
    ['02:00-05:00', '2027-01-01T01:59Z', '2027-01-01T02:00'],
    ['22:00-04:00', '2027-01-01T23:00Z', '2027-01-01T23:00'],
    ['22:00-04:00', '2027-01-01T03:59Z', '2027-01-01T03:59'],
    ['22:00-04:00', '2027-01-01T12:00Z', '2027-01-01T22:00'],
  ])('%s at %s', (text, now, opens) => {
    const window = windowOf(text);
    expect(window && iso([opensAt(window, 'UTC', at(now))])).toEqual([opens]);
  });

  test.each(['2:00-5:00', '02:00', '24:00-05:00', '02:60-05:00', '02:00-02:00', ''])('%s is none', (text) => {
    expect(windowOf(text)).toBeNull();
  });

  test('whoever waits for one begins in its first quarter', () => {
    const schedule = { ...every(day), window: { from: 120, to: 240 } };
    const now = at('2027-01-01T12:00Z');
    const starts = Array.from({ length: 200 }, (_, n) => startOf(`m${n}`, schedule, { dueAt: now, missed: 0 }, now));
    expect(Math.min(...starts)).toBeGreaterThanOrEqual(at('2027-01-02T02:00Z'));
    expect(Math.max(...starts)).toBeLessThan(at('2027-01-02T02:30Z'));
  });
});

describe('due times of all monitors', () => {
  const monitor = (schedule: Schedule) => ({
    name: 'mx',
    group: 'mx',
    targets: [],
    schedules: [schedule],
    tags: [],
    policy: {
      name: 'default',
      severities: {},
      ceilings: {},
      mechanisms: {},
      tls: {},
      ports: {},
      mustTell: [],
      waivers: [],
    },
    options: {
      helo: null,
      ports: null,
      domain: null,
      recipient: null,
      external: null,
      sender: null,
      vantage: null,
      family: null,
      dns: null,
      dnsTrusted: false,
      private: false,
      blockLists: [],
      tlsCa: null,
    },
    alerts: { alertOn: 'medium' as const, confirm: 0, remind: null, recover: 1 },
  });
  const now = at('2027-01-01T00:00Z');

  test('many that are new begin a tenth of a second apart, unless it is to be done at once', () => {
    const many = Array.from({ length: 300 }, (_, nth) => ({ ...monitor(plain), name: `m${nth}` }));
    const firsts = (isOnce: boolean) =>
      many.map(({ name }) => (dueTimesOf(many, isOnce).first(name, 'scan', 0, true) ?? 0) / 1000);
    const spread = firsts(false);
    expect(Math.max(...spread)).toBeLessThan(30);
    for (let second = 0; second < 30; second++) expect(spread.filter((at) => at === second).length).toBeLessThan(30);
    expect(new Set(firsts(true))).toEqual(new Set([0]));
    expect(dueTimesOf(many.slice(0, 10)).first('m1', 'scan', 0, true)).toBe(0);
  });

  test('what is new and quiet is due at once; what is loud, or has its time of day, waits', () => {
    const first = (schedule: Schedule, isNew = true) => dueTimesOf([monitor(schedule)]).first('mx', 'scan', now, isNew);
    expect(first(plain)).toBe(now);
    expect(first(plain, false)).toBe(dueAfter('mx', plain, now - 1));
    expect(first({ ...plain, allow: 'load' })).toBeGreaterThan(now);
    expect(first({ ...plain, window: { from: 120, to: 240 } })).toBeGreaterThan(now);
    expect(first(cron('0 3 * * *'))).toBe(at('2027-01-01T03:00Z'));
  });

  test('what is not there never comes', () => {
    const times = dueTimesOf([monitor({ ...plain, catchUp: 'none' })]);
    expect(times.first('my', 'scan', now, true)).toBeNull();
    expect(times.after('mx', 'other', now)).toBeNull();
    expect(times.catchesUp('mx', 'scan')).toBe(false);
    expect(dueTimesOf([monitor(plain)]).catchesUp('mx', 'scan')).toBe(true);
  });
});
