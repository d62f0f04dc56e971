import { createHash } from 'node:crypto';
import { chmod, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMonitoring, startPrometheus } from '../../docker/lab.ts';
import { until } from '../../docker/ready.ts';
import type { Channel } from '../../src/monitor/config/config.ts';
import { endpointReport, finding, report } from '../unit/report/handmade.ts';
import { bad, configOf, good, hour, incident, type Site, site, start, type World, world } from '../web/world.ts';

/** Metrics read by those who read metrics: promtool, and a Prometheus that scrapes a watch on this machine. */
const examples = join(import.meta.dirname, '../../examples/prometheus');
const token = '0123456789abcdef'.repeat(4);
const hostile = 'quote" back\\slash {},=~';
const names = ['mx', 'submit', hostile];

let all: World;
let pages: Site;
let tools: Awaited<ReturnType<typeof startMonitoring>>;
let prometheus: Awaited<ReturnType<typeof startPrometheus>>;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mxprobe-prometheus-'));
  await chmod(folder, 0o755);
  [all, pages] = await watched();
  await cp(examples, folder, { recursive: true });
  await writeFile(join(folder, 'mxprobe.token'), token);
  const config = await readFile(join(examples, 'prometheus.yml'), 'utf8');
  const here = config
    .replaceAll('127.0.0.1:9725', new URL(pages.url).host)
    .replaceAll(/(scrape|evaluation)_interval: \w+/g, '$1_interval: 1s')
    .replace('targets: [mx]', `targets: ${JSON.stringify(names)}`);
  await writeFile(join(folder, 'here.yml'), here);
  await writeFile(join(folder, 'metrics'), await metricsOf('/metrics'));
  await writeFile(join(folder, 'probe'), await metricsOf('/probe?target=mx'));
  tools = await startMonitoring(folder);
  prometheus = await startPrometheus(folder, '/work/here.yml');
});

