import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EndpointReport, Finding, Report, TargetReport } from '../../../src/model/report.ts';
import { type Outgoing, PartlyTaken } from '../../../src/monitor/alerts/message.ts';
import type { AlertRules } from '../../../src/monitor/alerts/plan.ts';
import { type DeliveryParts, delivery } from '../../../src/monitor/delivery.ts';
import type { HearingRules, Store } from '../../../src/monitor/store.ts';
import { openDatabase, writing } from '../../../src/store/database.ts';
import { openOwned, openShared } from '../../../src/store/sqlite-store.ts';
import { alertRules } from '../../support/alerts.ts';
import { dueEvery } from '../../support/due-every.ts';
import { endpointReport, finding, report } from '../report/handmade.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const start = Date.parse('2026-11-02T00:00:00Z');
const hearing: HearingRules = { alertOn: 'medium', confirm: 0, recover: 1 };
const times = dueEvery(1);

/** A store, a clock, and what people were told. */
class Scene implements AsyncDisposable {
  now = start;
  readonly store: Store;
  rules: Partial<AlertRules> = {};
  hearing = hearing;
  /** Channels that take nothing. */
  readonly down = new Set<string>();
  readonly file: string;
  constructor(store: Store, file: string) {
    this.store = store;
    this.file = file;
  }

  /** A run of a monitor that says this, `after` the one before. */
  async hears(
    said: Report,
    { monitor = 'mx', after = hour }: { monitor?: string; after?: number } = {},
  ): Promise<void> {
    this.now += after;
    const run = await this.store.ask(monitor, this.now);
    const begun = await this.store.begin(run?.id ?? '', this.now);
    if (begun === null) throw new Error('nothing to begin');
    await this.store.record(begun, said, this.hearing, this.now);
  }

  /** What is told now: `mail opened open-relay`. */
  async tells(after = 0): Promise<string[]> {
    this.now += after;
    await this.store.planAlerts(this.now, () => alertRules(this.rules));
    const sent: string[] = [];
    const { begin, idle } = delivery({
      store: this.store,
      clock: { now: () => this.now, wait: async () => {} },
      signal: new AbortController().signal,
      send: async ({ channel, message: { kind, items } }) => {
        if (this.down.has(channel)) throw new Error('connection refused');
        const names = items.map(({ what, incident }) => `${kind === 'digest' ? `${what} ` : ''}${nameOf(incident)}`);
        sent.push(`${channel} ${kind} ${names.join(', ')}`);
      },
    });
    await begin();
    await idle();
    return sent;
  }

  async [Symbol.asyncDispose]() {
    await this.store[Symbol.asyncDispose]();
  }
}

const nameOf = ({ kind, probe, monitor }: { kind: string; probe: string; monitor: string }) =>
  kind === 'finding' ? probe : [kind, probe || monitor].filter((word) => word !== '').join(' ');

async function scene(...monitors: string[]): Promise<Scene> {
  const file = join(mkdtempSync(join(tmpdir(), 'mxprobe-alerts-')), 'mxprobe.db');
  const store = await openOwned(file);
  const schedules = [{ name: 'scan', spec: 'x' }];
  await store.mirror(
    ['mx', ...monitors].map((id) => ({ id, spec: '{}', schedules })),
    start,
  );
  await store.claim(start, { ...times, first: () => start + 10_000 * day });
  return new Scene(store, file);
}

const of = (...findings: Finding[]) => report([endpointReport(findings)]);
const relays = of(finding('open-relay', 'fail', { severity: 'critical' }));
const shut = of(finding('open-relay', 'pass'));
const throttled = of(finding('open-relay', 'inconclusive', { doubt: 'throttled' }));
const down = of(finding('open-relay', 'inconclusive', { doubt: 'unreachable' }));

