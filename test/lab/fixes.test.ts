import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { applyFix } from '../../docker/fixes.ts';
import { type RunningServer, startDns, startServer } from '../../docker/lab.ts';
import { scenarioNamed, scenarios } from '../../docker/scenarios/index.ts';
import type { Scenario } from '../../docker/scenarios/scenario.ts';
import { sendmailTls } from '../../docker/scenarios/sendmail.ts';
import type { MtaName } from '../../src/model/mtas.ts';
import type { Finding } from '../../src/model/report.ts';
import { fixesFor } from '../../src/mta/fixes.ts';
import { scanScenario } from '../support/scan-scenario.ts';

/**
 * The lines of a report are pasted into the server that it is about: the finding is gone, or a line said that it stays,
 * and mail for its users still comes in.
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
  const scenario = scenarioNamed(id);
  return { scenario: { ...scenario, config: { ...scenario.config, ...config } }, mta, probes };
};

const onSubmission = (one: Case): Case => ({
  ...one,
  scenario: { ...one.scenario, service: 'submission', role: 'submission' },
});

/** A second domain, which the server does not know. */
const second = (id: string, mta: MtaName, config: Scenario['config'] = {}): Case => {
  const one = weak(id, mta, ['takes-its-mail'], config);
  return { ...one, scenario: { ...one.scenario, scan: { ...one.scenario.scan, domain: 'second.test' } } };
};

const noAbuse = { 'file:/etc/aliases': 'root: alice' };

const postfixCases: readonly Case[] = [
  weak('open-by-mynetworks', 'postfix', ['open-relay']),
  weak('open-to-own-senders', 'postfix', ['open-relay', 'own-domain-spoof']),
  weak('open-to-null-sender', 'postfix', ['open-relay']),
  weak('open-to-own-helo', 'postfix', ['open-relay']),
  weak('hardened', 'postfix', ['own-domain-spoof', 'rcpt-oracle']),
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
  weak('ciphers-null', 'postfix', ['tls-ciphers']),
  weak('ciphers-null-submission', 'postfix', ['tls-ciphers']),
  weak('tls-wrong-key', 'postfix', ['starttls-works']),
  weak('hardened', 'postfix', ['message-size'], { 'main:message_size_limit': '0', 'main:mailbox_size_limit': '0' }),
  weak('cert-expired', 'postfix', ['tls-certificate']),
  weak('cert-not-yet-valid', 'postfix', ['tls-certificate']),
  weak('cert-other-name', 'postfix', ['tls-certificate']),
  weak('cert-self-signed', 'postfix', ['tls-certificate']),
  weak('cert-no-intermediate', 'postfix', ['tls-certificate']),
  weak('cert-small-key', 'postfix', ['tls-certificate']),
  weak('cert-sha1', 'postfix', ['tls-certificate']),
];

const dovecotCases: readonly Case[] = [
  weak('anonymous-dovecot', 'dovecot', ['auth-anonymous']),
  weak('dovecot-challenges', 'dovecot', ['auth-weak']),
  weak('dovecot-submission', 'dovecot', ['tls-ciphers'], { 'dovecot:ssl_cipher_list': 'ALL:@SECLEVEL=0' }),
];

