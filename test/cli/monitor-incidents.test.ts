import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import type { Report } from '../../src/model/report.ts';
import type { Incident } from '../../src/monitor/alerts/incident.ts';
import * as scanner from '../../src/scan-and-judge.ts';
import { openDatabase } from '../../src/store/database.ts';
import { writeIncident } from '../../src/store/incidents.ts';
import { openOwned, openShared } from '../../src/store/sqlite-store.ts';
import { endpointReport, finding, report } from '../unit/report/handmade.ts';
import { world } from './fake-io.ts';

const hour = 3_600_000;
const hearing = { alertOn: 'medium', confirm: 0, recover: 1 } as const;
let file = '';
let now = 0;
let open: Incident;
let over: Incident;

const says = (verdict: 'pass' | 'fail') =>
  report([
    endpointReport([
      finding('open-relay', verdict, {
        severity: 'critical',
        ...(verdict === 'fail'
          ? { headline: 'Strangers can send mail anywhere', fix: { postfix: ['postconf -e mynetworks=127.0.0.0/8'] } }
          : {}),
      }),
      finding('vrfy', verdict === 'pass' ? 'fail' : 'pass', { severity: 'high' }),
    ]),
  ]);

/** vrfy failed and was mended; open-relay passed and is broken. */
beforeEach(async () => {
  file = join(mkdtempSync(join(tmpdir(), 'mxprobe-incidents-')), 'mxprobe.db');
  now = Date.now();
  await using store = await openOwned(file);
  await store.mirror(
    ['mx', 'list:a', 'list:b'].map((id) => ({
      id,
      spec: JSON.stringify({ group: id.split(':')[0], tags: id === 'mx' ? ['own'] : [] }),
      schedules: [],
    })),
    now - 3 * hour,
  );
  const hears = async (said: Report, at: number) => {
    const asked = await store.ask('mx', at);
    const begun = await store.begin(asked?.id ?? '', at);
    if (begun !== null) await store.record(begun, said, hearing, at);
  };
  await hears(says('pass'), now - 2 * hour);
  await hears(says('fail'), now - hour);
  const [one, other] = (await store.incidents({})).toSorted((a, b) => a.probe.localeCompare(b.probe));
  if (one === undefined || other === undefined) throw new Error('there are no incidents');
  [open, over] = [one, other];
});

async function told(...words: string[]) {
  const { io, out, err } = world();
  const code = await run(['monitor', ...words, '--store', file], {
    ...io,
    scanner: async () => scanner,
    env: { USER: 'anna' },
  });
  return { code, out: out(), err: err() };
}

test('status names those that are open, beside what fails', async () => {
  const { out } = await told('status');
  expect(out.replace(/\s+/g, ' ')).toMatch(
    new RegExp(
      ` mx .* open-relay failure .* incident ${open.id.slice(0, 8)} open-relay at mx1\\.example\\.com:25; open since .*, 60 minutes $`,
    ),
  );
  expect(out).not.toContain(over.id.slice(0, 8));
  expect((await told('status', 'list:a')).out).not.toContain('incident');
  await told('ack', open.id);
  expect((await told('status', 'mx')).out.replace(/\s+/g, ' ')).toContain('known to anna');
  const { incidents } = JSON.parse((await told('status', '--format', 'json')).out);
  expect(incidents).toMatchObject([{ id: open.id, monitor: 'mx', ackedBy: 'anna' }]);
});

describe('incidents', () => {
  test('those that are open, or all, or of one monitor', async () => {
    expect((await told('incidents')).out).toMatch(
      new RegExp(
        `^${open.id.slice(0, 8)}  critical  Strangers can send mail anywhere\\.\n {20}open-relay at mx1\\.example\\.com:25 of mx; open since .*,\n? *60 minutes\n$`,
      ),
    );
    expect((await told('incidents', '--all')).out).toContain(`\n${over.id.slice(0, 8)}  high`);
    expect((await told('incidents', 'mx', '--since', '90m')).out).toContain('recovered, ');
    expect((await told('incidents', 'list:a', '--all')).out).toBe('no incidents\n');
  });

  test('one, with what was said, how to mend it and what has happened', async () => {
    const { out } = await told('incidents', open.id.slice(0, 6));
    expect(out).toContain('now     fail: open-relay is fail\n        S: 220 mx1.example.com ESMTP\n');
    expect(out).toContain('before  pass: open-relay is pass\n');
    expect(out).toContain('fix     postconf -e mynetworks=127.0.0.0/8\n');
    expect(out).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\dZ {2}opened {8}open-relay is fail$/m);
  });

  test('a monitor whose name may be the beginning of an id is that monitor', async () => {
    const name = open.id.slice(0, 1);
    await using store = await openOwned(file);
    await store.mirror([{ id: name, spec: '{}', schedules: [] }], now);
    expect(await told('incidents', name)).toEqual({ code: 0, out: 'no incidents\n', err: '' });
    expect((await told('incidents', open.id.slice(0, 6))).out).toContain('now     fail: open-relay is fail');
  });

  test.each(['incidents', 'ack'])('%s says so in a line where a beginning fits two', async (command) => {
    const twin = { ...open, id: `${open.id.slice(0, 6)}${open.id[6] === '0' ? '1' : '0'}00000`, probe: 'other' };
    const { db, close } = openDatabase(file, { make: false });
    await writeIncident(db, twin, [], now);
    await close();
    const [first, second] = [open.id, twin.id].toSorted();
    expect(await told(command, open.id.slice(0, 6))).toEqual({
      code: 3,
      out: '',
      err: `mxprobe: "${open.id.slice(0, 6)}" may be ${first} or ${second}: write more of it\n`,
    });
    expect(await told(command, open.id)).toMatchObject({ code: 0 });
  });

  test('for a program', async () => {
    const read = JSON.parse((await told('incidents', open.id, '--format', 'json')).out);
    expect(read).toMatchObject({ schema: 1, kind: 'monitor-incidents', events: [{ what: 'opened', who: null }] });
    expect(read.incidents).toMatchObject([
      { id: open.id, openedAt: new Date(now - hour).toISOString(), closedAt: null },
    ]);
  });
});