describe('what is to be told', () => {
  /** An incident that is open and told, and how often the rules were asked for since. */
  async function settled() {
    const it = await scene();
    await it.hears(relays);
    expect([await it.tells(), await it.tells()]).toEqual([['mail opened open-relay'], []]);
    let looks = 0;
    const rulesFor = () => {
      looks++;
      return alertRules({ remind: () => 1000 * day });
    };
    return {
      it,
      looksAt: async (after: number) => {
        it.now += after;
        const before = looks;
        await it.store.planAlerts(it.now, rulesFor);
        return looks - before;
      },
    };
  }

  test('is looked for beside who writes, and waits for nobody where it is nothing', async () => {
    const { it, looksAt } = await settled();
    await using _ = it;
    const { db, close } = openDatabase(it.file, { make: false });
    await writing(db, async () => expect(await looksAt(1000)).toBe(1));
    await close();
  });

  test('is not looked for again within ten seconds, but where something has happened', async () => {
    const { it, looksAt } = await settled();
    await using _ = it;
    expect([await looksAt(1000), await looksAt(1000), await looksAt(7000), await looksAt(2000)]).toEqual([1, 0, 0, 1]);
    const [one] = await it.store.incidents({});
    await it.store.ack(one?.id ?? '', 'anna', null, it.now);
    expect([await looksAt(1000), await looksAt(1000)]).toEqual([1, 0]);
    const { id } = await it.store.silence({ match: 'mx', from: it.now, until: it.now + hour, because: '', author: '' });
    expect([await looksAt(1000), await looksAt(1000)]).toEqual([1, 0]);
    await it.store.unsilence(id, it.now);
    expect([await looksAt(1000), await looksAt(1000)]).toEqual([1, 0]);
    await it.store.pause('mx');
    expect([await looksAt(1000), await looksAt(1000)]).toEqual([1, 0]);
    // A clock that was put back.
    expect(await looksAt(-minute)).toBe(1);
  });

  test('is looked for when what waits for others has waited', async () => {
    await using it = await scene();
    await it.hears(relays);
    const rules = () => alertRules({ groupWait: 3000 });
    const waiting = async (after: number) => {
      it.now += after;
      await it.store.planAlerts(it.now, rules);
      return (await it.store.waiting(it.now)).length;
    };
    expect([await waiting(0), await waiting(2000), await waiting(1000)]).toEqual([0, 0, 1]);
  });
});

test('who has taken a message is not sent it again, whoever sends it', async () => {
  await using it = await scene();
  await it.hears(relays);
  await it.store.planAlerts(it.now, () => alertRules());
  const stop = new AbortController();
  const sends = async (store: Store, work: (left: readonly string[] | null) => void) => {
    const send: DeliveryParts['send'] = async ({ left }) => work(left);
    const { begin, idle } = delivery({
      store,
      clock: { now: () => it.now, wait: async () => {} },
      signal: stop.signal,
      send,
    });
    await begin();
    await idle();
    it.now += hour;
  };
  const seen: (readonly string[] | null)[] = [];
  await sends(it.store, (left) => {
    seen.push(left);
    throw new Error('nobody listens');
  });
  await sends(it.store, (left) => {
    seen.push(left);
    // It is known however it ends.
    stop.abort();
    throw new PartlyTaken('full', ['b@example.org']);
  });
  await using other = await openShared(it.file);
  expect(await other.waiting(it.now)).toMatchObject([{ left: ['b@example.org'], attempts: 2, lastError: 'full' }]);
  expect(seen).toEqual([null, null]);
  await other.unsent((await other.waiting(it.now))[0] as Outgoing, 'nobody listens', it.now);
  expect(await other.waiting(it.now + hour)).toMatchObject([{ left: ['b@example.org'], attempts: 3 }]);
});

