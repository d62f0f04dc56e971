import { createHash } from 'node:crypto';
import { Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import type { Channel } from '../../src/monitor/config/config.ts';
import { tally } from '../../src/web/metrics/tally.ts';
import { type Family, readOpenMetrics } from '../support/openmetrics.ts';
import { endpointReport, finding, report } from '../unit/report/handmade.ts';
import { bad, configOf, good, hour, incident, type Site, said, site, start, world } from './world.ts';

const openMetrics = { accept: 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1' };

async function scraped(pages: Site, path = '/metrics'): Promise<Map<string, Family>> {
  const { status, headers, body } = await pages.ask(path, { headers: openMetrics });
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
  return readOpenMetrics(body);
}

/** `labels` in the order of their names, and the value. */
const valuesOf = (families: Map<string, Family>, name: string): string[] =>
  (families.get(name)?.samples ?? []).map(
    ({ labels, value }) => `${Object.values(labels).join(' ')}${Object.keys(labels).length > 0 ? ' ' : ''}${value}`,
  );

const measured = () =>
  report([
    endpointReport([
      finding('tls-certificate', 'pass', { measured: { validTo: '2026-12-01T00:00:00.000Z' } }),
      finding('connection-rate', 'pass', { measured: { limit: 30, windowSeconds: 30 } }),
      finding('vrfy', 'fail', { severity: 'high' }),
      finding('expn', 'inconclusive', { doubt: 'timeout' }),
    ]),
    endpointReport(
      [
        finding('tls-certificate', 'pass', { measured: { validTo: '2026-11-20T00:00:00.000Z' } }),
        finding('connection-rate', 'pass', { measured: { limit: 20, windowSeconds: 30 } }),
        finding('vrfy', 'pass'),
      ],
      { id: 'mx1.example.com/192.0.2.2:25', address: '192.0.2.2' },
    ),
  ]);

describe('/metrics', () => {
  test('a server that is silent is down before people are told', async () => {
    await using all = await world(['mx']);
    await all.ran(start, { mx: good() });
    await all.happened(incident({ kind: 'unreachable', probe: '', state: 'suspected' }));
    await using pages = await site(all, configOf(['mx']), start + hour);
    const families = await scraped(pages);
    expect(valuesOf(families, 'mxprobe_monitor_up')).toEqual(['mx 0']);
    expect(valuesOf(families, 'mxprobe_incident_open')).toEqual([]);
  });

  test('says how each monitor stands, and the watch, under the names of the design', async () => {
    await using all = await world(['mx', 'submit', 'new']);
    await all.ran(start, { mx: measured(), submit: good() });
    await all.happened(incident({ state: 'open' }));
    await all.happened(incident({ id: 'aaaa00000001', host: 'mx2.example.com' }));
    await all.happened(incident({ id: 'aaaa00000002', kind: 'unreachable', probe: '', severity: 'high' }));
    await all.happened(incident({ id: 'aaaa00000003', state: 'suspected', probe: 'hello' }));
    const config = { ...configOf(['mx', 'submit', 'new']), channels: [pager] };
    await using pages = await site(all, config, start + 1.5 * hour);
    const families = await scraped(pages);
    expect([...families.keys()].toSorted()).toEqual([
      'mxprobe_alerts',
      'mxprobe_build_info',
      'mxprobe_certificate_expiry_timestamp_seconds',
      'mxprobe_config_last_reload_success',
      'mxprobe_findings',
      'mxprobe_incident_open',
      'mxprobe_last_run_timestamp_seconds',
      'mxprobe_limit',
      'mxprobe_monitor_up',
      'mxprobe_monitor_worst_severity',
      'mxprobe_outbox_pending',
      'mxprobe_run_duration_seconds',
      'mxprobe_runs',
      'mxprobe_schedule_lag_seconds',
      'mxprobe_tick_timestamp_seconds',
    ]);
    expect(valuesOf(families, 'mxprobe_monitor_up')).toEqual(['mx 0', 'submit 1']);
    expect(valuesOf(families, 'mxprobe_monitor_worst_severity')).toEqual(['mx 4', 'submit 0']);
    expect(valuesOf(families, 'mxprobe_findings').filter((line) => line.startsWith('mx '))).toEqual([
      'mx pass 5',
      'mx fail 1',
      'mx inconclusive 1',
      'mx not-applicable 0',
      'mx error 0',
    ]);
    expect(valuesOf(families, 'mxprobe_incident_open').toSorted()).toEqual([
      'mx open-relay critical 2',
      'mx unreachable high 1',
      'mx vrfy high 1',
    ]);
    expect(valuesOf(families, 'mxprobe_certificate_expiry_timestamp_seconds')).toEqual([
      `mx mx1.example.com:25 ${Date.parse('2026-11-20T00:00:00Z') / 1000}`,
    ]);
    expect(valuesOf(families, 'mxprobe_limit')).toEqual(['mx mx1.example.com:25 connection-rate 40']);
    expect(valuesOf(families, 'mxprobe_last_run_timestamp_seconds')).toEqual([
      `mx ${start / 1000 + 1}`,
      `submit ${start / 1000 + 1}`,
    ]);
    // Nobody has claimed the runs of one hour later, and the one of `new` waits since the beginning.
    expect(valuesOf(families, 'mxprobe_schedule_lag_seconds')).toEqual(['5400']);
    expect(valuesOf(families, 'mxprobe_tick_timestamp_seconds')).toEqual([`${start / 1000 + 5400}`]);
    expect(valuesOf(families, 'mxprobe_config_last_reload_success')).toEqual(['1']);
    expect(valuesOf(families, 'mxprobe_build_info')).toEqual(['0.1.0 1']);
    expect(valuesOf(families, 'mxprobe_outbox_pending')).toEqual(['pager 0']);
  });

  test('counts what ends from its start on, each once, however often somebody asks', async () => {
    await using all = await world(['mx', 'submit']);
    await all.ran(start, { mx: good(), submit: good() });
    await using pages = await site(all, { ...configOf(['mx', 'submit']), channels: [pager] });
    expect(valuesOf(await scraped(pages), 'mxprobe_runs')).toEqual(['done 0', 'failed 0', 'skipped 0']);
    await all.ran(start + hour, { mx: bad(), submit: good() });
    await Promise.all([scraped(pages), scraped(pages), pages.ask('/metrics')]);
    const families = await scraped(pages);
    expect(valuesOf(families, 'mxprobe_runs')).toEqual(['done 2', 'failed 0', 'skipped 0']);
    const durations = families.get('mxprobe_run_duration_seconds')?.samples ?? [];
    expect(durations.find(({ name }) => name.endsWith('_sum'))?.value).toBe(2);
    expect(durations.find(({ name }) => name.endsWith('_count'))?.value).toBe(2);
    expect(valuesOf(families, 'mxprobe_alerts')).toEqual(['pager sent 0', 'pager failed 0', 'pager dead 0']);
  });

  test('counts once where two ask at the same time', async () => {
    await using all = await world(['mx']);
    const add = tally(all.store);
    const registries = Array.from({ length: 3 }, () => new Registry());
    await add(new Registry(), []);
    await all.ran(start, { mx: good() });
    await Promise.all(registries.map((registry) => add(registry, [])));
    for (const registry of registries)
      expect(await registry.getSingleMetricAsString('mxprobe_runs_total')).toContain('{state="done"} 1\n');
  });

  test('takes no part of a name for a label', async () => {
    await using all = await world(['a', 'a,probe:b']);
    await all.happened(incident({ monitor: 'a', probe: 'b,probe:c' }));
    await all.happened(incident({ id: 'aaaa00000001', monitor: 'a,probe:b', probe: 'c' }));
    await using pages = await site(all, configOf(['a', 'a,probe:b']));
    expect(valuesOf(await scraped(pages), 'mxprobe_incident_open').toSorted()).toEqual([
      'a b,probe:c critical 1',
      'a,probe:b c critical 1',
    ]);
  });

  test('has the text of old where that is asked for, with the same names', async () => {
    await using all = await world(['mx']);
    await using pages = await site(all, configOf(['mx']));
    for (const accept of ['text/plain;version=0.0.4', '*/*', 'text/html', '']) {
      const { headers, body } = await pages.ask('/metrics', { headers: { accept } });
      expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
      expect(body).toContain('# TYPE mxprobe_runs_total counter\nmxprobe_runs_total{state="done"} 0\n');
      expect(body).not.toContain('# EOF');
    }
  });

  test.each(['quote" backslash\\ brace}', 'a,monitor:b', '\n# TYPE evil gauge\nevil 1', '\u001b[31m\u202e', 'ü'])(
    'keeps hostile names in their labels: %j',
    async (name) => {
      const reports = report([
        endpointReport([finding('connection-count', 'pass', { measured: { limit: 3 } })], { host: name }),
        endpointReport([finding('connection-count', 'pass', { measured: { limit: 4 } })], { host: `${name},probe:x` }),
      ]);
      await using all = await world([name, 'b']);
      await all.ran(start, { [name]: reports, b: good() });
      await using pages = await site(all, configOf([name, 'b']));
      const families = await scraped(pages);
      expect(families.has('evil')).toBe(false);
      expect(valuesOf(families, 'mxprobe_monitor_up')).toHaveLength(2);
      expect(families.get('mxprobe_limit')?.samples.map(({ value }) => value)).toEqual([3, 4]);
      const [first] = families.get('mxprobe_limit')?.samples ?? [];
      if (!/\p{C}/u.test(name)) expect(first?.labels.monitor).toBe(name);
      const detail = await scraped(pages, `/probe?target=${encodeURIComponent(name)}`);
      expect(detail.get('mxprobe_probe_result')?.samples).toHaveLength(2);
    },
  );

  test('leaves out what rests, what was never scanned, and what has left the file', async () => {
    await using all = await world(['mx', 'rests']);
    await all.ran(start, { mx: measured(), rests: good() });
    await all.store.pause('rests');
    await all.store.mirror([{ id: 'rests', spec: '{}', schedules: [] }], start + 2000);
    await using pages = await site(all, configOf(['rests']));
    const families = await scraped(pages);
    expect(valuesOf(families, 'mxprobe_monitor_up')).toEqual([]);
    expect(valuesOf(families, 'mxprobe_limit')).toEqual([]);
    expect(valuesOf(families, 'mxprobe_monitor_worst_severity')).toEqual(['rests 0']);
  });

  test('is for who may read metrics, and says of a store that cannot be read that it is so', async () => {
    const token = 'a'.repeat(43);
    const sha256 = createHash('sha256').update(token).digest('hex');
    await using all = await world(['mx']);
    const config = configOf(['mx'], {
      tokens: [
        { name: 'prometheus', sha256, may: ['metrics'] },
        { name: 'reader', sha256: createHash('sha256').update('b').digest('hex'), may: ['read'] },
      ],
    });
    await using pages = await site(all, config);
    const as = (bearer: string) => ({ headers: { authorization: `Bearer ${bearer}` } });
    for (const path of ['/metrics', '/probe?target=mx']) {
      expect((await pages.ask(path)).status).toBe(401);
      expect((await pages.ask(path, as('b'))).status).toBe(403);
      expect((await pages.ask(path, as(token))).status).toBe(200);
    }
    expect((await pages.ask('/', as(token))).status).toBe(403);
    await all.store[Symbol.asyncDispose]();
    expect((await pages.ask('/metrics', as(token))).status).toBeGreaterThanOrEqual(500);
  });
});

const pager: Channel = {
  name: 'pager',
  kind: 'ntfy',
  server: 'https://ntfy.example.org',
  topic: 'mail',
  token: null,
};

describe('/probe', () => {
  test('says what the store holds of one monitor, question by question', async () => {
    await using all = await world(['mx', 'submit']);
    await all.ran(start, { mx: measured(), submit: good() });
    await using pages = await site(all, configOf(['mx', 'submit']), start + 1.5 * hour);
    const mx = await scraped(pages, '/probe?target=mx');
    expect(valuesOf(mx, 'probe_success')).toEqual(['0']);
    expect(valuesOf(mx, 'probe_duration_seconds')).toEqual(['1']);
    expect(valuesOf(mx, 'probe_ssl_earliest_cert_expiry')).toEqual([`${Date.parse('2026-11-20T00:00:00Z') / 1000}`]);
    expect(valuesOf(mx, 'mxprobe_result_age_seconds')).toEqual(['5399']);
    expect(valuesOf(mx, 'mxprobe_probe_result')).toContain('mx1.example.com:25 192.0.2.1 vrfy fail high no 1');
    expect(valuesOf(mx, 'mxprobe_probe_limit')).toEqual([
      'mx1.example.com:25 192.0.2.1 connection-rate 60',
      'mx1.example.com:25 192.0.2.2 connection-rate 40',
    ]);
    expect(mx.get('mxprobe_probe_since_timestamp_seconds')?.samples).toHaveLength(7);
    expect(valuesOf(await scraped(pages, '/probe?target=submit'), 'probe_success')).toEqual(['1']);
  });

  test('is no success where the newest run is old, and says nothing of one that was never scanned', async () => {
    await using all = await world(['mx', 'new']);
    await all.ran(start, { mx: good() });
    await using pages = await site(all, configOf(['mx', 'new']), start + 3 * hour);
    expect(valuesOf(await scraped(pages, '/probe?target=mx'), 'probe_success')).toEqual(['0']);
    const families = await scraped(pages, '/probe?target=new');
    expect(valuesOf(families, 'probe_success')).toEqual(['0']);
    expect(valuesOf(families, 'mxprobe_result_age_seconds')).toEqual([]);
  });

  test('answers for monitors of the file alone', async () => {
    await using all = await world(['mx', 'gone']);
    await all.ran(start, { mx: said(finding('hello', 'pass')), gone: good() });
    await using pages = await site(all, configOf(['mx']));
    for (const target of ['gone', 'example.org', '127.0.0.1:25', 'MX', '__proto__', '%00'])
      expect(await pages.ask(`/probe?target=${target}`)).toMatchObject({
        status: 404,
        body: 'The file has no monitor of that name: only its monitors can be asked for.\n',
      });
    for (const query of ['', '?target=mx&target=mx', '?name=mx'])
      expect(await pages.ask(`/probe${query}`)).toMatchObject({
        status: 400,
        body: expect.stringMatching(/^Name one/),
      });
  });
});