/** A certificate that the server has signed itself, in the place of the lab's. */
const selfSigned = '/lab/tls/self-signed.pem';
const makeSelfSigned = {
  'run:self-signed': `openssl req -x509 -key /lab/tls/key.pem -days 30 -subj /CN=mx.example.test -addext subjectAltName=DNS:mx.example.test -out ${selfSigned}`,
};

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
  weak('exim-auth-inside-tls', 'exim', ['rcpt-oracle', 'message-size'], {
    ...eximSubmission,
    'macro:MESSAGE_SIZE_LIMIT': '0',
  }),
  weak('exim-auth-inside-tls', 'exim', ['auth-weak'], {
    ...eximSubmission,
    'run:cram-md5':
      "printf '%s\\n' 'cram_server:' '  driver = cram_md5' '  public_name = CRAM-MD5' '  server_secret = secret' '  server_set_id = $auth1' >/etc/exim4/lab-cram && sed -i '/^begin authenticators/r /etc/exim4/lab-cram' /etc/exim4/exim4.conf.template",
  }),
  weak('exim-auth-inside-tls', 'exim', ['tls-ciphers'], {
    ...eximSubmission,
    ...scenarios.find(({ id }) => id === 'exim-old-ciphers')?.config,
  }),
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
  weak('opensmtpd-default', 'opensmtpd', ['message-size', 'tls-certificate'], {
    ...opensmtpdSubmission,
    ...makeSelfSigned,
    'run:use-it': `sed -i 's|/lab/tls/chain.pem|${selfSigned}|' /etc/smtpd.conf`,
  }),
  weak('opensmtpd-default', 'opensmtpd', ['tls-ciphers'], opensmtpdSubmission),
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

const sendmailCases: readonly Case[] = [
  weak('sendmail-goaway', 'sendmail', ['postmaster', 'rcpt-oracle'], {
    ...noAbuse,
    'run:aliases': 'newaliases',
  }),
  weak('sendmail-open', 'sendmail', ['open-relay', 'own-domain-spoof']),
  weak('sendmail-open', 'sendmail', ['open-relay', 'own-domain-spoof'], {
    'mc:relay': "FEATURE(`relay_mail_from', `domain')dnl",
    'access:From:example.test': 'RELAY',
  }),
  weak('sendmail-goaway', 'sendmail', ['tls-certificate'], {
    ...makeSelfSigned,
    'define:SERVER_CERT': selfSigned,
  }),
  weak('sendmail-goaway', 'sendmail', ['tls-ciphers']),
  weak('sendmail-default', 'sendmail', ['vrfy']),
  weak('sendmail-default', 'sendmail', ['expn']),
  weak('sendmail-default', 'sendmail', ['starttls-offer']),
  weak('sendmail-default', 'sendmail', ['auth-on-mx']),
  weak('sendmail-default', 'sendmail', ['message-size']),
  weak('sendmail-passwords-in-clear', 'sendmail', ['auth-before-tls']),
  weak('sendmail-default', 'sendmail', ['auth-weak'], sendmailTls),
];

/** A relay that is open to all, of which the clients in 10.9.0.0/16 are the administrator's own. */
interface OwnClients {
  readonly name: string;
  readonly mta: MtaName;
  readonly id: string;
  readonly config: Scenario['config'];
  /** Whether mail from a client at this address is taken. */
  readonly takes: (server: RunningServer, address: string, recipient: string) => Promise<boolean>;
}

/** Where the lab's OpenSMTPD takes sessions from a proxy. */
const proxied = 2526;

/** Postfix XCLIENT_README. */
const postfixTakes: OwnClients['takes'] = (server, address, recipient) =>
  rcptTaken(server.host, server.port('smtp'), recipient, {
    first: ['EHLO client.example', `XCLIENT ADDR=${address} NAME=[UNAVAILABLE]`],
  });

/** The PROXY protocol, version 2, on a port of its own inside. */
const opensmtpdTakes: OwnClients['takes'] = (server, address, recipient) => {
  const signature = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');
  const addresses = `${address}.127.0.0.1`.split('.').map(Number);
  const header = Buffer.concat([signature, Buffer.from([0x21, 0x11, 0, 12, ...addresses, 4, 0, 0, 25])]);
  return rcptTaken(server.address(), proxied, recipient, { header });
};

/** A session that Exim plays to itself (`-bh`). */
const eximTakes: OwnClients['takes'] = async (server, address, recipient) => {
  const session = ['EHLO client.example', ...envelope(recipient)].map((command) => `${command}\\r\\n`).join('');
  const said = await server.exec(['bash', '-c', `printf '${session}' | exim4 -bh ${address} 2>/dev/null`]);
  return /^250 (?!.*EHLO).*\r?\n221 /m.test(said);
};

