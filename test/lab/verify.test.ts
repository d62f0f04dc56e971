import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { type RunningServer, startServer } from '../../docker/lab.ts';
import { comingApart, type VerifyScenario, verifyScenarios } from '../../docker/scenarios/verify.ts';
import { run } from '../../src/cli/run.ts';
import { defaultRestraint, judgeAgain, probes, type Report, scan } from '../../src/index.ts';
import type { Verification, VerifyRow } from '../../src/model/verification.ts';
import { readPostfix } from '../../src/postfix/configuration.ts';
import type { SourceText } from '../../src/postfix/source-text.ts';
import { scanPlanOf } from '../../src/verify/scan-plan.ts';
import { verify } from '../../src/verify/verify.ts';
import { world } from '../cli/fake-io.ts';
import { expectQuotesToStand } from '../support/quotes.ts';
import { scanScenario } from '../support/scan-scenario.ts';

/** Configurations of real servers, held against what these show. */

vi.setConfig({ maxConcurrency: 4 });

interface Files {
  readonly main: SourceText;
  readonly master?: SourceText;
}

describe('files and wire agree', () => {
  it.concurrent.each(verifyScenarios.map((one) => [one.id, one] as const))(
    '%s',
    async (_id, scenario) => {
      await using server = await startServer(scenario);
      const files = scenario.state === 'down' ? writtenFor(scenario) : await printed(server);
      const verified = held(files, await scanned(scenario, server, files), scenario);
      expect(verdicts(verified, Object.keys(scenario.rows))).toEqual(scenario.rows);
      expect(contradictedIn(verified)).toEqual([]);
      expectRowsToStand(verified);
    },
    600_000,
  );
});

