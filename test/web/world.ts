import { mkdtempSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPolicy } from '../../src/model/policy.ts';
import type { Finding, Report } from '../../src/model/report.ts';
import type { Incident } from '../../src/monitor/alerts/incident.ts';
import type { Listen, Monitor, MonitorConfig, Web } from '../../src/monitor/config/config.ts';
import type { Run } from '../../src/monitor/run.ts';
import type { Store } from '../../src/monitor/store.ts';
import { defaultOptions } from '../../src/scan/options.ts';
import { openDatabase } from '../../src/store/database.ts';
import { writeIncident } from '../../src/store/incidents.ts';
import { openOwned } from '../../src/store/sqlite-store.ts';
import { appOf } from '../../src/web/app.ts';
import { serve } from '../../src/web/listen.ts';
import { untold } from '../support/alerts.ts';
import { dueEvery } from '../support/due-every.ts';
import { endpointReport, finding, report } from '../unit/report/handmade.ts';

export const hour = 3_600_000;
export const start = Date.parse('2026-11-02T00:00:00Z');

const hourly = dueEvery(hour);

/** A store in a file of its own, and what fills it. */
export interface World extends AsyncDisposable {
  readonly store: Store;
  /** Runs each of these at that time, and records what it said. */
  ran(now: number, said: Readonly<Record<string, Report>>): Promise<Run[]>;
  happened(incident: Incident): Promise<void>;
}

export async function world(monitors: readonly string[]): Promise<World> {
  const file = join(mkdtempSync(join(tmpdir(), 'mxprobe-web-')), 'mxprobe.db');
  const store = await openOwned(file);
  const { db, close } = openDatabase(file, { make: false });
  await store.mirror(
    monitors.map((id) => ({ id, spec: '{}', schedules: [{ name: 'scan', spec: 'every 1h' }] })),
    start,
  );
  return {
    store,
    async ran(now, said) {
      const runs = await store.claim(now, hourly);
      const done: Run[] = [];
      for (const run of runs) {
        const saidHere = said[run.monitor];
        const begun = saidHere === undefined ? null : await store.begin(run.id, now);
        if (begun === null || saidHere === undefined) continue;
        await store.record(begun, saidHere, untold.hearing(begun), now + 1000);
        done.push(begun);
      }
      return done;
    },
    happened: (incident) =>
      writeIncident(
        db,
        incident,
        [
          { what: 'suspected', who: null, text: '' },
          { what: 'opened', who: null, text: 'seen twice' },
        ],
        incident.openedAt,
      ),
    async [Symbol.asyncDispose]() {
      await close();
      await store[Symbol.asyncDispose]();
    },
  };
}

export const said = (...findings: readonly Finding[]): Report => report([endpointReport(findings)]);
export const good = (): Report => said(finding('vrfy', 'pass'), finding('hello', 'pass'));
export const bad = (parts: Partial<Finding> = {}): Report =>
  said(finding('vrfy', 'fail', parts), finding('hello', 'pass'));

export const incident = (parts: Partial<Incident> = {}): Incident => ({
  id: '3fa2c0ffee12',
  kind: 'finding',
  monitor: 'mx',
  host: 'mx1.example.com',
  port: 25,
  probe: 'open-relay',
  state: 'open',
  severity: 'critical',
  openedAt: start,
  openedRun: null,
  confirmedAt: start + 120_000,
  closedAt: null,
  closedBecause: null,
  lastSeenAt: start + hour,
  lastSeenRun: null,
  doubt: null,
  members: ['192.0.2.1'],
  before: { verdict: 'pass', because: 'it refused', quotes: ['S: 554 5.7.1 Relay access denied'] },
  now: { verdict: 'fail', because: 'it took mail for elsewhere', quotes: ['S: 250 2.1.5 Ok'] },
  headline: 'the server relays mail for anybody',
  fix: { postfix: ['smtpd_relay_restrictions = reject_unauth_destination'] },
  ackedAt: null,
  ackedBy: null,
  ackedUntil: null,
  flappingSince: null,
  openings: [],
  streak: 0,
  ...parts,
});

const web: Web = {
  listen: { kind: 'tcp', host: '127.0.0.1', port: 0 },
  hosts: [],
  tokens: [],
  users: [],
  proxy: null,
  publicStatus: [],
};

export function configOf(monitors: readonly string[], parts: Partial<Web> = {}): MonitorConfig {
  return {
    store: '',
    monitors: monitors.map(
      (name): Monitor => ({
        name,
        group: name.split(':')[0] ?? name,
        targets: [],
        schedules: [],
        tags: [],
        policy: defaultPolicy,
        options: { ...defaultOptions, helo: null },
        alerts: { alertOn: 'medium', confirm: 0, remind: null, recover: 1 },
      }),
    ),
    channels: [],
    routes: [],
    maintenance: [],
    web: { ...web, ...parts },
    heartbeat: null,
    retention: { runs: 90 * 24 * hour, changes: 90 * 24 * hour, reports: 90 * 24 * hour },
  };
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Site extends AsyncDisposable {
  readonly url: string;
  readonly errors: readonly unknown[];
  ask(path: string, asking?: Asking): Promise<Answer>;
}

/** Serves a store over real HTTP. */
export async function site(
  { store }: Pick<World, 'store'>,
  config: MonitorConfig,
  now = start + 2 * hour,
  listen: Listen = { kind: 'tcp', host: '127.0.0.1', port: 0 },
): Promise<Site> {
  const errors: unknown[] = [];
  const app = appOf({
    store,
    config: () => config,
    now: () => now,
    lastTick: () => now,
    isReloaded: () => true,
    version: '0.1.0',
    onError: (error) => errors.push(error),
  });
  const serving = await serve(listen, app);
  return {
    url: serving.url,
    errors,
    ask: (path, asking = {}) => ask(serving.url, path, asking),
    [Symbol.asyncDispose]: () => serving[Symbol.asyncDispose](),
  };
}

/** One request, with whatever headers: `fetch` writes those that matter here itself. */
function ask(url: string, path: string, { method = 'GET', headers = {}, body }: Asking): Promise<Answer> {
  const where = url.startsWith('unix:')
    ? { socketPath: url.slice('unix:'.length), headers: { host: 'localhost', ...headers } }
    : { host: new URL(url).hostname.replace(/[[\]]/g, ''), port: new URL(url).port, headers };
  return new Promise((resolve, reject) => {
    const asked = request({ ...where, path, method, agent: false }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts).toString() }),
      );
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