/** What sendmail's rules say of an address, in its test mode (`-bt`). */
const sendmailTakes: OwnClients['takes'] = async (server, address, recipient) => {
  const macros = Object.entries({ client_addr: address, client_name: 'client.example', client_resolve: 'OK' });
  const lines = [
    ...macros.map(([name, value]) => `.D{${name}}${value}`),
    '.D{mail_from}<alice@example.test>',
    `check_rcpt <${recipient}>`,
  ];
  const said = await server.exec([
    'bash',
    '-c',
    `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')} | sendmail -bt`,
  ]);
  return !/^check_rcpt +returns: \$# ?error/im.test(said);
};

const envelope = (recipient: string) => ['MAIL FROM:<alice@example.test>', `RCPT TO:<${recipient}>`, 'QUIT'];

/** Whether RCPT is answered with 250. */
async function rcptTaken(
  host: string,
  port: number,
  recipient: string,
  { header, first = [] }: { readonly header?: Buffer; readonly first?: readonly string[] },
): Promise<boolean> {
  const commands = [...first, 'EHLO client.example', ...envelope(recipient)];
  const socket = connect({ host, port });
  if (header !== undefined) socket.write(header);
  const replies: string[] = [];
  for await (const line of createInterface({ input: socket })) {
    if (/^\d{3}-/.test(line)) continue;
    replies.push(line);
    const next = commands.shift();
    if (next === undefined) break;
    socket.write(`${next}\r\n`);
  }
  socket.destroy();
  const said = replies.at(-2) ?? '';
  if (!/^[245]\d\d /.test(said)) throw new Error(`only ${replies.join(' | ')}`);
  return said.startsWith('250 ');
}

const onPostfix = (name: string, config: Scenario['config']): OwnClients => ({
  name: `postfix, ${name}`,
  mta: 'postfix',
  id: 'open-by-mynetworks',
  config: { ...config, 'main:smtpd_authorized_xclient_hosts': 'static:all' },
  takes: postfixTakes,
});

const onExim = (networks: string): OwnClients => ({
  name: `exim, networks ${networks}`,
  mta: 'exim',
  id: 'exim-open',
  config: { 'dc:relay_nets': networks },
  takes: eximTakes,
});

const ownClients: readonly OwnClients[] = [
  onPostfix('networks that hold the whole world', { 'main:mynetworks': '10.9.0.0/16, 0.0.0.0/0' }),
  onPostfix('senders of its own, in the list of an older Postfix', {
    'main:mynetworks': '127.0.0.0/8 10.9.0.0/16',
    'main:smtpd_relay_restrictions': '',
    'main:smtpd_recipient_restrictions':
      'check_sender_access inline:{example.test=OK}, permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination',
  }),
  onPostfix('senders of its own, where a table says which clients may relay', {
    'main:mynetworks': '127.0.0.0/8',
    'main:smtpd_relay_restrictions':
      'check_sender_access inline:{example.test=OK}, check_client_access cidr:/etc/postfix/clients, reject_unauth_destination',
    'file:/etc/postfix/clients': '10.9.0.0/16 OK',
  }),
  onExim('10.9.0.0/16 ; 0.0.0.0/0'),
  onExim('0.0.0.0/0 ; ::/0 ; 10.9.0.0/16'),
  onExim('* ; 10.9.0.0/16'),
  {
    name: 'opensmtpd, a line for everybody beside the one for them',
    mta: 'opensmtpd',
    id: 'opensmtpd-open',
    config: {
      'match:own': 'from src 10.9.0.0/16 for any action "relay"',
      'match:outside': 'from any for any action "relay"',
      'listen:behind-a-proxy': `on 0.0.0.0 port ${proxied} proxy-v2`,
    },
    takes: opensmtpdTakes,
  },
  ...[
    { 'mc:relay': "FEATURE(`promiscuous_relay')dnl" },
    { 'mc:relay': "FEATURE(`relay_mail_from', `domain')dnl", 'access:From:example.test': 'RELAY' },
  ].map(
    (config): OwnClients => ({
      name: `sendmail, ${config['mc:relay']}`,
      mta: 'sendmail',
      id: 'sendmail-open',
      config: { ...config, 'access:Connect:10.9': 'RELAY' },
      takes: sendmailTakes,
    }),
  ),
];

