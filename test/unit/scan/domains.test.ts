import { describe, expect, test } from 'vitest';
import { probes } from '../../../probes/index.ts';
import { tlsCertificate } from '../../../probes/tls-certificate.ts';
import {
  compareReports,
  defaultOptions,
  defaultPolicy,
  defaultRestraint,
  defineDomainProbe,
  judge,
  type Policy,
  parseTarget,
  readReport,
  type ScanEvent,
} from '../../../src/index.ts';
import { answerShape, fail, inconclusive, type Probe, pass, type Zod } from '../../../src/kit/index.ts';
import { scanTargets } from '../../../src/scan/scan.ts';
import { startFakeDns } from '../../fakes/fake-dns.ts';
import { fakeNames, type Zone } from '../../fakes/names.ts';
import { mta } from '../../fakes/scripted-server.ts';
import { renderAll } from '../../support/every-report.ts';

/** Whether a domain has a certain TXT record, and how many of its servers were seen inside TLS. */
const txt = defineDomainProbe({
  id: 'test-txt',
  question: 'Is there a record?',
  severity: 'medium',
  weighs: 'Medium.',
  why: 'A test.',
  judged: 'By its being there.',
  refs: ['RFC 1035 §3.3.14'],
  lookups: 1,
  fix: { dns: ['example.com. TXT "yes"'] },
  wants: { certificate: tlsCertificate },
  data: (z: Zod) => z.object({ answer: answerShape('TXT')(z) }),
  observe: async (names) => ({ answer: await names.ask(names.subject.domain, 'TXT') }),
  judge({ answer: { kind, because, at } }, endpoints) {
    const measured = { seen: endpoints.map(({ endpoint }) => endpoint.id) };
    if (kind === 'failed') return inconclusive('dns-failed', `TXT: ${because}`, [at], { measured });
    return kind === 'found'
      ? pass('the record is there', at, { measured })
      : fail('there is no such record', at, { measured, headline: 'The record is missing' });
  },
});
const catalogue: readonly Probe[] = [...probes, txt];

/** A scan of a domain whose one MX is a fake on loopback. */
async function scanDomain(
  zone: Zone,
  policy: Policy = defaultPolicy,
  { only = ['hello', 'test-txt'], name = 'Example.Test' } = {},
) {
  await using server = await mta().start();
  const { port } = server;
  await using dns = await startFakeDns({
    'example.test': { MX: ['10 mx.example.test'] },
    'mx.example.test': { A: ['127.0.0.1'] },
    'no-mx.test': { A: ['127.0.0.1'] },
    'nothing.test': {},
  });
  const target = parseTarget(name);
  if (target.kind === 'bad') throw new Error(target.problem);
  const events: ScanEvent[] = [];
  const report = await scanTargets([target], {
    probes: catalogue,
    options: {
      ...defaultOptions,
      helo: 'scanner.example.net',
      dns: dns.server,
      ports: [port],
      probes: only,
      policy,
      private: true,
      restraint: { ...defaultRestraint, replySeconds: 1 },
    },
    version: '0.0.0',
    onEvent: (event) => events.push(event),
    namesOf: (subject) => {
      const names = fakeNames(zone, { subject });
      return { names, lookups: names.lookups };
    },
  });
  return { report, events };
}

const there: Zone = { 'example.test TXT': ['yes'] };
const missing: Zone = { 'example.test MX': ['10 mx.example.test'] };

