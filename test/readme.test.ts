import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { judgeAgain, probes, readPolicy } from '../src/index.ts';
import { catalogueToMarkdown } from '../src/report/catalogue.ts';
import { formatsOf, scanDocument } from '../src/report/documents.ts';
import { endpointReport, finding, report } from './unit/report/handmade.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe('README', () => {
  test('holds the table of probes as the program prints it', () => {
    expect(readme, 'paste what `mxprobe probes --format markdown` prints').toContain(catalogueToMarkdown(probes));
  });

  test('has a row for every format', () => {
    expect(formatsOf(scanDocument).filter((format) => !readme.includes(`\n| \`${format}\` |`))).toEqual([]);
  });

  test('gives the two commands on its first screen', () => {
    const screen = readme.split('\n').slice(0, 24).join('\n');
    expect(screen).toContain('npm ci && npm run demo');
    expect(screen).toContain('npm ci && npm test');
  });

  test('has a policy that can be read, and that says of a server what its comments say', async () => {
    const [, yaml = ''] = /### Policies[\s\S]*?```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
    const policy = await readPolicy(yaml, 'README.md');
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

  test('CI runs the second command, and nothing else', () => {
    const ci = readFileSync(new URL('../.ci/run', import.meta.url), 'utf8');
    expect(ci.split('\n').filter((line) => /^(npm|bash|docker|apt)/.test(line))).toEqual(['npm ci && npm test']);
  });
});