describe('people are told', () => {
  test('what is broken, and when it is mended', async () => {
    await using it = await scene();
    await it.hears(shut);
    expect(await it.tells()).toEqual([]);
    await it.hears(relays);
    expect(await it.tells()).toEqual(['mail opened open-relay']);
    expect(await it.tells(hour)).toEqual([]);
    await it.hears(throttled);
    expect(await it.tells()).toEqual([]);
    await it.hears(shut);
    expect(await it.tells()).toEqual(['mail closed open-relay']);
    const [incident, ...others] = await it.store.incidents({});
    expect(others).toEqual([]);
    expect(incident).toMatchObject({ state: 'closed', closedBecause: 'recovered', host: 'mx1.example.com', port: 25 });
    const events = await it.store.incidentEvents(incident?.id ?? '');
    expect(events.map(({ nth, what }) => `${nth} ${what}`)).toEqual(['1 opened', '2 doubted', '3 closed']);
  });

  test('nothing of what was over before it was confirmed, and asks again meanwhile', async () => {
    await using it = await scene();
    it.hearing = { ...hearing, confirm: 2 * minute };
    await it.hears(shut);
    await it.hears(relays);
    expect(await it.tells()).toEqual([]);
    expect(await it.store.queued(it.now + 2 * minute)).toMatchObject([
      { schedule: 'confirm', dueAt: it.now + 2 * minute },
    ]);
    expect(await it.store.queued(it.now + minute)).toEqual([]);
    await it.hears(shut, { after: 2 * minute });
    expect(await it.tells()).toEqual([]);
  });

  test('of a new address of the same server nothing', async () => {
    await using it = await scene();
    await it.hears(relays);
    await it.tells();
    const other = report([
      endpointReport(relays.endpoints[0]?.findings ?? [], { id: 'mx1/192.0.2.9:25', address: '192.0.2.9' }),
    ]);
    await it.hears(other);
    expect(await it.tells()).toEqual([]);
    expect((await it.store.incidents({}))[0]?.members).toEqual(['192.0.2.9']);
  });

  test('that a host has left DNS, not that it has recovered', async () => {
    await using it = await scene();
    await it.hears(relays);
    await it.tells();
    const elsewhere: EndpointReport = endpointReport([finding('open-relay', 'pass')], {
      id: 'mx2.example.com/192.0.2.2:25',
      host: 'mx2.example.com',
    });
    await it.hears(report([elsewhere]));
    expect(await it.tells()).toEqual(['mail closed open-relay']);
    expect((await it.store.incidents({}))[0]?.closedBecause).toBe('left');
  });

  test('nothing where a target leads nowhere: nobody knows', async () => {
    await using it = await scene();
    await it.hears(relays);
    await it.tells();
    const gone: TargetReport = { input: 'example.com', kind: 'domain', endpoints: [], notes: ['no answer'] };
    await it.hears(report([], [gone]));
    expect(await it.tells()).toEqual([]);
    expect(await it.store.incidents({ isOpen: true })).toHaveLength(1);
  });

  test('of a server that is silent, once that has lasted, and of none of its questions', async () => {
    await using it = await scene();
    await it.hears(shut);
    const told = [];
    for (let nth = 0; nth < 4; nth++) {
      await it.hears(down);
      told.push(await it.tells());
    }
    expect(told).toEqual([[], [], ['mail opened unreachable mx'], []]);
    await it.hears(shut);
    expect(await it.tells()).toEqual(['mail closed unreachable mx']);
  });

  test('of what could be told once, and cannot be told three times', async () => {
    await using it = await scene();
    await it.hears(shut);
    const told = [];
    for (let nth = 0; nth < 4; nth++) {
      await it.hears(throttled);
      told.push(await it.tells());
    }
    expect(told).toEqual([[], [], ['mail opened untold open-relay'], []]);
  });

  test('that a certificate ends, at 21, 7 and 1 days', async () => {
    await using it = await scene();
    const lasts = (days: number) =>
      of(
        finding('tls-certificate', 'pass', {
          measured: { daysLeft: days, validTo: '2026-12-01T11:32:58.000Z', flaws: [] },
        }),
      );
    const told = [];
    for (const days of [30, 21, 20, 7, 6, 1, 90]) {
      await it.hears(lasts(days), { after: 2 * day });
      told.push((await it.tells()).join());
    }
    const name = 'tls-certificate';
    expect((await it.store.incidents({}))[0]?.headline).toBe('Its certificate ends on 2026-12-01');
    expect(told).toEqual([
      '',
      `mail opened ${name}`,
      '',
      `mail worse ${name}`,
      '',
      `mail worse ${name}`,
      `mail closed ${name}`,
    ]);
  });

  test('that our own side is at fault, once, instead of every server', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    await using it = await scene(...names);
    const server = (name: string, findings: Finding[]) =>
      report([
        endpointReport(findings, {
          id: name,
          host: `${name}.example.com`,
          address: `192.0.${names.indexOf(name)}.1`,
        }),
      ]);
    const silent = finding('open-relay', 'inconclusive', { doubt: 'unreachable' });
    const told = [];
    for (let round = 0; round < 4; round++) {
      it.rules = {
        isQuiet: ({ kind }) => kind === 'unreachable' && round > 0,
      };
      for (const monitor of names) {
        await it.hears(server(monitor, [round === 0 ? finding('open-relay', 'pass') : silent]), {
          monitor,
          after: minute,
        });
        told.push(...(await it.tells()));
      }
    }
    expect(told).toEqual(['mail opened vantage']);
    for (const monitor of names) {
      await it.hears(server(monitor, [finding('open-relay', 'pass')]), { monitor, after: minute });
      told.push(...(await it.tells()));
    }
    expect(told).toEqual(['mail opened vantage', 'mail closed vantage']);
  });
});

