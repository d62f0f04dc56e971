import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { heloOf } from '../../src/cli/helo.ts';
import { run } from '../../src/cli/run.ts';
import type { Report } from '../../src/model/report.ts';
import { version } from '../../src/version.ts';
import { badReport, world } from './fake-io.ts';

const report = join(mkdtempSync(join(tmpdir(), 'mxprobe-')), 'report.json');
writeFileSync(report, JSON.stringify(badReport));

describe('judge', () => {
  test('judges what was saved, prints it, and scans nothing', async () => {
    const { io, out, scans } = world();
    expect(await run(['judge', report], io)).toBe(1);
    expect(out()).toContain('FAIL     open-relay');
    expect(scans).toEqual([]);
  });

  test('reads standard input and gives JSON', async () => {
    const { io, out } = world({ stdin: JSON.stringify(badReport) });
    expect(await run(['judge', '-', '--format', 'json'], io)).toBe(1);
    expect(JSON.parse(out())).toMatchObject(badReport);
  });

  test('hands over another threshold', async () => {
    let judged: Report | undefined;
    const judgeAgain = (saved: Report) => {
      judged = saved;
      return saved;
    };
    await run(['judge', report, '--fail-on', 'critical'], world({ judgeAgain }).io);
    expect(judged?.options).toEqual({ ...badReport.options, failOn: 'critical' });
  });
});

describe('probes', () => {
  test('lists the catalogue', async () => {
    const { io, out } = world();
    expect(await run(['probes'], io)).toBe(0);
    expect(out()).toContain('open-relay       active     high      What of open-relay?\n');
  });

  test('explains one, with the fix for each server', async () => {
    const { io, out } = world();
    expect(await run(['probes', 'open-relay'], io)).toBe(0);
    for (const part of [
      'matters.',
      'By what it says',
      "Fix for Postfix\n  postconf -e 'open-relay = yes'",
      'Fix for Exim',
      'RFC 5321',
      'what hello saw',
    ]) {
      expect(out()).toContain(part);
    }
  });

  test('prints the table of docs/probes.md', async () => {
    const { io, out } = world();
    await run(['probes', '--format', 'markdown'], io);
    expect(out()).toContain('| `hello` | What of hello? | passive | high |\n');
  });
});

describe('demo', () => {
  test('scans the demo server; its weaknesses are no failure; the server is closed', async () => {
    const { io, out, scans } = world({ scan: async () => badReport });
    let closed = false;
    const startDemo = async () => ({
      port: 4321,
      options: { domain: 'example.com' },
      close: async () => {
        closed = true;
      },
    });
    expect(await run(['demo'], { ...io, startDemo })).toBe(0);
    expect(out()).toContain('FAIL     open-relay');
    expect(scans[0]?.targets).toMatchObject([{ kind: 'endpoint', host: '127.0.0.1', port: 4321 }]);
    expect(scans[0]?.options).toMatchObject({ domain: 'example.com', helo: 'scanner.example.net' });
    expect(closed).toBe(true);
  });
});

describe('help', () => {
  test.each([['--help'], ['-h'], ['help']])('%s names every command', async (word) => {
    const { io, out, err } = world();
    expect(await run([word], io)).toBe(0);
    for (const name of ['scan <target>', 'judge <report.json>', 'probes [id]', 'demo'])
      expect(out()).toContain(`mxprobe ${name}`);
    expect(err()).toBe('');
  });

  test.each([
    ['scan', ['--tls-ca', '--fail-on', '@file', 'mxprobe scan example.com', 'Exit codes']],
    ['judge', ['mxprobe judge report.json', '--policy']],
    ['probes', ['mxprobe probes open-relay']],
    ['demo', ['mxprobe demo --transcript', 'on purpose']],
  ])('%s --help has examples', async (name, parts) => {
    const { io, out, err } = world();
    expect(await run([name, '--help'], io)).toBe(0);
    for (const part of parts) expect(out()).toContain(part);
    expect(err()).toBe('');
    const again = world();
    await run(['help', name], again.io);
    expect(again.out()).toBe(out());
  });

  test('lists every option of the contract', async () => {
    const { io, out } = world();
    await run(['scan', '--help'], io);
    const contract =
      'ports allow authorized plan probe skip domain recipient external sender helo timeout concurrency patience vantage ipv4 ipv6 dns dns-trusted private dnsbl vantage-address tls-ca policy format output fail-on transcript';
    for (const option of contract.split(' ')) expect(out()).toMatch(new RegExp(`--${option}\\b`));
  });
});

test('--version is that of package.json', async () => {
  const { io, out } = world();
  expect(await run(['-V'], world().io)).toBe(0);
  expect(await run(['--version'], io)).toBe(0);
  expect(out()).toBe('0.1.0\n');
  expect(version()).toBe((JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version);
});

test.each([
  ['mail.example.com', 'mail.example.com', false],
  ['laptop', 'laptop.invalid', true],
  ['my_host.example.com', 'my-host.example.com', false],
  ['', 'scanner.invalid', true],
  ['bad name', 'scanner.invalid', true],
])('the EHLO name of %j is %s', (host, name, noted) => {
  const made = heloOf(host);
  expect(made.name).toBe(name);
  expect(made.note !== null).toBe(noted);
});
