import { describe, expect, test } from 'vitest';
import type { Incident } from '../../../../src/monitor/alerts/incident.ts';
import { alertRulesOf } from '../../../../src/monitor/alerts/rules.ts';
import { step } from '../../../../src/monitor/alerts/steps.ts';
import { readConfig } from '../../../../src/monitor/config/read-config.ts';
import type { Quieted } from '../../../../src/monitor/store.ts';

const hour = 3_600_000;
const day = 24 * hour;
const monday = Date.parse('2026-11-02T00:00:00Z');

const text = `
defaults: { timezone: Europe/Berlin }
channels: { mail: { exec: { command: [mail] } }, pager: { exec: { command: [page] } }, weekly: { exec: { command: [w] } } }
routes:
  - { severity: critical, to: [mail, { channel: pager, after: 10m }] }
  - { tag: customer, to: [weekly], digest: weekly }
  - { match: 'mx*', to: [mail] }
monitors:
  mx: { targets: [example.org], remind: 12h }
  hosted: { targets: [example.com], tags: [customer], private: true }
  other: { targets: [example.net], remind: never }
maintenance:
  - { match: mx, cron: '0 22 * * SAT', for: 2h }
  - { match: 'tag:customer', from: '2026-11-02T10:00:00Z', until: '2026-11-02T12:00:00Z' }
`;

function rules(known: Partial<Quieted> = {}) {
  const files = { resolve: (name: string) => `/${name}`, read: () => '', lacks: () => null };
  const read = readConfig(text, { files, probes: ['open-relay'] });
  if (read.kind !== 'config') throw new Error(JSON.stringify(read.mistakes));
  const made = alertRulesOf(read.config, { groupWait: 30_000, link: null });
  return made({ now: monday, silences: [], open: [], paused: new Set(), ...known });
}

function incident(parts: Partial<Incident> = {}): Incident {
  const { incident: made } = step(
    null,
    {
      trouble: { kind: 'finding', monitor: 'mx', host: 'mx.example.org', port: 25, probe: 'open-relay' },
      what: 'fails',
      severity: 'high',
      members: [],
      before: null,
      now: { verdict: 'fail', because: 'x', quotes: [] },
      headline: 'It relays',
      fix: null,
      isSure: true,
      mustTell: false,
    },
    { confirm: 0, recover: 1 },
    { at: monday, run: null },
  );
  if (made === null) throw new Error('no incident');
  return { ...made, ...parts };
}

describe('the first route that matches', () => {
  test.each<[string, Partial<Incident>, string | null]>([
    ['by severity, before all others', { monitor: 'hosted', severity: 'critical' }, 'mail, pager 600000'],
    ['by tag', { monitor: 'hosted' }, 'weekly weekly'],
    ['by name', {}, 'mail'],
    ['none', { monitor: 'other' }, null],
    [
      'of the watch itself everybody, where no route is for everything',
      { monitor: '', kind: 'self' },
      'mail, pager, weekly',
    ],
    ['or that one', { monitor: '', kind: 'self', severity: 'critical' }, 'mail, pager 600000'],
  ])('%s', (_, parts, expected) => {
    const route = rules().route(incident(parts));
    const to = route?.to.map(({ channel, after }) => (after === 0 ? channel : `${channel} ${after}`)).join(', ');
    expect(route === null ? null : [to, ...(route.digest === null ? [] : [route.digest])].join(' ')).toBe(expected);
  });
});

describe('what keeps it quiet', () => {
  const saturday = Date.parse('2026-11-07T21:00:00Z');

  test.each<[string, Partial<Quieted>, Partial<Incident>, boolean]>([
    ['nothing', {}, {}, false],
    ['maintenance by cron, in its time zone', { now: saturday }, {}, true],
    ['not a minute before', { now: saturday - 60_000 }, {}, false],
    ['nor when it is over', { now: saturday + 2 * hour }, {}, false],
    ['nor another monitor', { now: saturday }, { monitor: 'other' }, false],
    ['maintenance once', { now: monday + 11 * hour }, { monitor: 'hosted' }, true],
    ['before it', { now: monday + 9 * hour }, { monitor: 'hosted' }, false],
    ['a monitor that rests', { paused: new Set(['mx']) }, {}, true],
    ['our own side, for what is silent', { open: [incident({ kind: 'vantage' })] }, { kind: 'unreachable' }, true],
    ['our own side says nothing of what was found', { open: [incident({ kind: 'vantage' })] }, {}, false],
    ['of the watch itself nothing is kept quiet', { now: saturday }, { monitor: '', kind: 'self' }, false],
  ])('%s', (_, known, parts, expected) => expect(rules(known).isQuiet(incident(parts))).toBe(expected));

  test('a silence, from its beginning to its end', () => {
    const silence = { id: '1', match: 'mx/open-relay', from: monday, until: monday + hour, because: 'x', author: 'y' };
    const at = (now: number, parts: Partial<Incident> = {}) =>
      rules({ now, silences: [silence] }).isQuiet(incident(parts));
    expect([monday - 1, monday, monday + hour - 1, monday + hour].map((now) => at(now))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(at(monday, { probe: 'vrfy' })).toBe(false);
  });
});

test.each([
  ['hourly', '2026-11-02T10:20:00Z', '2026-11-02T11:00:00Z'],
  ['daily', '2026-11-02T07:59:00Z', '2026-11-02T08:00:00Z'],
  ['daily', '2026-11-02T08:00:00Z', '2026-11-03T08:00:00Z'],
  ['weekly', '2026-11-02T07:59:00Z', '2026-11-02T08:00:00Z'],
  ['weekly', '2026-11-04T07:59:00Z', '2026-11-09T08:00:00Z'],
] as const)('a digest that is %s: of %s at %s', (digest, at, expected) => {
  expect(new Date(rules().digestAt(digest, Date.parse(at))).toISOString()).toBe(expected.replace('Z', '.000Z'));
});

test.each<[Partial<Incident>, number | null]>([
  [{}, 12 * hour],
  [{ severity: 'low' }, 7 * day],
  [{ monitor: 'other' }, null],
  [{ monitor: 'hosted' }, day],
  [{ monitor: '', kind: 'self' }, day],
])('%j is told again after %s ms', (parts, expected) => expect(rules().remind(incident(parts))).toBe(expected));

test.each<[Partial<Incident>, string]>([
  [{}, 'mxprobe scan mx.example.org:25 --probe open-relay'],
  [{ host: '2001:db8::1' }, 'mxprobe scan [2001:db8::1]:25 --probe open-relay'],
  [{ host: 'example.org', port: 0, probe: 'spf' }, 'mxprobe scan example.org --probe spf'],
  [{ host: 'example.com', port: 0, probe: 'spf', monitor: 'hosted' }, 'mxprobe scan example.com --private --probe spf'],
  [{ kind: 'unreachable', probe: '' }, 'mxprobe monitor now mx'],
  [{ kind: 'vantage', monitor: '' }, 'mxprobe monitor status'],
])('%j is seen again by %s', (parts, expected) => expect(rules().command(incident(parts))).toBe(expected));
