import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Log } from 'sarif';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { parse } from 'yaml';
import { type RunningServer, startServer } from '../../docker/lab.ts';
import { buildScannerImage, type Ended } from '../../docker/scanner-image.ts';
import { scenarios } from '../../docker/scenarios/index.ts';
import type { Report } from '../../src/index.ts';
import { type Installed, installPacked } from '../support/installed.ts';
import { printed } from '../support/printed.ts';
import { readPlugin } from '../unit/report/plugin-output.ts';

/**
 * The recipes of docs/recipes.md, each as it is printed there, against a real Postfix that relays for everybody and one that
 * does not. What differs is what they leave to their readers: the names in capitals, and where a file lies.
 */
const run = promisify(execFile);
let installed: Installed;
let folder: string;

beforeAll(async () => {
  installed = await installPacked();
  folder = await mkdtemp(join(tmpdir(), 'mxprobe-recipes-'));
});

afterAll(async () => {
  await installed?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/**
 * A relay that shows from wherever one asks: it refuses strangers, and takes mail in the name of its own. Each test has
 * a server of its own: one that has just accepted a scan's worth of recipients is slow for a while (`in_flow_delay`).
 */
const open = 'open-to-own-senders';
const closed = 'hardened';

const at = (server: RunningServer) => `127.0.0.1:${server.port('smtp')}`;
const domain = { DOMAIN: 'example.test' };

test('your own MX from outside', async () => {
  await using server = await startServer(scenario(open));
  const cwd = await emptyFolder();
  const { stdout, stderr } = await shell(printed('From outside'), cwd, {
    MX_HOST: at(server),
    ...domain,
    ME: 'a@outside.example',
  });
  const report = await reportIn(join(cwd, 'outside.json'));
  expect(failsIn(report)).toContain('open-relay');
  expect(report.options).toMatchObject({ helo: 'scanner.example.net', external: 'a@outside.example' });
  expect(stdout).toMatch(/FAIL +open-relay \[critical\]/);
  expect(stdout).toMatch(/connection-rate/);
  expect(stderr).toBe('');
});

describe('before a server is on the internet', () => {
  test.each([
    ['a server that is what its files say', closed, 2],
    ['a server that is not: its files are those of another', open, 1],
  ])('%s', async (_, id, expected) => {
    await using server = await startServer(scenario(id));
    await using written = await startServer(scenario(closed));
    const cwd = await emptyFolder();
    const MX_HOST = (await server.exec(['hostname', '-i'])).trim();
    // ssh, to a server that has none: what it says is what real Postfix has said to the same command.
    const ssh = join(cwd, 'global', 'bin', 'ssh');
    await mkdir(dirname(ssh), { recursive: true });
    await writeFile(ssh, `#!/bin/sh\n[ "$1" = root@${MX_HOST} ] && cat "$0: $2"\n`, { mode: 0o755 });
    for (const command of ['postconf -n; postconf mail_version', 'postconf -M; postconf -P'])
      await writeFile(`${ssh}: ${command}`, await written.exec(['sh', '-c', command]));
    const { code, stdout } = await shell(printed('Before it is on the internet'), cwd, { MX_HOST, ...domain });
    const report = await reportIn(join(cwd, 'before.json'));
    expect(report.endpoints.map(({ port }) => port)).toEqual([25, 587, 465]);
    expect(stdout).toMatch(/Postfix 3\.7\.\d+/);
    expect(stdout).not.toMatch(/^!/m);
    const rows = [...stdout.matchAll(/^ {2}(confirmed|CONTRADICTED) +(\S+)/gm)].map(
      ([, row, name]) => `${name} ${row}`,
    );
    expect(rows).toContain('smtpd_tls_protocols confirmed');
    expect(rows.some((row) => row.endsWith('CONTRADICTED'))).toBe(expected === 1);
    expect(code).toBe(expected);
  });
});

test('in a container', async () => {
  await using server = await startServer(scenario(open));
  const cwd = await emptyFolder();
  const inside = (await server.exec(['hostname', '-i'])).trim();
  const MX_HOST = `${inside}:25`;
  const { code, stdout } = await shell(printed('In a container'), cwd, { MX_HOST, IMAGE: await buildScannerImage() });
  expect(failsIn(await reportIn(join(cwd, 'report.json')))).toContain('open-relay');
  expect(stdout).toMatch(/FAIL +open-relay \[critical\]/);
  expect(code).toBe(1);
});

describe('GitHub Actions', () => {
  const title = '.github/workflows/mail.yml';
  const workflow = parse(printed(title)) as Workflow;
  const job = workflow.jobs.mxprobe as Job;

  test('may upload, and does so whether the scan found anything or not', () => {
    expect(workflow.permissions).toEqual({ contents: 'read', 'security-events': 'write' });
    const upload = job.steps.at(-1);
    expect(upload?.uses).toMatch(/^github\/codeql-action\/upload-sarif@/);
    expect(upload?.if).toContain('{{ !cancelled() }}');
    expect(Object.keys(workflow.on)).toEqual(['workflow_dispatch', 'schedule']);
    expect(workflow.on.schedule[0]?.cron).toMatch(fiveFields);
  });

  test.each([
    ['an open relay', open, 1],
    ['a server that is closed', closed, 0],
  ])('%s: the job ends as it should, and what is uploaded is what GitHub takes', async (_, id, expected) => {
    await using server = await startServer(scenario(id));
    const cwd = await checkout();
    const env = { ...workflow.env, MX_HOST: at(server) };
    let code = 0;
    // `run` is for GitHub `bash -e`; a step after one that failed runs only if it says so.
    for (const step of job.steps) {
      if (step.run !== undefined && code === 0) ({ code } = await shell(step.run, cwd, env, ['bash', '-e']));
      else if (step.uses !== undefined) expect(known).toContain(step.uses.split('@')[0]);
    }
    expect(code).toBe(expected);
    const log = JSON.parse(await readFile(join(cwd, job.steps.at(-1)?.with?.sarif_file ?? ''), 'utf8')) as Log;
    const rules = log.runs[0]?.results?.filter(({ kind }) => kind === 'fail').map(({ ruleId }) => ruleId);
    expect(rules?.includes('open-relay')).toBe(expected === 1);
    expect(await sarifErrors(log)).toEqual([]);
  });
});

describe('GitLab', () => {
  const { 'mail server': job } = parse(printed('.gitlab-ci.yml')) as Record<string, GitlabJob>;

  test.each([
    ['an open relay', open, 1],
    ['a server that is closed', closed, 0],
  ])('%s: the job ends as it should, and leaves its report', async (_, id, expected) => {
    await using server = await startServer(scenario(id));
    const cwd = await checkout();
    const env = { ...job?.variables, MX_HOST: at(server) };
    const { code } = await shell((job?.script ?? []).join('\n'), cwd, env, ['sh', '-e']);
    expect(code).toBe(expected);
    expect(job?.artifacts.when).toBe('always');
    const contents = await readFile(join(cwd, job?.artifacts.reports.junit ?? ''), 'utf8');
    const schema = await readFile(new URL('../fixtures/junit/junit.xsd', import.meta.url), 'utf8');
    expect(await validateXML({ xml: [{ fileName: 'junit.xml', contents }], schema: [schema] })).toMatchObject({
      valid: true,
    });
    expect(/<testcase [^>]*name="[^"]*open-relay[^"]*"[^>]*>\s*<failure/.test(contents)).toBe(expected === 1);
  });
});

describe('cron and Nagios', () => {
  test.each([
    ['an open relay', open, 2],
    ['a server that is closed', closed, 0],
  ])('%s: cron scans it, and the check says so', async (_, id, state) => {
    await using server = await startServer(scenario(id));
    const { report, check } = await monitored();
    const { lines, settings } = crontab(printed('/etc/cron.d/mxprobe'));
    expect(lines).toHaveLength(1);
    await shell(lines[0]?.command ?? '', folder, {
      ...settings,
      PATH: path(settings.PATH),
      MX_HOST: at(server),
      ...domain,
      REPORT: report,
    });
    const { code, stdout } = await check();
    expect(code).toBe(state);
    expect(readPlugin(stdout).state).toBe(state);
    expect(await readFile(`${report}.log`, 'utf8')).toBe('');
  });

  test('a report of the day before yesterday is no answer, nor is one that is not there', async () => {
    const { report, check } = await monitored();
    const missing = await check();
    expect(missing.code).toBe(3);
    expect(readPlugin(missing.stdout).state).toBe(3);
    await writeFile(report, '{}');
    const days = new Date(Date.now() - 48 * 3600 * 1000);
    await utimes(report, days, days);
    expect((await check()).code).toBe(3);
  });

  test('NRPE runs that check', () => {
    const [, command] = /^command\[check_mxprobe\]=(.*)$/m.exec(printed('/etc/nagios/nrpe.d/mxprobe.cfg')) ?? [];
    const { settings } = crontab(printed('/etc/cron.d/mxprobe'));
    expect(command).toBe(`/usr/local/lib/nagios/plugins/check_mxprobe ${settings.REPORT}`);
  });

  /** The plugin, in a folder of its own, and a report for it to read. */
  async function monitored() {
    const cwd = await emptyFolder();
    const plugin = join(cwd, 'check_mxprobe');
    await writeFile(plugin, printed('/usr/local/lib/nagios/plugins/check_mxprobe'));
    await chmod(plugin, 0o755);
    const report = join(cwd, 'report.json');
    return { report, check: () => shell(`'${plugin}' '${report}'`, cwd) };
  }
});

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, string>>;
}
interface Job {
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: { readonly schedule: readonly { readonly cron: string }[] };
  readonly permissions: unknown;
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}
interface GitlabJob {
  readonly variables: Readonly<Record<string, string>>;
  readonly script: readonly string[];
  readonly artifacts: { readonly when: string; readonly reports: { readonly junit: string } };
}

/** What other people's steps do is theirs; the folder and the Node that they make are here. */
const known = ['actions/checkout', 'actions/setup-node', 'github/codeql-action/upload-sarif'];
const fiveFields = /^(?:[\d*/,-]+ ){4}[\d*/,-]+$/;

/** `/etc/cron.d` as cron(8) reads it: settings, then five fields, a user and a command. */
function crontab(text: string) {
  const meant = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const settings = Object.fromEntries(
    meant.flatMap((line) => [/^(\w+)=(.*)$/.exec(line)?.slice(1) ?? []]).filter(({ length }) => length === 2),
  ) as Record<string, string>;
  const lines = meant
    .filter((line) => !/^\w+=/.test(line))
    .map((line) => {
      const [, fields = '', user = '', command = ''] = /^((?:\S+\s+){5})(\S+)\s+(.*)$/.exec(line) ?? [];
      expect(fields.trim()).toMatch(fiveFields);
      expect(user).toMatch(/^[a-z]+$/);
      // To cron a percent sign is the end of the command.
      expect(command).not.toContain('%');
      return { command };
    });
  return { lines, settings };
}

/** A folder as it is after a checkout: the package is in it. */
async function checkout(): Promise<string> {
  const cwd = await emptyFolder();
  await mkdir(join(cwd, 'tools'));
  await copyFile(installed.tarball, join(cwd, 'tools', 'mxprobe-0.1.0.tgz'));
  return cwd;
}

const emptyFolder = () => mkdtemp(join(folder, 'at-'));
const path = (rest = process.env.PATH) => [join(installed.folder, 'node_modules', '.bin'), rest].join(delimiter);

/** Runs a script with mxprobe in the path; what is installed globally goes to a folder of the test. */
async function shell(
  script: string,
  cwd: string,
  env: Readonly<Record<string, string>> = {},
  [program = 'sh', ...words]: readonly string[] = ['sh'],
): Promise<Ended> {
  const prefix = { npm_config_prefix: join(cwd, 'global'), npm_config_prefer_offline: 'true' };
  const all = { ...process.env, PATH: [join(cwd, 'global', 'bin'), path()].join(delimiter), ...prefix, ...env };
  const ran = await run(program, [...words, '-c', script], { cwd, env: all, maxBuffer: 1e8 }).catch(
    (error: unknown) => error,
  );
  const { code = 0, stdout, stderr } = ran as Partial<Ended>;
  return { code, stdout: stdout ?? '', stderr: stderr ?? '' };
}

/** What Microsoft's validator has to say of a log by the rules of GitHub's code scanning: errors only. */
async function sarifErrors(log: Log): Promise<string[]> {
  const require = createRequire(import.meta.url);
  const multitool: string = require('@microsoft/sarif-multitool');
  const file = join(await emptyFolder(), 'log.sarif');
  await writeFile(file, JSON.stringify(log));
  const env = { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' };
  const { stdout } = await run(multitool, ['validate', file, '--rule-kind', 'Sarif;Ghas', '--level', 'Error'], { env });
  expect(stdout).toContain('Analysis completed successfully');
  return stdout.split('\n').filter((line) => /: error /.test(line));
}

const reportIn = async (file: string) => JSON.parse(await readFile(file, 'utf8')) as Report;

const failsIn = ({ endpoints }: Report): string[] =>
  endpoints.flatMap(({ findings }) => findings.filter(({ verdict }) => verdict === 'fail').map(({ probe }) => probe));

function scenario(id: string) {
  const found = scenarios.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no scenario ${id}`);
  return found;
}
