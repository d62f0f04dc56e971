import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { judgeAgain, probes, readPolicy } from '../src/index.ts';
import { catalogueToMarkdown } from '../src/report/catalogue.ts';
import { formatsOf, scanDocument } from '../src/report/documents.ts';
import { blocks, documents } from './support/printed.ts';
import { endpointReport, finding, report } from './unit/report/handmade.ts';

const [readme = '', probesPage = '', reportsPage = ''] = ['README.md', 'docs/probes.md', 'docs/reports.md'].map(
  (path) => documents.get(path),
);

const example = (name: string) => readFileSync(new URL(`../examples/${name}`, import.meta.url), 'utf8');
/** Rules and dashboards are taken as files, and not read in a document. */
const examples = readdirSync(new URL('../examples', import.meta.url), { recursive: true, encoding: 'utf8' }).filter(
  (name) => /\.\w+$/.test(name) && !name.startsWith('prometheus/'),
);

describe('README and documents', () => {
  test('hold the table of probes as the program prints it', () => {
    expect(probesPage, 'paste what `mxprobe probes --format markdown` prints').toContain(catalogueToMarkdown(probes));
  });

  test('have a row for every format', () => {
    expect(formatsOf(scanDocument).filter((format) => !reportsPage.includes(`\n| \`${format}\` |`))).toEqual([]);
  });

  test('give the two commands on its first screen', () => {
    const screen = readme.split('\n').slice(0, 24).join('\n');
    expect(screen).toContain('npm ci && npm run demo');
    expect(screen).toContain('npm ci && npm test');
  });

  test('call the package by its version', () => {
    const { name, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Manifest;
    const named = [...documents.values()].flatMap((text) => text.match(/mxprobe-\d[\d.]*\.tgz/g) ?? []);
    expect(new Set(named)).toEqual(new Set([`${name}-${version}.tgz`]));
  });

  test('have a policy that can be read, and that says of a server what its comments say', async () => {
    const policy = await readPolicy(example('policy.yaml'), 'policy.yaml');
    const { waivers, ...rules } = policy;
    expect(rules).toMatchObject({ name: 'mail.example.com', mustTell: ['open-relay', 'submission-auth'] });
    for (const part of [policy.severities, policy.ceilings, policy.mechanisms, policy.tls, policy.ports, waivers]) {
      expect(Object.keys(part)).not.toHaveLength(0);
    }
    const host = { host: 'mail.example.com', address: '192.0.2.1', port: 587, id: 'mail.example.com/192.0.2.1:587' };
    const saved = report([
      endpointReport(
        [
          finding('auth-weak', 'fail'),
          finding('rcpt-oracle', 'fail'),
          finding('submission-auth', 'inconclusive', { doubt: 'timeout' }),
        ],
        host,
      ),
    ]);
    const judged = judgeAgain(saved, policy);
    expect(judged.endpoints[0]?.findings).toMatchObject([
      { probe: 'auth-weak', waived: { until: '2031-03-31' } },
      { probe: 'rcpt-oracle', severity: 'low' },
      { probe: 'submission-auth', mustTell: true },
    ]);
    expect(judged.summary).toMatchObject({ worst: 'low', exitCode: 1 });
  });

  test.each(examples)('print the example %s, which other tests run', (name) => {
    expect(blocks.filter((block) => block === example(name))).toHaveLength(1);
  });

  test('CI runs the second command, and nothing else', () => {
    const ci = readFileSync(new URL('../.ci/run', import.meta.url), 'utf8');
    expect(ci.split('\n').filter((line) => /^(npm|bash|docker|apt)/.test(line))).toEqual(['npm ci && npm test']);
  });

  test('the workflow runs both commands, on the oldest Node that is supported too', () => {
    const text = readFileSync(new URL('../.github/workflows/ci.yml', import.meta.url), 'utf8');
    const { jobs } = parse(text) as Workflow;
    const runs = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
    expect(runs).toEqual(['npm ci && npm run demo', 'npm ci && npm test']);
    const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Manifest;
    expect(JSON.stringify(jobs)).toContain(`"${engines.node.replace('>=', '')}"`);
  });
});

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly run?: string }[] }>>;
}
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly engines: { readonly node: string };
}
