import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import type { Report } from '../../src/model/report.ts';
import type { Verification } from '../../src/model/verification.ts';
import { endpointReport, report } from '../unit/report/handmade.ts';
import { hello, measured, notPermitted } from '../unit/verify/held.ts';
import { world } from './fake-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'mxprobe-verify-'));
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const main = file(
  'main.cf',
  'mail_version = 3.7.11\ncompatibility_level = 3.6\nmyhostname = mx.example.test\nmydestination = example.test\nmynetworks = 127.0.0.0/8\n',
);
const edited = file(
  'edited.cf',
  `${readFileSync(main, 'utf8')}smtpd_banner = $myhostname ESMTP\nsmtpd_client_connection_rate_limit = 17\n`,
);
const master = file('master.cf', 'smtp inet n - n - - smtpd\nsubmission inet n - n - - smtpd\n');

const seen = report([endpointReport([notPermitted('connection-rate')], { observations: { hello: hello() } })]);
const scan = async () => seen;
const verify = async (stubs: Parameters<typeof world>[0], ...argv: string[]) => {
  const made = world(stubs);
  return { code: await run(['verify', ...argv], made.io), ...made };
};

describe('a scan and a file', () => {
  test('one row a directive, what is contradicted first', async () => {
    const { code, out, err } = await verify({ scan }, '--postconf', edited, 'mx1.example.com:25');
    expect(err()).toBe('');
    expect(code).toBe(1);
    const rows = out().split('\n');
    expect(rows.find((line) => line.startsWith('  CONTRADICTED'))).toContain(
      `smtpd_banner  mx.example.test ESMTP (${edited}:6)`,
    );
    expect(out()).toContain('S: 220 mx.example.test ESMTP Postfix');
    expect(out().indexOf('CONTRADICTED')).toBeLessThan(out().indexOf('confirmed     '));
    expect(out()).toContain('Exit code 1: something is not as the files say.');
  });

  test('a limit that the scan would not reach is told beforehand', async () => {
    const high = file('high.cf', 'mail_version = 3.7.11\nsmtpd_client_message_rate_limit = 200\n');
    const words = 'the files set limits that 120 events do not reach: --max-events 201 shows the highest';
    const { err } = await verify({ scan }, '--postconf', high, '--allow', 'load', 'mx1.example.com:25');
    expect(err()).toContain(words);
    const enough = ['--allow', 'load', '--max-events', '201'];
    const { err: silent } = await verify({ scan }, '--postconf', high, ...enough, 'mx1.example.com:25');
    expect(silent()).not.toContain('do not reach');
  });

  test('nothing contradicted, and limits not allowed: 2, and the way on', async () => {
    const { code, out } = await verify({ scan }, '--postconf', main, 'mx1.example.com:25');
    expect(code).toBe(2);
    expect(out()).toContain('needs --allow load');
  });

  test('the file tells the scan its domain, and the user may tell another', async () => {
    const { scans } = await verify({ scan }, '--postconf', main, 'mx1.example.com:25');
    expect(scans[0]?.options).toMatchObject({ domain: 'example.test', allow: 'active' });
    const other = await verify({ scan }, '--postconf', main, '--domain', 'other.test', 'mx1.example.com:25');
    expect(other.scans[0]?.options.domain).toBe('other.test');
  });

  test('only probes that rows need are asked', async () => {
    const { scans } = await verify({ scan }, '--postconf', main, 'mx1.example.com:25', '--skip', 'connection-rate');
    expect(scans[0]?.options.probes).toEqual(['hello', 'open-relay']);
  });

  test('a host at one of its domains takes an outside address elsewhere', async () => {
    const { scans } = await verify({ scan, hostname: 'desk.example.test' }, '--postconf', main, 'mx1.example.com:25');
    expect(scans[0]?.options.external).toBe('mxprobe-relay-test@example.net');
  });

  test('--plan says what would be sent, and stops', async () => {
    const { code, out, scans } = await verify({ scan }, '--postconf', main, 'mx1.example.com:25', '--plan');
    expect([code, scans.length]).toEqual([0, 0]);
    expect(out()).toContain('connection-rate: needs --allow load');
  });
});