describe('fix lines leave legitimate relaying as it was', () => {
  it.concurrent.each(ownClients.map((one) => [one.name, one] as const))('%s', async (_, { mta, id, config, takes }) => {
    const { scenario } = weak(id, mta, [], config);
    await using server = await startServer(scenario);
    const outside = 'somebody@example.net';
    expect(await takes(server, '10.9.8.7', outside)).toBe(true);
    for (const probe of ['open-relay', 'own-domain-spoof']) {
      const before = await findingOf(probe, scenario, server);
      expect(told(before), `${probe} before`).toMatch(/^fail/);
      await applyFix(server, before?.fix?.[mta] ?? []);
      expect(told(await findingOf(probe, scenario, server)), `${probe} after`).toMatch(/^pass/);
    }
    expect(await takes(server, '10.9.8.7', outside)).toBe(true);
    expect(await takes(server, '198.51.100.7', outside)).toBe(false);
  });
});

describe('fix lines', () => {
  const ofDomains = [
    second('hardened', 'postfix'),
    second('exim-auth-inside-tls', 'exim', eximSubmission),
    second('sendmail-default', 'sendmail'),
    second('opensmtpd-default', 'opensmtpd', opensmtpdSubmission),
  ];
  const cases = [...postfixCases, ...dovecotCases, ...eximCases, ...opensmtpdCases, ...sendmailCases, ...ofDomains];

  /** All that the demo shows, but `auth-state`: none of these four breaks those rules. */
  const demoKinds = [
    'open-relay',
    'auth-before-tls',
    'auth-weak',
    'auth-on-mx',
    'tls-certificate',
    'message-size',
    'rcpt-oracle',
    'own-domain-spoof',
    'postmaster',
  ];
  it.each(['postfix', 'exim', 'sendmail', 'opensmtpd'] as const)(
    'for what the demo shows, %s: all are tried',
    (mta) => {
      const has = demoKinds.filter((probe) => fixesFor(probe)[mta] !== undefined);
      expect(has.filter((probe) => !cases.some((one) => one.mta === mta && one.probes.includes(probe)))).toEqual([]);
    },
  );

  const named = cases.map((one) => [`${one.mta}, ${one.scenario.id}: ${one.probes.join(', ')}`, one] as const);

  it.concurrent.each(named)('%s', async (_name, { scenario, mta, probes }) => {
    await using server = await startServer(scenario);
    for (const probe of probes) {
      const before = await findingOf(probe, scenario, server);
      expect(told(before), `${probe} before`).not.toMatch(/^pass/);
      const lines = before?.fix?.[mta] ?? fixesFor(probe)[mta] ?? [];
      await applyFix(server, lines, { domain: scenario.scan?.domain ?? 'example.test' });
      const stays = lines.some((line) => /^#.* (note|finding) stays/.test(line));
      expect(told(await findingOf(probe, scenario, server)), `${probe} after`).toMatch(stays ? /^fail/ : /^pass/);
    }
    await sendMail(server, 'smtp', 'from-outside');
    // Of Sendmail's users the lab knows no password, and their mail lies elsewhere.
    if (mta === 'sendmail') return;
    await sendMail(server, 'submission', 'after-login');
    await untilDelivered(server, ['from-outside', 'after-login']);
  });
});

/** What one probe says. */
async function findingOf(probe: string, scenario: Scenario, server: RunningServer): Promise<Finding | undefined> {
  const report = await scanScenario(scenario, server, { dns: dns.address, probes: [probe] });
  return report.endpoints[0]?.findings.find((one) => one.probe === probe);
}

/** The verdict, and why. */
const told = (finding: Finding | undefined): string =>
  `${finding?.verdict}: ${finding?.because} [${finding?.evidence.map(({ quote }) => quote).join(' | ')}]`;

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