describe('ack', () => {
  test('says who knows, and until when', async () => {
    const { code, err } = await told('ack', open.id.slice(0, 5), '--until', '3d');
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringMatching(
        /^mxprobe: anna knows of open-relay at mx1\.example\.com:25 of mx, until 2\S+ \S+Z\n$/,
      ),
    });
    await using store = await openShared(file);
    expect((await store.incidentsNamed(open.id))[0]).toMatchObject({ ackedBy: 'anna' });
    expect((await told('incidents')).out).toContain('known to anna');
  });

  test.each([
    [[], 'name one incident: '],
    [['nonsense'], 'there is no incident "nonsense": '],
    [['OVER'], 'is over: nobody is told of it any more'],
    [['OPEN', '--until', '2020-01-01'], '--until: 2020-01-01 is over already'],
    [['OPEN', '--until', 'soon'], '--until: "soon" is no time: '],
  ])('%j', async (words, expected) => {
    const { code, err } = await told(
      'ack',
      ...words.map((word) => (word === 'OVER' ? over.id : word === 'OPEN' ? open.id : word)),
    );
    expect(code).toBe(3);
    expect(err).toContain(expected);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('silence', () => {
  const because = ['--because', 'new disks'];
  const isoDay = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

  test.each([
    ['mx', '1 monitor quiet'],
    ['tag:own', '1 monitor quiet'],
    ['list', '2 monitors quiet'],
    ['list:*/vrfy', '2 monitors quiet'],
    ['*', '3 monitors quiet'],
  ])('of %s, until it is ended', async (match, expected) => {
    const begun = await told('silence', match, '--until', '2h', ...because);
    expect(begun).toMatchObject({ code: 0, out: '' });
    expect(begun.err).toContain(expected);
    const { out } = await told('silence', '--list');
    const [id = ''] = out.split(' ');
    expect(out).toMatch(/ {2}until \S+ \S+Z, by anna: new disks\n$/);
    const read = JSON.parse((await told('silence', '--list', '--format', 'json')).out);
    expect(read).toEqual({
      schema: 1,
      kind: 'monitor-silences',
      at: expect.stringMatching(isoDay),
      silences: [
        {
          id,
          match,
          from: expect.stringMatching(isoDay),
          until: expect.stringMatching(isoDay),
          because: 'new disks',
          author: 'anna',
        },
      ],
    });
    expect(await told('silence', '--end', id)).toMatchObject({ code: 0 });
    expect((await told('silence', '--list')).out).toBe('no silences\n');
  });

  test.each([
    [[], 'say whom: '],
    [['mx', ...because], 'a silence has an end: '],
    [['mx', '--until', '2h'], 'a silence has a reason, '],
    [['mxx', '--until', '2h', ...because], 'no monitor is meant by "mxx" - did you mean mx?'],
    [['mx', '--until', '1h', '--from', '2h', ...because], 'a silence begins before it ends: '],
    [['mx/opn-relay', '--until', '2h', ...because], 'there is no probe "opn-relay" - did you mean open-relay?'],
    [['mx/vrfy/more', '--until', '2h', ...because], 'there is no probe "vrfy/more"'],
    [['--end', '00000000'], 'there is no silence "00000000": '],
    [['mx', '--list'], '--list takes no "mx": '],
    [['mx', '--end', '00000000'], '--end takes no "mx": '],
    [['--list', '--end', '00000000'], '--list takes no --end: '],
    [['--list', '--until', '2h'], '--list takes no --until: '],
    [['--end', '00000000', ...because], '--end takes no --because: '],
    [['--end', '00000000', '--format', 'json'], '--end takes no --format: '],
    [['mx', '--until', '2h', ...because, '--format', 'json'], '--format is for --list: '],
    [['--list', '--format', 'sarif'], '--format: "sarif" is for reports of a scan; here there are terminal, json'],
  ])('%j', async (words, expected) => {
    const { code, err } = await told('silence', ...words);
    expect(code).toBe(3);
    expect(err).toContain(expected);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });
});