describe('json', () => {
  test('is one document, with the report that it rests on', async () => {
    const { out } = await verify({ scan }, '--postconf', edited, 'mx1.example.com:25', '--format', 'json');
    const verification = JSON.parse(out()) as Verification;
    expect(verification).toMatchObject({ schema: 1, kind: 'verification', summary: { exitCode: 1 } });
    expect(verification.report).toEqual(seen);
    expect(verification.endpoints[0]?.rows[0]).toMatchObject({ directive: 'smtpd_banner', verdict: 'contradicted' });
  });

  test('goes to a file, whole', async () => {
    const path = join(folder, 'verified.json');
    const { out } = await verify(
      { scan },
      '--postconf',
      main,
      'mx.example.com:25',
      '--format',
      'json',
      '--output',
      path,
    );
    expect(out()).toBe('');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ kind: 'verification' });
  });
});

describe('documents', () => {
  const path = (name: string) => join(folder, name);
  const written = (name: string) => readFileSync(path(name), 'utf8');

  test('the name of the file says which', async () => {
    const { code, out } = await verify({ scan }, '--postconf', edited, 'mx1.example.com:25', '--output', path('v.md'));
    expect([code, out()]).toEqual([1, '']);
    expect(written('v.md')).toMatch(/^#+ mxprobe verify/);
  });

  test('come in several formats from one scan', async () => {
    const pairs = ['--output', path('v.json'), '--format', 'markdown', '--output', path('m'), '--format', 'terminal'];
    const { code, out, scans } = await verify({ scan }, '--postconf', edited, 'mx1.example.com:25', ...pairs);
    expect([code, scans.length]).toEqual([1, 1]);
    expect(JSON.parse(written('v.json'))).toMatchObject({ kind: 'verification', summary: { exitCode: 1 } });
    expect(written('m')).toMatch(/^#+ mxprobe verify/);
    expect(out()).toContain('CONTRADICTED');
  });

  test('one that cannot be written costs the exit code, and leaves the others', async () => {
    const pairs = ['--format', 'json', '--output', '/dev/full', '--format', 'terminal'];
    const { code, out, err } = await verify({ scan }, '--postconf', edited, 'mx1.example.com:25', ...pairs);
    expect(code).toBe(3);
    expect(out()).toContain('CONTRADICTED');
    expect(err()).toBe('mxprobe: --output: "/dev/full" cannot be written: the disk is full\n');
  });
});

describe('a saved report', () => {
  const saved = file('report.json', JSON.stringify(seen));

  test('is compared without any network', async () => {
    const { code, scans, out } = await verify({ scan }, '--postconf', edited, '--report', saved);
    expect([code, scans.length]).toEqual([1, 0]);
    expect(out()).toContain('CONTRADICTED');
  });

  test('may be told where it was taken from', async () => {
    const inside = report([endpointReport([], { observations: { hello: hello([], { localAddress: '10.0.0.9' }) } })]);
    const path = file('inside.json', JSON.stringify({ ...inside, options: { ...inside.options, vantage: null } }));
    const vantage = async (...given: string[]) => {
      const { out } = await verify({}, '--postconf', main, '--report', path, '--format', 'json', ...given);
      return (JSON.parse(out()) as Verification).report.options.vantage;
    };
    expect(await vantage()).toBeNull();
    expect(await vantage('--vantage', 'outside')).toBe('outside');
  });

  test('from standard input', async () => {
    const { code } = await verify({ stdin: JSON.stringify(seen) }, '--postconf', edited, '--report', '-');
    expect(code).toBe(1);
  });

  test('that observed something else is refused, by the name of the field', async () => {
    const odd: Report = report([endpointReport([], { observations: { hello: { greeting: 'hm' } } })]);
    const path = file('odd.json', JSON.stringify(odd));
    const { code, err } = await verify({}, '--postconf', main, '--report', path);
    expect(code).toBe(3);
    expect(err()).toMatch(/observations\.hello\.greeting/);
  });
});

describe('which service', () => {
  const on = (port: number, role: 'mx' | 'submission' = 'mx') =>
    report([endpointReport([], { port, role, id: `mx/192.0.2.1:${port}`, observations: { hello: hello() } })]);

  test("without master.cf the users' ports are not told", async () => {
    const { out, code } = await verify({ scan: async () => on(587, 'submission') }, '--postconf', edited, 'mx:587');
    expect(code).toBe(2);
    expect(out()).toContain('give --master');
    expect(out()).not.toContain('CONTRADICTED');
  });

  test('with it they are', async () => {
    const stubs = { scan: async () => on(587, 'submission') };
    const { out, code } = await verify(stubs, '--postconf', edited, '--master', master, 'mx:587');
    expect(code).toBe(1);
    expect(out()).toContain('held against submission (master.cf:2)');
  });

  test('a port that was mapped is named', async () => {
    const argv = ['--postconf', edited, '--master', master, '--service', 'submission', 'mx:2587'];
    const { out } = await verify({ scan: async () => on(2587) }, ...argv);
    expect(out()).toContain('held against submission (master.cf:2)');
    const guessed = await verify({ scan: async () => on(2587) }, '--postconf', edited, '--master', master, 'mx:2587');
    expect(guessed.out()).toContain('taken for smtp (port 25); --service names another');
  });

  test('somebody answers where master.cf has nobody', async () => {
    const { out, code } = await verify({ scan: async () => on(465) }, '--postconf', main, '--master', master, 'mx:465');
    expect(code).toBe(1);
    expect(out()).toContain('another file than the one that runs?');
  });
});

describe('what cannot be', () => {
  const saved = file('one.json', JSON.stringify(seen));
  test.each<[string, string[], string]>([
    ['no file', ['mx.example.com'], '--postconf main.cf'],
    ['a file that is not there', ['--postconf', '/nowhere/main.cf', 'mx.example.com'], '/nowhere/main.cf'],
    ['no target', ['--postconf', main], 'no target'],
    ['target and report', ['--postconf', main, '--report', saved, 'mx.example.com'], 'leave out mx.example.com'],
    ['a vantage that is none', ['--postconf', main, '--report', saved, '--vantage', 'nonsense'], '--vantage'],
    ['a report and how to scan', ['--postconf', main, '--report', saved, '--allow', 'load'], 'leave out --allow'],
    ['a report that is none', ['--postconf', main, '--report', main], 'is not JSON'],
    [
      'a service that is not in master.cf',
      ['--postconf', main, '--master', master, '--service', 'smtps', 'mx.example.com'],
      'it has smtp, submission',
    ],
    [
      'a version that is none',
      ['--postconf', main, '--postfix-version', 'new', 'mx.example.com'],
      'version of Postfix',
    ],
    [
      'a format that it has not',
      ['--postconf', main, '--format', 'sarif', 'mx.example.com'],
      '"sarif" is for reports of a scan; here there are terminal, markdown, json',
    ],
    ['a file of such a format', ['--postconf', main, '--output', 'v.html', 'mx.example.com'], '"html" is for reports'],
    ['a plan for machines', ['--postconf', main, '--plan', '--output', 'v.json', 'mx.example.com'], '--plan is text'],
    ['a main.cf that is none', ['--postconf', file('no.cf', 'hello\n'), 'mx.example.com'], 'no.cf:1'],
  ])('%s', async (_, argv, message) => {
    const { code, out, err, scans } = await verify({ scan }, ...argv);
    expect([code, out(), scans.length]).toEqual([3, '', 0]);
    expect(err()).toContain(message);
    expect(err().trim().split('\n')).toHaveLength(1);
  });
});

test('a hostile greeting is shown as it is, and does nothing', async () => {
  const evil = hello();
  const text = '220 mx\x1b[2J ESMTP';
  const greeting = { ...evil.greeting, lines: [{ text, event: 0 }] };
  const hostile = report([endpointReport([], { observations: { hello: { ...evil, greeting } } })]);
  const { out } = await verify({ scan: async () => hostile }, '--postconf', edited, 'mx.example.com:25');
  expect(out()).toContain('\\x1b[2J');
  expect(out()).not.toContain('\x1b');
});

test('limits that were measured', async () => {
  const limited = report([
    endpointReport([measured('connection-rate', 'pass', { limit: 30, tried: 31, windowSeconds: 60 })], {
      observations: { hello: hello() },
    }),
  ]);
  const { out } = await verify({ scan: async () => limited }, '--postconf', edited, 'mx.example.com:25');
  expect(out()).toContain('seen: 30 connections in 60 s');
});