describe('a domain', () => {
  test('has findings of its own, with the look-ups that they cite and the servers that it led to', async () => {
    const { report, events } = await scanDomain(there);
    const [target] = report.targets;
    expect(target?.findings?.map(({ probe, verdict }) => `${probe} ${verdict}`)).toEqual(['test-txt pass']);
    expect(target?.findings?.[0]?.measured?.seen).toEqual(report.endpoints.map(({ id }) => id));
    expect(target?.findings?.[0]?.evidence).toEqual([{ session: 'dns', event: 0, quote: 'example.test TXT: yes' }]);
    expect(target?.lookups).toMatchObject([{ name: 'example.test', type: 'TXT', rcode: 'NOERROR', records: ['yes'] }]);
    expect(report.summary).toMatchObject({ exitCode: 0, counts: { pass: 2 } });
    expect(events.find(({ type }) => type === 'target-finished')).toMatchObject({
      target: { findings: [{ probe: 'test-txt' }] },
    });
  });

  test.each<[string, string, string[]]>([
    ['that somebody registered is asked about without MX records, too', 'No-MX.test', ['test-txt']],
    ['is asked about where it has no address either', 'nothing.test', ['test-txt']],
    ['is not what a host is', 'mx.example.test', []],
  ])('%s', async (_, name, probes) => {
    const { report } = await scanDomain({ [`${name.toLowerCase()} TXT`]: ['yes'] }, defaultPolicy, { name });
    expect((report.targets[0]?.findings ?? []).map(({ probe }) => probe)).toEqual(probes);
  });

  test('that fails counts for the exit code, and says so in every format', async () => {
    const { report } = await scanDomain(missing);
    expect(report.summary).toMatchObject({ exitCode: 1, worst: 'medium', failures: { medium: 1 } });
    // The exit code of a plugin, and the report compared with itself.
    const silent = renderAll(report, catalogue).filter((text) => !text.includes('test-txt'));
    expect(silent.filter((text) => text !== '1' && !text.includes('"kind":"diff"'))).toEqual([]);
  });

  test('that cannot be asked is in doubt', async () => {
    const { report } = await scanDomain({ 'example.test TXT': 'timeout' });
    expect(report.targets[0]?.findings?.[0]).toMatchObject({ verdict: 'inconclusive', doubt: 'dns-failed' });
    expect(report.summary.exitCode).toBe(2);
  });

  test('alone: no server is asked', async () => {
    const { report } = await scanDomain(there, defaultPolicy, { only: ['test-txt'] });
    // The probe reads certificates where there are any.
    expect(report.endpoints.flatMap(({ findings }) => findings)).toEqual([]);
    expect(report.summary.exitCode).toBe(0);
  });

  test('is waived by its name, and weighed by the policy', async () => {
    const waived = {
      ...defaultPolicy,
      waivers: [{ probe: 'test-txt', endpoint: 'example.test', until: '2999-01-01', reason: 'known' }],
    };
    const { report } = await scanDomain(missing, waived);
    expect(report.targets[0]?.findings?.[0]).toMatchObject({ verdict: 'fail', waived: { reason: 'known' } });
    expect(report.summary.exitCode).toBe(0);
    const lighter = await scanDomain(missing, { ...defaultPolicy, severities: { 'test-txt': 'low' } });
    expect(lighter.report.summary).toMatchObject({ exitCode: 0, failures: { low: 1 } });
  });

  test('is judged again from what was saved, under another policy too', async () => {
    const { report } = await scanDomain(missing);
    const saved = await readReport(JSON.stringify(report), catalogue);
    expect(judge(saved, report.policy, catalogue)).toEqual(report);
    const again = judge(saved, { ...defaultPolicy, severities: { 'test-txt': 'critical' } }, catalogue);
    expect(again.summary.worst).toBe('critical');
  });

  test('whose observation is damaged is named by its path', async () => {
    const { report } = await scanDomain(missing);
    const broken = {
      ...report,
      targets: report.targets.map((target) => ({ ...target, observations: { 'test-txt': { answer: 7 } } })),
    };
    await expect(readReport(JSON.stringify(broken), catalogue)).rejects.toThrow(
      'targets[0].observations.test-txt.answer',
    );
  });

  test('is compared with what it was', async () => {
    const before = (await scanDomain(there)).report;
    const after = (await scanDomain(missing)).report;
    const { changes } = compareReports(before, after);
    expect(changes.map(({ kind, endpoint, probe }) => `${kind} ${endpoint} ${probe}`)).toEqual([
      'new example.test test-txt',
    ]);
    expect(compareReports(after, before).changes.map(({ kind }) => kind)).toEqual(['gone']);
  });
});