describe('files and wire come apart', () => {
  it.concurrent('edited, and not reloaded', async () => {
    const scenario = comingApart.edited;
    await using server = await startServer(scenario);
    await warm(server);
    await server.exec([
      'postconf',
      '-e',
      ...['smtpd_banner = $myhostname ESMTP new', 'message_size_limit = 20480000', 'disable_vrfy_command = no'],
      ...['smtpd_relay_restrictions = permit_mynetworks, defer_unauth_destination'],
      ...['smtpd_client_restrictions = permit_sasl_authenticated, reject', 'smtpd_discard_ehlo_keywords = dsn'],
      ...['smtpd_tls_protocols = >=TLSv1.3', 'inet_interfaces = loopback-only', 'smtpd_sasl_auth_enable = yes'],
      ...['queue_minfree = 9000000000000000', 'mynetworks = 0.0.0.0/0'],
    ]);
    await server.exec(['postconf', '-P', 'smtp/inet/myhostname=mail.example.test']);
    const files = await printed(server);
    const verified = held(files, await scanned(scenario, server, files), scenario);
    expect(contradictedIn(verified)).toEqual([
      ...['disable_vrfy_command', 'inet_interfaces', 'message_size_limit', 'myhostname', 'mynetworks', 'queue_minfree'],
      ...['smtpd_banner', 'smtpd_client_restrictions', 'smtpd_discard_ehlo_keywords', 'smtpd_relay_restrictions'],
      ...['smtpd_sasl_auth_enable', 'smtpd_tls_protocols'],
    ]);
    expectRowsToStand(verified);
  });

  it.concurrent('limits edited, and not reloaded', async () => {
    const scenario = comingApart.editedLimits;
    await using server = await startServer(scenario);
    await warm(server);
    await server.exec([
      'postconf',
      '-e',
      ...['anvil_rate_time_unit = 60s', 'smtpd_client_connection_rate_limit = 40'],
      ...['smtpd_hard_error_limit = 5', 'smtpd_soft_error_limit = 3'],
    ]);
    const files = await printed(server);
    const verified = held(files, await scanned(scenario, server, files), scenario);
    expect(contradictedIn(verified)).toEqual([
      'anvil_rate_time_unit',
      'smtpd_client_connection_rate_limit',
      'smtpd_error_sleep_time',
      'smtpd_hard_error_limit',
      'smtpd_soft_error_limit',
    ]);
    expectRowsToStand(verified);
  }, 600_000);

  it.concurrent('overridden in master.cf', async () => {
    const scenario = comingApart.overridden;
    await using server = await startServer(scenario);
    const files = await printed(server);
    const report = await scanned(scenario, server, files);
    const whole = held(files, report, scenario);
    expect(verdicts(whole, Object.keys(scenario.rows))).toEqual(scenario.rows);
    expect(contradictedIn(whole)).toEqual([]);
    expect(contradictedIn(held({ main: files.main }, report, scenario))).toEqual(Object.keys(scenario.rows).toSorted());
  });

  it.concurrent('a proxy in front, which makes everybody a trusted client', async () => {
    const scenario = comingApart.proxied;
    await using server = await startServer(scenario);
    const files = await printed(server);
    const verified = held(files, await scanned(scenario, server, files), scenario);
    expect(contradictedIn(verified)).toEqual(['mynetworks', 'smtpd_relay_restrictions']);
    const [row] = rowsOf(verified).filter(({ directive }) => directive === 'mynetworks');
    expect(row?.because).toContain('a proxy or NAT in front?');
    expectRowsToStand(verified);
  });

  it.concurrent('another file than the one that runs', async () => {
    const scenario = comingApart.overridden;
    await using server = await startServer(scenario);
    const main = { name: 'main.cf', text: await server.exec(['cat', '/usr/share/postfix/main.cf.debian']) };
    const other = {
      main: { ...main, text: `${main.text}\nmyhostname = mail.other.test\nmydestination = other.test\n` },
    };
    const report = await scanned({ ...scenario, scan: { domain: 'example.test' } }, server, other);
    expect(contradictedIn(held(other, report, scenario))).toEqual(
      expect.arrayContaining(['mydestination', 'myhostname', 'smtpd_banner', 'message_size_limit']),
    );
  });

  it.concurrent('a server that leaves us out of its limits, which the file does not say', async () => {
    const scenario = verifyScenarios.find(({ id }) => id === 'verify-exempt');
    if (scenario === undefined) throw new Error('no verify-exempt');
    await using server = await startServer(scenario);
    const files = await printed(server);
    const report = await scanned(scenario, server, files);
    const silent = files.main.text.replace(/^smtpd_client_event_limit_exceptions.*\n/m, '');
    const verified = held({ ...files, main: { ...files.main, text: silent } }, report, scenario);
    expect(contradictedIn(verified)).toEqual([
      'smtpd_client_connection_count_limit',
      'smtpd_client_connection_rate_limit',
      'smtpd_client_message_rate_limit',
    ]);
    const [row] = rowsOf(verified).filter(({ verdict }) => verdict === 'contradicted');
    expect(row?.because).toContain('or the server takes us for one of smtpd_client_event_limit_exceptions');
  }, 600_000);
});

describe('the command', () => {
  it.concurrent('reads the files themselves, scans, and finds them true; with one of another server it does not', async () => {
    const scenario = comingApart.overridden;
    await using server = await startServer(scenario);
    const folder = await mkdtemp(join(tmpdir(), 'mxprobe-verify-'));
    const copy = async (name: string) => {
      await writeFile(join(folder, name), await server.exec(['cat', `/etc/postfix/${name}`]));
      return join(folder, name);
    };
    const main = await copy('main.cf');
    const given = ['--postconf', main, '--postfix-version', '3.7', '--vantage', 'outside'];
    const target = `127.0.0.1:${server.port('smtp')}`;
    const verifying = async (...more: readonly string[]) => {
      const { io, out, err } = world({ hostname: 'scanner.example.com' });
      const code = await run(['verify', ...given, ...more, target], {
        ...io,
        scanner: async () => ({ scan, judgeAgain, probes }),
      });
      return { code, out: out(), err: err() };
    };
    const whole = await verifying('--master', await copy('master.cf'));
    expect(whole).toMatchObject({ code: 2, err: '' });
    expect(whole.out).toMatch(/confirmed +message_size_limit +123457 \(.*master\.cf:\d+\)/);
    expect(whole.out).toContain('\n0 contradicted, ');
    const half = await verifying();
    expect(half.code).toBe(1);
    expect(half.out).toMatch(/CONTRADICTED +message_size_limit +10240000 \(default of 3\.7\)/);
    await rm(folder, { recursive: true });
  });
});

