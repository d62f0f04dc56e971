import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { failedLogins } from '../../docker/failed-logins.ts';
import { type RunningServer, startDns, startMonitoring, startServer } from '../../docker/lab.ts';
import { until } from '../../docker/ready.ts';
import { scenarios } from '../../docker/scenarios/index.ts';
import type { Scenario } from '../../docker/scenarios/scenario.ts';
import { scanScenario } from '../support/scan-scenario.ts';

/** A scan asks for mechanisms and sends no password: an administrator who counts failed logins counts none. */

interface Case {
  readonly id: string;
  readonly config?: Scenario['config'];
  /** Lines of the log that one wrong password leaves. */
  readonly lines: number;
  /** fail2ban does not know the words: Sendmail's "generic failure", where Cyrus SASL has nobody to ask. */
  readonly unknownToFail2ban?: true;
  /** Courier alone calls a login that is called off a failed one: one line for each trial that it comes to. */
  readonly calledOff?: number;
}

/** Dovecot keeps wrong passwords to itself unless told otherwise; Postfix reports them as well. */
const verbose = { config: { 'dovecot:auth_verbose': 'yes' }, lines: 2 } as const;

const cases: readonly Case[] = [
  { id: 'submission', ...verbose },
  { id: 'submissions', ...verbose },
  { id: 'dovecot-submission', lines: 1 },
  { id: 'auth-on-25-in-clear', ...verbose },
  { id: 'anonymous-cyrus', lines: 1 },
  { id: 'cyrus-challenges', lines: 1 },
  { id: 'exim-open-book', lines: 1 },
  { id: 'exim-auth-inside-tls', lines: 1 },
  { id: 'opensmtpd-submission', lines: 1 },
  { id: 'sendmail-passwords-in-clear', lines: 1, unknownToFail2ban: true },
  { id: 'sendmail-default', lines: 1 },
  { id: 'courier-submission', lines: 1 },
  { id: 'courier-passwords-in-clear', lines: 1 },
];

vi.setConfig({ maxConcurrency: 3 });

let dns: Awaited<ReturnType<typeof startDns>>;
let folder: string;
let fail2ban: Awaited<ReturnType<typeof startMonitoring>>;

beforeAll(async () => {
  dns = await startDns();
  folder = await mkdtemp(join(tmpdir(), 'mxprobe-logs-'));
  fail2ban = await startMonitoring(folder);
});

afterAll(async () => {
  await fail2ban[Symbol.asyncDispose]();
  await dns[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

describe('a whole scan leaves no failed login in the log, and a wrong password does', () => {
  it.concurrent.each(cases.map((one) => [one.id, one] as const))(
    '%s',
    async (id, { config, lines, unknownToFail2ban, calledOff = 0 }) => {
      const found = scenarios.find((one) => one.id === id);
      if (found === undefined) throw new Error(`no scenario ${id}`);
      const scenario = { ...found, config: { ...found.config, ...config } };
      await using server = await startServer(scenario);

      await scanScenario(scenario, server, { dns: dns.address });
      const scanned = failedLogins(await server.logs());
      expect(scanned.length, scanned.join('\n')).toBeLessThanOrEqual(calledOff);
      const before = await bannedFor(id, scenario, await server.logs());
      expect(before.length, before.join('\n')).toBe(0);

      await expect(logIn(server, scenario, 'wrong-password')).rejects.toMatchObject({ responseCode: 535 });
      const expected = calledOff + lines;
      await until(async () => failedLogins(await server.logs()).length >= expected, 120_000);
      // A log is in order: what the scan left behind would be above the wrong password by now.
      const all = failedLogins(await server.logs());
      expect(all.length, all.join('\n')).toBe(expected);
      const banned = await bannedFor(id, scenario, await server.logs());
      expect(banned.length > 0, banned.join('\n')).toBe(filters[scenario.image].length > 0 && !unknownToFail2ban);
    },
  );
});

/** Debian's filters of fail2ban for logins, as their jails have them; it has none for OpenSMTPD and aiosmtpd. */
const filters: Readonly<Record<Scenario['image'], readonly string[]>> = {
  'postfix-dovecot': ['postfix[mode=auth]', 'dovecot'],
  exim: ['exim'],
  sendmail: ['sendmail-auth'],
  courier: ['courier-smtp'],
  opensmtpd: [],
  aiosmtpd: [],
};

/** Refused recipients: filters for Exim and Courier count them too, and to ask for some is what a scan is for. */
const aboutRecipients = /rejected RCPT|550 User .*unknown/;

/** The lines of a log that fail2ban would ban us for. */
async function bannedFor(id: string, { image }: Scenario, log: string): Promise<readonly string[]> {
  await writeFile(join(folder, id), log);
  const found: string[] = [];
  for (const filter of filters[image]) {
    const output = await fail2ban.exec(['fail2ban-regex', '--print-all-matched', `/work/${id}`, filter]);
    expect(output).toMatch(/Lines: \d+ lines/);
    const [, matched = ''] = output.split('Matched line(s):');
    found.push(...matched.split('\n').filter((line) => /^\| {2}\S/.test(line) && !aboutRecipients.test(line)));
  }
  return found;
}

/** A mail client's login, with TLS where there is any. */
async function logIn(server: RunningServer, scenario: Scenario, pass: string): Promise<void> {
  const transport = createTransport({
    host: server.host,
    port: server.port(scenario.service),
    secure: scenario.service === 'submissions',
    name: 'client.outside.example',
    tls: { ca: await server.caCertificate(), servername: 'mx.example.test' },
    auth: { user: 'alice', pass },
  });
  await transport.verify();
}