afterAll(async () => {
  await prometheus?.[Symbol.asyncDispose]();
  await tools?.[Symbol.asyncDispose]();
  await pages?.[Symbol.asyncDispose]();
  await all?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** A store with everything that has a metric, served where containers reach this machine, and nobody else does. */
async function watched(): Promise<[World, Site]> {
  const made = await world(names);
  const measured = report([
    endpointReport([
      finding('tls-certificate', 'pass', { measured: { validTo: '2026-12-01T00:00:00.000Z' } }),
      finding('connection-rate', 'pass', { measured: { limit: 30, windowSeconds: 60 } }),
      finding('vrfy', 'fail', { severity: 'high' }),
    ]),
  ]);
  const pager: Channel = { name: 'pager', kind: 'ntfy', server: 'https://ntfy.example.org', topic: 'a', token: null };
  const [bridge] = networkInterfaces().docker0 ?? [];
  const host = bridge?.address ?? '172.17.0.1';
  const sha256 = createHash('sha256').update(token).digest('hex');
  const listen = { kind: 'tcp', host, port: 0 } as const;
  const config = configOf(names, { listen, tokens: [{ name: 'prometheus', sha256, may: ['metrics'] }] });
  await made.ran(start, { mx: good(), submit: good(), [hostile]: bad() });
  const served = await site(made, { ...config, channels: [pager] }, start + 1.5 * hour, listen);
  await made.ran(start + hour, { mx: measured, submit: good(), [hostile]: bad() });
  await made.happened(incident());
  return [made, served];
}

async function metricsOf(path: string): Promise<string> {
  const { status, body } = await pages.ask(path, { headers: { authorization: `Bearer ${token}` } });
  expect(status).toBe(200);
  return body;
}

const promtool = (command: string) => tools.exec(['sh', '-c', `cd /work && promtool ${command} 2>&1`]);

test('promtool finds nothing to say of what /metrics and /probe say', async () => {
  expect(await promtool('check metrics < metrics')).toBe('');
  expect(await promtool('check metrics < probe')).toBe('');
});

test('and would say so, and reads no broken metrics', async () => {
  await writeFile(join(folder, 'odd'), '# TYPE odd_milliseconds counter\nodd_milliseconds 1\n');
  await expect(promtool('check metrics < odd')).rejects.toThrow(/should have "_total" suffix/);
  await writeFile(join(folder, 'broken'), (await metricsOf('/metrics')).replace('\\"', '"'));
  await expect(promtool('check metrics < broken')).rejects.toThrow(/error while linting/);
});

test('the examples are right: scrape configuration, rules, and what the rules tell', async () => {
  expect(await promtool('check config prometheus.yml')).toMatch(/SUCCESS: 1 rule files found/);
  expect(await promtool('check rules rules.yml')).toMatch(/SUCCESS: \d+ rules found/);
  expect(await promtool('test rules rules.test.yml')).toMatch(/SUCCESS/);
});

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

async function query(expr: string): Promise<Series[]> {
  const answer = await fetch(`${prometheus.url}/api/v1/query?query=${encodeURIComponent(expr)}`);
  const { status, error, data } = (await answer.json()) as {
    readonly status: string;
    readonly error?: string;
    readonly data?: { readonly result: Series[] };
  };
  if (status !== 'success' || data === undefined) throw new Error(`${expr}: ${error}`);
  return data.result;
}

const valuesOf = async (expr: string, label = 'monitor') =>
  (await query(expr)).map(({ metric, value }) => [metric[label] ?? '', Number(value[1])]).toSorted();

test('Prometheus scrapes both in OpenMetrics, by the token, and answers for what it took', async () => {
  const isUp = async () => (await query('up == 1')).length === 1 + names.length;
  expect(await until(isUp, 30_000)).toBe(true);
  expect(await valuesOf('mxprobe_monitor_up')).toEqual(names.map((name) => [name, 1]).toSorted());
  expect(await valuesOf('mxprobe_monitor_worst_severity')).toEqual(
    [
      ['mx', 4],
      ['submit', 0],
      [hostile, 3],
    ].toSorted(),
  );
  expect(await valuesOf('mxprobe_limit', 'probe')).toEqual([['connection-rate', 30]]);
  expect(await valuesOf('mxprobe_certificate_expiry_timestamp_seconds', 'endpoint')).toEqual([
    ['mx1.example.com:25', Date.parse('2026-12-01T00:00:00Z') / 1000],
  ]);
  expect(await valuesOf('mxprobe_incident_open{probe="open-relay"}', 'severity')).toEqual([['critical', 1]]);
  expect(await valuesOf('mxprobe_runs_total{state="done"}', 'state')).toEqual([['done', 3]]);
  expect(await valuesOf('mxprobe_run_duration_seconds_count')).toEqual([['', 3]]);
  expect(await valuesOf('probe_success')).toEqual(
    [
      ['mx', 0],
      ['submit', 1],
      [hostile, 0],
    ].toSorted(),
  );
  expect(await valuesOf('mxprobe_probe_result{monitor="mx", verdict="fail"}', 'probe')).toEqual([['vrfy', 1]]);
  // A family, and a type, that Prometheus knows only from text that it could read.
  const metadata = await fetch(`${prometheus.url}/api/v1/metadata`).then((answer) => answer.json());
  expect(metadata).toMatchObject({ data: { mxprobe_runs: [{ type: 'counter' }] } });
});

interface Dashboard {
  readonly templating: { readonly list: readonly { readonly type: string }[] };
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly refId: string; readonly expr: string }[];
  }[];
}

test('each panel of the dashboard asks for what is there', async () => {
  const text = await readFile(join(examples, 'dashboard.json'), 'utf8');
  const dashboard: Dashboard = JSON.parse(text);
  const sources = [...text.matchAll(/"datasource": \{[^}]*"uid": "([^"]*)"/g)].map(([, uid]) => uid);
  expect(new Set(sources)).toEqual(new Set([`\${datasource}`]));
  expect(dashboard.templating.list.map(({ type }) => type)).toEqual(['datasource']);
  const known = new Set([...(await metricsOf('/metrics')).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
  const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  expect(expressions.length).toBeGreaterThan(15);
  // A rate wants two samples.
  expect(await until(async () => (await query('rate(mxprobe_runs_total[1h])')).length > 0, 30_000)).toBe(true);
  for (const expr of expressions) {
    const asked = [...expr.matchAll(/mxprobe_[a-z_]+/g)].map(([name]) => name.replace(/_bucket$/, ''));
    expect(asked.length, expr).toBeGreaterThan(0);
    expect(
      asked.filter((name) => !known.has(name)),
      expr,
    ).toEqual([]);
    expect((await query(expr)).length, expr).toBeGreaterThan(0);
  }
  await expect(query('sum by (mxprobe_limit')).rejects.toThrow(/parse error/);
});

test('its rules are in force, and tell what is wrong', async () => {
  const told = async () => (await query('ALERTS{alertstate="firing", alertname="MailServerIncident"}')).length > 0;
  expect(await until(told, 30_000)).toBe(true);
  const answer = await fetch(`${prometheus.url}/api/v1/rules`).then((one) => one.json());
  expect(JSON.stringify(answer)).not.toMatch(/"health":"err"/);
});