describe('whom, and when', () => {
  const route = (to: { channel: string; after: number }[], digest: 'daily' | null = null) => ({
    channels: ['mail', 'pager'],
    route: () => ({ severity: null, tag: null, match: null, to, digest }),
  });

  test('a silence keeps it quiet, and what is still broken at its end is told then', async () => {
    await using it = await scene();
    let isQuiet = true;
    it.rules = { isQuiet: () => isQuiet, remind: () => hour };
    await it.hears(relays);
    expect(await it.tells(3 * hour)).toEqual([]);
    isQuiet = false;
    expect(await it.tells()).toEqual(['mail opened open-relay']);
    isQuiet = true;
    await it.hears(shut);
    expect(await it.tells()).toEqual(['mail closed open-relay']);
    await it.hears(relays);
    await it.hears(shut);
    isQuiet = false;
    expect(await it.tells()).toEqual([]);
  });

  test('who comes later is told where nobody has said that they know', async () => {
    await using it = await scene();
    it.rules = route([
      { channel: 'mail', after: 0 },
      { channel: 'pager', after: 10 * minute },
    ]);
    await it.hears(relays);
    expect(await it.tells()).toEqual(['mail opened open-relay']);
    expect(await it.tells(9 * minute)).toEqual([]);
    expect(await it.tells(minute)).toEqual(['pager escalated open-relay']);
    expect(await it.tells(hour)).toEqual([]);
    await it.hears(shut);
    expect((await it.tells()).toSorted()).toEqual(['mail closed open-relay', 'pager closed open-relay']);
    await it.hears(relays, { after: 2 * day });
    expect(await it.tells()).toEqual(['mail opened open-relay']);
    const [incident] = await it.store.incidents({ isOpen: true });
    await it.store.ack(incident?.id ?? '', 'anna', null, it.now);
    expect(await it.tells(day)).toEqual([]);
    expect(await it.store.incidents({ isOpen: true })).toMatchObject([{ ackedBy: 'anna' }]);
    await it.hears(shut);
    expect(await it.tells()).toEqual(['mail closed open-relay']);
  });

  test('it is told again as often as the file says, until somebody knows', async () => {
    await using it = await scene();
    it.rules = { remind: () => day };
    await it.hears(relays);
    await it.tells();
    expect(await it.tells(day - minute)).toEqual([]);
    expect(await it.tells(minute)).toEqual(['mail reminder open-relay']);
    expect(await it.tells(minute)).toEqual([]);
    const [incident] = await it.store.incidents({ isOpen: true });
    await it.store.ack(incident?.id ?? '', 'anna', it.now + 3 * day, it.now);
    expect(await it.tells(2 * day)).toEqual([]);
    expect(await it.tells(day)).toEqual(['mail reminder open-relay']);
  });

  test('what happens together is told together', async () => {
    await using it = await scene();
    it.rules = { groupWait: 30_000 };
    await it.hears(of(finding('open-relay', 'fail'), finding('vrfy', 'fail', { severity: 'high' })));
    expect(await it.tells(29_000)).toEqual([]);
    expect(await it.tells(1000)).toEqual(['mail opened vrfy, open-relay']);
  });

  test('more than five of one cause are one message, whatever their monitors', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    await using it = await scene(...names);
    for (const monitor of names) await it.hears(relays, { monitor, after: 1 });
    expect(await it.tells()).toEqual([`mail opened ${names.map(() => 'open-relay').join(', ')}`]);
  });

  test('twenty an hour, and the rest in one', async () => {
    const names = Array.from({ length: 30 }, (_, nth) => `m${nth}`);
    await using it = await scene(...names);
    for (const [nth, monitor] of names.entries()) {
      const own = report([
        endpointReport([finding(`probe-${nth}`, 'fail')], { host: `${monitor}.example.com`, id: monitor }),
      ]);
      await it.hears(own, { monitor, after: 1 });
    }
    const sent = await it.tells();
    expect(sent).toHaveLength(20);
    expect(sent.filter((line) => line.includes(','))).toHaveLength(1);
    expect(sent.join().match(/probe-/g)).toHaveLength(30);
    await it.hears(of(finding('vrfy', 'fail')), { after: minute });
    expect(await it.tells()).toEqual([]);
    expect(await it.tells(hour)).toEqual(['mail opened vrfy']);
  });

  test('a digest comes at its time, with what is over by then', async () => {
    await using it = await scene();
    it.rules = { ...route([{ channel: 'mail', after: 0 }], 'daily'), digestAt: (_, at) => Math.ceil(at / day) * day };
    await it.hears(relays);
    await it.hears(shut);
    await it.hears(of(finding('open-relay', 'pass'), finding('vrfy', 'fail')));
    expect(await it.tells()).toEqual([]);
    expect(await it.tells(day)).toEqual(['mail digest closed open-relay, opened vrfy']);
  });

  test('a channel that takes nothing is asked again, in order, and the others hear of it', async () => {
    await using it = await scene();
    it.rules = { channels: ['mail', 'pager'] };
    it.down.add('pager');
    await it.hears(relays);
    expect(await it.tells()).toEqual(['mail opened open-relay']);
    await it.hears(shut, { after: minute });
    const told: string[] = [];
    for (let nth = 0; nth < 60; nth++) told.push(...(await it.tells(minute)));
    expect(told).toEqual(['mail closed open-relay', 'mail opened self channel:pager']);
    const [oldest] = (await it.store.outgoing({})).filter(({ channel }) => channel === 'pager').toReversed();
    expect(oldest).toMatchObject({ state: 'waiting', lastError: 'connection refused', message: { kind: 'opened' } });
    expect(oldest?.attempts).toBeGreaterThanOrEqual(6);
    it.down.clear();
    const after: string[] = [];
    for (let nth = 0; nth < 60; nth++) after.push(...(await it.tells(minute)));
    expect(after.filter((line) => line.startsWith('pager')).slice(0, 2)).toEqual([
      'pager opened open-relay',
      'pager closed open-relay',
    ]);
    expect(after).toContain('mail closed self channel:pager');
  });

  test.each([
    ['written', 0],
    ['tried', 3],
  ])('what was %s while the clock was ahead waits no longer when it is set back', async (_, tries) => {
    await using it = await scene();
    await it.hears(relays);
    it.down.add('mail');
    await it.tells();
    for (let nth = 0; nth < tries; nth++) await it.tells(2 * hour);
    it.down.clear();
    it.now -= 6 * hour;
    expect(await it.tells(minute)).toEqual([]);
    await it.store.rewind(it.now);
    expect(await it.tells()).toEqual(['mail opened open-relay']);
  });

  test('after three days a message is dead', async () => {
    await using it = await scene();
    it.down.add('mail');
    await it.hears(relays);
    for (let nth = 0; nth < 80; nth++) await it.tells(hour);
    expect((await it.store.outgoing({})).filter(({ state }) => state === 'dead').length).toBeGreaterThan(0);
  });
});

