import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningServer, startNetwork, startServer } from '../../docker/lab.ts';
import { bareDocker, buildScannerImage, docker, ended } from '../../docker/scanner-image.ts';
import { scenarioNamed } from '../../docker/scenarios/index.ts';
import { type Report, version } from '../../src/index.ts';
import { scanScenario } from '../support/scan-scenario.ts';

/** The container image of mxprobe, in front of a real Postfix in another container. */
const id = 'debian-default';
const mib = 1024 * 1024;
const words = ['--helo', 'scanner.example.com', '--domain', 'example.test', '--recipient', 'alice@example.test'];
let image: string;
let network: Awaited<ReturnType<typeof startNetwork>>;
let server: RunningServer;

beforeAll(async () => {
  image = await buildScannerImage();
  network = await startNetwork();
  server = await startServer(scenarioNamed(id), { network });
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await network?.stop();
});

const scanner = (...more: string[]) => [...bareDocker, '--network', network.getName(), ...more, image];

test('says its version, without network and in a file system that nobody can write to', async () => {
  const said = await docker([...bareDocker, '--network=none', image, '--version']);
  expect(said).toEqual({ code: 0, stdout: `${version()}\n`, stderr: '' });
});

describe('a scan', () => {
  test('prints one JSON document and ends with its exit code', async () => {
    const { code, stdout } = await docker([...scanner(), 'scan', `${id}:25`, ...words, '--format', 'json']);
    const report = JSON.parse(stdout) as Report;
    expect(code).toBe(report.summary.exitCode);
    expect(code).toBe(1);
    expect(report.endpoints[0]?.host).toBe(id);
  });

  test('says what the same scan says outside of a container, old TLS included', async () => {
    const { stdout } = await docker([...scanner(), 'scan', `${id}:25`, ...words, '--format', 'json']);
    const outside = await scanScenario(scenarioNamed(id), server, { tlsCa: null });
    expect(verdicts(JSON.parse(stdout) as Report)).toEqual(verdicts(outside));
    expect(verdicts(outside)).toContain('tls-version: fail');
  });

  test('takes targets from standard input', async () => {
    const args = [...scanner('-i'), 'scan', '-', ...words, '--probe', 'vrfy', '--format', 'json'];
    const { code, stdout } = await docker(args, `# ours\n${id}:25\n`);
    expect(code).toBe(1);
    expect(verdicts(JSON.parse(stdout) as Report)).toEqual(['vrfy: fail']);
  });

  test('writes its report to the folder that is mounted', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mxprobe-image-'));
    try {
      await chmod(folder, 0o777);
      const args = ['scan', `${id}:25`, ...words, '--probe', 'vrfy', '--format', 'json', '--output', 'report.json'];
      const { code, stdout } = await docker([...scanner('-v', `${folder}:/out`), ...args]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as Report;
      expect(verdicts(report)).toEqual(['vrfy: fail']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test.each(['SIGTERM', 'SIGINT'])('that is ended by %s tells what it knows by then', async (signal) => {
    const name = `mxprobe-${signal}-${process.pid}`;
    const load = ['--allow', 'load', '--authorized', '--probe', 'vrfy', 'idle-timeout', '--format', 'ndjson'];
    const child = spawn('docker', [...scanner('--name', name), 'scan', `${id}:25`, ...words, ...load]);
    const end = ended(child);
    await new Promise<void>((begun) => {
      child.stdout.on('data', (chunk) => String(chunk).includes('"probe":"idle-timeout"') && begun());
      child.on('close', () => begun());
    });
    expect((await docker(['kill', '-s', signal, name])).code).toBe(0);
    const { code, stdout, stderr } = await end;
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; endpoint: object });
    expect(events.at(-1)).toMatchObject({ type: 'finished' });
    const report = events.find(({ type }) => type === 'endpoint-finished')?.endpoint as Report['endpoints'][number];
    expect(report.findings.map(({ probe, verdict, doubt }) => [probe, doubt ?? verdict])).toEqual([
      ['vrfy', 'fail'],
      ['idle-timeout', 'budget-spent'],
    ]);
    expect(stderr).toContain('interrupted: telling what is known so far');
    expect(code).toBe(1);
  });
});

describe('the image', () => {
  test('is small', async () => {
    const { Size } = await inspected();
    expect(Size).toBeGreaterThan(50 * mib);
    expect(Size).toBeLessThan(150 * mib);
  });

  test('runs as nobody in particular, and holds no shell', async () => {
    const uid = await docker([...bareDocker, '--entrypoint=/usr/bin/node', image, '-p', 'process.getuid()']);
    expect(uid.stdout).toBe('10001\n');
    expect((await inspected()).Config.User).toBe('10001:10001');
    const shell = await docker([...bareDocker, '--entrypoint=/bin/sh', image, '-c', 'true']);
    expect(shell.stderr).toMatch(/no such file/);
  });

  test('says what it is', async () => {
    const labels = (await inspected()).Config.Labels;
    expect(labels).toMatchObject({
      'org.opencontainers.image.title': 'mxprobe',
      'org.opencontainers.image.licenses': 'MIT',
      'org.opencontainers.image.version': version(),
    });
  });

  test('holds what runs, and nothing of how it came to be', async () => {
    const list = `
      for (const { name } of fs.readdirSync('/', { withFileTypes: true })) {
        const below = /^(proc|sys|dev|\\.dockerenv)$/.test(name) ? [] : fs.readdirSync('/' + name, { recursive: true });
        console.log([name, ...below.map((file) => name + '/' + file)].join('\\n'));
      }`;
    const { stdout } = await docker([...bareDocker, '--entrypoint=/usr/bin/node', image, '-e', list]);
    const files = stdout.trim().split('\n');
    expect(files).toContain('opt/mxprobe/LICENSE');
    expect(files.filter((name) => /npmrc|\.env$|\.git(\/|$)|\.tgz$|package-lock|typescript|vitest/.test(name))).toEqual(
      [],
    );
    const { stdout: history } = await docker(['history', '--no-trunc', '--format', '{{.CreatedBy}}', image]);
    expect(history).not.toMatch(/token|passw|secret|_auth|https?:/i);
    expect((await inspected()).Config.Env).toEqual([
      expect.stringMatching(/^PATH=/),
      'SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt',
    ]);
  });
});

interface Inspected {
  readonly Size: number;
  readonly Config: { readonly User: string; readonly Env: string[]; readonly Labels: Record<string, string> };
}

async function inspected(): Promise<Inspected> {
  const { stdout } = await docker(['image', 'inspect', image]);
  return (JSON.parse(stdout) as [Inspected])[0];
}

const verdicts = ({ endpoints }: Report): string[] =>
  (endpoints[0]?.findings ?? []).map(({ probe, verdict, doubt }) => `${probe}: ${doubt ?? verdict}`);
