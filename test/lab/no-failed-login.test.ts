import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { failedLogins } from '../../docker/failed-logins.ts';
import { type RunningServer, startDns, startServer } from '../../docker/lab.ts';
import { until } from '../../docker/ready.ts';
import { scenarioNamed } from '../../docker/scenarios/index.ts';
import type { Scenario } from '../../docker/scenarios/scenario.ts';
import { type Fail2ban, filters, startFail2ban } from '../support/fail2ban.ts';
import { scanScenario } from '../support/scan-scenario.ts';

/** A scan asks for mechanisms and sends no password: an administrator who counts failed logins counts none. */

interface Case {
  readonly id: string;
  readonly config?: Scenario['config'];
  /** Lines of the log that one wrong password leaves. */
  readonly lines: number;
  /** fail2ban does not know the words: Sendmail's "generic failure", where Cyrus SASL has nobody to ask. */
  readonly unknownToFail2ban?: true;
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
let fail2ban: Fail2ban;

beforeAll(async () => {
  dns = await startDns();
  fail2ban = await startFail2ban();
});

afterAll(async () => {
  await fail2ban[Symbol.asyncDispose]();
  await dns[Symbol.asyncDispose]();
});

describe('a whole scan leaves no failed login in the log, and a wrong password does', () => {
  it.concurrent.each(cases.map((one) => [one.id, one] as const))(
    '%s',
    async (id, { config, lines, unknownToFail2ban }) => {
      const found = scenarioNamed(id);
      const scenario = { ...found, config: { ...found.config, ...config } };
      await using server = await startServer(scenario);

      await scanScenario(scenario, server, { dns: dns.address });
      const scanned = failedLogins(await server.logs());
      expect(scanned.length, scanned.join('\n')).toBe(0);
      const before = await fail2ban.bannedFor(scenario.image, await server.logs());
      expect(before.length, before.join('\n')).toBe(0);

      await expect(logIn(server, scenario, 'wrong-password')).rejects.toMatchObject({ responseCode: 535 });
      await until(async () => failedLogins(await server.logs()).length >= lines, 120_000);
      // A log is in order: what the scan left behind would be above the wrong password by now.
      const all = failedLogins(await server.logs());
      expect(all.length, all.join('\n')).toBe(lines);
      const banned = await fail2ban.bannedFor(scenario.image, await server.logs());
      expect(banned.length > 0, banned.join('\n')).toBe(filters[scenario.image].length > 0 && !unknownToFail2ban);
    },
  );
});

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
