import { describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../docker/lab.ts';
import { scenarioNamed } from '../../docker/scenarios/index.ts';
import { imap } from '../../docker/scenarios/postfix.ts';
import type { Scenario } from '../../docker/scenarios/scenario.ts';
import type { InboxSource } from '../../src/model/receiving.ts';
import { readPostfix } from '../../src/postfix/configuration.ts';
import { deliveredBy } from '../../src/proof/delivered.ts';
import { foundMail } from '../../src/proof/found-mail.ts';
import { openInbox, readInbox } from '../../src/proof/read-inbox.ts';
import { verify } from '../../src/verify/verify.ts';
import { expectQuotesToStand } from '../support/quotes.ts';
import { scanScenario } from '../support/scan-scenario.ts';

/** Looks for a message where the servers of the lab store them: Maildirs, and Sendmail's mbox, which holds no other. */
function storedIn(server: RunningServer): InboxSource {
  return {
    shown: 'the mailbox of alice',
    find: async (token) => {
      const look = `f=$(grep -rlsF 'X-Mxprobe-Token: ${token}' /home/alice/Maildir/new /var/mail/alice | head -1); [ -z "$f" ] || head -c 304000 "$f" | base64 -w0`;
      const text = await server.exec(['sh', '-c', look]);
      return text.trim() === '' ? null : deliveredBy(foundMail(Buffer.from(text, 'base64'), new Date()));
    },
  };
}

interface Told {
  readonly delivers: string;
  readonly header: string;
  readonly limit: number | null | undefined;
  readonly quote?: RegExp;
}

const arrives = (limit: number | null): Told => ({ delivers: 'pass', header: 'pass', limit });

const servers: readonly [string, Scenario['id'], Scenario['config'], Told][] = [
  ['Postfix with 2,000', 'hardened', { 'main:header_size_limit': '2000' }, arrives(2000)],
  ['Postfix as it comes', 'hardened', {}, arrives(102_400)],
  ['Postfix with more than was sent', 'hardened', { 'main:header_size_limit': '400000' }, arrives(null)],
  ['Exim', 'exim-default', {}, arrives(null)],
  ['OpenSMTPD', 'opensmtpd-default', {}, arrives(null)],
  [
    'Sendmail',
    'sendmail-novrfy',
    // Debian has the program that it hands local mail to in another package.
    {
      'file:/usr/sbin/sensible-mda': '#!/bin/sh\nexec procmail -Y -d "$2"',
      'run:mda': 'chmod 755 /usr/sbin/sensible-mda',
    },
    arrives(null),
  ],
  [
    'Postfix that refuses at the end of a message',
    'hardened',
    { 'main:smtpd_end_of_data_restrictions': 'reject' },
    { delivers: 'fail', header: 'pass', limit: null, quote: /^554 5\.7\.1/ },
  ],
  [
    'Postfix that keeps it',
    'hardened',
    { 'main:defer_transports': 'smtp local' },
    { delivers: 'inconclusive(timeout)', header: 'inconclusive(timeout)', limit: null, quote: /queued as/ },
  ],
];

const scanIt = async (scenario: Scenario, server: RunningServer, inbox: InboxSource, waitSeconds: number) => {
  const report = await scanScenario(scenario, server, {
    ...{ probes: ['delivers', 'header-limit'], allow: 'intrusive', inbox, waitSeconds },
  } as const);
  expectQuotesToStand(report);
  const found = (id: string) => report.endpoints[0]?.findings.find(({ probe }) => probe === id);
  const said = (id: string) => {
    const finding = found(id);
    return finding?.doubt === undefined ? finding?.verdict : `${finding.verdict}(${finding.doubt})`;
  };
  return { report, found, said };
};

describe('a message to a mailbox', () => {
  it.concurrent.each(servers)('%s', async (_, id, config, told) => {
    const scenario: Scenario = {
      ...scenarioNamed(id),
      id: `${id}-trip`,
      config: { ...scenarioNamed(id).config, ...config },
    };
    await using server = await startServer(scenario);
    const { found, said, report } = await scanIt(scenario, server, storedIn(server), told.quote === undefined ? 90 : 6);
    expect([said('delivers'), found('delivers')?.because]).toEqual([told.delivers, expect.any(String)]);
    expect([said('header-limit'), found('header-limit')?.because]).toEqual([told.header, expect.any(String)]);
    if (told.quote !== undefined) expect(found('delivers')?.evidence[0]?.quote).toMatch(told.quote);
    const limit = found('header-limit')?.measured?.limit;
    if (typeof told.limit !== 'number') return expect(limit).toBe(told.limit);
    expect(Number(limit)).toBeGreaterThanOrEqual(told.limit - 2);
    expect(Number(limit)).toBeLessThanOrEqual(told.limit);
    const main = `compatibility_level = 3.6\nheader_size_limit = ${told.limit}\n`;
    const configuration = readPostfix(
      { name: 'main.cf', text: main },
      { master: null, version: '3.7', mechanisms: null },
    );
    const rows = verify(configuration, report, { service: null, files: ['main.cf'] }).endpoints[0]?.rows ?? [];
    expect(rows.find(({ directive }) => directive === 'header_size_limit')?.verdict).toBe('confirmed');
  });

  it('is found by IMAP in Dovecot, with the TLS that Postfix wrote down', async () => {
    const scenario: Scenario = {
      ...scenarioNamed('hardened'),
      id: 'trip-imap',
      config: { ...imap, 'main:smtpd_tls_received_header': 'yes' },
    };
    await using server = await startServer(scenario);
    const { signal } = new AbortController();
    const address = readInbox('--inbox', `imaps://alice@${server.address()}`);
    const tlsCa = await server.caCertificate();
    await using mailbox = await openInbox(address, { secret: 'alice-secret', tlsCa, signal });
    const inbox: InboxSource = {
      shown: address.shown,
      find: async (token) => {
        const mail = await mailbox.find(token);
        return mail === null ? null : deliveredBy(mail);
      },
    };
    const { found, said, report } = await scanIt(scenario, server, inbox, 60);
    expect([said('delivers'), said('header-limit')]).toEqual(['pass', 'pass']);
    expect(found('delivers')?.measured?.tls).toMatch(/^TLSv1\.3$/);
    expect(Number(found('header-limit')?.measured?.limit)).toBeGreaterThanOrEqual(102_398);
    expect(JSON.stringify(report)).not.toContain('alice-secret');
  });
});