/** What postconf prints of a running server. */
async function printed(server: RunningServer): Promise<Files & { readonly master: SourceText }> {
  const text = (command: string) => server.exec(['sh', '-c', `${command} 2>/dev/null`]);
  return {
    main: { name: 'main.cf', text: await text('{ postconf -n; postconf mail_version; }') },
    master: { name: 'master.cf', text: await text('{ postconf -M; postconf -P; }') },
  };
}

function writtenFor({ config }: VerifyScenario): Files {
  const lines = Object.entries(config).flatMap(([key, value]) =>
    key.startsWith('main:') ? [`${key.slice('main:'.length)} = ${value}`] : [],
  );
  return { main: { name: 'main.cf', text: `mail_version = 3.7.11\n${lines.join('\n')}\n` } };
}

/**
 * So many clients at once, served and gone: their processes wait for the next ones, with what the files said when they
 * began. Postfix starts no others as long as one is idle.
 */
async function warm(server: RunningServer): Promise<void> {
  const clients = Array.from({ length: 12 }, () => connect(server.port('smtp'), server.host));
  const gone = clients.map((client) => once(client, 'close'));
  await Promise.all(clients.map((client) => once(client, 'data')));
  // One too many for a limit has been told so, and is gone already.
  for (const client of clients.filter(({ writable }) => writable)) client.end('QUIT\r\n');
  for (const client of clients) client.resume();
  await Promise.all(gone);
}

/** The scan that `mxprobe verify` would make, by a stranger from outside. */
async function scanned(scenario: VerifyScenario, server: RunningServer, files: Files): Promise<Report> {
  const plan = scanPlanOf(readPostfix(files.main, files.master === undefined ? {} : { master: files.master }));
  const {
    allow = 'active',
    vantage = 'outside',
    windowSeconds = 60,
    maxEvents = defaultRestraint.maxEvents,
  } = scenario;
  const domain = scenario.scan?.domain ?? plan.domain;
  const report = await scanScenario(
    { ...scenario, scan: { ...scenario.scan, ...(domain === null ? {} : { domain }) } },
    server,
    {
      allow,
      vantage,
      recipient: scenario.scan?.recipient ?? null,
      probes: scenario.probes ?? plan.probes,
      restraint: {
        ...defaultRestraint,
        replySeconds: scenario.scan?.timeoutSeconds ?? 60,
        assumedWindowSeconds: windowSeconds,
        maxEvents,
      },
    },
  );
  expectQuotesToStand(report);
  return report;
}

function held({ main, master }: Files, report: Report, { answers, mechanisms }: VerifyScenario): Verification {
  const configuration = readPostfix(main, { master: master ?? null, mechanisms: mechanisms ?? null });
  return verify(configuration, report, { service: answers ?? null, files: ['main.cf'] });
}

const rowsOf = ({ endpoints }: Verification): VerifyRow[] => endpoints.flatMap(({ rows }) => rows);

/** The verdicts of some rows; where one is not expected, its reason helps. */
function verdicts(verified: Verification, directives: readonly string[]): Record<string, string> {
  const rows = rowsOf(verified).filter(({ directive }) => directives.includes(directive));
  return Object.fromEntries(rows.map(({ directive, verdict }) => [directive, verdict]));
}

const contradictedIn = (verified: Verification): string[] =>
  rowsOf(verified)
    .filter(({ verdict }) => verdict === 'contradicted')
    .map(({ directive }) => directive)
    .toSorted();

/** Whatever is confirmed or contradicted quotes what was said, where it was said. */
function expectRowsToStand(verified: Verification): void {
  const { sessions = [] } = verified.report.endpoints[0] ?? {};
  for (const { directive, verdict, evidence } of rowsOf(verified)) {
    if (/^con/.test(verdict)) expect(evidence, directive).not.toEqual([]);
    for (const { session, event, quote } of evidence)
      expect(sessions.find(({ id }) => id === session)?.events[event]?.text, directive).toBe(quote);
  }
}