test('a monitor that has left the file tells that its troubles are over', async () => {
  await using it = await scene('other');
  await it.hears(relays);
  await it.tells();
  await it.store.mirror([{ id: 'other', spec: '{}', schedules: [{ name: 'scan', spec: 'x' }] }], it.now);
  expect(await it.tells()).toEqual(['mail closed open-relay']);
  expect((await it.store.incidents({}))[0]?.closedBecause).toBe('retired');
});

test('who hears of nothing until it has stopped flapping hears that it is open', async () => {
  await using it = await scene();
  let isQuiet = false;
  it.rules = { isQuiet: () => isQuiet };
  const told: string[] = [];
  for (const [said, quiet] of [
    ...([
      [down, false],
      [relays, false],
      [down, false],
      [relays, false],
    ] as const),
    ...([
      [down, true],
      [down, true],
      [down, true],
      [down, false],
    ] as const),
  ]) {
    isQuiet = quiet;
    await it.hears(said, { after: minute });
    told.push(...(await it.tells()));
  }
  expect(told).toEqual(['mail opened open-relay', 'mail opened unreachable mx']);
});

describe('whatever servers say, whoever is silent, and whatever is sent', () => {
  const says = { relays, shut, throttled, down };
  const world = fc.array(
    fc.record({
      said: fc.constantFrom(...(Object.keys(says) as (keyof typeof says)[])),
      // A message that finds nobody for three days is given up.
      after: fc.constantFrom(minute, hour, 2 * hour),
      isQuiet: fc.boolean(),
      isDown: fc.boolean(),
    }),
    { minLength: 1, maxLength: 25 },
  );

  test('people hear of each beginning and each end, in turn, and of nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(world, async (rounds) => {
        await using it = await scene();
        let isQuiet = false;
        it.rules = { isQuiet: () => isQuiet };
        const told: string[] = [];
        for (const round of rounds) {
          isQuiet = round.isQuiet;
          it.down.clear();
          if (round.isDown) it.down.add('mail');
          await it.hears(says[round.said], { after: round.after });
          told.push(...(await it.tells()));
        }
        isQuiet = false;
        it.down.clear();
        for (let nth = 0; nth < 4; nth++) told.push(...(await it.tells(day)));
        const open = (await it.store.incidents({ isOpen: true })).filter(({ state }) => state === 'open');
        for (const name of ['open-relay', 'unreachable mx', 'untold open-relay']) {
          const own = told.flatMap((line) => {
            const [, kind = '', ...rest] = line.split(' ');
            const items = rest.join(' ').split(', ');
            return items.flatMap((item) =>
              item === name
                ? [kind]
                : kind === 'digest' && item.slice(item.indexOf(' ') + 1) === name
                  ? [item.split(' ')[0]]
                  : [],
            );
          });
          const turns = own.filter((what) => what !== 'worse' && what !== 'settled');
          for (const [nth, what] of turns.entries()) expect(what === 'closed').toBe(nth % 2 === 1);
          // What is broken at the end has been told, and nothing else stands as broken.
          expect([name, turns.length % 2 === 1]).toEqual([name, open.some((incident) => nameOf(incident) === name)]);
        }
      }),
      { numRuns: 100 },
    );
  }, 120_000);
});

