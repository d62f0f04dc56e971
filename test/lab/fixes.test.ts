import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { applyFix } from '../../docker/fixes.ts';
import { type RunningServer, startDns, startServer } from '../../docker/lab.ts';
import { scenarios } from '../../docker/scenarios/index.ts';
import type { Scenario } from '../../docker/scenarios/scenario.ts';
import type { MtaName } from '../../src/model/mtas.ts';
import { fixesFor } from '../../src/mta/fixes.ts';
import { scanScenario } from '../support/scan-scenario.ts';

/**
 * The catalogue's lines are pasted into the server that has the flaw: it is gone, and mail for its users still comes
 * in.
 */

vi.setConfig({ maxConcurrency: 3 });

let dns: Awaited<ReturnType<typeof startDns>>;

beforeAll(async () => {
  dns = await startDns();
});

afterAll(() => dns[Symbol.asyncDispose]());

interface Case {
  readonly scenario: Scenario;
  readonly mta: MtaName;
  /** Whose fixes are applied to the one server, in this order. */
  readonly probes: readonly string[];
}

const weak = (id: string, mta: MtaName, probes: readonly string[], config: Scenario['config'] = {}): Case => {
  const scenario = scenarios.find((one) => one.id === id);
  if (scenario === undefined) throw new Error(`no scenario ${id}`);
  return { scenario: { ...scenario, config: { ...scenario.config, ...config } }, mta, probes };
};

const onSubmission = (one: Case): Case => ({
  ...one,
  scenario: { ...one.scenario, service: 'submission', role: 'submission' },
});

const noAbuse = { 'file:/etc/aliases': 'root: alice' };

const postfixCases: readonly Case[] = [
  weak('open-by-mynetworks', 'postfix', ['open-relay']),
  weak('open-to-own-senders', 'postfix', ['open-relay', 'own-domain-spoof']),
  weak('open-to-null-sender', 'postfix', ['open-relay']),
  weak('open-by-routed-address', 'postfix', ['open-relay']),
  weak('open-inside-tls', 'postfix', ['open-relay']),
  weak('open-on-submission', 'postfix', ['open-relay']),
  weak('trusts-its-subnet', 'postfix', ['open-relay']),
  weak('submission-for-all', 'postfix', ['submission-auth']),
  weak('no-tls', 'postfix', ['starttls-offer']),
  weak('submission-without-tls', 'postfix', ['starttls-offer']),
  weak('submission-without-tls', 'postfix', ['tls-required']),
  weak('vrfy-answers', 'postfix', ['vrfy']),
  weak('unlisted-recipients', 'postfix', ['backscatter']),
  weak('catch-all', 'postfix', ['backscatter']),
  weak('backup-mx', 'postfix', ['backscatter']),
  weak('postmaster-refused', 'postfix', ['postmaster']),
  weak('abuse-unknown', 'postfix', ['postmaster']),
  weak('auth-in-clear', 'postfix', ['auth-before-tls']),
  weak('auth-noplaintext', 'postfix', ['auth-before-tls', 'auth-weak']),
  weak('auth-on-25-in-clear', 'postfix', ['auth-before-tls', 'auth-on-mx']),
  weak('auth-hidden', 'postfix', ['auth-before-tls', 'auth-on-mx'], {
    'master:submission/inet/smtpd_sasl_exceptions_networks': '', // or no client would find AUTH there either
  }),
  weak('auth-disabled', 'postfix', ['auth-after-tls']),
  weak('anonymous-dovecot', 'postfix', ['auth-anonymous']),
  weak('anonymous-cyrus', 'postfix', ['auth-anonymous']),
  weak('dovecot-challenges', 'postfix', ['auth-weak']),
  weak('cyrus-challenges', 'postfix', ['auth-weak']),
  weak('tls-not-required', 'postfix', ['tls-required']),
  weak('tls-old-versions', 'postfix', ['tls-version']),
  weak('tls-1-0-only', 'postfix', ['tls-version']),
  weak('tls-wrong-key', 'postfix', ['starttls-works']),
  weak('cert-expired', 'postfix', ['tls-certificate']),
];

const dovecotCases: readonly Case[] = [
  weak('anonymous-dovecot', 'dovecot', ['auth-anonymous']),
  weak('dovecot-challenges', 'dovecot', ['auth-weak']),
];

/** A port where users log in, beside the one that is scanned. */
const eximSubmission = { 'macro:daemon_smtp_ports': '25 : 587' };

