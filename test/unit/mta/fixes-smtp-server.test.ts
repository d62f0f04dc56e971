import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { expect, it } from 'vitest';
import { fixesFor } from '../../../src/mta/fixes.ts';
import { findingOf, scanServer } from '../../fakes/scan-server.ts';
import { ownDomain } from '../../fakes/stock-mta.ts';

/** As weak as its options can make it: it relays, takes its own senders, and offers AUTH in clear and on port 25. */
const weak: SMTPServerOptions = {
  authOptional: true,
  allowInsecureAuth: true,
  authMethods: ['PLAIN', 'LOGIN', 'CRAM-MD5'],
  useXClient: true,
  disableReverseLookup: true,
  closeTimeout: 200,
  logger: false,
  onRcptTo: (to, _session, callback) =>
    callback(isOwn(to.address) && !isKnown(to.address) ? new Error('5.1.1 User unknown') : null),
};

const isOwn = (address: string) => address.endsWith(`@${ownDomain}`);
const isKnown = (address: string) => isOwn(address) && /^(postmaster|alice)@/.test(address);

/** The options that the lines of a fix are. */
function optionsOf(probe: string): SMTPServerOptions {
  const lines = fixesFor(probe)['smtp-server'] ?? [];
  const code = lines.filter((line) => !line.startsWith('#')).join('\n');
  return new Function('isOwn', `return { ${code} }`)(isKnown);
}

/** A server that answers: how soon is no matter. */
const patient = { replySeconds: 60, handshakeSeconds: 60, dialogueSeconds: 300 };

async function scanned(probe: string, options: SMTPServerOptions) {
  const server = new SMTPServer(options);
  server.on('error', () => {});
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.server.address() as AddressInfo;
  try {
    const report = await scanServer(
      { port },
      {
        ...{ recipient: `alice@${ownDomain}`, vantage: 'outside', allow: 'intrusive', restraint: patient },
        // The one that is mended, and those by whose answers the server is known.
        probes: [probe, 'open-relay', 'vrfy', 'expn', 'auth-before-tls', 'auth-state'],
      },
    );
    expect(report.endpoints[0]?.mta.name).toBe('smtp-server');
    return findingOf(report, probe);
  } finally {
    await new Promise<void>((closed) => server.close(closed));
  }
}

it.each(['open-relay', 'own-domain-spoof', 'auth-weak', 'auth-on-mx', 'message-size', 'xclient'])(
  'the options for %s turn it from fail to pass',
  async (probe) => {
    const before = await scanned(probe, weak);
    expect(before).toMatchObject({ verdict: 'fail', fix: { 'smtp-server': expect.any(Array) } });
    expect((await scanned(probe, { ...weak, ...optionsOf(probe) })).verdict).toMatch(/^(pass|not-applicable)$/);
  },
);