test('what waits for a channel that has left the file is given up, and no more a trouble', async () => {
  await using it = await scene();
  it.rules = { channels: ['mail', 'pager'] };
  it.down.add('pager');
  await it.hears(relays);
  for (let nth = 0; nth < 30; nth++) await it.tells(minute);
  it.rules = { channels: ['mail'] };
  await it.store.dropStrangers(['mail'], it.now);
  expect((await it.store.outgoing({})).filter(({ channel }) => channel === 'pager').map(({ state }) => state)).toEqual(
    expect.arrayContaining(['dead']),
  );
  expect(await it.tells(30_000)).toEqual(['mail closed self channel:pager']);
  expect(await it.store.waiting(it.now + day)).toEqual([]);
});

test('incidents go when they are as old as the file says, with all that was told of them; open ones stay', async () => {
  await using it = await scene();
  await it.hears(relays);
  await it.tells();
  await it.hears(shut);
  await it.tells();
  await it.hears(of(finding('open-relay', 'pass'), finding('vrfy', 'fail')));
  await it.tells();
  const keep = { runs: day, changes: 10 * day, reports: day };
  await it.store.prune(keep, it.now + 9 * day);
  expect(await it.store.incidents({})).toHaveLength(2);
  await it.store.prune(keep, it.now + 11 * day);
  expect((await it.store.incidents({})).map(({ probe }) => probe)).toEqual(['vrfy']);
  expect(await it.store.outgoing({})).toHaveLength(1);
});

test.each([
  ['unreachable', 'It does not answer'],
  ['timeout', 'It does not answer in time'],
  ['closed', 'It hangs up'],
  ['client-blocked', 'It turns us away'],
] as const)('a server of which nothing is told but %s is one incident', async (doubt, headline) => {
  await using it = await scene();
  await it.hears(of(finding('open-relay', 'pass'), finding('vrfy', 'pass')));
  const silent = of(finding('open-relay', 'inconclusive', { doubt }), finding('vrfy', 'inconclusive', { doubt }));
  const told = [];
  for (let nth = 0; nth < 5; nth++) {
    await it.hears(silent);
    told.push(...(await it.tells()));
  }
  expect(told).toEqual(['mail opened unreachable mx']);
  expect((await it.store.incidents({ isOpen: true })).filter(({ state }) => state === 'open')).toMatchObject([
    { headline },
  ]);
});

test('the lines to paste are those for the server that was recognised', async () => {
  const fix = { postfix: ['postconf -e a=b'], exim: ['a = b'] };
  const failing = (name: string | null) =>
    report([endpointReport([finding('vrfy', 'fail', { fix })], { mta: { name, version: null, by: null } })]);
  await using it = await scene('other');
  await it.hears(failing('Exim'));
  await it.hears(failing(null), { monitor: 'other' });
  const fixes = (await it.store.incidents({})).map(({ monitor, fix: kept }) => [monitor, kept]);
  expect(Object.fromEntries(fixes)).toEqual({ mx: { exim: ['a = b'] }, other: fix });
});