const eximCases: readonly Case[] = [
  weak('exim-open', 'exim', ['open-relay', 'tls-version'], {
    ...scenarios.find(({ id }) => id === 'exim-auth-inside-tls')?.config,
    ...eximSubmission,
  }),
  weak(
    'exim-open-book',
    'exim',
    ['vrfy', 'expn', 'auth-before-tls', 'auth-on-mx', 'tls-version', 'own-domain-spoof', 'postmaster'],
    { ...eximSubmission, ...noAbuse },
  ),
  onSubmission(weak('exim-open-book', 'exim', ['tls-required', 'submission-auth'], eximSubmission)),
  weak('exim-auth-inside-tls', 'exim', ['starttls-offer'], { ...eximSubmission, 'macro:MAIN_TLS_ADVERTISE_HOSTS': '' }),
  weak('exim-auth-inside-tls', 'exim', ['tls-certificate'], {
    ...eximSubmission,
    // What is left is a certificate that Exim signs itself.
    'run:no-certificate': "sed -i '/^MAIN_TLS/d' /etc/exim4/exim4.conf.localmacros",
  }),
];

const opensmtpdSubmission = { 'listen:submission': 'on 0.0.0.0 port 587 tls-require pki mx.example.test auth' };

const opensmtpdCases: readonly Case[] = [
  weak('opensmtpd-open', 'opensmtpd', ['open-relay', 'own-domain-spoof', 'postmaster'], {
    ...opensmtpdSubmission,
    ...noAbuse,
  }),
  weak('opensmtpd-auth-optional', 'opensmtpd', ['submission-auth']),
  weak('opensmtpd-auth-optional', 'opensmtpd', ['tls-required']),
  weak('opensmtpd-submission', 'opensmtpd', ['auth-after-tls'], {
    'listen:submission': 'on 0.0.0.0 port 587 tls-require pki mx.example.test',
  }),
  weak('opensmtpd-default', 'opensmtpd', ['auth-on-mx'], {
    'run:auth-on-25': "sed -i '/^listen on/s/$/ auth-optional/' /etc/smtpd.conf",
  }),
  weak('opensmtpd-default', 'opensmtpd', ['starttls-offer'], {
    ...opensmtpdSubmission,
    'run:no-tls': "sed -i '/^listen on/s/ tls pki mx.example.test//' /etc/smtpd.conf",
  }),
];

describe('fix lines', () => {
  const cases = [...postfixCases, ...dovecotCases, ...eximCases, ...opensmtpdCases];
  const named = cases.map((one) => [`${one.mta}, ${one.scenario.id}: ${one.probes.join(', ')}`, one] as const);

  it.concurrent.each(named)('%s', async (_name, { scenario, mta, probes }) => {
    await using server = await startServer(scenario);
    for (const probe of probes) {
      expect(await verdictOf(probe, scenario, server), `${probe} before`).not.toMatch(/^pass/);
      await applyFix(server, fixesFor(probe)[mta] ?? [], { domain: scenario.scan?.domain ?? 'example.test' });
      expect(await verdictOf(probe, scenario, server), `${probe} after`).toMatch(/^pass/);
    }
    await sendMail(server, 'smtp', 'from-outside');
    await sendMail(server, 'submission', 'after-login');
    await untilDelivered(server, ['from-outside', 'after-login']);
  });
});

/** The verdict of one probe, and why. */
async function verdictOf(probe: string, scenario: Scenario, server: RunningServer): Promise<string> {
  const report = await scanScenario(scenario, server, { dns: dns.address, probes: [probe] });
  const finding = report.endpoints[0]?.findings.find((one) => one.probe === probe);
  return `${finding?.verdict}: ${finding?.because} [${finding?.evidence.map(({ quote }) => quote).join(' | ')}]`;
}

/** One message to a local user: from outside by port 25, or by the users' port after a login. */
async function sendMail(server: RunningServer, service: 'smtp' | 'submission', subject: string): Promise<void> {
  const transport = createTransport({
    host: server.host,
    port: server.port(service),
    name: 'client.outside.example',
    tls: { ca: await server.caCertificate(), servername: 'mx.example.test' },
    ...(service === 'submission' && { requireTLS: true, auth: { user: 'alice', pass: 'alice-secret' } }),
  });
  const from = service === 'submission' ? 'alice@example.test' : 'sender@outside.example';
  const { rejected } = await transport.sendMail({ from, to: 'bob@example.test', subject, text: 'hello' });
  expect(rejected).toEqual([]);
}

/** Until messages with these subjects lie in bob's mailbox. */
async function untilDelivered(server: RunningServer, subjects: readonly string[]): Promise<void> {
  const waits = subjects.map(
    (subject) => `until grep -qrs 'Subject: ${subject}' /home/bob/Maildir/new; do sleep 0.05; done`,
  );
  await server.exec(['timeout', '120', 'sh', '-c', waits.join('\n')]);
}
